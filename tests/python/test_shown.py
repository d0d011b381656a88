# SPDX-License-Identifier: Apache-2.0
"""What people see: pages, terminals, help, pictures."""

import html.parser
import inspect
import re

import numpy as np
import pytest

import rheobase as rb
from rheobase import plot

NASTY = [
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(1)</script>",
    "&lt;b&gt;",
    '"\'>"',
    "line\nbreak\x1b[31m\u202e",
    "$\\frac$",
]


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.found.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def nasty() -> rb.Network:
    nb = rb.NetworkBuilder(dt=0.1)
    for name in NASTY:
        nb.population(name, 3, rb.Neuron(threshold=1))
    for name in NASTY:
        nb.connect(name, NASTY[0], rb.all_to_all(), 0.5, 0.3)
    return nb.build()


def everything_shown() -> list[object]:
    """An object of every class that has a page."""
    net = nasty()
    eng = rb.Engine(net, "cpu")
    eng.record(spikes=NASTY, v=NASTY)
    rec = eng.run(1.0)
    model = rb.Model("model m\nport I sum\nfire I > 0")
    rule = rb.SynapseModel("synapse s\nstate w = 1 in 0..1\non pre\n  w = 0")
    shown = [net, rec, rec.spikes, rec.spikes[NASTY[0]], model, rule]
    classes = {
        thing
        for name in rb.__all__
        if inspect.isclass(thing := getattr(rb, name)) and hasattr(thing, "_repr_html_")
    }
    assert classes == {type(s) for s in shown}
    return shown


def test_pages_hold_text_only() -> None:
    for thing in everything_shown():
        tags = Tags()
        tags.feed(thing._repr_html_())  # type: ignore[attr-defined]
        assert tags.found <= {"table", "tr", "th", "td", "p", "code"}
        assert "\x1b" not in tags.text and "\u202e" not in tags.text
        assert (NASTY[0] in tags.text and NASTY[1] in tags.text) or len(tags.text) < 200


def test_terminals_get_text_only() -> None:
    net = nasty()
    eng = rb.Engine(net, "cpu")
    rec = eng.run(1.0)
    things: list[object] = [net, *net.populations.values(), rec, rec.spikes, eng, rec.v]
    things += [net[n][:2] for n in NASTY] + [net.connections(n, NASTY[0]) for n in NASTY]
    for thing in things:
        for text in (str(thing), repr(thing)):
            assert all(c.isprintable() or c == "\n" for c in text)
    with pytest.raises(rb.Error) as raised:
        rec.spikes["\x1b[31m"]
    assert str(raised.value).isprintable()


def test_a_network_shows_what_is_wired() -> None:
    nb = rb.NetworkBuilder(dt=0.5, seed=2)
    nb.population("E", 8)
    nb.population("I", 4)
    nb.connect("E", "I", rb.fixed_indegree(3), weight=0.25, delay=1.5)
    nb.connect("E", "I", rb.all_to_all(), weight=-2.0, delay=1.0)
    nb.connect_pairs([8, 9], [0, 1], [0.5, 0.75])
    net = nb.build()
    one, two = net.projections
    assert (one.pre, one.post, one.synapses) == ("E", "I", 12 + 32)
    assert one.weight == (-2.0, 0.25) and one.delay == (1.0, 1.5)
    assert one.rules == ("fixed_indegree(3)", "all_to_all")
    assert two == rb.Projection("I", "E", 2, (0.5, 0.75), (0.5, 0.5), ())
    page = re.sub("<[^>]*>", " ", net._repr_html_())
    for cell in ("fixed_indegree(3), all_to_all", "-2 to 0.25", "1 to 1.5", "44", "0.5 to 0.75"):
        assert cell in page
    assert "2 projections" in page
    eng = rb.Engine(net, "cpu")
    with eng.editing() as edit:
        edit.remove_synapse(8, 0)
    assert eng.network.projections[1].synapses == 1
    assert eng.network.projections[0].rules == ()


def test_rules_have_signatures_and_help() -> None:
    for name in rb.__all__:
        thing = getattr(rb, name)
        if callable(thing) and not inspect.isclass(thing):
            signature = inspect.signature(thing)
            assert "nanobind" not in type(thing).__name__
            assert all(p.annotation is not p.empty for p in signature.parameters.values()), name
            assert signature.return_annotation is not signature.empty and inspect.getdoc(thing)
    assert str(inspect.signature(rb.fixed_indegree)).startswith(
        "(indegree: 'int', autapses: 'bool' = True, multapses: 'bool' = True)"
    )


@pytest.mark.parametrize("count", [1, 7, 8, 12, 30])
def test_colours_differ(count: int) -> None:
    from matplotlib.colors import to_rgb

    rgb = np.array([to_rgb(c) for c in plot.colours(count)])
    assert len(rgb) == count
    away = np.abs(rgb[:, None] - rgb[None]).max(axis=2)
    assert away[~np.eye(count, dtype=bool)].min(initial=1.0) > (0.2 if count <= 12 else 0.1)


def many(populations: int = 9) -> rb.Recording:
    nb = rb.NetworkBuilder(dt=0.1, seed=4)
    for i in range(populations):
        nb.population(f"P{i}", 20, rb.LIF(tau_m=10 + i, t_ref=2))
        nb.drive(f"P{i}", rb.poisson(9000.0 + 900 * i), 0.3)
    eng = rb.Engine(nb.build(), "cpu", seed=3)
    eng.record(spikes=list(eng.network), v=[eng.network[f"P{i}"][:1] for i in range(populations)])
    return eng.run(200.0)


def test_a_raster_of_many_populations_with_rates() -> None:
    from matplotlib.colors import to_hex

    rec = many()
    ax = plot.raster(rec, rates=True)
    assert len(ax.figure.axes) == 2
    points, curves = ax.lines[:1] + ax.lines[2::2], ax.figure.axes[1].lines
    assert len({to_hex(line.get_color()) for line in curves}) == 9 == len(curves)
    assert to_hex(points[0].get_color()) == to_hex(curves[0].get_color())
    assert ax.get_xlim() == ax.figure.axes[1].get_xlim() == (0.0, 200.0)
    assert ax.figure.axes[1].get_ylabel() == "rate / Hz" and ax.get_xlabel() == ""
    assert len(plot.raster(rec).figure.axes) == 1


def test_potentials_show_when_neurons_fired() -> None:
    rec = many(3)
    ax = plot.potentials(rec)
    marks = [line for line in ax.lines if line.get_marker() == "|"]
    assert len(marks) == 3 and len(plot.potentials(rec.v).lines) == 3
    for i, line in enumerate(marks):
        spikes = rec.spikes[f"P{i}"]
        assert line.get_xdata().tolist() == spikes.times[spikes.ids == 0].tolist() != []
        assert min(line.get_ydata()) > rec.v[f"P{i}"].values.max()
    assert len(plot.potentials(rec.v, spikes=rec).lines) == 6
    legend = ax.get_legend()
    assert legend is not None and len(legend.get_texts()) == 3


def test_names_are_no_formulas(tmp_path: object) -> None:
    import io

    rec_of = nasty()
    eng = rb.Engine(rec_of, "cpu")
    eng.record(spikes=NASTY, v=NASTY)
    eng.inject(NASTY[5], 2.0)
    rec = eng.run(2.0)
    for ax in (
        plot.raster(rec, rates=True),
        plot.rates(rec),
        plot.potentials(rec),
        plot.activity(rec, NASTY[5]),
        plot.connectivity(rec_of),
        plot.connectivity(rec_of, NASTY[5], NASTY[0]),
    ):
        ax.figure.savefig(io.BytesIO(), format="png")
    with pytest.raises(rb.errors.WrongTypeError, match="no axes"):
        plot.rates(rec, ax=3)  # type: ignore[arg-type]


def test_why_silent_does_not_contradict_itself() -> None:
    """What came closest to the threshold without reaching it is below it."""
    nb = rb.NetworkBuilder(dt=0.1, seed=1)
    nb.population("E", 300, rb.LIF(t_ref=2))
    nb.connect("E", "E", rb.fixed_indegree(30), weight=0.2, delay=1.5)
    nb.drive("E", rb.poisson(15_000), weight=0.1)
    nb.population("F", 1, rb.LIF(v_threshold=20))
    nb.drive("F", rb.regular(100), weight=25.0)
    eng = rb.Engine(nb.build(), "cpu")
    eng.run(300.0)
    said = eng.why_silent("E")
    found = re.search(r"\(([-\d.e]+) came closest, the threshold there is ([-\d.e]+)\)", said)
    assert found is not None and float(found[1]) < float(found[2]), said
    shares = [float(s) for s in re.findall(r"([\d.]+) %", said)]
    assert sum(shares) == pytest.approx(100.0, abs=0.3) and "it fired" in said
    assert re.search(r"\d % it fired", eng.why_silent("F"))
