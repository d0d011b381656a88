# SPDX-License-Identifier: Apache-2.0
"""A brain in a body: the generated vision genome turns a camera after a moving bar.

follow_bar.py [--backend cpu] [--bursts 1000] [--hz 0] [--picture follow_bar.gif]. Prints how far the bar
is from where the camera looks, with the motor and with the motor cut off. With --hz the brain runs in
real time, and body and brain meet when they meet; without, they take turns, so that the spikes are the
same everywhere.
"""

import argparse
import pathlib
import tempfile
from typing import Any

from bodies.bar import Body

import rheobase as rb


def vision_brain(neurons: int = 2000) -> rb.Network:
    """The generated genome: camera, edges, motion to the right and to the left, motor."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "vision.genome"
        path.write_text(rb.generate("vision", neurons=neurons), encoding="utf-8")
        return rb.load(path)


def take_turns(engine: rb.Engine, body: Body, bursts: int) -> str:
    """Burst by burst; gives the signature of all spikes."""
    motor = engine.network["Motor"]
    half = motor.shape[0] // 2
    engine.record(spikes=motor)
    for _ in range(bursts):
        engine.inject("Camera", body.picture())
        recording = engine.run(bursts=1)
        body.move(motor.voxels(recording.spikes["Motor"].ids), half)
    return engine.signature


def live(engine: rb.Engine, body: Body, bursts: int, hz: float) -> rb.RealtimeStats:
    """In real time; gives how well the time was kept."""
    half = engine.network["Motor"].shape[0] // 2
    with engine.realtime(hz, outputs="Motor", bursts=bursts) as loop:
        loop.inject("Camera", body.picture(), channel="camera")
        for burst in loop:
            body.move(burst.fired("Motor"), half)
            burst.inject("Camera", body.picture(), channel="camera")
    return loop.stats


def draw(body: Body, path: str) -> None:
    """The camera's picture and both ways, as an animation."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import animation
    from matplotlib import pyplot as plt

    every = 10
    figure, (eye, way) = plt.subplots(
        1, 2, figsize=(7, 2.6), gridspec_kw={"width_ratios": [1, 2]}, layout="constrained"
    )
    eye.set(title="camera", xticks=[], yticks=[])
    seen = eye.imshow(body.picture(), cmap="gray", vmin=0, vmax=1.5)
    (bar,) = way.plot([], [], color="#d55e00", label="bar")
    (head,) = way.plot([], [], color="#0072b2", label="camera")
    low, high = min(body.bars + body.heads), max(body.bars + body.heads)
    way.set(xlim=(0, len(body.bars)), ylim=(low - 1, high + 1), xlabel="burst", ylabel="column")
    way.legend(loc="upper right", frameon=False, ncols=2)
    middle = (body.width - 1) / 2

    def frame(number: int) -> tuple[Any, ...]:
        t = number * every
        picture = 0 * body.picture()
        column = round(body.bars[t] - body.heads[t] + middle)
        if 0 <= column < body.width:
            picture[:, column] = 1.5
        seen.set_data(picture)
        bar.set_data(range(t), body.bars[:t])
        head.set_data(range(t), body.heads[:t])
        return seen, bar, head

    film = animation.FuncAnimation(figure, frame, frames=len(body.bars) // every, blit=True)
    film.save(path, writer=animation.PillowWriter(fps=20), dpi=70)


def main() -> None:
    """With the motor cut off, then with it."""
    parser = argparse.ArgumentParser(description="A brain that turns a camera after a moving bar.")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--bursts", type=int, default=1000)
    parser.add_argument("--hz", type=float, default=0.0)
    parser.add_argument("--picture")
    given = parser.parse_args()
    brain = vision_brain()
    width = brain["Camera"].shape[0]
    for cut in (True, False):
        body = Body(width, motor_is_cut=cut)
        engine = rb.Engine(brain, backend=given.backend)
        what = "motor cut off" if cut else "motor"
        if given.hz > 0:
            stats = live(engine, body, given.bursts, given.hz)
            print(f"{what}: {body.error():.2f} columns off\n{stats}")
        else:
            signature = take_turns(engine, body, given.bursts)
            print(
                f"{what}: {body.error():.2f} columns off, {given.bursts} bursts, "
                f"signature {signature} on {engine.backend}"
            )
    if given.picture:
        draw(body, given.picture)


if __name__ == "__main__":
    main()
