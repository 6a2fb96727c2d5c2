"""What came out of one case: the shape that runs, reports, comparisons and gates share, and its form on disk.

Knows JSON Lines; not how a case is asked, nor what its numbers mean together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import SourceUnreadable

CASES = "cases.jsonl"
ANSWERED = frozenset({"answered", "partial"})


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One section that search found: its best chunk's scores and words. ``document`` is a title."""

    document: str
    section: str
    title: str
    score: float
    words: float
    vector: float
    gold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One case with what came out.

    ``values`` holds its metrics, each in 0..1, only those that apply. ``place`` is the chapter it asks about.
    ``probability`` is the decision's, that the question can be answered; ``right`` says whether the best passage stands
    in a gold section, so that answering would come out right.
    """

    id: str
    type: str
    question: str
    answerable: bool
    status: str
    values: dict[str, float]
    place: str = ""
    probability: float | None = None
    right: bool = False
    characters: int = 0
    milliseconds: float = 0.0
    gold: tuple[str, ...] = ()
    missing_facts: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    found: tuple[Retrieved, ...] = field(default_factory=tuple)
    answer: str = ""
    source: str = ""

    @property
    def answered(self) -> bool:
        """Say whether it was answered, in whole or in part."""
        return self.status in ANSWERED

    @property
    def failed(self) -> bool:
        """Say whether a person should look at this case."""
        if not self.answerable:
            return self.answered
        wanted = ("hit@1", "facts", "completeness", "citation_valid")
        return not self.answered or any(self.values.get(name, 1.0) < 1 for name in wanted) or not self.values["cited"]


def save(path: Path, judged: Sequence[Judged]) -> None:
    """Write one case a line."""
    path.write_text("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in judged), encoding="utf-8")


def load(path: Path) -> list[Judged]:
    """Return the cases of a run: ``path`` is a report's folder or the file in it.

    Raises:
        SourceUnreadable: there is no run.
    """
    path = path / CASES if path.is_dir() else path
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        return [_judged(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceUnreadable(f"{path} 不是一次评测的结果（{error}）：请先运行 shouce eval --report 文件夹") from error


def _judged(row: Mapping[str, Any]) -> Judged:
    lists = {name: tuple(row[name]) for name in ("gold", "missing_facts", "cited")}
    return Judged(**{**row, **lists, "found": tuple(Retrieved(**one) for one in row["found"])})
