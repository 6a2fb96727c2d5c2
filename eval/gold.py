"""Which sections of a knowledge base a case calls right. Knows documents, sections and cases; not what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval import metrics

if TYPE_CHECKING:
    from eval.dataset import Case
    from kb.knowledge import KnowledgeBase
    from kb.model import Section


class Gold:
    """The right sections of cases, over one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._titles = {document.id: document.title for document in knowledge.documents()}

    def is_gold(self, document: str, number: str, case: Case) -> bool:
        """Say whether a section is a gold section of the case, or stands under one."""
        if case.document and case.document not in {document, self._titles[document]}:
            return False
        return metrics.is_gold(self._lineage(document, number), case)

    def sections_of(self, case: Case) -> list[tuple[str, Section]]:
        """Return (document id, section) of those with a body that a right answer can stand in, in reading order."""
        return [
            (document, section)
            for document in self._titles
            for section in self._knowledge.sections(document)
            if section.blocks and self.is_gold(document, section.number, case)
        ]

    def _lineage(self, document: str, number: str) -> list[str]:
        """Return ``number`` and the numbers of the sections above it."""
        lineage: list[str] = []
        while number:
            lineage.append(number)
            number = self._knowledge.section(document, number).parent
        return lineage
