# SPDX-License-Identifier: Apache-2.0
"""Pictures, on matplotlib: axes with units, colours that colour-blind people can tell apart.

Each function draws into `ax` (a new figure if None) and returns the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import InvalidArgumentError, needs
from .spikes import Spikes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .network import Network
    from .population import Selector
    from .recording import Recording, Traces

#: Okabe and Ito (2008), without yellow, which is too light for points on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise needs("matplotlib", "plot") from None
    return plt.subplots(figsize=size, layout="constrained")[1]


def _tidy(ax: Axes) -> Axes:
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _legend(ax: Axes, entries: int) -> None:
    """Above the axes, where no line is."""
    ax.legend(
        frameon=False,
        ncols=min(entries, 7),
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.0,
    )


def _spikes(source: Recording | Spikes) -> Spikes:
    return source if isinstance(source, Spikes) else source.spikes


def raster(source: Recording | Spikes, ax: Axes | None = None, most: int = 100_000) -> Axes:
    """Who fired when, populations stacked, each in its colour.

    most: of more spikes than that, every n-th neuron is drawn, and the axis says so.
    """
    spikes = _spikes(source)
    parts = spikes.parts()
    if not parts:
        raise InvalidArgumentError("no spikes were recorded. Use engine.record(spikes=...).")
    ax = _axes(ax, (8.0, 4.5))
    step = max(1, -(-len(spikes) // most))
    few = sum(part.neurons.size for part in parts) <= 200
    base = 0
    ticks, names = [], []
    for i, part in enumerate(parts):
        assert part.population is not None
        row = np.searchsorted(part.neurons, part.ids)
        drawn = row % step == 0
        ax.plot(
            part.times[drawn],
            base + row[drawn],
            linestyle="none",
            marker="|" if few else ".",
            markersize=4 if few else 1.8,
            markeredgewidth=0.8 if few else 0,
            color=COLOURS[i % len(COLOURS)],
            rasterized=True,
        )
        ticks.append(base + (part.neurons.size - 1) / 2)
        names.append(part.population.name)
        base += part.neurons.size
        if i + 1 < len(parts):
            ax.axhline(base - 0.5, color="0.85", linewidth=0.6, zorder=0)
    ax.set_xlim(spikes.start, spikes.stop)
    ax.set_ylim(-0.5, base - 0.5)
    ax.set_yticks(ticks, names)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("time / ms")
    ax.set_ylabel("population" if step == 1 else f"population (1 of {step} neurons)")
    return _tidy(ax)


def rates(source: Recording | Spikes, ax: Axes | None = None, width: float | None = None) -> Axes:
    """Rate of each population over time, Hz, in bins of `width` ms (default: a hundredth of the time,
    at least one time step)."""
    spikes = _spikes(source)
    ax = _axes(ax, (8.0, 3.0))
    span = spikes.stop - spikes.start
    steps = max(1, round((span / 100 if width is None else width) / spikes.dt))
    for i, part in enumerate(spikes.parts()):
        assert part.population is not None
        counts = part.counts
        bins = counts[: counts.size // steps * steps].reshape(-1, steps).sum(axis=1)
        hz = bins / (part.neurons.size * steps * spikes.dt / 1000.0)
        middle = spikes.start + (np.arange(bins.size) + 0.5) * steps * spikes.dt
        ax.plot(
            middle, hz, color=COLOURS[i % len(COLOURS)], linewidth=1.2, label=part.population.name
        )
    ax.set_xlim(spikes.start, spikes.stop)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("time / ms")
    ax.set_ylabel("rate / Hz")
    _legend(ax, len(spikes.parts()))
    return _tidy(ax)


def potentials(traces: Traces, ax: Axes | None = None, most: int = 7) -> Axes:
    """Potentials over time, mV, of the first `most` neurons that were recorded."""
    ax = _axes(ax, (8.0, 3.0))
    drawn = 0
    for trace in traces.values():
        for j in range(trace.values.shape[1]):
            if drawn == most:
                break
            ax.plot(
                trace.times,
                trace.values[:, j],
                color=COLOURS[drawn % len(COLOURS)],
                linewidth=1.0,
                label=f"{trace.population.name}[{trace.neurons[j]}]",
            )
            drawn += 1
    if drawn == 0:
        raise InvalidArgumentError("no potentials were recorded. Use engine.record(v=...).")
    ax.margins(x=0)
    ax.set_xlabel("time / ms")
    ax.set_ylabel("potential / mV")
    _legend(ax, drawn)
    return _tidy(ax)


def activity(
    source: Recording | Spikes, population: str, ax: Axes | None = None, z: int | None = None
) -> Axes:
    """Mean rate of each voxel of an area, Hz, as a picture of x and y: of the layer `z`, or the mean of
    all layers."""
    part = _spikes(source)[population]
    area = part.population
    assert area is not None
    seconds = (part.stop - part.start) / 1000.0
    counts = np.bincount(part.ids, minlength=area.size).reshape(*area.shape, area.neurons_per_voxel)
    hz = counts.mean(axis=3) / seconds
    if z is not None and not 0 <= z < area.shape[2]:
        raise InvalidArgumentError(f"z = {z} is outside of {area!r} (0 to {area.shape[2] - 1}).")
    picture = hz.mean(axis=2) if z is None else hz[:, :, z]
    ax = _axes(ax, (5.0, 4.0))
    image = ax.imshow(picture.T, origin="lower", cmap="viridis", vmin=0, interpolation="nearest")
    ax.figure.colorbar(image, ax=ax, label="rate / Hz")
    ax.set_xlabel("x / voxels")
    ax.set_ylabel("y / voxels")
    ax.set_title(population if z is None else f"{population}, z = {z}")
    return ax


def connectivity(
    network: Network,
    pre: str | Selector | None = None,
    post: str | Selector | None = None,
    ax: Axes | None = None,
    most: int = 200,
) -> Axes:
    """Draw sums of weights, mV.

    Between populations if none is named, else between neurons, in at most `most` x `most` bins.
    """
    if (pre is None) != (post is None):
        raise InvalidArgumentError("connectivity takes both pre and post, or neither.")
    ax = _axes(ax, (5.0, 4.2))
    if pre is None or post is None:
        names = list(network)
        matrix = [[network.connections(a, b).weight.sum(dtype=float) for b in names] for a in names]
        _signed(ax, np.array(matrix), None)
        ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
        ax.set_yticks(range(len(names)), names)
        ax.set_xlabel("target")
        ax.set_ylabel("source")
        return ax
    found = network.connections(pre, post)
    rows, columns = _bounds(network, pre), _bounds(network, post)
    sums = np.histogram2d(
        found.pre,
        found.post,
        bins=(min(rows[1] - rows[0], most), min(columns[1] - columns[0], most)),
        range=(rows, columns),
        weights=found.weight.astype(np.float64),
    )[0]
    _signed(ax, sums, (columns[0] - 0.5, columns[1] - 0.5, rows[1] - 0.5, rows[0] - 0.5))
    ax.set_xlabel(f"target in {found.post_population}")
    ax.set_ylabel(f"source in {found.pre_population}")
    return ax


def _signed(ax: Axes, sums: Any, extent: tuple[float, float, float, float] | None) -> None:
    """A matrix whose zero is white."""
    limit = float(np.abs(sums).max(initial=0.0)) or 1.0
    image = ax.imshow(
        sums,
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
        interpolation="nearest",
        extent=extent,
        aspect="auto",
    )
    ax.figure.colorbar(image, ax=ax, label="sum of weights / mV")


def _bounds(network: Network, part: str | Selector) -> tuple[int, int]:
    """First neuron of a part within its population, and the one behind the last."""
    local = network.part(part).local
    return int(local.min(initial=0)), int(local.max(initial=0)) + 1
