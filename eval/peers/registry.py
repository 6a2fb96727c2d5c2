"""The peers: what each is called, which program runs it, and what its interpreter needs.

Knows names and requirements. Peers of one ``environment`` share an interpreter; ``""`` is the product's own.
"""

from __future__ import annotations

from dataclasses import dataclass

# What reads files of the usual kinds, for the peers that bring no loader.
READERS = ("pypdf", "openpyxl", "python-pptx")
_LANGCHAIN = ("langchain-core", "langchain-text-splitters")

# Environment → what is installed there. Each alone, because they hold one another's versions down; torch is named by
# txtai itself. ``pip install shouce[peers]`` puts them all into one where that is wanted.
ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    "langchain": (*_LANGCHAIN, "langchain-community", "langchain-chroma", "faiss-cpu", *READERS),
    "llama-index": ("llama-index-core", "llama-index-readers-file", "docx2txt", *READERS),
    "txtai": ("txtai", *_LANGCHAIN, *READERS),
    "lancedb": ("lancedb", *_LANGCHAIN, *READERS),
    # imports a module that langchain-community has dropped since
    "ragas": ("ragas>=0.3.1", "langchain-community<0.4", "langchain-openai", "pillow"),
}


@dataclass(frozen=True, slots=True)
class Peer:
    """One row: ``program`` is a module of ``eval/peers/programs`` or the path of a ``.py`` file.

    ``raw`` says that it can be given files as they are.
    """

    name: str
    title: str
    program: str
    arguments: tuple[str, ...] = ()
    environment: str = ""
    raw: bool = True


# No pipeline, but run in the same way: its requirements are older than the product's.
RAGAS = Peer("ragas", "ragas", "ragas_metrics", environment="ragas", raw=False)

PEERS = (
    Peer("plain", "plain: items, BM25 (jieba) + vectors, RRF", "plain_pipeline"),
    Peer("plain-headings", "plain, items under their headings", "plain_pipeline", ("headings",), raw=False),
    Peer("langchain-faiss", "LangChain 500/50, FAISS", "langchain_recipe", ("faiss",), "langchain"),
    Peer("langchain-chroma", "LangChain 500/50, Chroma", "langchain_recipe", ("chroma",), "langchain"),
    Peer("llama-index", "LlamaIndex default", "llama_index_default", (), "llama-index"),
    Peer("txtai", "txtai hybrid", "txtai_hybrid", (), "txtai"),
    Peer("lancedb", "LanceDB hybrid, default analyzer", "lancedb_hybrid", (), "lancedb"),
)
