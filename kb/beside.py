"""What is loaded beside other work: in a thread of its own, and without memory kept for that thread.

Knows threads, nothing of what is loaded.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

from kb.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_ARENA_MAX = -8
"""The number of glibc's ``M_ARENA_MAX`` (malloc.h)."""


def beside(load: Callable[[], None]) -> Thread:
    """Run ``load`` in a thread of its own and return that; a model that fails to load is told where it is used."""
    _share_memory()
    thread = Thread(target=_tried, args=(load,))  # no daemon: it would be cut off inside ONNX Runtime
    thread.start()
    return thread


def _tried(load: Callable[[], None]) -> None:
    with suppress(ModelUnavailable):
        load()


@cache
def _share_memory() -> None:
    """Have threads allocate where the process does: glibc gives each an arena that keeps what was freed, some 40 MB here."""
    with suppress(AttributeError, OSError, TypeError):  # other C libraries have no arenas
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
