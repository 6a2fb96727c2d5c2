"""What has been read from the catalogue, kept in memory while its generation stays.

Knows states and least recently used entries. Knows nothing of what is read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar, cast

from kb.catalogue import State

T = TypeVar("T")
ENTRIES = 4096
# Other processes' changes are seen by searches at once, by single reads after this long: a question reads dozens of
# sections, and asking for the generation each time would cost more than the reading.
STATE_SECONDS = 0.2


class ReadCache:
    """Results by key, for the state of the catalogue that ``state`` reads; safe in several threads."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._results: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._seen: tuple[float, State] | None = None

    def fresh_state(self) -> State:
        """Return the state as it is now; a new one empties the cache."""
        state = self._state()
        with self._lock:
            if self._seen is None or self._seen[1] != state:
                self._results.clear()
            self._seen = (time.monotonic(), state)
        return state

    def forget_state(self) -> None:
        """Make the next read ask for the state: this process has changed it."""
        with self._lock:
            self._seen = None

    def holds(self, key: tuple[object, ...]) -> bool:
        """Say whether ``key`` has been read in this state."""
        key = (self._recent_state().stamp, *key)
        with self._lock:
            return key in self._results

    def read(self, key: tuple[object, ...], read: Callable[[], T]) -> T:
        """Return what ``read`` returned for ``key`` in this state, or returns now."""
        key = (self._recent_state().stamp, *key)
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return cast("T", self._results[key])
        result = read()
        with self._lock:
            self._results[key] = result
            if len(self._results) > ENTRIES:
                self._results.popitem(last=False)
        return result

    def _recent_state(self) -> State:
        seen = self._seen
        if seen is None or time.monotonic() - seen[0] > STATE_SECONDS:
            return self.fresh_state()
        return seen[1]
