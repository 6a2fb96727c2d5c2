"""What every test gets: no network beyond this machine, and homes filled once for all tests that only read them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from kb.knowledge import KnowledgeBase
from kb.settings import Settings, load_settings
from tests.homes import copied

# The same examples at every run: a red run is about the change, not about luck.
hypothesis_settings.register_profile("repeatable", derandomize=True)
hypothesis_settings.load_profile("repeatable")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
MANUAL = SHARED / "manual" / "manual_raw.txt"


@pytest.fixture(autouse=True)
def _own_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in {"", "127.0.0.1", "::1", "localhost"}:
            raise OSError(f"tests do not use the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in [name for name in os.environ if name.startswith("SHOUCE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the default settings for an empty home."""
    return load_settings(tmp_path / "home")


def _filled(home: Path, source: Path) -> Path:
    from ingest.pipeline import ingest

    with KnowledgeBase.open(load_settings(home)) as knowledge:
        failed = [report for report in ingest([source], knowledge) if report.status == "failed"]
    assert not failed
    return home


@pytest.fixture(scope="session")
def untouched_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home filled with the shipped corpus that is only copied: a command that is tested keeps drafts and turns."""
    from ingest.pipeline import sample_folder

    return _filled(tmp_path_factory.mktemp("untouched"), sample_folder())


@pytest.fixture(scope="session")
def sample_home(untouched_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home filled with the shipped corpus; tests only read its documents."""
    return copied(untouched_home, tmp_path_factory.mktemp("sample") / "home")


@pytest.fixture
def own_home(untouched_home: Path, tmp_path: Path) -> Path:
    """Return a copy of the shipped corpus' home, for a test that writes."""
    return copied(untouched_home, tmp_path / "own")


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> Iterator[KnowledgeBase]:
    """Return the open knowledge base of the shipped corpus; tests only read it."""
    with KnowledgeBase.open(load_settings(sample_home)) as knowledge:
        yield knowledge


@pytest.fixture(scope="session")
def manual_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home filled with the real manual, where it is there; tests only read it."""
    if not MANUAL.exists():
        pytest.skip("the real manual is not beside this checkout")
    return _filled(tmp_path_factory.mktemp("manual"), MANUAL)


@pytest.fixture(scope="session")
def manual(manual_home: Path) -> Iterator[KnowledgeBase]:
    """Return the open knowledge base of the real manual; tests only read it."""
    with KnowledgeBase.open(load_settings(manual_home)) as knowledge:
        yield knowledge
