"""A model's reply as a stream of words that either ends well or raises one ``ModelFault``: deadlines, retries, breaker.

Knows LangChain chat models and clocks; nothing of evidence or sentences. The model runs in one event loop in a thread of
its own, so that a reply can be given up at any moment: closing the iterator closes the connection.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.chat.breaker import Breaker
from assistant.chat.faults import Fault, ModelFault, fault_of
from kb.settings import ChatSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

BACKOFF_SECONDS = (0.25, 0.6)
# A fault that took long is not tried again: the user gets the embedded answer within three seconds of it.
QUICK_SECONDS = 1.0
RETRY_WINDOW_SECONDS = 1.5
# A reply whose sentence or line does not end, that says the same again and again, or that is longer than it was asked to
# be, never ends well. No tokenizer makes more of a token on the average: English has 4 characters, Chinese 2.
LONGEST_SENTENCE = 800
SAME_AGAIN = 4
TOKEN_CHARACTERS = 6
_ENDS = "。！？!?；;\n"


@dataclass(slots=True)
class Usage:
    """What a reply cost; token counts are the endpoint's own where it gives them, else 0."""

    input_tokens: int = 0
    output_tokens: int = 0
    tries: int = 0
    first_token_seconds: float = 0.0
    seconds: float = 0.0
    cut: bool = False  # the reply reached the token limit


class Stop:
    """A reader's wish to have no more: set once, from any thread; what is under way is given up at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._then: list[Callable[[], object]] = []

    def __bool__(self) -> bool:
        """Say whether it was set."""
        return self._set

    def set(self) -> None:
        """Give up everything under way."""
        with self._lock:
            self._set, then = True, self._then
            self._then = []
        for give_up in then:
            give_up()

    def then(self, give_up: Callable[[], object]) -> None:
        """Call ``give_up`` when it is set."""
        with self._lock:
            if not self._set:
                self._then.append(give_up)
                return
        give_up()


class Replies:
    """Streams replies of one configured model."""

    def __init__(self, settings: ChatSettings, *, make: Callable[..., BaseChatModel] | None = None) -> None:
        from assistant.chat.models import chat_model

        self._settings = settings
        self._make = make or chat_model
        self._models: dict[bool, BaseChatModel] = {}
        self._lock = threading.Lock()
        self._usage = True
        self.breaker = Breaker(failures=settings.breaker_failures, seconds=settings.breaker_seconds)

    def stream(self, messages: Sequence[BaseMessage], usage: Usage, stop: Stop | None = None) -> Iterator[str]:
        """Yield the words of the reply to ``messages`` as they come; ``usage`` is filled in, ``stop`` ends it.

        Raises:
            ModelFault: the model is not configured, does not answer in time, breaks off, or answers with something else.
        """
        if not self._settings.model:
            raise ModelFault("没有设置对话模型的名称，请设置 chat.model")
        if (wait := self.breaker.wait()) > 0:
            raise ModelFault(f"对话模型连续出错，暂时停用，约 {wait:.0f} 秒后再试")
        self.load()  # that is no time the model takes
        words: queue.Queue[str | ModelFault | None] = queue.Queue()
        running = asyncio.run_coroutine_threadsafe(self._run(messages, usage, words.put), _loop())
        finished = False
        started = time.perf_counter()
        if stop is not None:
            stop.then(running.cancel)
            stop.then(partial(words.put, None))
        try:
            guard = _EndlessGuard(self._settings.answer_tokens * TOKEN_CHARACTERS)
            while (word := words.get()) is not None:
                if isinstance(word, ModelFault):
                    raise word
                guard.add(word)
                yield word
            finished = not stop
        except ModelFault:
            finished = True
            self.breaker.failed()
            raise
        else:
            if finished:
                self.breaker.succeeded()
        finally:
            usage.seconds = time.perf_counter() - started
            running.cancel()
            if not finished:  # given up by whoever was reading: no fault of the model
                self.breaker.released()

    async def _run(
        self, messages: Sequence[BaseMessage], usage: Usage, put: Callable[[str | ModelFault | None], None]
    ) -> None:
        try:
            async for word in self._tries(messages, usage):
                put(word)
        except ModelFault as fault:
            put(fault)
        except Exception as error:  # noqa: BLE001  # the reader must not wait for ever
            put(ModelFault(fault_of(error).reason))
        else:
            put(None)

    async def _tries(self, messages: Sequence[BaseMessage], usage: Usage) -> AsyncIterator[str]:
        """Yield the words of the first try that gives any; try again quickly while none has come."""
        started = time.monotonic()
        failed_at: float | None = None
        for attempt in range(self._settings.retries + 1):
            usage.tries = attempt + 1
            began = time.monotonic()
            spoken = False
            try:
                async for word in self._try(messages, usage, started):
                    spoken = True
                    yield word
            except Exception as error:  # a garbage reply breaks the client in any way it likes
                fault = fault_of(error)
                now = time.monotonic()
                failed_at = failed_at or now
                if spoken or not self._may_retry(
                    fault, error, took=now - began, since=now - failed_at, attempt=attempt
                ):
                    raise ModelFault(fault.reason) from error
            else:
                return
            await asyncio.sleep(BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)])

    def _may_retry(self, fault: Fault, error: Exception, *, took: float, since: float, attempt: int) -> bool:
        if getattr(error, "status_code", 0) == 400 and self._usage:
            self._usage = False  # an endpoint that does not know the wish for token counts
            return attempt < self._settings.retries
        quick = took < QUICK_SECONDS and since < RETRY_WINDOW_SECONDS
        return fault.again and quick and attempt < self._settings.retries and _retry_after(error) < QUICK_SECONDS

    async def _try(self, messages: Sequence[BaseMessage], usage: Usage, started: float) -> AsyncIterator[str]:
        limits = self._settings
        loop = asyncio.get_running_loop()
        ends = loop.time() + limits.total_seconds - (time.monotonic() - started)
        deadline = loop.time() + limits.first_token_seconds - (time.monotonic() - started)
        sentence_ends = ends  # until the first word
        chunks = self._model().astream(list(messages))
        said = finished = False
        try:
            while True:
                now = loop.time()
                if said and now >= sentence_ends:  # one that trickles is never waited for
                    raise ModelFault(f"对话模型 {limits.sentence_seconds:g} 秒没有写完一句话")
                try:
                    async with asyncio.timeout_at(min(deadline, ends)):
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    break
                except TimeoutError as error:
                    raise ModelFault(self._late(said=said, whole=loop.time() >= ends)) from error
                _count(chunk, usage)
                finished = finished or _finish(chunk, usage)
                text = _text(chunk)
                if text or chunk.additional_kwargs.get("thinking"):
                    deadline = loop.time() + limits.gap_seconds
                if text:
                    usage.first_token_seconds = usage.first_token_seconds or time.monotonic() - started
                    if not said or any(end in text for end in _ENDS):
                        sentence_ends = loop.time() + limits.sentence_seconds
                    said = True
                    yield text
        finally:
            await chunks.aclose()  # type: ignore[attr-defined]  # an async generator
        if not said:
            raise ModelFault("对话模型没有给出任何内容")
        if not finished:
            raise ModelFault("对话模型的回答中途断开")

    def _late(self, *, said: bool, whole: bool) -> str:
        if whole:
            return f"对话模型 {self._settings.total_seconds:g} 秒还没有答完"
        if said:
            return f"对话模型停顿超过 {self._settings.gap_seconds:g} 秒"
        return f"对话模型 {self._settings.first_token_seconds:g} 秒内没有开始回答"

    def load(self) -> None:
        """Load the client's library and make the model.

        Raises:
            OptionalDependencyMissing: the client is not installed.
        """
        self._model()

    def _model(self) -> BaseChatModel:
        with self._lock:
            if self._usage not in self._models:
                self._models[self._usage] = self._make(self._settings, usage=self._usage)
            return self._models[self._usage]


class _EndlessGuard:
    """Notices a reply that never ends: no end of a sentence in sight, the same sentence over and over, or ever more."""

    def __init__(self, room: int) -> None:
        self._room = room  # characters
        self._open = ""
        self._seen: dict[str, int] = {}

    def add(self, word: str) -> None:
        self._room -= len(word)
        if self._room < 0:
            raise ModelFault("对话模型的回答比要求的长得多")
        self._open += word
        while cut := next((at for at, character in enumerate(self._open) if character in "。！？\n"), -1) + 1:
            sentence, self._open = self._open[:cut].strip(), self._open[cut:]
            if len(sentence) > 1:
                self._seen[sentence] = self._seen.get(sentence, 0) + 1
            if self._seen.get(sentence, 0) >= SAME_AGAIN:
                raise ModelFault("对话模型反复说同一句话")
        if len(self._open) > LONGEST_SENTENCE:
            raise ModelFault("对话模型的回答没有尽头")


def _text(chunk: Any) -> str:  # noqa: ANN401
    content = chunk.content
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, dict))


def _count(chunk: Any, usage: Usage) -> None:  # noqa: ANN401
    if counted := getattr(chunk, "usage_metadata", None):
        usage.input_tokens = max(usage.input_tokens, int(counted.get("input_tokens") or 0))
        usage.output_tokens = max(usage.output_tokens, int(counted.get("output_tokens") or 0))


def _finish(chunk: Any, usage: Usage) -> bool:  # noqa: ANN401
    told = chunk.response_metadata or {}
    reason = told.get("finish_reason") or told.get("done_reason")
    usage.cut = usage.cut or reason == "length"
    return bool(reason)


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(headers.get("retry-after", 0) or 0)
    except ValueError:
        return 60.0


_LOOP: list[asyncio.AbstractEventLoop] = []
_LOOP_LOCK = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop in which models are asked, started with the first question."""
    with _LOOP_LOCK:
        if not _LOOP:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
            _LOOP.append(loop)
        return _LOOP[0]
