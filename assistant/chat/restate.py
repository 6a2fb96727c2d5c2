"""Other words for texts that are right already: each asked for by itself, several at a time.

Knows how a model is asked. What comes back is only words: whether they may stand is for whoever asked to check. The first
fault ends the asking, so that a model that is down costs one wait and not one for each text.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from assistant.chat.faults import ModelFault
from assistant.chat.prompt import instructs, quoted, template
from assistant.chat.reply import Replies, Stop, Usage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """One text to be put in other words by the prompt ``template``."""

    template: str
    text: str


@dataclass(frozen=True, slots=True)
class Restated:
    """What came back for each wish, "" where nothing did; the fault that ended it ("" for none), and what it cost."""

    texts: tuple[str, ...]
    fault: str
    usage: Usage


def restate(replies: Replies, wishes: Sequence[Wish]) -> Restated:
    """Return other words for each of ``wishes``, in their order. A text that instructs models is not shown to one."""
    stop, lock = Stop(), Lock()
    faults: list[str] = []

    def one(wish: Wish) -> tuple[str, Usage]:
        usage = Usage()
        if stop or instructs(wish.text):
            return "", usage
        try:
            words = "".join(replies.stream(_messages(wish), usage, stop))
        except ModelFault as fault:
            with lock:
                faults.append(str(fault))
            stop.set()
            return "", usage
        return ("" if stop or usage.cut else words.strip()), usage

    with ThreadPoolExecutor(TOGETHER, thread_name_prefix="restate") as pool:
        said = list(pool.map(one, wishes))
    return Restated(tuple(text for text, _ in said), faults[0] if faults else "", _sum(usage for _, usage in said))


def _messages(wish: Wish) -> list[BaseMessage]:
    from langchain_core.prompts import ChatPromptTemplate

    told = "<原文 {boundary}>\n{text}\n</原文 {boundary}>"
    asked = ChatPromptTemplate.from_messages([("system", template(wish.template)), ("human", told)])
    return asked.format_messages(boundary=secrets.token_hex(6), text=quoted(wish.text))


def _sum(usages: Iterable[Usage]) -> Usage:
    whole = Usage()
    for one in usages:
        whole.input_tokens += one.input_tokens
        whole.output_tokens += one.output_tokens
        whole.tries += one.tries
        whole.seconds = max(whole.seconds, one.seconds)
    return whole
