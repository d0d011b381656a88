# SPDX-License-Identifier: Apache-2.0
"""Pictures, on matplotlib: axes with units, colours that colour-blind people can tell apart.

Each function draws into `ax` (a new figure if None) and returns the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._text import picture_text
from .errors import InvalidArgumentError, WrongTypeError, needs
from .recording import Recording, Traces
from .spikes import Spikes
from .units import flag, shown, value_in, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .network import Network
    from .population import Selector

#: Okabe and Ito (2008), with grey for yellow, which is too light for points on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")


def colours(count: int) -> list[str]:
    """So many colours that differ: those of `COLOURS`; of more, hues round the circle, alternately light
    and dark, so that neighbours differ in both."""
    n = whole(count, "count", most=10_000)
    if n <= len(COLOURS):
        return list(COLOURS[:n])
    from matplotlib.colors import hsv_to_rgb, to_hex

    rings = ((0.95, 0.85), (1.0, 0.5), (0.45, 0.75))  # saturation and value
    made = hsv_to_rgb([(i / n, *rings[i % len(rings)]) for i in range(n)])
    return [to_hex((float(r), float(g), float(b))) for r, g, b in made]


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    try:
        import matplotlib.pyplot as plt
        from matplotlib.axes import Axes as Kind
    except ImportError:
        raise needs("matplotlib", "plot") from None
    if ax is not None:
        if not isinstance(ax, Kind):
            raise WrongTypeError(f"ax = {shown(ax)} are no axes of matplotlib.")
        return ax
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
    if not isinstance(source, (Spikes, Recording)):
        raise WrongTypeError(f"{shown(source)} is neither a Recording nor Spikes.")
    return source if isinstance(source, Spikes) else source.spikes


def raster(
    source: Recording | Spikes,
    ax: Axes | None = None,
    most: int = 100_000,
    rates: bool = False,
) -> Axes:
    """Who fired when, populations stacked, each in its colour.

    most: of more spikes than that, every n-th neuron is drawn, and the axis says so. rates: with the rate
    of each population in a panel below (`ax.figure.axes[1]`).
    """
    spikes = _spikes(source)
    parts = spikes.parts()
    if not parts:
        raise InvalidArgumentError("no spikes were recorded. Use engine.record(spikes=...).")
    step = max(1, -(-len(spikes) // whole(most, "most", least=1, most=2**62)))
    with_rates = flag(rates, "rates")
    ax = _axes(ax, (8.0, 6.0 if with_rates else 4.5))
    palette = colours(len(parts))
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
            color=palette[i],
            rasterized=True,
        )
        ticks.append(base + (part.neurons.size - 1) / 2)
        names.append(picture_text(part.population.name))
        base += part.neurons.size
        if i + 1 < len(parts):
            ax.axhline(base - 0.5, color="0.85", linewidth=0.6, zorder=0)
    _time_axis(ax, spikes)
    ax.set_ylim(-0.5, base - 0.5)
    ax.set_yticks(ticks, names)
    ax.tick_params(axis="y", length=0)
    ax.set_ylabel("population" if step == 1 else f"population (1 of {step} neurons)")
    if with_rates:
        _draw_rates(spikes, _below(ax), None)
        ax.tick_params(axis="x", labelbottom=False)
        ax.set_xlabel("")
    return _tidy(ax)


def _below(ax: Axes) -> Axes:
    """Axes that take the lower part of the place of others."""
    place = ax.get_subplotspec()
    if place is None:
        raise InvalidArgumentError(
            "these axes have no place in a grid to share with a panel. Use those of plt.subplots()."
        )
    grid = place.subgridspec(2, 1, height_ratios=(3, 1))
    ax.set_subplotspec(grid[0])
    below: Axes = ax.figure.add_subplot(grid[1], sharex=ax)
    return below


def _time_axis(ax: Axes, spikes: Spikes) -> None:
    if spikes.stop > spikes.start:
        ax.set_xlim(spikes.start, spikes.stop)
    ax.set_xlabel("time / ms")


def rates(source: Recording | Spikes, ax: Axes | None = None, width: Any = None) -> Axes:
    """Rate of each population over time, Hz, in bins of `width` ms (default: a hundredth of the time,
    at least one time step)."""
    spikes = _spikes(source)
    wanted = None if width is None else value_in(width, "ms", "width")
    if wanted is not None and wanted <= 0:
        raise InvalidArgumentError(f"width = {wanted:g} ms is too short (above 0 ms).")
    ax = _axes(ax, (8.0, 3.0))
    _draw_rates(spikes, ax, wanted)
    _legend(ax, len(spikes.parts()))
    return ax


def _draw_rates(spikes: Spikes, ax: Axes, width: float | None) -> None:
    span = spikes.stop - spikes.start
    most = max(1, round(span / spikes.dt))
    steps = min(max(1, round((span / 100 if width is None else width) / spikes.dt)), most)
    parts = spikes.parts()
    palette = colours(len(parts))
    for i, part in enumerate(parts):
        assert part.population is not None
        counts = part.counts
        bins = counts[: counts.size // steps * steps].reshape(-1, steps).sum(axis=1)
        hz = bins / (part.neurons.size * steps * spikes.dt / 1000.0)
        middle = spikes.start + (np.arange(bins.size) + 0.5) * steps * spikes.dt
        name = picture_text(part.population.name)
        ax.plot(middle, hz, color=palette[i], linewidth=1.2, label=name)
    _time_axis(ax, spikes)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("rate / Hz")
    _tidy(ax)


def potentials(
    source: Recording | Traces,
    ax: Axes | None = None,
    most: int = 7,
    spikes: Recording | Spikes | None = None,
) -> Axes:
    """Potentials over time, mV, of the first `most` neurons that were recorded.

    Of a recording, or with `spikes`, a mark above the curves shows when each of them fired, as far as its
    spikes were recorded: the potential itself is already reset then.
    """
    if not isinstance(source, (Recording, Traces)):
        raise WrongTypeError(f"{shown(source)} is neither a Recording nor Traces.")
    traces = source.v if isinstance(source, Recording) else source
    fired = source.spikes if isinstance(source, Recording) else None
    fired = fired if spikes is None else _spikes(spikes)
    limit = whole(most, "most", least=1)
    columns = [(t, j) for t in traces.values() for j in range(t.values.shape[1])][:limit]
    if not columns:
        raise InvalidArgumentError("no potentials were recorded. Use engine.record(v=...).")
    ax = _axes(ax, (8.0, 3.0))
    drawn = len(columns)
    palette = colours(drawn)
    for i, (trace, j) in enumerate(columns):
        ax.plot(
            trace.times,
            trace.values[:, j],
            color=palette[i],
            linewidth=1.0,
            label=f"{picture_text(trace.population.name)}[{trace.neurons[j]}]",
        )
    if fired is not None:
        low, high = ax.get_ylim()
        rise = 0.05 * (high - low)
        for i, (trace, j) in enumerate(columns):
            mine = fired if fired.population is not None else fired[trace.population]
            times = mine.times[mine.ids == trace.neurons[j]]
            row = np.full(times.size, high + rise * (drawn - i))
            ax.plot(
                times,
                row,
                linestyle="none",
                marker="|",
                markersize=max(3.0, 8.0 - drawn / 2),
                markeredgewidth=1.2,
                color=palette[i],
                label="_spikes",
            )
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
    if part.stop <= part.start:
        raise InvalidArgumentError("no time step was recorded. Run the engine for some time.")
    area = part.population
    assert area is not None
    seconds = (part.stop - part.start) / 1000.0
    counts = np.bincount(part.ids, minlength=area.size).reshape(*area.shape, area.neurons_per_voxel)
    hz = counts.mean(axis=3) / seconds
    z = None if z is None else whole(z, "z", most=area.shape[2] - 1)
    picture = hz.mean(axis=2) if z is None else hz[:, :, z]
    ax = _axes(ax, (5.0, 4.0))
    image = ax.imshow(picture.T, origin="lower", cmap="viridis", vmin=0, interpolation="nearest")
    ax.figure.colorbar(image, ax=ax, label="rate / Hz")
    ax.set_xlabel("x / voxels")
    ax.set_ylabel("y / voxels")
    title = picture_text(area.name)
    ax.set_title(title if z is None else f"{title}, z = {z}")
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
    from .network import Network as Kind

    if not isinstance(network, Kind):
        raise WrongTypeError(f"{shown(network)} is not a Network.")
    bins = whole(most, "most", least=1, most=10_000)
    if (pre is None) != (post is None):
        raise InvalidArgumentError("connectivity takes both pre and post, or neither.")
    ax = _axes(ax, (5.0, 4.2))
    if pre is None or post is None:
        matrix = [
            [network.connections(a, b).weight.sum(dtype=float) for b in network] for a in network
        ]
        names = [picture_text(name) for name in network]
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
        bins=(min(rows[1] - rows[0], bins), min(columns[1] - columns[0], bins)),
        range=(rows, columns),
        weights=found.weight.astype(np.float64),
    )[0]
    _signed(ax, sums, (columns[0] - 0.5, columns[1] - 0.5, rows[1] - 0.5, rows[0] - 0.5))
    ax.set_xlabel(f"target in {picture_text(found.post_population)}")
    ax.set_ylabel(f"source in {picture_text(found.pre_population)}")
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
