"""The hybrid searcher as a LangChain retriever, for chains and agents built on LangChain."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from kb.search import Filter, HybridSearcher


class ManualRetriever(BaseRetriever):
    """Returns the best chunks as LangChain documents; metadata: document, section, clauses, heading, score."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: HybridSearcher
    k: int = 4
    filter: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                page_content=hit.chunk.text,
                metadata={
                    "document": hit.document,
                    "section": hit.chunk.section,
                    "clauses": list(hit.chunk.clauses),
                    "heading": hit.chunk.heading,
                    "score": hit.score,
                },
            )
            for hit in self.searcher.search(query, limit=self.k if k is None else k, filter=self.filter)
        ]
