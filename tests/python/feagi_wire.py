# SPDX-License-Identifier: Apache-2.0
"""FEAGI's protocols from the bytes up, for tests: ZMTP 3.1 (NULL), WebSocket, containers, frames."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
import urllib.error
import urllib.request
from typing import Any

NOBODY = bytes(48)
# Seconds for what should come at once: a bound for machines under heavy load that costs nothing elsewhere.
PATIENCE = 120.0


def container(kind: int, body: bytes, session: bytes = NOBODY, counter: int = 0) -> bytes:
    structure = bytes([kind, 1]) + body
    return (
        b"\4"
        + struct.pack("<H", counter)
        + b"\1"
        + session
        + struct.pack("<I", len(structure))
        + structure
    )


def message(content: Any, session: bytes = NOBODY) -> bytes:
    return container(1, json.dumps(content).encode(), session)


def content_of(data: bytes) -> Any:
    assert data[0] == 4 and data[3] == 1 and data[56] == 1
    return json.loads(data[58:])


def frame(areas: dict[str, list[tuple[int, int, int, float]]]) -> bytes:
    head, body, offset = b"", b"", 4 + 16 * len(areas)
    for area, voxels in areas.items():
        n = len(voxels)
        head += base64.b64decode(area) + struct.pack("<II", offset + len(body), 16 * n)
        for axis in range(3):
            body += struct.pack(f"<{n}I", *[int(v[axis]) for v in voxels])
        body += struct.pack(f"<{n}f", *[v[3] for v in voxels])
    return struct.pack("<H", len(areas)) + head + body


def voxels_of(data: bytes) -> dict[str, set[tuple[int, int, int]]]:
    structure = data[56:]
    assert structure[:2] == b"\x0b\1"
    areas = {}
    for i in range(struct.unpack_from("<H", structure, 2)[0]):
        offset, size = struct.unpack_from("<II", structure, 4 + 16 * i + 8)
        n = size // 16
        numbers = struct.unpack_from(f"<{3 * n}I", structure, offset)
        name = base64.b64encode(structure[4 + 16 * i : 12 + 16 * i]).decode()
        areas[name] = {(numbers[j], numbers[n + j], numbers[2 * n + j]) for j in range(n)}
    return areas


class Zmq:
    """One connection of a ZeroMQ socket of the client's side: DEALER, PUSH or SUB."""

    def __init__(self, port: int, kind: str, timeout: float = PATIENCE) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.sendall(b"\xff" + bytes(8) + b"\x7f\3\1" + b"NULL".ljust(20, b"\0") + bytes(32))
        self._read(64)
        name = b"\5READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind.encode()
        self.socket.sendall(b"\4" + bytes([len(name)]) + name)
        self._part()
        if kind == "SUB":
            self.socket.sendall(b"\0\1\1")

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def _part(self) -> tuple[int, bytes]:
        flags = self._read(1)[0]
        size = struct.unpack(">Q", self._read(8))[0] if flags & 2 else self._read(1)[0]
        return flags, self._read(size)

    def send(self, *parts: bytes) -> None:
        data = b""
        for i, part in enumerate(parts):
            more = 1 if i + 1 < len(parts) else 0
            data += bytes([more | 2]) + struct.pack(">Q", len(part)) + part
        self.socket.sendall(data)

    def receive(self, timeout: float = PATIENCE) -> bytes | None:
        """The last part of the next message; none if there is none."""
        self.socket.settimeout(timeout)
        try:
            while True:
                flags, part = self._part()
                if not flags & 4 and not flags & 1:
                    return part
        except TimeoutError:
            return None

    def ask(self, content: Any, session: bytes = NOBODY, timeout: float = PATIENCE) -> Any:
        self.send(b"", message(content, session))
        answer = self.receive(timeout)
        return None if answer is None else content_of(answer)

    def close(self) -> None:
        self.socket.close()


class WebSocket:
    def __init__(self, port: int, origin: str = "") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET / HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
        ]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"] + (
            [f"Origin: {origin}"] if origin else []
        )
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            if not byte:
                raise ConnectionError("refused")
            head += byte
        assert head.startswith(b"HTTP/1.1 101"), head

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def send(self, data: bytes) -> None:
        n, mask = len(data), os.urandom(4)
        size = (
            bytes([128 | n]) if n < 126 else b"\xfe" + struct.pack(">H", n)
        )  # enough for what tests send
        self.socket.sendall(
            b"\x82" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        )

    def receive(self) -> bytes:
        start = self._read(2)
        size = start[1] & 127
        if size == 126:
            size = struct.unpack(">H", self._read(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._read(8))[0]
        data = self._read(size)
        if start[0] & 15 == 8:
            raise ConnectionError("closed")
        return data

    def close(self) -> None:
        self.socket.close()


def registration(
    name: str, capabilities: list[str], protocol: str = "Zmq", token: list[int] | None = None
) -> Any:
    return {
        "agent_registration": {
            "client_request_registration": {
                "agent_descriptor": {
                    "agent_name": name,
                    "agent_version": 1,
                    "manufacturer": "rheobase-test",
                },
                "api_version": {"version": 1},
                "auth_token": {"value": [0] * 32 if token is None else token},
                "connection_protocol": protocol,
                "requested_capabilities": capabilities,
            }
        }
    }


def http(
    port: int, method: str, route: str, content: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Status and answer: JSON where it is some, else the text."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/{route}",
        method=method,
        data=None
        if content is None
        else content
        if isinstance(content, bytes)
        else json.dumps(content).encode(),
        headers={"content-type": "application/json", **(headers or {})},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text.decode()


def wait_until(condition: Any, seconds: float = PATIENCE) -> Any:
    """What the condition gives as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came of it")
