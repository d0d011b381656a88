# SPDX-License-Identifier: Apache-2.0
"""A running `rheobase serve`, and what its tests share."""

from __future__ import annotations

import base64
import pathlib
import random
import signal
import socket
import subprocess
from typing import Any

from feagi_wire import (
    PATIENCE,
    Zmq,
    http,
    registration,
    wait_until,
)

SENSORS, MOTORS = "send_sensor_data", "receive_motor_data"
PROXIMITY, SERVO, SERVO_STEP, SERVO_SPEED = (
    "aXBybwEAAAA=",
    "b3BzZQEAAAA=",
    "b3BzZREBAAA=",
    "b3BzZSEAAAA=",
)
TOKEN = base64.b64encode(bytes(range(32))).decode()


def devices(unit: str, encoder: Any, count: int) -> Any:
    device = {
        "channel_index_override": None,
        "device_properties": {},
        "friendly_name": "d",
        "pipeline_stages": [],
    }
    flags = {"frame_change_handling": "Absolute", "percentage_neuron_positioning": "Linear"}
    unit_definition = {
        "cortical_unit_index": 0,
        "device_grouping": [device] * count,
        "friendly_name": f"{unit}_0",
        "io_configuration_flags": flags,
    }
    return {unit: [[unit_definition, encoder]]}


CONFIGURATION = {
    "agent_configuration": {
        "AgentConfigurationDetails": {
            "feedbacks": {"registered_feedbacks": []},
            "input_units_and_encoder_properties": devices(
                "Proximity", {"Percentage": [{"value": 10}, "Linear", False, "D1"]}, 2
            ),
            "output_units_and_decoder_properties": devices(
                "PositionalServo", {"PositionalServo": [{"value": 20}, "Linear"]}, 2
            ),
        }
    }
}


def free_port() -> int:
    """Below those that systems give to connections that go out, one of which would take it before the
    server does."""
    while True:
        port = random.randrange(15000, 32000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class Server:
    """A running server with ports of its own."""

    def __init__(self, program: str, folder: pathlib.Path, *arguments: str) -> None:
        names = ("http", "visualisation", "ws_control", "control", "sensory", "motor")
        self.ports = {name: free_port() for name in names}
        p = self.ports
        config = folder / "feagi_configuration.toml"
        config.write_text(
            f'[api]\nhost = "127.0.0.1"  # "#" is no comment here\nport = {p["http"]}\n'
            f"[websocket]\nvisualization_port = {p['visualisation']}\n"
            f"registration_port = {p['ws_control']}\n"
            f"sensory_port = {p['sensory']}\nmotor_port = {p['motor']}\n"
            f"[agent]\nregistration_port = {p['control']}\n[connectome]\nneuron_space = 1000000\n"
        )
        self.process = subprocess.Popen(
            [
                program,
                "serve",
                "--config",
                str(config),
                "--backend",
                "cpu",
                "--genome-folder",
                str(folder),
                *arguments,
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.process.stderr.read() if self.process.stderr else "")
        try:
            return http(self.ports["http"], "GET", "system/health_check")[0] == 200
        except OSError:
            return False

    def get(self, route: str) -> Any:
        status, answer = http(self.ports["http"], "GET", route)
        assert status == 200, answer
        return answer

    def send(self, method: str, route: str, content: Any = None) -> Any:
        status, answer = http(self.ports["http"], method, route, content)
        assert status == 200, answer
        return answer

    def refused(self, method: str, route: str, content: Any = None) -> tuple[int, str]:
        status, answer = http(self.ports["http"], method, route, content)
        assert status >= 400, answer
        return status, answer["message"]

    def inner_region(self) -> str:
        regions = self.get("region/regions_members")
        return (
            next((k for k, v in regions.items() if v["parent_region_id"]), "")
            or self.send(
                "POST",
                "region/region",
                {
                    "title": "inner",
                    "parent_region_id": next(iter(regions)),
                    "coordinates_3d": [1, 2, 3],
                },
            )["region_id"]
        )

    def make_area(self, name: str, size: tuple[int, int, int] = (3, 2, 4)) -> str:
        area: str = self.send(
            "POST",
            "cortical_area/custom_cortical_area",
            {
                "cortical_name": name,
                "cortical_dimensions": size,
                "coordinates_3d": [5, -6, 7],
                "coordinates_2d": [None, None],
                "brain_region_id": self.inner_region(),
            },
        )["cortical_id"]
        return area

    def agent(
        self, capabilities: tuple[str, ...] = (SENSORS, MOTORS), name: str = "robot"
    ) -> tuple[Zmq, bytes, Any]:
        socket = Zmq(self.ports["control"], "DEALER")
        answer = socket.ask(registration(name, list(capabilities)))
        session, urls = answer["agent_registration"]["server_responds_registration"]["success"]
        return socket, base64.b64decode(session), urls

    def end(self) -> str:
        """Asks it to end. \\return what it said."""
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, said
        return said


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def rule(morphology: str, multiplier: float = 1, **more: Any) -> dict[str, Any]:
    return {"morphology_id": morphology, "postSynapticCurrent_multiplier": multiplier, **more}


def can_connect(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
