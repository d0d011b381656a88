#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clients_test.py PROGRAM VENV: FEAGI's own clients, unmodified, on `rheobase serve`: the command `feagi`, the genome API and an
agent with sensors and servos, and the example that balances a pole. The packages are put into VENV; without PyPI, or where FEAGI's ports are taken, it is skipped."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

VERSION = "2.6.10"
PORTS = (8000, 8080, 9053, 30001)
HERE = pathlib.Path(__file__).resolve().parent


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(0)


def install(venv):
    feagi = venv / "bin/feagi"
    if not feagi.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [venv / "bin/pip", "-q", "--disable-pip-version-check", "install", f"feagi=={VERSION}"]
        if subprocess.run(pip, check=False).returncode != 0:
            shutil.rmtree(venv)
            skip(f"feagi {VERSION} cannot be had from PyPI")
    return feagi


def is_taken(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def main():
    program, venv = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    engine = program.with_name("rheobase-feagi")
    said = subprocess.run([program, "serve", "--connectome", "x"], capture_output=True, text=True, check=False).stderr
    if "without a server" in said:
        skip("the program was built without a server")
    feagi = install(venv)
    if taken := [port for port in PORTS if is_taken(port)]:
        skip(f"the ports {taken} are taken")
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        environment = {**os.environ, "HOME": folder, "FEAGI_PATH": str(engine), "RHEOBASE_PROGRAM": str(program)}
        genome = home / "camera.genome"
        subprocess.run([program, "generate", "vision", genome], check=True, stdout=subprocess.DEVNULL)

        def run(*command, fine=True):
            done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
            if fine and done.returncode != 0:
                logs = "".join(p.read_text() for p in home.glob(".feagi/logs/feagi/run_*/*"))
                sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}\n{logs}")
            return done.stdout

        try:
            run(feagi, "init")
            run(feagi, "start", "--genome", genome, "--wait", "--timeout", "60")
            assert "running" in run(feagi, "status").lower()
            told = json.loads(run(venv / "bin/python", HERE / "genome_client.py", genome).splitlines()[-1])
            assert told["areas"] == told["areas_before"] + 1, told
            assert told["moved"] == [9, 9, 9] and told["threshold"] == 3.5 and told["refractory"] == 2, told
            assert told["refusals"] == 3, told
            assert told["downloaded"] == told["areas_before"], told
            robot = json.loads(run(venv / "bin/python", HERE / "robot_client.py").splitlines()[-1])
            assert robot["sensors"] == ["aXBybwEAAAA="], robot
            assert robot["motors"] == ["b3BzZQEAAAA=", "b3BzZREBAAA=", "b3BzZSEAAAA="], robot
            # the angle follows what the sensor says, in both directions
            assert robot["angles"][0] < robot["angles"][1] < robot["angles"][2], robot
        finally:
            run(feagi, "stop", fine=False)
        assert not any(is_taken(port) for port in PORTS), "the engine goes on after `feagi stop`"
        pole = run(venv / "bin/python", HERE.parents[1] / "examples/python/feagi_pole.py").splitlines()[-1]
    print(f"feagi {VERSION}: start, status, genome API, agent, stop; pole: {pole}")


if __name__ == "__main__":
    main()
