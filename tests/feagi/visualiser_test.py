#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""visualiser_test.py PROGRAM VENV: FEAGI's Brain Visualizer, unmodified and without a screen, on `rheobase serve`: it registers and
stays, and comes again after a genome change. The package is put into VENV; without PyPI, or where FEAGI's ports are taken, it is skipped."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

from clients_test import PORTS, install, is_taken, skip

VERSION = "2.8.0"
PATIENCE = 240  # seconds: it starts slowly on a busy machine


def ask(method, route, content=None):
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(f"http://127.0.0.1:8000/v1/{route}", method=method, data=body)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read())


def visualisers():
    return [session for session, agent in ask("GET", "agent/capabilities/all").items() if "visual" in agent["agent_name"]]


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.2)
    sys.exit(f"the visualiser never {what}")


def main():
    program, venv = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    install(venv)
    pip = [venv / "bin/pip", "-q", "--disable-pip-version-check", "install", f"feagi-bv-linux=={VERSION}"]
    if subprocess.run(pip, check=False).returncode != 0:
        skip(f"feagi-bv-linux {VERSION} cannot be had from PyPI")
    found = sorted(venv.glob("lib/python*/site-packages/feagi_bv_linux/bin/BrainVisualizer-Remote.x86_64"))
    if not found:
        skip(f"feagi-bv-linux {VERSION} has no program for this machine")
    found[0].chmod(0o755)
    if taken := [port for port in PORTS if is_taken(port)]:
        skip(f"the ports {taken} are taken")
    with tempfile.TemporaryDirectory() as folder:
        genome = pathlib.Path(folder) / "camera.genome"
        subprocess.run([program, "generate", "vision", genome], check=True, stdout=subprocess.DEVNULL)
        environment = {**os.environ, "HOME": folder, "FEAGI_MODE": "remote", "FEAGI_API_URL": "http://127.0.0.1:8000"}
        environment |= {"FEAGI_WS_HOST": "127.0.0.1", "FEAGI_WS_PORT": "8080"}
        log = pathlib.Path(folder) / "log"
        server = subprocess.Popen([program, "serve", genome])
        screen = None
        try:
            time.sleep(1)
            with log.open("wb") as to:
                screen = subprocess.Popen([found[0], "--headless"], env=environment, stdout=to, stderr=to)
            wait_until(visualisers, "registered")
            time.sleep(10)
            first = visualisers()
            assert first and screen.poll() is None, log.read_text(errors="replace")[-3000:]
            ask("POST", "burst_engine/simulation_timestep", {"simulation_timestep": 0.05})
            ask("POST", "genome/upload", json.loads(genome.read_text()))
            wait_until(lambda: visualisers() and not set(visualisers()) & set(first), "came again")
            time.sleep(5)
            assert visualisers() and screen.poll() is None, log.read_text(errors="replace")[-3000:]
        finally:
            for process in (screen, server):
                if process is not None:
                    process.terminate()
                    process.wait(30)
    print(f"feagi-bv-linux {VERSION}: registered, stayed, came again after a genome change")


if __name__ == "__main__":
    main()
