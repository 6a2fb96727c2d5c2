"""Retrieval sets in BEIR's form: passages, queries, and which passage is relevant to which query.

Reads a folder of ``corpus.jsonl`` (``{_id|id, title?, text}``), ``queries.jsonl`` (``{_id|id, text}``) and relevance:
``qrels/*.tsv`` with a header (query, passage, grade), or ``gold_ids`` in the queries themselves. Writes BEIR's own.
Knows files, no search. Thakur et al. 2021, BEIR.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import SourceUnreadable


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage; ``title`` may be empty."""

    id: str
    text: str
    title: str = ""

    @property
    def full(self) -> str:
        """Return title and text, a line each: what the plain pipelines index."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Query:
    """One question; ``answers`` are strings of which one answers it, where the set gives them."""

    id: str
    text: str
    answers: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A corpus with its queries; ``relevance`` is query id → passage id → grade (from 1)."""

    name: str
    passages: tuple[Passage, ...]
    queries: tuple[Query, ...]
    relevance: Mapping[str, Mapping[str, int]] = field(repr=False)

    @property
    def judged(self) -> tuple[Query, ...]:
        """Return the queries that have a relevant passage."""
        return tuple(query for query in self.queries if self.relevance.get(query.id))


def load_set(folder: Path) -> RetrievalSet:
    """Return the set in ``folder``, named as the folder.

    Raises:
        SourceUnreadable: a file is missing or not in this form.
    """
    passages = tuple(
        Passage(_id(row), str(row["text"]), str(row.get("title") or "")) for row in _rows(folder / "corpus.jsonl")
    )
    queries: list[Query] = []
    relevance: dict[str, dict[str, int]] = {}
    for row in _rows(folder / "queries.jsonl"):
        answers = tuple(str(answer) for answer in row.get("answers") or ())
        queries.append(Query(_id(row), str(row["text"]), answers, bool(row.get("answerable", True))))
        if gold := row.get("gold_ids"):
            relevance[queries[-1].id] = {str(passage): 1 for passage in gold}
    for path in sorted((folder / "qrels").glob("*.tsv")) or sorted(folder.glob("qrels*.tsv")):
        for query, passage, grade in _judgements(path):
            if grade > 0:
                relevance.setdefault(query, {})[passage] = grade
    known = {passage.id for passage in passages}
    relevance = {q: {p: grade for p, grade in gold.items() if p in known} for q, gold in relevance.items()}
    if not any(relevance.values()):
        raise SourceUnreadable(f"{folder}：没有相关性标注，需要 qrels/*.tsv，或 queries.jsonl 里的 gold_ids")
    return RetrievalSet(folder.name, passages, tuple(queries), relevance)


def sets_in(folder: Path) -> list[Path]:
    """Return ``folder`` itself where it is a set, else the sets directly in it, by name.

    Raises:
        SourceUnreadable: there is none.
    """
    if (folder / "corpus.jsonl").exists():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/corpus.jsonl")) if folder.is_dir() else []
    if not found:
        raise SourceUnreadable(f"{folder} 里没有检索评测集：需要含 corpus.jsonl 和 queries.jsonl 的文件夹")
    return found


def save_set(folder: Path, one: RetrievalSet) -> None:
    """Write ``one`` into ``folder`` in BEIR's own form (``qrels/test.tsv``)."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    _write(folder / "corpus.jsonl", ({"_id": p.id, "title": p.title, "text": p.text} for p in one.passages))
    _write(
        folder / "queries.jsonl",
        ({"_id": q.id, "text": q.text, "answers": list(q.answers), "answerable": q.answerable} for q in one.queries),
    )
    lines = [f"{q}\t{p}\t{grade}" for q, gold in one.relevance.items() for p, grade in gold.items()]
    text = "\n".join(["query-id\tcorpus-id\tscore", *lines]) + "\n"
    (folder / "qrels" / "test.tsv").write_text(text, encoding="utf-8")


def _id(row: Mapping[str, Any]) -> str:
    return str(row["_id"] if "_id" in row else row["id"])


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            known = {"id": _id(row), "text": row["text"]}
        except (ValueError, KeyError, TypeError) as error:
            raise SourceUnreadable(f"{path} 第 {number} 行不是 BEIR 格式（需要 _id 和 text）：{error}") from error
        yield {**row, **known}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"{path}：无法读取（{error}），需要 UTF-8 的文件") from error


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(_text(path).splitlines()[1:], 2):
        if not line.strip():
            continue
        try:
            query, passage, grade = line.split("\t")
            yield query, passage, int(grade)
        except ValueError as error:
            raise SourceUnreadable(f"{path} 第 {number} 行不是 qrels（查询、段落、等级，以制表符分隔）") from error


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
