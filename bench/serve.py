#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve.py RHEOBASE_FEAGI GENOME... [--feagi FEAGI]: from a sensor to a motor, on `rheobase serve` and beside it FEAGI's own engine.

An agent of FEAGI's protocols sends a frame at a random moment of a burst and waits for the motor frame that shows it: one
burst for the sensor to fire, one for the motor behind it. Engines run one after the other, on FEAGI's ports; each genome is uploaded,
and the agent's devices and one mapping are added to it."""

import argparse
import base64
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "python"))
from feagi_wire import (
    Zmq,
    container,
    content_of,
    frame,
    http,
    message,
    registration,
    voxels_of,
    wait_until,
)
from serving import CONFIGURATION, MOTORS, PROXIMITY, SENSORS, SERVO, port_of, rule

HTTP, CONTROL = 8000, 30001


class Engine:
    def __init__(self, program, folder):
        config = folder / "feagi_configuration.toml"
        config.write_text(
            f'[api]\nhost = "127.0.0.1"\nport = {HTTP}\n[websocket]\nhost = "127.0.0.1"\nenabled = true\nvisualization_port = 8080\n'
            "sensory_port = 5558\nmotor_port = 5564\n[burst_engine]\nburst_duration = 0.01\nmax_bursts = 0\ngpu_enabled = false\n"
            "[connectome]\nneuron_space = 1000000\nsynapse_space = 10000000\n[agent]\nregistration_port = 30001\n"
        )
        environment = {
            **os.environ,
            "FEAGI_CONFIG_PATH": str(config),
            "RUST_LOG": "error",
            "HOME": str(folder),
        }
        self.log = open(folder / "log", "wb")  # noqa: SIM115
        self.process = subprocess.Popen(
            [program, "--config", str(config)],
            cwd=folder,
            env=environment,
            stdout=self.log,
            stderr=self.log,
        )
        wait_until(self.answers, 30)

    def answers(self):
        try:
            return http(HTTP, "GET", "system/health_check")[0] == 200
        except OSError:
            return False

    def send(self, method, route, content=None):
        status, answer = http(HTTP, method, route, content)
        if status != 200:
            raise RuntimeError(f"{method} {route}: {status} {answer}")
        return answer

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Agent:
    def __init__(self, engine):
        self.control = Zmq(CONTROL, "DEALER")
        answer = self.control.ask(registration("bench", [SENSORS, MOTORS]))
        _, urls = answer["agent_registration"]["server_responds_registration"]["success"]
        self.motor = Zmq(port_of(urls[MOTORS]["Zmq"]["url"]), "SUB")
        self.sensor = Zmq(port_of(urls[SENSORS]["Zmq"]["url"]), "PUSH")
        session = answer["agent_registration"]["server_responds_registration"]["success"][0]
        self.control.send(b"", message(CONFIGURATION, base64.b64decode(session)))
        assert content_of(self.control.receive()) == "heart_beat"

        def made():
            found = engine.send(
                "POST", "cortical_area/multi/cortical_area_properties", [PROXIMITY, SERVO]
            )
            return len(found) == 2

        wait_until(made)  # FEAGI is not always done when it answers
        rules = [
            {
                **rule("block_to_block", 1000),
                "morphology_scalar": [1, 1, 1],
                "plasticity_flag": False,
                "plasticity_constant": 1,
                "ltp_multiplier": 1,
                "ltd_multiplier": 1,
                "plasticity_window": 5,
            }
        ]
        mapping = {
            "src_cortical_area": PROXIMITY,
            "dst_cortical_area": SERVO,
            "mapping_string": rules,
        }
        engine.send("PUT", "cortical_mapping/mapping_properties", mapping)

    def drain(self):
        while self.motor.receive(0.001) is not None:
            pass

    def latency(self, place):
        """Seconds until the servo is where the sensor says; none if that never comes."""
        body = container(11, frame({PROXIMITY: [(0, 0, place, 1.0), (1, 0, place, 1.0)]}))
        begin = time.perf_counter()
        self.sensor.send(body)
        while time.perf_counter() - begin < 3:
            data = self.motor.receive(3)
            if data is not None and (0, 0, place) in voxels_of(data).get(SERVO, ()):
                return time.perf_counter() - begin
        return None


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def measured(engine, agent, hz, trials):
    engine.send("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 1 / hz})
    time.sleep(0.5)
    latencies, lost = [], 0
    for i in range(trials):
        agent.drain()
        time.sleep(random.uniform(0, 1 / hz))
        seconds = agent.latency(i % 2 * 5 + 1)
        lost += seconds is None
        if seconds is not None:
            latencies.append(seconds * 1e3)
    return latencies, lost


def rate(engine, seconds):
    begin, first = time.perf_counter(), engine.send("GET", "burst_engine/burst_counter")
    time.sleep(seconds)
    last = engine.send("GET", "burst_engine/burst_counter")
    return (last - first) / (time.perf_counter() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rheobase_feagi", type=pathlib.Path)
    parser.add_argument("genomes", nargs="+", type=pathlib.Path)
    parser.add_argument("--feagi", type=pathlib.Path, help="FEAGI's own engine")
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--hz", type=float, nargs="+", default=[10, 50, 100, 100_000])
    options = parser.parse_args()
    random.seed(1)
    print(
        "| genome | engine | bursts/s wanted | p50 ms | p99 ms | lost | bursts/s held |\n|---|---|---|---|---|---|---|"
    )
    for genome in options.genomes:
        for name, program in (("rheobase", options.rheobase_feagi), ("feagi", options.feagi)):
            if program is None:
                continue
            with tempfile.TemporaryDirectory() as folder:
                engine = Engine(program.absolute(), pathlib.Path(folder))
                try:
                    engine.send("POST", "genome/upload", genome.read_bytes())
                    agent = Agent(engine)
                    for hz in options.hz:
                        latencies, lost = measured(engine, agent, hz, options.trials)
                        held = rate(engine, 3)
                        row = [genome.stem, name, "as fast as it can" if hz > 1000 else f"{hz:g}"]
                        row += (
                            [f"{quantile(latencies, q):.2f}" for q in (0.5, 0.99)]
                            if latencies
                            else ["", ""]
                        )
                        print(
                            "| " + " | ".join(map(str, [*row, lost, f"{held:.1f}"])) + " |",
                            flush=True,
                        )
                finally:
                    engine.end()


if __name__ == "__main__":
    main()
