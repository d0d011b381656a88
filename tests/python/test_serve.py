# SPDX-License-Identifier: Apache-2.0
"""`rheobase serve` as FEAGI's clients see it: the traffic that they make, sent from the bytes up."""

from __future__ import annotations

import base64
import json
import pathlib
import subprocess
from typing import Any

import pytest
from feagi_wire import (
    WebSocket,
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

import rheobase as rb


def test_a_server_without_a_genome_says_so(
    program: str, tmp_path: pathlib.Path, server: Server
) -> None:
    (tmp_path / "empty").mkdir()
    empty = Server(program, tmp_path / "empty")
    health = empty.get("system/health_check")
    assert (
        health["genome_availability"] is False
        and health["brain_readiness"] is False
        and health["genome_num"] == 0
    )
    assert empty.refused("GET", "cortical_area/cortical_area_id_list")[0] == 503
    assert "serving" not in empty.end()


def test_clients_start_with_what_they_ask(server: Server) -> None:
    health = server.get("system/health_check")
    assert (
        health["brain_readiness"]
        and health["genome_num"] == 1
        and health["genome_state"] == "loaded"
    )
    hashes = (
        "brain_regions",
        "cortical_areas",
        "brain_geometry",
        "morphologies",
        "cortical_mappings",
        "agent_data",
    )
    assert all(0 < health[f"{name}_hash"] < 2**53 for name in hashes)
    geometry = server.get("cortical_area/cortical_area/geometry")
    assert {base64.b64decode(k)[:4] for k in geometry} == {
        b"___" + c for c in (b"d", b"p", b"f", b"h")
    }
    assert len(geometry) == 7 and geometry["X19fcG93ZXI="]["cortical_name"] == "Brain_Power"
    info = server.get("network/connection_info")
    assert (
        info["websocket"]["endpoints"]["registration"]
        == f"ws://127.0.0.1:{server.ports['ws_control']}"
    )
    assert server.get("cortical_area/opu/types")["opse"]["units"] == 3
    assert (
        server.get("genome/changes?since=0")["changes"][0]["operation"]["kind"] == "genome_loaded"
    )
    assert "block_to_block" in server.get("morphology/morphologies")
    for route in (
        "agent/capabilities/all",
        "cortical_area/cortical_map_detailed",
        "cortical_area/classifiers",
    ):
        assert not server.get(route)
    assert wait_until(lambda: server.get("burst_engine/burst_counter")) > 0


def test_a_robot_senses_and_moves(server: Server) -> None:
    control, session, urls = server.agent()
    assert session != bytes(48) and set(urls) == {SENSORS, MOTORS}
    motor = Zmq(port_of(urls[MOTORS]["Zmq"]["url"]), "SUB")
    sensor = Zmq(port_of(urls[SENSORS]["Zmq"]["url"]), "PUSH")
    control.send(b"", message(CONFIGURATION, session))
    # asked at once, without waiting for the answer, as the SDK does
    made = server.send(
        "POST",
        "cortical_area/multi/cortical_area_properties",
        [PROXIMITY, SERVO, SERVO_STEP, SERVO_SPEED, "AAAA"],
    )
    shapes = {
        k: (v["cortical_name"], v["cortical_dimensions"], v["coordinates_3d"])
        for k, v in made.items()
    }
    assert shapes == {
        PROXIMITY: ("Proximity_0", [2, 1, 10], [20, 0, -20]),
        SERVO: ("PositionalServo_0-0", [2, 1, 20], [-20, 0, -10]),
        SERVO_STEP: ("PositionalServo_0-1", [4, 1, 20], [-34, 0, -10]),
        SERVO_SPEED: ("PositionalServo_0 Speed", [2, 1, 20], [-46, 0, -10]),
    }
    answer = control.receive()
    assert answer is not None and content_of(answer) == "heart_beat" and answer[4:52] == session

    for area in (SERVO, SERVO_STEP, SERVO_SPEED):
        mapping = {"src_cortical_area": PROXIMITY, "dst_cortical_area": area}
        done = server.send(
            "PUT",
            "cortical_mapping/mapping_properties",
            {**mapping, "mapping_string": [rule("block_to_block", 1000)]},
        )
        assert done["synapse_count"] > 0
    sensor.send(container(11, frame({PROXIMITY: [(0, 0, 9, 1.0), (1, 0, 0, 1.0)]})))

    def moved() -> Any:
        data = motor.receive()
        return data is not None and data[4:52] == bytes(48) and voxels_of(data)

    # the chain of the recorded session: (channel, 0, level) of the sensor on the same voxels of the servos
    servos = (SERVO, SERVO_STEP, SERVO_SPEED)
    assert wait_until(moved) == {a: {(0, 0, 9), (1, 0, 0)} for a in servos}
    # a sensor of this kind holds its value, and a newer frame takes its place
    sensor.send(container(11, frame({PROXIMITY: [(0, 0, 4, 1.0), (1, 0, 5, 1.0)]})))
    assert wait_until(lambda: moved() == {a: {(0, 0, 4), (1, 0, 5)} for a in servos})
    for _ in range(10):
        assert moved() == {a: {(0, 0, 4), (1, 0, 5)} for a in servos}

    assert control.ask("heart_beat", session) == "heart_beat"
    gone = control.ask(
        {"agent_registration": {"client_request_deregistration": {"reason": "bye"}}}, session
    )
    assert gone["agent_registration"]["server_responds_deregistration"] == "success"
    assert control.ask("heart_beat", session, timeout=0.5) is None
    assert server.get("agent/list") == []


def test_another_genome_sends_agents_away(server: Server) -> None:
    control, session, _ = server.agent()
    assert control.ask("heart_beat", session) == "heart_beat"
    server.send("POST", "genome/upload/barebones")
    assert control.ask("heart_beat", session, timeout=0.5) is None
    assert server.get("agent/list") == []


def test_several_agents_have_ports_of_their_own(server: Server) -> None:
    agents = [server.agent(name=f"agent {i}") for i in range(12)]
    ports = [
        port_of(urls[capability]["Zmq"]["url"])
        for _, _, urls in agents
        for capability in (SENSORS, MOTORS)
    ]
    assert len(set(ports)) == 24
    assert len(server.get("agent/list")) == 12
    assert all("/" not in session and "+" not in session for session in server.get("agent/list"))


def test_a_visualiser_sees_what_fires(server: Server) -> None:
    control = WebSocket(server.ports["ws_control"])
    control.send(
        message(registration("brain-visualizer", ["receive_neuron_visualizations"], "WebSocket"))
    )
    answer = content_of(control.receive())["agent_registration"]["server_responds_registration"][
        "success"
    ]
    assert answer[1]["receive_neuron_visualizations"]["WebSocket"]["url"].endswith(
        str(server.ports["visualisation"])
    )
    control.close()
    screen = WebSocket(server.ports["visualisation"])
    data = screen.receive()
    assert data[4:52] == base64.b64decode(answer[0])
    assert voxels_of(data)["X19fcG93ZXI="] == {(0, 0, 0)}
    box = server.make_area("box")
    done = server.send(
        "POST",
        "agent/manual_stimulation",
        {"stimulation_payload": {box: [[1, 1, 1], [9, 9, 9]], "AA": []}},
    )
    assert (done["requested_coordinates"], done["matched_coordinates"], done["failed_areas"]) == (
        2,
        1,
        ["AA"],
    )
    assert wait_until(lambda: voxels_of(screen.receive()).get(box)) == {(1, 1, 1)}
    # a starved server has nothing to tell of a burst in time
    wait_until(
        lambda: server.get("burst_engine/fire_queue")["cortical_areas"].get("X19fcG93ZXI=") == 1
    )
    server.send("POST", "genome/upload/barebones")
    with pytest.raises(ConnectionError):
        for _ in range(1000):
            screen.receive()


def test_the_frequency_is_the_genomes_and_can_be_changed(server: Server) -> None:
    assert server.get("burst_engine/simulation_timestep") == pytest.approx(0.025)
    server.send("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 0.002})
    assert server.get("burst_engine/status")["frequency_hz"] == pytest.approx(500)
    assert server.get("genome/download")["physiology"]["simulation_timestep"] == 0.002
    for bad in (0, -1, 1e9, "fast", None):
        assert (
            server.refused(
                "POST", "burst_engine/simulation_timestep", {"simulation_timestep": bad}
            )[0]
            == 400
        )


def test_bare_numbers_and_objects_are_both_taken(server: Server) -> None:
    server.send("PUT", "system/cortical_area_visualization_skip_rate", 3)
    server.send(
        "PUT", "system/cortical_area_visualization_suppression_threshold", {"burst_duration": 4}
    )
    server.send("PUT", "neuroplasticity/plasticity_queue_depth?queue_depth=5", {})
    assert server.get("system/cortical_area_visualization_skip_rate") == 3
    assert server.get("system/cortical_area_visualization_suppression_threshold") == 4
    assert server.get("neuroplasticity/plasticity_queue_depth") == 5


def test_what_is_left_out_says_so(server: Server) -> None:
    assert http(server.ports["http"], "GET", "nosuch") == (404, "404 Not Found")
    assert server.refused("GET", "connectome/download-bytes?mode=lite")[0] == 501
    assert server.refused("POST", "genome/upload/essential")[0] == 501
    assert server.refused("POST", "cortical_mapping/efferents", {}) == (500, "Not yet implemented")
    assert server.refused("DELETE", "genome/download")[0] == 405


def test_a_checkpoint_goes_on(program: str, tmp_path: pathlib.Path, server: Server) -> None:
    (tmp_path / "saved").mkdir()
    state = tmp_path / "state"
    genome = tmp_path / "camera.genome"
    genome.write_text(rb.generate("vision"))
    first = Server(
        program,
        tmp_path / "saved",
        "--genome",
        str(genome),
        "--checkpoint",
        str(state),
        "--burst-hz",
        "200",
    )
    wait_until(lambda: first.get("burst_engine/burst_counter") > 5)
    areas = first.get("cortical_area/cortical_area_id_list")
    assert "serving" in first.end()
    burst = rb.Engine.load(str(state)).burst
    assert burst > 5
    second = Server(program, tmp_path / "saved", "--resume", str(state))
    wait_until(lambda: second.get("burst_engine/burst_counter") > burst)
    assert second.get("cortical_area/cortical_area_id_list") == areas
    second.end()


def test_input_is_logged_by_burst(program: str, tmp_path: pathlib.Path, server: Server) -> None:
    (tmp_path / "log").mkdir()
    log = tmp_path / "log" / "input.csv"
    logged = Server(program, tmp_path / "log", "--log-input", str(log))
    logged.send("POST", "genome/upload/barebones")
    box = logged.make_area("box")
    logged.send("POST", "agent/manual_stimulation", {"stimulation_payload": {box: [[1, 0, 2]]}})
    (tmp_path / "log" / "brain.genome").write_text(json.dumps(logged.get("genome/download")))
    logged.end()
    rows = log.read_text().splitlines()
    assert rows[0] == "burst,area,x,y,z,potential" and len(rows) == 2
    burst, area, *voxel = rows[1].split(",")
    assert area == box and voxel == ["1", "0", "2", "1"]
    run = [program, "run", str(tmp_path / "log" / "brain.genome"), "--bursts", burst, "--json"]

    def spikes(*arguments: str) -> int:
        out = subprocess.run([*run, *arguments], capture_output=True, text=True, check=True).stdout
        count: int = json.loads(out)["spikes"]
        return count

    assert spikes("--input", str(log)) == spikes() + 1
