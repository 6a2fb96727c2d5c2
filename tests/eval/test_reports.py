import pytest

from eval.command import run
from kb.errors import NothingIndexed


def refuse() -> None:
    raise NothingIndexed("知识库还是空的")


def test_what_cannot_be_done_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["report"])
    with pytest.raises(SystemExit, match="知识库还是空的"):
        run(refuse)
