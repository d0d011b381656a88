# SPDX-License-Identifier: Apache-2.0
"""Logic gates of one neuron each, and XOR of three: what thresholds and inhibition can do."""

import rheobase as rb

nb = rb.NetworkBuilder()
gate = rb.Neuron(leak=1.0)  # forgets everything from step to step
inputs = nb.population("input", 2, gate)
gates = nb.population(
    "gate", 3, rb.Neuron(leak=1.0, threshold=[2.0, 1.0, 1.0])
)  # AND, OR, A and not B
xor = nb.population("xor", 1, gate)

a, b = inputs.ids
and_, or_, a_not_b = gates.ids
nb.connect_pairs([a, b, a, b, a, b], [and_, and_, or_, or_, a_not_b, a_not_b], [1, 1, 1, 1, 1, -1])
# XOR: OR, unless AND
nb.connect_pairs([or_, and_], [xor.first, xor.first], [1, -1])
net = nb.build()

print("A B | AND OR A&!B XOR")
for first in (0, 1):
    for second in (0, 1):
        eng = rb.Engine(net)
        eng.inject(inputs, [float(first), float(second)])
        fired = set(eng.run(bursts=3).spikes.ids.tolist())
        row = [int(g in fired) for g in (and_, or_, a_not_b, xor.first)]
        print(first, second, "|", *row)
        assert row == [first & second, first | second, first & (1 - second), first ^ second]
