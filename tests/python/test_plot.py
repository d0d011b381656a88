# SPDX-License-Identifier: Apache-2.0
"""Pictures against stored ones. RHEOBASE_WRITE_PICTURES=1 stores them anew; look at them then."""

import os
import pathlib
from collections.abc import Callable

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.testing.compare import compare_images

import rheobase as rb

# matplotlib 3.11 draws text anew; Python 3.10 has no more than 3.10
TEXT = "" if matplotlib.__version_info__ >= (3, 11) else "before_matplotlib_3.11"
STORED = pathlib.Path(__file__).parent / "pictures" / TEXT


def recorded(net: rb.Network) -> rb.Recording:
    eng = rb.Engine(net, seed=7)
    eng.record(spikes=net.values(), v=net["E"][:3])
    return eng.run(100)


def camera() -> rb.Recording:
    nb = rb.NetworkBuilder()
    area = nb.area("Camera", (16, 12, 2), rb.Neuron(leak=1.0))
    eng = rb.Engine(nb.build())
    bursts = np.arange(1, 401)
    voxels = np.stack((bursts % 16, bursts * 5 % 12, bursts % 7 // 4), axis=-1)
    eng.schedule(bursts * 1.0, area.at(voxels), 1.0)
    return eng.run(400)


PICTURES: dict[str, Callable[[rb.Network], Axes]] = {
    "raster": lambda net: rb.plot.raster(recorded(net)),
    "raster_thinned": lambda net: rb.plot.raster(recorded(net).spikes, most=300),
    "rates": lambda net: rb.plot.rates(recorded(net)),
    "potentials": lambda net: rb.plot.potentials(recorded(net).v),
    "activity": lambda net: rb.plot.activity(camera(), "Camera"),
    "activity_layer": lambda net: rb.plot.activity(camera(), "Camera", z=1),
    "connectivity": lambda net: rb.plot.connectivity(net),
    "connectivity_part": lambda net: rb.plot.connectivity(net, "I", net["E"][100:200]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(brunel: rb.Network, name: str, tmp_path: pathlib.Path) -> None:
    with plt.style.context("default"):
        ax = PICTURES[name](brunel)
        made = tmp_path / f"{name}.png"
        ax.figure.savefig(made, dpi=60)
    plt.close("all")
    if os.environ.get("RHEOBASE_WRITE_PICTURES"):
        STORED.mkdir(parents=True, exist_ok=True)
        made.replace(STORED / made.name)
        return
    trouble = compare_images(str(STORED / made.name), str(made), tol=2.0)
    assert trouble is None, trouble


def test_into_axes_that_are_there(brunel: rb.Network) -> None:
    _, ax = plt.subplots()
    assert rb.plot.raster(recorded(brunel), ax) is ax
    assert ax.get_xlabel() == "time / ms"
    plt.close("all")


def test_nothing_to_draw(brunel: rb.Network) -> None:
    eng = rb.Engine(brunel)
    eng.record()
    rec = eng.run(1)
    with pytest.raises(rb.errors.InvalidArgumentError, match="no spikes were recorded"):
        rb.plot.raster(rec)
    with pytest.raises(rb.errors.InvalidArgumentError, match="no potentials were recorded"):
        rb.plot.potentials(rec.v)
    with pytest.raises(rb.errors.InvalidArgumentError, match="z = 5 is out of range"):
        rb.plot.activity(camera(), "Camera", z=5)
    with pytest.raises(rb.errors.InvalidArgumentError, match="both pre and post"):
        rb.plot.connectivity(brunel, pre="E")
    plt.close("all")
