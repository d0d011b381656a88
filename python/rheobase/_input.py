# SPDX-License-Identifier: Apache-2.0
"""What users give as input, as ids and potentials."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Floats, Ids, floats_of, ids_of
from .errors import InvalidArgumentError
from .model import port_in, port_of_targets, unit_at
from .network import Network
from .population import Population, Selection
from .units import array_in


def input_of(
    network: Network,
    target: Population | Selection | str | npt.ArrayLike,
    potential: Any,
    voxels: npt.ArrayLike | None,
    port: str | int | None = None,
) -> tuple[Population | None, Ids, Floats, int]:
    """(the population that `target` belongs to, ids in the network, one potential for each, port)."""
    if isinstance(target, str):
        target = network[target]
    if not isinstance(target, (Population, Selection)):
        if voxels is not None:
            raise InvalidArgumentError(
                "voxels belong to a population: inject(area, ..., voxels=...)."
            )
        ids = ids_of(target, network.neuron_count, "ids")
        number = port_of_targets(ids, network.populations.values(), network._models, port)
        # several populations may differ in what they count in
        return None, ids, floats_of(potential, int(ids.size), "potential", "mV"), number
    network.own(target)
    population = target if isinstance(target, Population) else target.population
    model = network._models.get(population.name)
    number = port_in(model, population, port)
    unit = unit_at(model, number)
    ids, values = _into(target, potential, voxels, unit)
    return population, ids, values, number


def _into(
    target: Population | Selection,
    potential: Any,
    voxels: npt.ArrayLike | None,
    unit: str,
) -> tuple[Ids, Floats]:
    if isinstance(potential, np.ndarray) and potential.dtype == np.bool_:
        potential = potential.view(np.uint8)  # spikes: 1 where there is one
    if voxels is not None:
        if not isinstance(target, Population):
            raise InvalidArgumentError(
                "voxels belong to a population: inject(area, ..., voxels=...)."
            )
        ids = target.at(voxels)
        return ids, floats_of(potential, int(ids.size), "potential", unit)
    if isinstance(target, Population):
        potential = array_in(potential, unit, "potential")
        if potential.ndim >= 2:
            return _picture(target, potential)
    return target.ids, floats_of(potential, len(target), "potential", unit)


def _picture(area: Population, picture: npt.NDArray[Any]) -> tuple[Ids, Floats]:
    x, y, z = area.shape
    wanted = (y, x) if z == 1 else (y, x, z)
    if picture.shape not in (wanted, (y, x, z)):
        raise InvalidArgumentError(
            f"a picture of the shape {picture.shape} does not fit {area.name!r} "
            f"(x, y, z = {area.shape}: the shape is {wanted})."
        )
    if picture.dtype.kind == "f" and picture.dtype.itemsize not in (4, 8):
        picture = picture.astype(np.float64)
    if not picture.dtype.isnative:
        picture = picture.astype(picture.dtype.newbyteorder("="))
    return _core.picture_input(area.name, area.first, x, y, z, area.neurons_per_voxel, picture, 1.0)
