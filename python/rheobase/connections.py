# SPDX-License-Identifier: Apache-2.0
"""Who is connected to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ._by_value import ByValue
from ._text import shown_name
from .errors import needs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Connections(ByValue):
    """Synapses as columns, by source, delay, target. `pre` and `post` count within their population."""

    pre_population: str
    post_population: str
    pre: npt.NDArray[np.uint32]
    post: npt.NDArray[np.uint32]
    weight: npt.NDArray[np.float32]
    psp: npt.NDArray[np.float32]
    delay: npt.NDArray[np.float64]  #: ms
    port: npt.NDArray[np.uint8]  #: at which port of the target; 0 unless it has a model

    def __len__(self) -> int:
        return int(self.pre.size)

    def __repr__(self) -> str:
        pre, post = shown_name(self.pre_population), shown_name(self.post_population)
        return f"<{len(self):,} synapses {pre} -> {post}>"

    def to_pandas(self) -> pd.DataFrame:
        """A table with the columns pre, post, weight, psp, delay (ms)."""
        try:
            import pandas as pd
        except ImportError:
            raise needs("pandas", "notebook") from None
        return pd.DataFrame(
            {
                "pre": self.pre,
                "post": self.post,
                "weight": self.weight,
                "psp": self.psp,
                "delay": self.delay,
            }
        )


@dataclass(frozen=True)
class Projection:
    """All synapses from one population to another, taken together."""

    pre: str
    post: str
    synapses: int
    weight: tuple[float, float]  #: least and most, mV
    delay: tuple[float, float]  #: least and most, ms
    rules: tuple[str, ...] = ()  #: by which they were made, if that is known
