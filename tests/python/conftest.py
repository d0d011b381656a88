# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess
from collections.abc import Iterator

import matplotlib
import pytest
from serving import Server

import rheobase as rb

matplotlib.use("Agg")


@pytest.fixture
def brunel() -> rb.Network:
    """A small balanced network: 400 excitatory and 100 inhibitory neurons."""
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    lif = rb.LIF(tau_m=20, v_rest=0, v_reset=10, v_threshold=20, t_ref=2)
    e, i = nb.population("E", 400, lif), nb.population("I", 100, lif)
    nb.connect(e, [e, i], rb.fixed_indegree(40), weight=2.0, delay=1.5)
    nb.connect(i, [e, i], rb.fixed_indegree(10), weight=-10.0, delay=1.5)
    nb.drive([e, i], rb.poisson(rate=20_000), weight=0.1)
    return nb.build()


@pytest.fixture
def program() -> str:
    """The command line program of this build."""
    return os.environ["RHEOBASE_PROGRAM"]


@pytest.fixture
def server(program: str, tmp_path: pathlib.Path) -> Iterator[Server]:
    said = subprocess.run(
        [program, "serve", "--connectome", "x"], capture_output=True, text=True
    ).stderr
    if "without a server" in said:
        pytest.skip("the program was built without a server")
    running = Server(program, tmp_path)
    running.send("POST", "genome/upload/barebones")
    yield running
    running.process.kill()
    running.process.communicate()
