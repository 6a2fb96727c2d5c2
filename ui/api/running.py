"""Running the assistant beside the event loop: in few threads, in order, given up when the client has gone.

Knows threads and streams; nothing of questions or protocols.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from ui.session import Session

Result = TypeVar("Result")
# People who wait for a chat model hold a thread each, but hardly any processor.
WAITING = 32


class Runner:
    """Runs work of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        if self._session.settings.chat.configured:
            return ThreadPoolExecutor(WAITING, thread_name_prefix="api")
        return self._session.workers

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def stream(self, make: Callable[[], Iterator[Result]]) -> AsyncIterator[Result]:
        """Yield what the iterator yields, one after the other; it is closed when nobody reads any more."""
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[Result | BaseException | None] = asyncio.Queue()
        left: list[bool] = []

        def work() -> None:
            iterator = make()
            closing = getattr(iterator, "close", None)
            try:
                for item in iterator:
                    loop.call_soon_threadsafe(items.put_nowait, item)
                    if left:
                        break
                loop.call_soon_threadsafe(items.put_nowait, None)
            except Exception as error:  # noqa: BLE001  # raised again where it is awaited
                with contextlib.suppress(RuntimeError):  # the loop may be closed by now
                    loop.call_soon_threadsafe(items.put_nowait, error)
            finally:
                if closing:
                    closing()

        loop.run_in_executor(self._pool, work)
        try:
            while (item := await items.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            left.append(True)
