"""What a check may look at: the cited section's text and blocks, and the synonyms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kb.errors import NotThere
from kb.model import Citation, Section
from kb.synonyms import Synonyms


@dataclass(frozen=True)
class Sources:
    """The sections by document and number, and the synonyms. ``section`` raises ``NotThere`` for what is gone."""

    section: Callable[[str, str], Section]
    synonyms: Synonyms

    def body(self, citation: Citation) -> str:
        """Return the cited section's own text, "" where it is gone."""
        try:
            return self.section(citation.document, citation.section).body
        except NotThere:
            return ""

    def clause(self, citation: Citation) -> str:
        """Return the text of the cited block (its quote, where the citation spans several)."""
        try:
            blocks = self.section(citation.document, citation.section).blocks
        except NotThere:
            return ""
        text = next((block.text for block in blocks if block.clause == citation.clause), "")
        return text if len(text) >= len(citation.quote) else citation.quote
