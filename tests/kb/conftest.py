from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.catalogue import Catalogue
from kb.knowledge import KnowledgeBase
from tests.fakes import HashEmbeddings
from tests.kb.samples import settings_for


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "数据 目录"


@pytest.fixture
def model() -> HashEmbeddings:
    return HashEmbeddings()


@pytest.fixture(params=["faiss", "chroma"])
def store(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def knowledge(home: Path, model: HashEmbeddings) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(settings_for(home), model) as opened:
        yield opened


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite3")
    yield opened
    opened.close()
