"""The assistant with a chat model: the same questions, the same decisions, the same evidence; other words where they stand.

Knows how the chain is put together and what is kept of it. Every failure of the model ends in the embedded answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from assistant.ask import NOTHING_ASKED, Assistant, Reached, asks_something
from assistant.chat.chain import Asked, Done, Event, Steps
from assistant.chat.evidence import Chosen, choose
from assistant.chat.faults import ModelFault
from assistant.chat.prompt import without_instructions
from assistant.chat.reply import Replies
from assistant.chat.usage_log import Spent, write
from assistant.decide import answerable
from kb.errors import OptionalDependencyMissing
from kb.fold import to_traditional
from kb.model import Answer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from kb.knowledge import KnowledgeBase
    from kb.search import Filter, HybridSearcher
    from kb.settings import Settings


class ChatAssistant(Assistant):
    """Answers questions from one knowledge base in a chat model's words."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        searcher: HybridSearcher,
        settings: Settings,
        *,
        make: Callable[..., BaseChatModel] | None = None,
    ) -> None:
        super().__init__(knowledge, searcher)
        self._settings = settings
        self._steps = Steps(
            replies=Replies(settings.chat, make=make),
            reach=self._reach,
            choose=self._choose,
            cut=self._finder.cut,
            name=settings.chat.model,
            condenses=settings.chat.condense,
        )

    def ask(
        self,
        text: str,
        *,
        conversation: str | None = None,
        filter: Filter | None = None,  # noqa: A002
        record: bool = True,
        before: str = "",
    ) -> Answer:
        """Return the answer to ``text``; see ``Assistant.ask``."""
        events = self.stream(text, conversation=conversation, filter=filter, record=record, before=before)
        return next(event.answer for event in events if isinstance(event, Done))

    def stream(
        self,
        text: str,
        *,
        conversation: str | None = None,
        filter: Filter | None = None,  # noqa: A002
        record: bool = True,
        before: str = "",
    ) -> Iterator[Event]:
        """Yield what is written as it is written, each sentence with its verdict when it ends, and last ``Done``.

        Closing the iterator gives the model up.

        Raises:
            NothingIndexed: the knowledge base is empty.
        """
        if not asks_something(text):
            yield Done(Answer(question=text, text=NOTHING_ASKED, status="not_found"), None)
            return
        started = time.perf_counter()
        asked = Asked(without_instructions(text), filter, before or self._before(conversation))
        done: Done | None = None
        try:
            for event in self._steps.chain().stream(asked):
                if isinstance(event, Done):
                    done = event
                    continue
                try:
                    yield event
                except GeneratorExit:  # before the chain is closed: a runnable then reads its input to the end
                    asked.stop.set()
                    raise
        except (ModelFault, OptionalDependencyMissing) as fault:
            reached = self._reach(asked)
            done = Done(replace(reached.answer, fallback=f"{fault}，以下是手册原文"), reached)
        if done is None or done.reached is None:
            return
        yield self._finished(text, done, conversation, record=record, seconds=time.perf_counter() - started)

    def warm(self) -> None:
        """Load the model's client as well: that takes seconds, in which whoever asks first would wait."""
        super().warm()
        with suppress(OptionalDependencyMissing):  # every answer will say so
            self._steps.replies.load()

    def _finished(self, text: str, done: Done, conversation: str | None, *, record: bool, seconds: float) -> Done:
        answer = replace(done.answer, question=text)
        reached = cast("Reached", done.reached)
        if done.usage:
            timings = answer.timings | {"model": round(done.usage.seconds * 1000, 3), "total": round(seconds * 1000, 3)}
            answer = replace(answer, timings=timings)
            spent = Spent(
                "answer",
                done.usage,
                answer.fallback or "ok",
                len(answer.sentences),
                sum(sentence.supported for sentence in answer.sentences),
            )
            if done.usage.tries:  # nothing was sent while the breaker is open
                write(self._settings.home, self._settings.chat, spent)
        if reached.question.traditional and answer.sentences:
            told = tuple(replace(one, text=to_traditional(one.text)) for one in answer.sentences)
            answer = replace(answer, text=to_traditional(answer.text), sentences=told)
        reached = replace(reached, answer=answer)
        return replace(done, answer=self.recorded(reached, conversation) if record else answer, reached=reached)

    def _reach(self, asked: Asked) -> Reached:
        return self.reach(asked.text, filter=asked.filter, before=asked.before)

    def _choose(self, reached: Reached) -> Chosen | None:
        """Return the evidence of what is answered; None where a model has nothing to phrase."""
        good = [one for one in reached.found if one.ranked and (one.named or answerable(one.evidence))]
        chosen = choose(
            reached.answer.citations,
            good,
            knowledge=self._knowledge,
            titles=self._finder.titles,
            budget=self._settings.chat.context_tokens,
        )
        return chosen if chosen.numbered else None
