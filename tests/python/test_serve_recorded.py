# SPDX-License-Identifier: Apache-2.0
"""What FEAGI's engine answered to an agent's frames, and what `rheobase serve` answers to the same."""

from __future__ import annotations

import time
from typing import Any

import pytest
from feagi_wire import Zmq, container, frame, message, voxels_of, wait_until
from serving import (
    CONFIGURATION,
    MOTORS,
    PROXIMITY,
    SENSORS,
    SERVO,
    SERVO_SPEED,
    SERVO_STEP,
    Server,
    port_of,
    rule,
)

# Of a session of an SDK agent with FEAGI 0.0.67: the places (channel, 0, z) of its two proximity sensors, a
# new frame every other burst, and what the three areas of its servos fired in the bursts that followed.
SENSED = [(9, 0), (9, 1), (8, 1), (7, 3), (6, 3)]
MOVED = [(9, 0), (9, 0), (9, 1), (9, 1), (8, 1), (8, 1), (7, 3), (7, 3), (6, 3), (6, 3)]


def counter_of(data: bytes) -> int:
    return int.from_bytes(data[1:3], "little")


def connected(server: Server) -> tuple[Zmq, bytes, Zmq, Zmq]:
    """An agent with sensors mapped to servos, as in the session: control, session, sensor, motor."""
    control, session, urls = server.agent()
    motor = Zmq(port_of(urls[MOTORS]["Zmq"]["url"]), "SUB")
    sensor = Zmq(port_of(urls[SENSORS]["Zmq"]["url"]), "PUSH")
    control.send(b"", message(CONFIGURATION, session))
    assert control.receive() is not None
    for area in (SERVO_SPEED, SERVO_STEP, SERVO):
        mapping = {"src_cortical_area": PROXIMITY, "dst_cortical_area": area}
        rules = {"mapping_string": [rule("block_to_block", 1000)]}
        server.send("PUT", "cortical_mapping/mapping_properties", {**mapping, **rules})
    return control, session, sensor, motor


def replayed(server: Server, sensor: Zmq, motor: Zmq) -> list[dict[str, Any]] | None:
    """What the servos did, burst by burst; none if the machine was too slow to keep step."""
    frames: list[dict[str, Any]] = []
    taken = server.get("burst_engine/status")["frames"]
    first = None
    for i, (a, b) in enumerate(SENSED):
        sensor.send(container(11, frame({PROXIMITY: [(0, 0, a, 1.0), (1, 0, b, 1.0)]})))
        taken += 1
        wait_until(lambda sent=taken: server.get("burst_engine/status")["frames"] == sent)
        now = server.get("burst_engine/burst_counter")
        first = now if first is None else first
        if now != first + 2 * i:
            return None
        # it is sensed in the next burst, and moves the servos in the one behind that
        while not frames or counter_of(frames[-1]["data"]) < (now + 2) & 65535:
            data = motor.receive()
            assert data is not None
            frames.append({"data": data})
    while counter_of(frames[-1]["data"]) < (first + 2 * len(SENSED) + 1) & 65535:
        data = motor.receive()
        assert data is not None
        frames.append({"data": data})
    counters = [counter_of(entry["data"]) for entry in frames]
    assert counters == list(range(counters[0], counters[0] + len(counters)))
    start = counters.index(first + 2)
    return [voxels_of(entry["data"]) for entry in frames[start : start + len(MOVED)]]


def test_servos_move_as_in_the_recorded_session(server: Server) -> None:
    _, _, sensor, motor = connected(server)
    server.send("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 0.2})
    for _ in range(10):
        if moved := replayed(server, sensor, motor):
            break
    else:
        pytest.skip("the machine is too slow for five bursts a second")
    places = [{(0, 0, a), (1, 0, b)} for a, b in MOVED]
    assert moved == [{area: at for area in (SERVO, SERVO_STEP, SERVO_SPEED)} for at in places]


def test_a_slow_reader_hears_of_the_newest(server: Server) -> None:
    # 4,096 voxels that fire in every burst: frames of 64 kB soon fill what systems hold for a reader
    wanted = {"cortical_id": "omis", "device_count": 64, "data_type_configs_by_subunit": {"0": 10}}
    output = server.send("POST", "cortical_area/cortical_area", wanted)["areas"][0]["cortical_id"]
    mapping = {"src_cortical_area": "X19fcG93ZXI=", "dst_cortical_area": output}
    rules = {"mapping_string": [rule("0-0-0_to_all", 10_000)]}
    server.send("PUT", "cortical_mapping/mapping_properties", {**mapping, **rules})
    control, session, urls = server.agent((MOTORS,))
    motor = Zmq(port_of(urls[MOTORS]["Zmq"]["url"]), "SUB")
    wait_until(lambda: len(voxels_of(motor.receive() or b"").get(output, ())) == 4096)
    server.send("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 0.004})
    before = server.get("burst_engine/burst_counter")
    wait_until(lambda: server.get("burst_engine/burst_counter") > before + 400)
    server.send("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 100})
    time.sleep(0.1)
    last = server.get("burst_engine/burst_counter")
    counters = [-1]
    while counters[-1] != last & 65535 and (data := motor.receive(30)) is not None:
        counters.append(counter_of(data))
    assert counters[-1] == last & 65535
    assert len(counters) < last - before, "nothing was lost, so nothing was tested"
    assert control.ask("heart_beat", session) == "heart_beat"
