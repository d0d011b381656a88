# SPDX-License-Identifier: Apache-2.0
"""What nobody should send to `rheobase serve`, and who may not come in."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import subprocess

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
    wait_until,
)
from serving import (
    SENSORS,
    TOKEN,
    Server,
    can_connect,
    free_port,
    port_of,
)


def test_odd_messages_get_silence_and_the_server_goes_on(server: Server) -> None:
    control = Zmq(server.ports["control"], "DEALER")
    odd: list[bytes] = [
        b"hello",
        b"",
        bytes(200),
        b"\3" + message("heart_beat")[1:],
        message("heart_beat")[:-3],
        container(1, b"{" * 100_000),
        container(1, b"\xff\xfe"),
        container(11, b"\0\0"),
        container(77, b"\0\0"),
        message(None),
        message({"AgentRegistration": {}}),
        message({"agent_registration": {}}),
        message({"agent_registration": {"client_request_registration": 7}}),
        message(registration("a", ["fly"])),
        message(registration("b", [SENSORS], token=[1, 2, 3])),
        message(registration("c", [SENSORS], token=[256] * 32)),
        message(registration("d", [SENSORS], protocol="Pigeon")),
        message({"agent_configuration": {"AgentConfigurationDetails": {}}}),
    ]
    for content in odd:
        control.send(b"", content)
    assert control.receive(0.5) is None
    # what FEAGI takes is taken: one frame without the empty part, no capabilities, system messages
    control.send(message("heart_beat"))
    heard = control.receive()
    assert heard is not None and content_of(heard) == "heart_beat"
    for name, capabilities in (("e", []), ("f", ["receive_system_messages"])):
        answer = control.ask(registration(name, capabilities))
        assert answer["agent_registration"]["server_responds_registration"]["success"][1] == {}
    again = control.ask(registration("e", []))
    assert again["agent_registration"]["server_responds_registration"] == "already_registered"
    said = server.end()
    assert said.count("was not taken") >= 10 and "\n\n" not in said


def test_strangers_do_not_fill_a_pipe_that_nobody_reads(server: Server) -> None:
    control = Zmq(server.ports["control"], "DEALER")
    for number in range(1000):
        control.send(b"", message({f"no such message {number}": "x" * 60}))
    control.send(b"", message("heart_beat"))
    heard = control.receive()
    assert heard is not None and content_of(heard) == "heart_beat"
    assert len(server.end().splitlines()) == 100


def test_odd_frames_do_no_harm(server: Server) -> None:
    _, _, urls = server.agent((SENSORS,))
    sensor = Zmq(port_of(urls[SENSORS]["Zmq"]["url"]), "PUSH")
    good = frame({"X19fcG93ZXI=": [(0, 0, 0, 1.0)]})
    nan = good[:-4] + b"\0\0\xc0\x7f"
    for body in (
        b"",
        b"\xff\xff",
        good[:-1],
        good[:10] + b"\xff" * 8 + good[18:],
        nan,
        frame({"AAAAAAAAAAA=": [(1, 2, 3, 1)]}),
    ):
        sensor.send(container(11, body))
    sensor.send(container(11, frame({"X19fcG93ZXI=": [(9, 9, 9, 1.0)]})))
    burst = server.get("burst_engine/burst_counter")
    wait_until(lambda: server.get("burst_engine/burst_counter") > burst + 2)
    assert server.get("system/health_check")["burst_engine"] is True


def test_foreign_pages_change_nothing(server: Server) -> None:
    port = server.ports["http"]
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"host": "evil.example"},
    ):
        assert http(port, "POST", "genome/upload/barebones", {}, headers)[0] == 403
    assert (
        http(port, "POST", "genome/upload/barebones", {}, {"origin": "http://localhost:3000"})[0]
        == 200
    )
    with pytest.raises(ConnectionError):
        WebSocket(server.ports["ws_control"], "http://evil.example")


def test_other_machines_need_a_token(program: str, tmp_path: pathlib.Path, server: Server) -> None:
    said = subprocess.run([program, "serve", "--host", "0.0.0.0"], capture_output=True, text=True)
    assert said.returncode == 2 and "--token" in said.stderr
    (tmp_path / "token").mkdir()
    guarded = Server.__new__(Server)
    guarded.answers = lambda: True  # type: ignore[method-assign]
    Server.__init__(guarded, program, tmp_path / "token", "--token", TOKEN)
    wait_until(lambda: can_connect(guarded.ports["http"]))
    assert http(guarded.ports["http"], "GET", "system/health_check")[0] == 401
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert http(guarded.ports["http"], "GET", "system/health_check", None, bearer)[0] == 200
    control = Zmq(guarded.ports["control"], "DEALER")
    assert control.ask(registration("a", []), timeout=0.5) is None
    assert control.ask(registration("b", [], token=list(range(32)))) is not None
    guarded.end()


def test_a_broken_genome_at_the_start_ends_it(
    program: str, tmp_path: pathlib.Path, server: Server
) -> None:
    (tmp_path / "broken.genome").write_text('{"blueprint": 7}')
    ports = tmp_path / "ports.toml"
    ports.write_text(
        f"[api]\nport={free_port()}\n[websocket]\nvisualization_port={free_port()}\n"
        f"registration_port={free_port()}\n[agent]\nregistration_port={free_port()}\n"
    )
    said = subprocess.run(
        [program, "serve", "--config", str(ports), str(tmp_path / "broken.genome")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 1 and "blueprint" in said.stderr
    taken = subprocess.run(
        [program, "serve", "--api-port", str(server.ports["http"])], capture_output=True, text=True
    )
    assert taken.returncode == 1 and "port" in taken.stderr


def test_many_requests_at_once(server: Server) -> None:
    sockets = [
        socket.create_connection(("127.0.0.1", server.ports["http"]), 10) for _ in range(100)
    ]
    for s in sockets:
        s.sendall(b"GET /v1/system/health_check HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    for s in sockets:
        assert s.recv(12) == b"HTTP/1.1 200"
        s.close()
    for junk in (
        b"\0" * 1000,
        b"GET\r\n\r\n",
        b"POST /v1/x HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
    ):
        with (
            socket.create_connection(("127.0.0.1", server.ports["http"]), 10) as s,
            contextlib.suppress(ConnectionError),
        ):
            s.sendall(junk)
            s.shutdown(socket.SHUT_WR)
            while s.recv(4096):
                pass
    assert server.answers()
