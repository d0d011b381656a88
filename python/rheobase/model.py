# SPDX-License-Identifier: Apache-2.0
"""Models of neurons that are given as text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, Union

import numpy as np
import numpy.typing as npt

from . import _core
from ._text import html_table
from .distribution import Distribution
from .errors import (
    FileError,
    InvalidArgumentError,
    InvalidFileError,
    UnknownNameError,
)
from .population import Population
from .units import _UNITS, array_in, path_of, shown, text


def text_of_file(path: str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a definition, and how errors name the file."""
    where = path_of(path)
    try:
        with open(where, encoding="utf-8") as file:
            return file.read(2**20), shown(where)  # more is refused; it may have no end
    except OSError as e:
        raise FileError(f"cannot read {shown(where)} ({e.strerror}).") from None
    except UnicodeDecodeError:
        raise InvalidFileError(f"{shown(where)} is not text in UTF-8.") from None


@dataclass(frozen=True)
class ModelItem:
    """A parameter, state or port of a model."""

    name: str
    unit: str  #: empty if the text gives none
    meaning: str
    value: float  #: of a parameter, unless another is given
    lowest: float
    highest: float


#: of a parameter or first state: one number or one for each neuron, or what each draws
Value = Union[npt.NDArray[np.float64], Distribution]


class Model:
    """A model of a neuron. `docs/models.md` describes the language.

    text: the definition::

        adex = rb.Model('''
            model adex
            param C = 281 pF, g_L = 30 nS, E_L = -70.6 mV
            ...
        ''')

    Or by parts, each in that language: `params` and `state` map names to first values, `ports` names to
    kinds ("sum", "exp 5 ms", "alpha 2 ms")::

        rb.Model(name="izhikevich", params=dict(a=0.02, b=0.2, c=-65, d=8), state=dict(v=-65, u=-13),
                 ports=dict(I="sum"), step="v' = 0.04*v*v + 5*v + 140 - u + I; u' = a*(b*v - u)",
                 threshold="v >= 30", reset="v = c; u += d")

    method: of the primed lines: "euler" (default), "exact", "exponential_euler", "midpoint", "rk4".
    refractory: how long a neuron cannot fire after a spike, ms, or a parameter.

    A model that is called gives one with other values: `adex(a=4)`. Values are numbers, quantities, arrays
    with one for each neuron of a population, or distributions from which each draws. Raises
    InvalidFileError, naming line and column, if the text is wrong.
    """

    def __init__(
        self,
        definition: str | None = None,
        *,
        name: str = "unnamed",
        params: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        ports: Mapping[str, str] | None = None,
        step: str | None = None,
        threshold: str | None = None,
        reset: str | None = None,
        refractory: Any = None,
        method: str | None = None,
    ) -> None:
        parts = (params, state, ports, step, threshold, reset, refractory, method)
        if definition is None:
            definition = _written(name, *parts)
        elif any(p is not None for p in parts):
            raise InvalidArgumentError("a model is given as text or by parts, not both.")
        self._core = _core.Model.parse(text(definition, "text"), "the model")
        self._values: dict[str, Value] = {}

    @classmethod
    def _of(cls, core: _core.Model, values: Mapping[str, Value]) -> Model:
        made = cls.__new__(cls)
        made._core = core
        made._values = dict(values)
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Model:
        """From a text file. Raises FileError, InvalidFileError."""
        definition, where = text_of_file(path)
        return cls._of(_core.Model.parse(definition, where), {})

    def __call__(self, **values: Any) -> Model:
        """The same model with other parameters or first states."""
        items = {**self.params, **self.states}
        found = dict(self._values)
        for name, value in values.items():
            if name not in items:
                raise InvalidArgumentError(
                    f"model {self.name} has no parameter or state {name!r} (it has "
                    f"{', '.join(items)})."
                )
            unit = items[name].unit if items[name].unit in _UNITS else "dimensionless"
            if isinstance(value, Distribution):
                found[name] = value._in_unit(unit, name)
                continue
            array = array_in(value, unit, name)
            array = np.atleast_1d(array.astype(np.float64))
            if array.ndim != 1:
                raise InvalidArgumentError(
                    f"{name} has the shape {array.shape} (one number or one for each neuron is expected)."
                )
            if not np.isfinite(array).all():
                raise InvalidArgumentError(f"{name} = {shown(value)} is not finite.")
            array.flags.writeable = False
            found[name] = array
        return Model._of(self._core, found)

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
    def values(self) -> Mapping[str, Value]:
        """Values that differ from those of the text: arrays and distributions."""
        return MappingProxyType(self._values)

    def _core_values(self) -> list[tuple[str, Any]]:
        """The same as the compiled module takes them."""
        return [
            (name, v._core_in("dimensionless", name) if isinstance(v, Distribution) else v)
            for name, v in self._values.items()
        ]

    @property
    def params(self) -> dict[str, ModelItem]:
        """Parameters by name."""
        return {row[0]: ModelItem(*row) for row in self._core.params()}

    @property
    def states(self) -> dict[str, ModelItem]:
        """States by name; all of them can be recorded."""
        return {row[0]: ModelItem(*row) for row in self._core.states()}

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of the ports at which synapses end; the first one unless another is named."""
        return tuple(row[0] for row in self._core.ports())

    def port(self, which: str | int | None) -> int:
        """The number of a port."""
        names = self.ports
        if which is None:
            return 0
        if isinstance(which, str) and which in names:
            return names.index(which)
        if isinstance(which, int) and not isinstance(which, bool) and 0 <= which < len(names):
            return which
        raise UnknownNameError(
            f"model {self.name} has no port {shown(which)} (it has {', '.join(names) or 'none'})."
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return (
            self.text == other.text
            and self._values.keys() == other._values.keys()
            and all(_same(v, other._values[k]) for k, v in self._values.items())
        )

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.text, dict(self._values))

    def __repr__(self) -> str:
        changed = ", ".join(f"{k}={_shown(v, '[{}]')}" for k, v in self._values.items())
        return f"<Model {self.name}{f' with {changed}' if changed else ''}>"

    def _repr_html_(self) -> str:
        rows: list[list[object]] = []
        for kind, items in (("parameter", self.params), ("state", self.states)):
            for item in items.values():
                value = self._values.get(item.name)
                given = "" if kind == "state" else f"{item.value:g}"
                if value is not None:
                    given = _shown(value, "{} values")
                rows.append([kind, item.name, given, item.unit, item.meaning])
        rows += [["port", name, "", "", ""] for name in self.ports]
        return html_table(
            ["", "name", "value", "unit", "meaning"], rows, f"{self.name} {self.title}"
        )


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, Distribution) or isinstance(b, Distribution):
        return a is b or (type(a) is type(b) and bool(a == b))
    return np.array_equal(a, b)


def _shown(value: Value, many: str) -> str:
    """A value in short; `many`: how an array is told."""
    if isinstance(value, Distribution):
        return repr(value)
    return f"{value[0]:g}" if value.size == 1 else many.format(value.size)


def _unpickled(definition: str, values: dict[str, Value]) -> Model:
    return Model._of(_core.Model.parse(definition, "the model"), values)


def _written(
    name: str,
    params: Mapping[str, Any] | None,
    state: Mapping[str, Any] | None,
    ports: Mapping[str, str] | None,
    step: str | None,
    threshold: str | None,
    reset: str | None,
    refractory: Any,
    method: str | None,
) -> str:
    """The text of a model that is given by parts."""
    if threshold is None:
        raise InvalidArgumentError(
            "a model needs a threshold, such as threshold='v >= 30' (when it fires), or a text."
        )
    lines = [f"model {text(name, 'name')}"]
    for keyword, items in (("param", params), ("state", state)):
        for item, value in dict(items or {}).items():
            shown_value = value if isinstance(value, str) else repr(value)
            lines.append(f"{keyword} {item} = {shown_value}")
    lines += [f"port {port} {text(kind, 'ports')}" for port, kind in dict(ports or {}).items()]
    if step or method is not None:
        lines.append(f"step {text(method, 'method') if method is not None else ''}".rstrip())
    lines += [s.strip() for s in text(step or "", "step").replace(";", "\n").splitlines()]
    lines.append(f"fire {text(threshold, 'threshold')}")
    if refractory is not None:
        lines.append(
            f"refractory {refractory if isinstance(refractory, str) else repr(refractory)}"
        )
    if reset:
        lines.append(f"reset {text(reset, 'reset')}")
    return "\n".join(lines) + "\n"


Text = TypeVar("Text")


class BuiltIn(Mapping[str, Text]):
    """Texts that come with Rheobase, by name: as items and as attributes."""

    _core_class: Any
    _class: Any

    def __getitem__(self, name: str) -> Text:
        try:
            made: Text = self._class._of(self._core_class.named(text(name, "name")), {})
            return made
        except InvalidArgumentError as e:
            raise UnknownNameError(str(e)) from None

    def __getattr__(self, name: str) -> Text:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except UnknownNameError as e:
            raise AttributeError(str(e)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._core_class.names())

    def __len__(self) -> int:
        return len(self._core_class.names())

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self)}>"


class Models(BuiltIn[Model]):
    """The models that come with Rheobase: `rb.models.izhikevich(a=0.1)`, `rb.models["izhikevich"]`,
    `list(rb.models)`."""

    _core_class, _class = _core.Model, Model


models = Models()


def unit_at(model: Model | None, port: int) -> str:
    """In which unit a port counts what arrives."""
    if model is None:
        return "mV"
    rows = model._core.ports()
    unit = ModelItem(*rows[port]).unit if port < len(rows) else ""
    return unit if unit in _UNITS else "dimensionless"


def port_in(model: Model | None, population: Population, port: str | int | None) -> int:
    """The number of a port of a population's neurons."""
    if model is not None:
        return model.port(port)
    if port is not None:
        raise InvalidArgumentError(
            f"port = {shown(port)}: the neurons of {population!r} have no model, and so no ports. "
            "Leave it out."
        )
    return 0


def port_of_targets(
    targets: npt.NDArray[np.uint32],
    populations: Iterable[Population],
    models: Mapping[str, Model],
    port: str | int | None,
) -> int:
    """The number that a port has in all populations that hold targets."""
    if port is None:
        return 0
    reached = [
        p for p in populations if ((targets >= p.first) & (targets < p.first + p.size)).any()
    ]
    ports = {port_in(models.get(p.name), p, port) for p in reached}
    if len(ports) > 1:
        raise InvalidArgumentError(
            f"port {shown(port)} has different places in {', '.join(map(repr, reached))}. "
            "Connect each by itself."
        )
    return ports.pop() if ports else 0
