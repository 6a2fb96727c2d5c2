"""A copy of the sample home for tests that write to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.settings import load_settings


@pytest.fixture
def sample_copy(sample_home: Path, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """Return the open knowledge base of a copy of the shipped corpus."""
    shutil.copytree(sample_home, tmp_path / "copy")
    with KnowledgeBase.open(load_settings(tmp_path / "copy")) as knowledge:
        yield knowledge
