"""Embed the phrases of usual causes with the bundled model again, after ``kinds.toml`` changed."""

from __future__ import annotations

from pathlib import Path

from assistant.plan import likeness
from kb.embeddings import open_embeddings
from kb.settings import EmbeddingSettings

if __name__ == "__main__":
    likeness.save_phrases(open_embeddings(EmbeddingSettings()), Path(likeness.__file__).with_name(likeness.FILE_NAME))
