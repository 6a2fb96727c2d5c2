"""The chain that phrases an answer: condense → retrieve → decide → generate → verify, each a LangChain runnable.

``chain(...).stream(Asked(...))`` yields events as they happen. Knows the order; what each step does is its module's. Whether
a question can be answered is decided by ``assistant/decide.py`` alone: a model is asked only after that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.chat.complete import complete, members
from assistant.chat.evidence import Chosen
from assistant.chat.faults import ModelFault
from assistant.chat.phrase import Markers, checked, phrased
from assistant.chat.prompt import condense_messages, messages
from assistant.chat.reply import Replies, Stop, Usage
from assistant.chat.review import Reviewed, Reviewer
from assistant.chat.written import Splitter, Written
from kb.model import Answer, CheckedSentence, Citation

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.ask import Reached
    from assistant.chat.wording import Cut
    from kb.search import Filter

FEWEST_STAND = 0.5
_AMOUNT = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes into the chain. ``before`` is the question of the turn before, standing alone."""

    text: str
    filter: Filter | None = None
    before: str = ""
    stop: Stop = field(default_factory=Stop)


@dataclass(frozen=True, slots=True)
class Pending:
    """The words so far of sentence ``index``: it has not ended, nothing is known of it."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Sentence ``index`` has ended: with its verdict, and the citations that it is the first to use."""

    index: int
    sentence: CheckedSentence
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The answer, with how it was reached (None: nothing was asked) and what the model cost (None: it was not)."""

    answer: Answer
    reached: Reached | None
    usage: Usage | None = None


Event = Pending | Judged | Done


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that is answered, with the evidence that a model may phrase it from; ``chosen`` None: it may not."""

    asked: Asked
    reached: Reached
    chosen: Chosen | None


@dataclass(frozen=True, slots=True)
class _Ended:
    """A reply that has ended: well, or with ``fault``."""

    usage: Usage
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the chain is made of. ``reach`` retrieves, decides and composes the embedded answer; ``choose`` its evidence."""

    replies: Replies
    reach: Callable[[Asked], Reached]
    choose: Callable[[Reached], Chosen | None]
    cut: Cut
    name: str
    condenses: bool = False

    def condense(self, asked: Asked) -> Asked:
        """Let the model make a follow-up question stand alone, where that is switched on and it adds nothing new."""
        if not (self.condenses and asked.before):
            return asked
        usage = Usage()
        try:
            said = "".join(self.replies.stream(condense_messages(asked.text, asked.before), usage, asked.stop)).strip()
        except ModelFault:
            return asked
        line = Splitter()
        first = [*line.add(said), *line.close()][:1]
        text = first[0].text if first else ""
        known = set(_AMOUNT.findall(asked.text + asked.before))
        new = set(_AMOUNT.findall(text)) - known
        return replace(asked, text=text) if 2 < len(text) < 200 and not new else asked

    def retrieve(self, asked: Asked) -> tuple[Asked, Reached]:
        """Search, and compose the embedded answer: what is shown wherever the model fails."""
        return asked, self.reach(asked)

    def decide(self, found: tuple[Asked, Reached]) -> Ready:
        """Pass on evidence only for what can be answered; that was decided without the model."""
        asked, reached = found
        answered = reached.answer.status in {"answered", "partial"} and reached.answer.citations
        return Ready(asked, reached, self.choose(reached) if answered else None)

    def generate(self, ready: Iterator[Ready]) -> Iterator[Ready | Pending | Written | _Ended]:
        """Yield what the model writes, sentence by sentence."""
        for one in ready:
            yield one
            if one.chosen is None:
                continue
            usage = Usage()
            splitter, count = Splitter(), 0
            prompt = messages(one.reached.question.text, [piece.evidence for piece in one.chosen.numbered])
            try:
                with closing(self.replies.stream(prompt, usage, one.asked.stop)) as words:  # type: ignore[type-var]
                    for word in words:
                        for sentence in splitter.add(word):
                            yield sentence
                            count += 1
                        if splitter.pending:
                            yield Pending(count, splitter.pending)
                if one.asked.stop:
                    return
                yield from splitter.close(cut=usage.cut)
            except ModelFault as fault:
                yield _Ended(usage, str(fault))
            else:
                yield _Ended(usage)

    def verify(self, written: Iterator[Ready | Pending | Written | _Ended]) -> Iterator[Event]:
        """Yield each sentence with its verdict as soon as it has ended, and last the answer."""
        ready: Ready | None = None
        judge: Reviewer | None = None
        reviewed: list[Reviewed] = []
        markers = Markers(())
        for one in written:
            if isinstance(one, Ready):
                ready = one
                if one.chosen is None:
                    yield Done(one.reached.answer, one.reached)
                    return
                judge = Reviewer(one.chosen.numbered, question=one.reached.question.text, cut=self.cut)
                markers = Markers(one.chosen.numbered)
            elif isinstance(one, Pending):
                yield replace(one, index=len(reviewed))
            elif isinstance(one, Written) and judge:
                known = len(markers.citations)
                reviewed.append(judge.review(one))
                sentence = checked(reviewed[-1], markers)
                yield Judged(len(reviewed) - 1, sentence, tuple(markers.citations[known:]))
            elif isinstance(one, _Ended) and ready:
                yield Done(self._answer(ready, reviewed, markers, one), ready.reached, one.usage)

    def _answer(self, ready: Ready, reviewed: list[Reviewed], markers: Markers, ended: _Ended) -> Answer:
        embedded = ready.reached.answer
        if ended.fault:
            return replace(embedded, fallback=f"{ended.fault}，以下是手册原文")
        claims = [one for one in reviewed if not one.frame]
        stand = sum(one.supported for one in claims)
        if not claims:
            return replace(embedded, fallback="对话模型没有写出回答，以下是手册原文")
        if not stand or stand < FEWEST_STAND * len(claims):
            return replace(embedded, fallback=f"模型写的 {len(claims)} 句话里只有 {stand} 句有依据，以下是手册原文")
        chosen = ready.chosen.numbered if ready.chosen else ()
        names_suffice = ready.reached.question.kind not in {"procedure", "number"}
        completed = complete(reviewed, members(embedded), chosen, names_suffice=names_suffice)
        text, sentences = phrased(completed, markers)
        if embedded.missing:
            text += "\n手册里没有写到：" + "；".join(part.rstrip("？?") for part in embedded.missing) + "。"
        removed = len(claims) - stand
        notes = (
            *((f"模型写的 {removed} 句话在手册里找不到依据，已经去掉",) if removed else ()),
            *(("模型的回答到了长度上限，没有写完的一句已经去掉",) if ended.usage.cut else ()),
            *((f"模型漏写了 {completed.left_out} 项，已按原文补全",) if completed.left_out else ()),
            *(
                (f"资料超出模型一次能读的长度，{ready.chosen.left_out} 条条款没有交给它",)
                if ready.chosen and ready.chosen.left_out
                else ()
            ),
        )
        return replace(
            embedded,
            text=text,
            citations=tuple(markers.citations),
            engine=self.name,
            sentences=sentences,
            notes=notes,
        )

    def chain(self) -> Runnable[Asked, Any]:
        """Return the steps as one LangChain runnable: its stream yields events, the last of them ``Done``."""
        from langchain_core.runnables import RunnableGenerator, RunnableLambda

        return (
            RunnableLambda(self.condense, name="condense")
            | RunnableLambda(self.retrieve, name="retrieve")
            | RunnableLambda(self.decide, name="decide")
            | RunnableGenerator(self.generate, name="generate")
            | RunnableGenerator(self.verify, name="verify")
        )


__all__ = ["Asked", "Done", "Event", "Judged", "Pending", "Steps"]
