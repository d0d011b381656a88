# SPDX-License-Identifier: Apache-2.0
"""Networks whose every spike can be told beforehand."""

import numpy as np

import rheobase as rb


def chain(n: int = 5, weight: float = 1.0) -> rb.Network:
    return rb.Network.from_arrays(
        np.arange(n - 1),
        np.arange(1, n),
        weight,
        size=n,
        neuron=rb.Neuron(leak=1.0),
        quantum_bits=8,
    )
