# SPDX-License-Identifier: Apache-2.0
"""Synapses that learn."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import floats_of
from ._text import html_table
from .errors import InvalidArgumentError, WrongTypeError, needs
from .model import BuiltIn, ModelItem, text_of_file
from .units import _UNITS, shown, text, value_in, whole

if TYPE_CHECKING:
    from .engine import Engine


class SynapseModel:
    """What spikes do to a synapse that learns. `docs/plasticity.md` describes the language::

        rule = rb.SynapseModel('''
            synapse my_stdp
            param A_plus = 0.01, A_minus = 0.012, w_max = 1
            trace x pre sum 20 ms
            trace y post sum 20 ms
            state w = 0.5 in 0..w_max
            on pre
              w -= A_minus*y
            on post
              w += A_plus*x
        ''')
        nb.connect(a, b, rb.fixed_indegree(100), weight=0.5, plasticity=rule(A_plus=0.02))

    One that is called gives one with other parameters, each one number or quantity. Raises
    InvalidFileError, naming line and column, if the text is wrong.
    """

    def __init__(self, definition: str) -> None:
        self._core = _core.SynapseModel.parse(text(definition, "text"), "the synapse")
        self._values: dict[str, float] = {}

    @classmethod
    def _of(cls, core: _core.SynapseModel, values: Mapping[str, float]) -> SynapseModel:
        made = cls.__new__(cls)
        made._core = core
        made._values = dict(values)
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SynapseModel:
        """From a text file. Raises FileError, InvalidFileError."""
        definition, where = text_of_file(path)
        return cls._of(_core.SynapseModel.parse(definition, where), {})

    def __call__(self, **values: Any) -> SynapseModel:
        """The same with other parameters."""
        items = self.params
        found = dict(self._values)
        for name, value in values.items():
            if name not in items:
                raise InvalidArgumentError(
                    f"synapse {self.name} has no parameter {name!r} (it has {', '.join(items)})."
                )
            unit = items[name].unit if items[name].unit in _UNITS else "dimensionless"
            found[name] = value_in(value, unit, name)
        return SynapseModel._of(self._core, found)

    @property
    def name(self) -> str:
        """What the text calls it."""
        return self._core.name

    @property
    def title(self) -> str:
        """One line, with the source."""
        return self._core.title

    @property
    def text(self) -> str:
        """The definition."""
        return self._core.text

    @property
    def values(self) -> Mapping[str, float]:
        """Parameters that differ from those of the text."""
        return MappingProxyType(self._values)

    @property
    def params(self) -> dict[str, ModelItem]:
        """Parameters by name."""
        return {row[0]: ModelItem(*row) for row in self._core.params()}

    @property
    def states(self) -> dict[str, ModelItem]:
        """What each synapse keeps, by name; the first is its weight, `w`."""
        return {row[0]: ModelItem(*row) for row in self._core.states()}

    @property
    def traces(self) -> dict[str, str]:
        """What the ends of a synapse keep: "pre" or "post" by name."""
        return {row[0]: row[1] for row in self._core.traces()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SynapseModel):
            return NotImplemented
        return self.text == other.text and self._values == other._values

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.text, dict(self._values))

    def __repr__(self) -> str:
        changed = ", ".join(f"{k}={v:g}" for k, v in self._values.items())
        return f"<SynapseModel {self.name}{f' with {changed}' if changed else ''}>"

    def _repr_html_(self) -> str:
        rows: list[list[object]] = [
            ["parameter", p.name, f"{self._values.get(p.name, p.value):g}", p.unit, p.meaning]
            for p in self.params.values()
        ]
        rows += [["state", s.name, "", s.unit, s.meaning] for s in self.states.values()]
        rows += [[f"trace of {side}", name, "", "", ""] for name, side in self.traces.items()]
        return html_table(
            ["", "name", "value", "unit", "meaning"], rows, f"{self.name} {self.title}"
        )


def _unpickled(definition: str, values: dict[str, float]) -> SynapseModel:
    return SynapseModel._of(_core.SynapseModel.parse(definition, "the synapse"), values)


def rule_arguments(
    plasticity: SynapseModel | None, delay_in: str
) -> tuple[_core.SynapseModel, list[Any], bool]:
    """As the compiled module takes it."""
    if text(delay_in, "delay_in") not in ("axon", "dendrite"):
        raise InvalidArgumentError(
            f"delay_in = {shown(delay_in)} is neither 'axon' nor 'dendrite' (where a spike spends the "
            "delay)."
        )
    if plasticity is None:
        return _core.SynapseModel(), [], False
    if not isinstance(plasticity, SynapseModel):
        raise WrongTypeError(
            f"{shown(plasticity)} is not a rule of plasticity. Use rheobase.synapses.stdp_additive() "
            "or another, or rheobase.SynapseModel(text)."
        )
    values = [(k, np.array([v], np.float64)) for k, v in plasticity.values.items()]
    return plasticity._core, values, delay_in == "dendrite"


class Synapses(BuiltIn[SynapseModel]):
    """The synapses that come with Rheobase: `rb.synapses.stdp_additive(A_plus=0.02)`,
    `rb.synapses["stdp_additive"]`, `list(rb.synapses)`."""

    _core_class, _class = _core.SynapseModel, SynapseModel


synapses = Synapses()


class PlasticProjection:
    """The synapses of an engine that learn, of one connection and delay: number `number` of those that
    `Engine.plastic` lists.

    pre_population, post_population: names. delay: ms. delay_in: "axon" or
    "dendrite". model: the rule, with all its parameters.

    Arrays are in one order, that of `pre` and `post`.
    """

    def __init__(self, engine: Engine, number: int) -> None:
        from .engine import Engine as AnyEngine

        if not isinstance(engine, AnyEngine):
            raise WrongTypeError(f"{shown(engine)} is not an Engine.")
        rows = engine.network._core.learning()
        number = whole(number, "number")
        if number >= len(rows):
            raise InvalidArgumentError(
                f"there is no projection {number} that learns (there are {len(rows)})."
            )
        pre, post, delay, _port, model, values, synapses, in_dendrite = rows[number]
        populations = list(engine.network.populations.values())
        self._engine = engine
        self._number = number
        self._size = int(synapses)
        self.pre_population, self.post_population = populations[pre].name, populations[post].name
        self._firsts = populations[pre].first, populations[post].first
        self._sizes = populations[pre].size, populations[post].size
        self.delay = delay * engine.network.dt
        self.delay_in = "dendrite" if in_dendrite else "axon"
        self.model = SynapseModel._of(model, dict(values))

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return (
            f"<{self._size:,} synapses {self.pre_population} -> {self.post_population} that learn "
            f"by {self.model.name}>"
        )

    @property
    def pre(self) -> npt.NDArray[np.uint32]:
        """Sources, counted within their population."""
        ends = self._engine.network._core.learning_ends(self._number)[0]
        return np.asarray(ends - np.uint32(self._firsts[0]), np.uint32)

    @property
    def post(self) -> npt.NDArray[np.uint32]:
        """Targets, counted within their population."""
        ends = self._engine.network._core.learning_ends(self._number)[1]
        return np.asarray(ends - np.uint32(self._firsts[1]), np.uint32)

    @property
    def weights(self) -> npt.NDArray[np.float32]:
        """Weights as they are now: a copy. Assign one number or an array to set them."""
        return self.state("w")

    @weights.setter
    def weights(self, values: Any) -> None:
        self.set_state("w", values)

    def state(self, name: str) -> npt.NDArray[np.float32]:
        """A state of the rule as it is now, one number for each synapse: a copy."""
        return self._engine._core.synapses(self._number, text(name, "name"))

    def set_state(self, name: str, values: Any) -> None:
        """Sets a state: one number for all synapses or one each. Weights must lie in their range."""
        floats = floats_of(values, self._size, name, "mV")
        self._engine._core.set_synapses(self._number, floats, text(name, "name"))

    def to_scipy(self) -> Any:
        """Weights as they are now as a `scipy.sparse.csr_matrix` (sources x targets); parallel
        synapses are added up."""
        try:
            from scipy.sparse import coo_matrix
        except ImportError:
            raise needs("scipy", "notebook") from None
        return coo_matrix((self.weights, (self.pre, self.post)), shape=self._sizes).tocsr()
