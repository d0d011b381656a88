# SPDX-License-Identifier: Apache-2.0
"""The connectome of the worm C. elegans (White 1986, Cook 2019): which cells follow when one is touched.

Takes the folder of OpenWorm's c302 edge lists from RHEOBASE_CELEGANS; without it there is nothing to do.
"""

import os
import pathlib
import sys

import pandas as pd

import rheobase as rb

folder = os.environ.get("RHEOBASE_CELEGANS")
if not folder:
    print("set RHEOBASE_CELEGANS to the folder of herm_full_edgelist.csv", file=sys.stderr)
    sys.exit(77)
edges = pd.read_csv(
    next(pathlib.Path(folder).rglob("herm_full_edgelist.csv")), skipinitialspace=True
)
edges.columns = [c.strip() for c in edges.columns]
edges = edges.apply(lambda c: c.str.strip() if c.dtype == object or c.dtype == "str" else c)
chemical = edges[edges["Type"] == "chemical"]

cells = sorted(set(chemical["Source"]) | set(chemical["Target"]))
number = {cell: i for i, cell in enumerate(cells)}
gaba = {f"{side}{n}" for side in ("DD0", "VD0") for n in range(1, 10)} | {"RIS", "DVB", "AVL"}
table = pd.DataFrame(
    {
        "pre": chemical["Source"].map(number),
        "post": chemical["Target"].map(number),
        "weight": chemical["Weight"] * chemical["Source"].map(lambda c: -1.0 if c in gaba else 1.0),
    }
)
worm = rb.Network.from_pandas(
    table, size=len(cells), neuron=rb.LIF(tau_m=10, v_threshold=15, t_ref=2)
)
print(f"{worm.neuron_count} cells, {worm.synapse_count} connections")

eng = rb.Engine(worm)
for touch in range(5):
    eng.inject([number["ALML"], number["ALMR"]], 20.0)
    rec = eng.run(10)
    first = rec.spikes.to_pandas().drop_duplicates("neuron")
    order = [cells[i] for i in first["neuron"][:12]]
    print(
        f"touch {touch + 1}: {len(set(rec.spikes.ids.tolist()))} cells fired, first {', '.join(order)}"
    )
