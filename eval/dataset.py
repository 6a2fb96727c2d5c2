"""Datasets of questions in the assistant's form: one JSON object a line.

``{"id","type","question","gold_sections","facts","answerable","document"?,"gold_clauses"?,"approved"?,"source"?}``;
``facts`` is a list of groups, of each group one string must stand in the answer. A drafted case (``shouce eval
--build``) says ``"approved": false`` until a person has looked at it. Knows the file's form, not how a question is judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from eval.sheet_form import read_sheet
from kb.errors import SourceUnreadable
from kb.home import reason_of

EXAMPLE = '{"question":"退款多久到账？","gold_sections":["5.5"],"facts":[["7个工作日"]],"answerable":true}'


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what a right answer needs. ``document`` is a title, ``""`` for any.

    ``gold_clauses`` are the items of the list that is asked for, where a case says so. ``source`` is ``draft`` for a
    question that a program made. ``approved`` is false only where the file says so. ``before`` is the question of the turn
    before, for one that leans on it.
    """

    id: str
    type: str
    question: str
    gold_sections: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    answerable: bool
    document: str = ""
    gold_clauses: tuple[str, ...] = ()
    approved: bool = True
    source: str = ""
    before: str = ""


def load(path: Path) -> list[Case]:
    """Return the cases of the file at ``path``: JSON Lines, or a sheet as ``shouce eval --build`` writes it (``.xlsx``).

    Raises:
        SourceUnreadable: the file is not there or a line is not a case.
    """
    rows = read_sheet(path) if path.suffix.lower() == ".xlsx" else _lines(path)
    return [_case(path, number, row) for number, row in rows]


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # a text may hold other line ends
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法读取评测集（{reason_of(error)}）") from error
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"{path}：不是评测集，需要 UTF-8 的 JSON Lines 文件，或 xlsx") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise _no_case(path, number, error) from error


def _case(path: Path, number: int, row: Any) -> Case:  # noqa: ANN401 (whatever JSON holds)
    try:
        return Case(
            id=str(row.get("id", number)),
            type=str(row.get("type", "")),
            question=row["question"],
            gold_sections=tuple(row.get("gold_sections", ())),
            facts=tuple(tuple(group) for group in row.get("facts", ())),
            answerable=bool(row.get("answerable", True)),
            document=str(row.get("document") or ""),
            gold_clauses=tuple(row.get("gold_clauses", ())),
            approved=bool(row.get("approved", True)),
            source=str(row.get("source") or ""),
            before=str(row.get("before") or ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_case(path, number, error) from error


def _no_case(path: Path, number: int, error: Exception) -> SourceUnreadable:
    return SourceUnreadable(f"{path} 第 {number} 行不是评测题（{error}），请对照 eval/dataset.py 的格式")


def shipped(name: str) -> Path:
    """Return the path of a dataset shipped with the package (``sample_a``, ``manual_a``, …)."""
    return Path(str(files("eval").joinpath("datasets", f"{name}.jsonl")))
