"""The assistant with a short memory: a question asked again while nothing has changed is not searched for again.

Many people press the same suggestions, and whoever tests with fifty at once asks the same few. What is remembered is
what a question led to; every asking is still written down on its own. Knows nothing of how an answer is made.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.ask import Assistant, Reached

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.search import Filter, HybridSearcher
    from kb.synonyms import Synonyms

REMEMBERED = 500  # answers, some 10 KB each
Key = tuple[str, str, "Filter | None"]


class RememberingAssistant(Assistant):
    """Answers questions from one knowledge base; the memory is of one generation and one synonyms file."""

    def __init__(self, knowledge: KnowledgeBase, searcher: HybridSearcher) -> None:
        super().__init__(knowledge, searcher)
        self._guard = threading.Lock()
        self._known: OrderedDict[Key, Reached] = OrderedDict()
        self._state: tuple[int, Synonyms | None] = (-1, None)

    def reach(
        self,
        text: str,
        *,
        conversation: str | None = None,
        filter: Filter | None = None,  # noqa: A002
        before: str = "",
    ) -> Reached:
        """Return what ``text`` leads to; see ``Assistant.reach``."""
        started = time.perf_counter()
        before = before or self._before(conversation)
        key = (text, before, filter)
        state = (self._knowledge.generation, self._searcher.synonyms if self._knowledge.documents() else None)
        with self._guard:
            if self._state[0] != state[0] or self._state[1] is not state[1]:
                self._known.clear()
                self._state = state
            known = self._known.get(key)
            if known:
                self._known.move_to_end(key)
        if known:
            took = round((time.perf_counter() - started) * 1000, 3)
            timings = {"retrieve": took, "compose": 0.0, "total": took}
            return replace(known, answer=replace(known.answer, timings=timings))
        reached = super().reach(text, filter=filter, before=before)
        with self._guard:
            if self._state[0] == state[0] and self._state[1] is state[1]:
                self._known[key] = replace(reached, found=())
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        return reached
