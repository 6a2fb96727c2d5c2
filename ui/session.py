"""One opened home with what the commands need of it, each part opened when first used."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.knowledge import KnowledgeBase
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.ask import Assistant
    from kb.search import HybridSearcher


class Session:
    """Settings, knowledge base, searcher and assistant of one home."""

    def __init__(self, home: Path | None, *, notice: Callable[[str], None] | None = None) -> None:
        self.settings: Settings = load_settings(home)
        self._notice = notice

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base of the home."""
        return KnowledgeBase.open(self.settings, notice=self._notice)

    @cached_property
    def searcher(self) -> HybridSearcher:
        """The hybrid searcher over it."""
        from kb.search import HybridSearcher

        return HybridSearcher(self.knowledge)

    @cached_property
    def assistant(self) -> Assistant:
        """The assistant that answers from it."""
        from assistant.ask import Assistant

        return Assistant(self.knowledge, self.searcher)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Document titles by id."""
        return {document.id: document.title for document in self.knowledge.documents()}
