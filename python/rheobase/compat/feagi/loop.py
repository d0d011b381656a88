# SPDX-License-Identifier: Apache-2.0
"""Bursts at a frequency on a thread of their own, and samples of what fired."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

from ...errors import InvalidArgumentError

Sample = dict[int, tuple[list[int], list[int], list[int], list[int], list[float]]]


class BurstLoop:
    """Of RustNPU; `process_burst` and `get_current_fire_queue` are made there."""

    _lock: threading.RLock

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._loop_bursts = 0
        self._late_bursts = 0
        self._loop_error: BaseException | None = None
        self._sampler_hz = 10.0
        self._samples = 0
        self._sampled_at = -math.inf
        self._sample: Sample | None = None

    def process_burst(self) -> Any:
        """Run one burst."""
        raise NotImplementedError

    def get_current_fire_queue(self) -> Sample:
        """What fired in the last burst."""
        raise NotImplementedError

    def start_burst_loop(self, frequency_hz: float) -> None:
        """Run bursts at a frequency, in the background, until `stop_burst_loop`."""
        if not 0.0 < float(frequency_hz) <= 1e6:
            raise InvalidArgumentError(
                f"frequency_hz = {frequency_hz} is out of range (above 0, at most 1e6)."
            )
        if self.is_burst_loop_running():
            raise RuntimeError("the burst loop is running already. Call stop_burst_loop() first.")
        self._stop.clear()
        self._loop_bursts = self._late_bursts = 0
        self._loop_error = None
        self._thread = threading.Thread(
            target=self._loop, args=(1.0 / float(frequency_hz),), name="burst loop", daemon=True
        )
        self._thread.start()

    def stop_burst_loop(self) -> None:
        """Wait for the burst at hand, then stop; an error of the loop is raised here."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        error, self._loop_error = self._loop_error, None
        if error is not None:
            raise RuntimeError(f"the burst loop ended early ({error}).") from error

    def is_burst_loop_running(self) -> bool:
        """Whether bursts run in the background."""
        return self._thread is not None and self._thread.is_alive()

    def get_burst_loop_count(self) -> int:
        """Bursts of the loop since it was started."""
        return self._loop_bursts

    def get_late_burst_count(self) -> int:
        """Bursts of the loop that began later than one period after their time."""
        return self._late_bursts

    def _loop(self, period: float) -> None:
        due = time.monotonic()
        try:
            while not self._stop.is_set():
                self.process_burst()
                self._loop_bursts += 1
                due += period
                now = time.monotonic()
                if now > due + period:
                    self._late_bursts += 1
                    due = now  # bursts that were missed are not made up for
                elif now < due:
                    self._stop.wait(due - now)
        except BaseException as error:
            self._loop_error = error

    # samples

    def sample_fire_queue(self) -> Sample | None:
        """What fired in the last burst; None if it was sampled less than a period ago, or nothing did."""
        now = time.monotonic()
        if now - self._sampled_at < 1.0 / self._sampler_hz:
            return None
        found = self.get_current_fire_queue()
        if not found:
            return None
        self._sampled_at = now
        self._samples += 1
        self._sample = found
        return found

    def get_latest_fire_queue_sample(self) -> Sample | None:
        """The last sample that was taken."""
        return self._sample

    def set_fq_sampler_frequency(self, hz: float) -> None:
        """At most so many samples a second; 10 at first."""
        if not 0.0 < float(hz) <= 1e6:
            raise InvalidArgumentError(f"hz = {hz} is out of range (above 0, at most 1e6).")
        self._sampler_hz = float(hz)

    def get_fq_sampler_frequency(self) -> float:
        """Samples a second."""
        return self._sampler_hz

    def get_fq_sampler_samples_taken(self) -> int:
        """Samples so far."""
        return self._samples
