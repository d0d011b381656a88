# SPDX-License-Identifier: Apache-2.0
"""Sessions: what was done with an engine and in which step, kept on disk and run again."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .engine import Engine, replayed
from .recording import Recording
from .units import flag, path_of, text, whole


@dataclass(frozen=True)
class Replayed:
    """What `replay` gives."""

    engine: Engine  #: as it was then; `engine.why(E[7])` tells of the next step
    recording: Recording  #: spikes of the session, of all neurons that there were at its begin
    finished: bool  #: the replay came to the end of a session that came to its end


def replay(
    session: str | os.PathLike[str],
    backend: str = "auto",
    threads: int | None = None,
    on_device_loss: str = "fail",
    *,
    burst: int | None = None,
    record: bool = True,
) -> Replayed:
    """Runs a session (`Engine.realtime(log=...)`, `rheobase run --stdio --log`) again, on any backend, with
    the same input and edits in the same steps, and compares signatures on the way.

    burst: stops before that time step and gives the engine the input that it had in it, so that
    `engine.why(E[7])` tells what happened there. record: keeps the spikes. Raises DifferenceError if the
    spikes are others than in the session, which is a fault of Rheobase; FileError, InvalidFileError. Of a
    session that was killed, the last second may be missing.
    """
    engine, recording, finished = replayed(
        path_of(session, "session"),
        (text(backend, "backend"), threads, on_device_loss),
        0 if burst is None else whole(burst, "burst", least=1, most=2**63),
        flag(record, "record"),
    )
    return Replayed(engine, recording, finished)
