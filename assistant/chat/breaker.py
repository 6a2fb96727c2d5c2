"""A circuit breaker: after several faults in a row a model is left alone for a while, then tried once.

Knows counts and clocks, nothing of models. Safe from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after ``failures`` faults in a row for ``seconds``; then lets one through, whose outcome decides."""

    def __init__(self, *, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._count = 0
        self._until = 0.0
        self._trying = False

    def wait(self) -> float:
        """Return how many seconds nothing may be asked; 0 lets the caller ask, who then has to report the outcome."""
        with self._lock:
            if self._count < self._failures:
                return 0.0
            left = self._until - self._clock()
            if left > 0 or self._trying:
                return max(left, 1.0)
            self._trying = True
            return 0.0

    def succeeded(self) -> None:
        """Close: it works."""
        with self._lock:
            self._count, self._trying = 0, False

    def released(self) -> None:
        """Let the next one try: this one was given up before it was known."""
        with self._lock:
            self._trying = False

    def failed(self) -> None:
        """Count a fault; with enough of them, open."""
        with self._lock:
            self._count += 1
            self._trying = False
            self._until = self._clock() + self._seconds
