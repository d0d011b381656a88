# SPDX-License-Identifier: Apache-2.0
"""soak_serve.py PROGRAM MINUTES: agents, editors and strangers at random on one `rheobase serve`.

32 agents join, configure devices, send frames, read their motors and leave, some without a word; two
visualisers watch; an editor adds, maps, changes and deletes areas and changes the genome; a stranger sends
what nobody should. The server has to answer all along, to refuse only what deserves it, to end well, and to
hold no more memory at the end than when all had begun."""

from __future__ import annotations

import base64
import collections
import contextlib
import pathlib
import random
import sys
import tempfile
import threading
import time
from typing import Any

from feagi_wire import WebSocket, Zmq, container, content_of, frame, http, message, registration
from serving import CONFIGURATION, MOTORS, PROXIMITY, SENSORS, Server, port_of, rule

AGENTS = 32
GONE = (
    OSError,
    TimeoutError,
    ConnectionError,
    AssertionError,
)  # of sockets that a genome change closed


class Soak:
    def __init__(self, program: str, folder: pathlib.Path, seconds: float) -> None:
        self.server = Server(program, folder, "--burst-hz", "100", "--max-agents", "48")
        self.server.send("POST", "genome/upload/barebones")
        self.end = time.monotonic() + seconds
        self.counts: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self.memory: list[float] = []
        self.seconds = seconds

    def go_on(self) -> bool:
        return time.monotonic() < self.end and not self.wrong

    def send(self, method: str, route: str, content: Any, deserved: tuple[int, ...] = ()) -> Any:
        status, answer = http(self.server.ports["http"], method, route, content)
        if status != 200 and status not in deserved:
            self.wrong.append(f"{method} {route}: {status} {str(answer)[:200]}")
        return answer if status == 200 else {}

    def agent(self, number: int) -> None:
        chance = random.Random(number)
        while self.go_on():
            time.sleep(chance.uniform(0, 5))
            with contextlib.suppress(*GONE):
                self.session(f"agent {number}", chance)

    def session(self, name: str, chance: random.Random) -> None:
        control = Zmq(self.server.ports["control"], "DEALER", 5)
        answer = control.ask(registration(name, [SENSORS, MOTORS]), timeout=5)
        what = answer["agent_registration"]["server_responds_registration"] if answer else "none"
        if not isinstance(what, dict):
            self.counts[f"registration: {what}"] += 1
            control.close()
            return
        session, urls = base64.b64decode(what["success"][0]), what["success"][1]
        motor = Zmq(port_of(urls[MOTORS]["Zmq"]["url"]), "SUB", 5)
        sensor = Zmq(port_of(urls[SENSORS]["Zmq"]["url"]), "PUSH", 5)
        control.send(b"", message(CONFIGURATION, session))
        self.counts["sessions"] += 1
        leave = time.monotonic() + chance.uniform(0.5, 15)
        reads = chance.random() < 0.8  # the others never read their motors
        while self.go_on() and time.monotonic() < leave:
            voxels = [(chance.randrange(2), 0, chance.randrange(10), 1.0)]
            sensor.send(container(11, frame({PROXIMITY: voxels})))
            self.counts["frames"] += 1
            if reads and motor.receive(0.2) is not None:
                self.counts["motor frames"] += 1
            time.sleep(chance.uniform(0.02, 0.2))
        if chance.random() < 0.5:
            bye = {"client_request_deregistration": {"reason": "bye"}}
            control.ask({"agent_registration": bye}, session, 2)
        for connection in (control, motor, sensor):
            connection.close()

    def visualiser(self, number: int) -> None:
        while self.go_on():
            with contextlib.suppress(*GONE):
                control = WebSocket(self.server.ports["ws_control"])
                wanted = ["receive_neuron_visualizations"]
                control.send(message(registration(f"screen {number}", wanted, "WebSocket")))
                content_of(control.receive())
                control.close()
                screen = WebSocket(self.server.ports["visualisation"])
                while self.go_on():
                    screen.receive()
                    self.counts["shown"] += 1
                screen.close()
            time.sleep(0.2)

    def editor(self) -> None:
        chance = random.Random(1000)
        areas: list[str] = []
        while self.go_on():
            time.sleep(chance.uniform(0, 0.4))
            choice = chance.random()
            if choice < 0.03:
                self.send("POST", "genome/upload/barebones", None)
                areas = []
                self.counts["genomes"] += 1
            elif (choice < 0.3 and len(areas) < 12) or len(areas) < 2:
                areas.append(self.server.make_area(f"box {len(areas)}"))
            elif choice < 0.4:
                self.send("DELETE", "cortical_area/cortical_area", {"cortical_id": areas.pop()})
            elif choice < 0.7:
                a, b = chance.choice(areas), chance.choice(areas)
                rules = [rule("projector", chance.randrange(1, 9))] if chance.random() < 0.7 else []
                mapping = {"src_cortical_area": a, "dst_cortical_area": b, "mapping_string": rules}
                self.send("PUT", "cortical_mapping/mapping_properties", mapping)
            else:
                change = {
                    "cortical_id": chance.choice(areas),
                    "firing_threshold": chance.uniform(1, 9),
                }
                self.send("PUT", "cortical_area/cortical_area", change)
            self.counts["edits"] += 1

    def stranger(self) -> None:
        chance = random.Random(2000)
        while self.go_on():
            time.sleep(chance.uniform(0, 0.3))
            with contextlib.suppress(*GONE):
                junk = chance.randbytes(chance.randrange(300))
                control = Zmq(self.server.ports["control"], "DEALER", 5)
                control.send(b"", junk)
                control.send(b"", container(1, junk))
                control.send(b"", container(11, junk))
                control.close()
            self.send("PUT", "cortical_area/cortical_area", junk, (400, 500))
            self.send("POST", "genome/upload", junk, (400, 500))
            self.counts["junk"] += 1

    def watcher(self) -> None:
        while self.go_on():
            time.sleep(1)
            health = self.send("GET", "system/health_check", None)
            if health and not health["burst_engine"]:
                self.wrong.append("the brain stands still")
            with open(f"/proc/{self.server.process.pid}/statm") as statm:
                self.memory.append(int(statm.read().split()[1]) * 4096 / 2**20)

    def run(self) -> None:
        work = [(self.agent, (i,)) for i in range(AGENTS)]
        work += [(self.visualiser, (i,)) for i in range(2)]
        work += [(self.editor, ()), (self.stranger, ()), (self.watcher, ())]
        threads = [threading.Thread(target=self.kept, args=(job, given)) for job, given in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        said = self.server.end()
        print(f"{self.seconds:.0f} s: {dict(self.counts)}; {len(said.splitlines())} lines said")
        third = max(len(self.memory) // 3, 1)
        early, late = max(self.memory[:third]), max(self.memory[-third:])
        print(f"memory: at most {early:.1f} MB in the first third, {late:.1f} MB in the last")
        assert not self.wrong, self.wrong[:5]
        assert self.counts["motor frames"] and self.counts["shown"] and self.counts["edits"]
        assert late < early * 1.2 + 8, "memory grows"

    def kept(self, job: Any, given: tuple[int, ...]) -> None:
        try:
            job(*given)
        except Exception as error:
            self.wrong.append(f"{job.__name__}: {error!r}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as at:
        Soak(sys.argv[1], pathlib.Path(at), float(sys.argv[2]) * 60).run()
