"""One opened home with what the commands and the page need of it, each part opened once, when first used.

Safe from several threads: the page answers many people from one session.
"""

from __future__ import annotations

import os
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.knowledge import KnowledgeBase
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    from assistant.ask import Assistant
    from assistant.quiz.make import QuizMaker
    from assistant.quiz.model import Paper
    from assistant.quiz.reworded import Reworded
    from kb.search import HybridSearcher
    from ui.identity import Identity

# Questions answered at the same time. More threads than this only take turns at two cores and make everybody wait.
WORKERS = max(4, (os.cpu_count() or 1) + 2)


class Session:
    """Settings, knowledge base, searcher and assistant of one home."""

    def __init__(self, home: Path | None, *, notice: Callable[[str], None] | None = None) -> None:
        self.settings: Settings = load_settings(home)
        self._notice = notice
        self._opening = threading.RLock()

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base of the home."""
        with self._opening:
            found: KnowledgeBase | None = self.__dict__.get("knowledge")
            return found or KnowledgeBase.open(self.settings, notice=self._notice)

    @cached_property
    def searcher(self) -> HybridSearcher:
        """The hybrid searcher over it."""
        from kb.search import HybridSearcher

        return HybridSearcher(self.knowledge)

    @cached_property
    def assistant(self) -> Assistant:
        """The assistant that answers from it."""
        if self.settings.chat.configured:
            from assistant.chat.answer import ChatAssistant

            return ChatAssistant(self.knowledge, self.searcher, self.settings)
        from ui.remembering import RememberingAssistant

        return RememberingAssistant(self.knowledge, self.searcher)

    def in_model_words(self, papers: list[Paper], maker: QuizMaker) -> Reworded:
        """Return quiz papers in the chat model's words where one is configured and its words hold; else as they are."""
        from assistant.quiz.reworded import reworded

        return reworded(papers, self.knowledge, maker.sources, self.settings)

    @cached_property
    def identity(self) -> Identity:
        """Who is who, for the page."""
        from ui.identity import Identity

        return Identity(self.settings.home)

    @cached_property
    def workers(self) -> ThreadPoolExecutor:
        """The threads in which the page answers, first come, first served."""
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(WORKERS, thread_name_prefix="answer")

    @property
    def titles(self) -> dict[str, str]:
        """Document titles by id, as they are now."""
        return {document.id: document.title for document in self.knowledge.documents()}

    def warm(self) -> None:
        """Open every part and load model and indexes now, so that the first question of a visitor does not wait for it.

        Raises:
            ShouceError: the home, the model or the index cannot be used.
        """
        _ = self.identity, self.workers
        self.assistant.warm()
