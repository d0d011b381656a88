# SPDX-License-Identifier: Apache-2.0
"""Rheobase: a neural processing unit. Networks of spiking neurons, the same spikes on every backend.

Times are ms, potentials mV, rates Hz; values of `quantities`, pint, astropy and Brian2 are converted.
"""

from . import _core, decode, encode, errors, kernels, plot
from .builder import NetworkBuilder, Wired
from .connections import Connections, Projection
from .distribution import Distribution, exponential, lognormal, normal, uniform
from .edit import Edit
from .engine import Engine
from .errors import Error
from .loading import convert, generate, generator_names, load
from .machine import Device, Finding, devices, diagnose_gpu
from .model import Model, ModelItem, models
from .network import Network, join
from .neurons import LIF, DriveRule, Neuron, constant, poisson, regular
from .plasticity import PlasticProjection, SynapseModel, synapses
from .population import Population, Selection
from .realtime import Burst, RealtimeLoop, RealtimeStats
from .recording import Counters, Recording, Trace, Traces
from .report import ImportNote, ImportReport
from .rules import (
    ConnectionRule,
    all_to_all,
    attractivity,
    composite,
    distance_probability,
    fixed_indegree,
    fixed_outdegree,
    fixed_probability,
    fixed_total_number,
    index_pairs,
    one_to_one,
    patterns,
    thinned,
    vectors,
    voxel_function,
    voxel_function_names,
)
from .session import Replayed, replay
from .spikes import Spikes
from .state import State
from .vector import VectorEngine
from .why import Why


def __getattr__(name: str) -> object:
    """`rheobase.gym`, which needs Gymnasium, when it is first asked for."""
    if name == "gym":
        import importlib

        return importlib.import_module(".gym", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__version__: str = _core.version()

__all__ = [
    "LIF",
    "Burst",
    "ConnectionRule",
    "Connections",
    "Counters",
    "Device",
    "Distribution",
    "DriveRule",
    "Edit",
    "Engine",
    "Error",
    "Finding",
    "ImportNote",
    "ImportReport",
    "Model",
    "ModelItem",
    "Network",
    "NetworkBuilder",
    "Neuron",
    "PlasticProjection",
    "Population",
    "Projection",
    "RealtimeLoop",
    "RealtimeStats",
    "Recording",
    "Replayed",
    "Selection",
    "Spikes",
    "State",
    "SynapseModel",
    "Trace",
    "Traces",
    "VectorEngine",
    "Why",
    "Wired",
    "all_to_all",
    "attractivity",
    "composite",
    "constant",
    "convert",
    "decode",
    "devices",
    "diagnose_gpu",
    "distance_probability",
    "encode",
    "errors",
    "exponential",
    "fixed_indegree",
    "fixed_outdegree",
    "fixed_probability",
    "fixed_total_number",
    "generate",
    "generator_names",
    "index_pairs",
    "join",
    "kernels",
    "load",
    "lognormal",
    "models",
    "normal",
    "one_to_one",
    "patterns",
    "plot",
    "poisson",
    "regular",
    "replay",
    "synapses",
    "thinned",
    "uniform",
    "vectors",
    "voxel_function",
    "voxel_function_names",
]
