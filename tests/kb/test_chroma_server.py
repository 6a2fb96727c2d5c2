"""The same knowledge base with its vectors on a real Chroma server, started here on the loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import HomeUnusable
from kb.knowledge import KnowledgeBase
from tests.fakes import HashEmbeddings
from tests.kb.samples import TOPICS, parsed_document, settings_for

COMMAND = shutil.which("chroma", path=str(Path(sys.executable).parent))
pytestmark = [pytest.mark.slow, pytest.mark.skipif(COMMAND is None, reason="the command chroma is not installed")]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = tmp_path_factory.mktemp("server")
    arguments = ["run", "--host", "127.0.0.1", "--port", str(port), "--path", str(place)]
    with subprocess.Popen([str(COMMAND), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + 60
            while server.poll() is None and time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def texts(knowledge: KnowledgeBase) -> set[str]:
    found = knowledge.vector_search(knowledge.embeddings.embed_query("投诉"), limit=99)
    return {chunk.text for _, chunk in knowledge.chunks_of([key for key, _ in found]).values()}


def test_server_keeps_the_vectors_of_two_homes_apart(url: str, tmp_path: Path) -> None:
    model = HashEmbeddings()
    for name in ("甲", "乙"):
        with KnowledgeBase.open(settings_for(tmp_path / name, store="chroma", chroma_url=url), model) as knowledge:
            knowledge.add(parsed_document([f"{name}的要求"]))
    for name in ("甲", "乙"):
        with KnowledgeBase.open(settings_for(tmp_path / name, store="chroma", chroma_url=url), model) as knowledge:
            assert texts(knowledge) == {f"{name}的要求"}


def test_server_follows_changes_and_rebuilds(url: str, home: Path) -> None:
    settings = settings_for(home, store="chroma", chroma_url=url)
    with (
        KnowledgeBase.open(settings, HashEmbeddings()) as knowledge,
        KnowledgeBase.open(settings, HashEmbeddings()) as reader,
    ):
        knowledge.add(parsed_document())
        assert texts(reader) == set(TOPICS)
        knowledge.add(parsed_document(["换掉"]))
        assert texts(reader) == {"换掉"}
        knowledge.rebuild()
        assert texts(knowledge) == texts(reader) == {"换掉"}
    other = HashEmbeddings(model_id="fake/other", dimension=16)
    with KnowledgeBase.open(settings, other) as knowledge:
        knowledge.rebuild()
        assert texts(knowledge) == {"换掉"}


def test_server_that_is_gone_is_named(home: Path) -> None:
    settings = settings_for(home, store="chroma", chroma_url="http://127.0.0.1:9")
    with KnowledgeBase.open(settings, HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
        with pytest.raises(HomeUnusable, match=r"http://127\.0\.0\.1:9"):
            texts(knowledge)
        knowledge._changed = False
