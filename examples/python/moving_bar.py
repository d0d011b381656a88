# SPDX-License-Identifier: Apache-2.0
"""A FEAGI genome sees a moving bar: pictures go onto its camera, its motor area answers."""

import pathlib

import matplotlib.pyplot as plt
import numpy as np

import rheobase as rb

pathlib.Path("camera.genome").write_text(rb.generate("vision"), encoding="utf-8")
brain = rb.load("camera.genome")
print(brain.report)

camera, motor = brain["Camera"], brain["Motor"]
width, height, _ = camera.shape
eng = rb.Engine(brain)
eng.record(spikes=[camera, brain["Motion right"], brain["Motion left"], motor])

spikes = []
for frame in range(2 * width):
    # a bar that moves to the right, then back
    x = frame if frame < width else 2 * width - 1 - frame
    picture = np.zeros((height, width), np.float32)  # rows are y, columns x
    picture[:, x] = 1.0
    eng.inject(camera, picture)
    spikes.append(eng.run(bursts=1).spikes)

moved = [len(s["Motion right"]) - len(s["Motion left"]) for s in spikes]
there, back = sum(moved[:width]), sum(moved[width:])
print(f"motion seen: {there:+d} spikes while the bar moved to the right, {back:+d} on the way back")
assert there > 0 > back

rb.plot.activity(spikes[width // 2], "Camera")
plt.savefig("camera.png")
