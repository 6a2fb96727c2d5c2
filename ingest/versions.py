"""Going back to a former version of a document: its sections become the newest version, in chunks as they are cut today.

Knows the knowledge base and chunks. The version in between stays, so that going back can be taken back in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.chunk import chunk
from ingest.faq import is_faq
from kb.errors import EntryInvalid
from kb.model import ParsedDocument

if TYPE_CHECKING:
    from kb.knowledge import AddResult, KnowledgeBase


def restore_version(knowledge: KnowledgeBase, document: str, version: int) -> AddResult:
    """Make the sections of ``version`` of the document with that id its newest version.

    The file itself is not touched: when it is ingested again, what it says then becomes the version after.

    Raises:
        NotThere: there is no such document or version.
        EntryInvalid: the document is made of FAQ entries, which are changed one by one.
        HomeBusy: another process is writing.
        HomeUnusable: nothing can be written.
    """
    if is_faq(document):
        raise EntryInvalid("常见问答不能整份退回，请在「待解问题」里逐条修改或删除")
    with knowledge.writing():
        sections = knowledge.sections(document, version=version)
        known = next(one for one in knowledge.versions(document) if one.version == version)
        limit = knowledge.settings.limits.chunk_tokens
        chunks = chunk(known.title, sections, count_tokens=knowledge.embeddings.count_tokens, limit=limit)
        parsed = ParsedDocument(known.title, known.source, known.checksum, sections, chunks, known.health)
        return knowledge.add(parsed, place=knowledge.place_of(document))
