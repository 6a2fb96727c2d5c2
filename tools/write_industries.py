"""Write documents of other companies and the questions on them: ``python tools/write_industries.py FOLDER [SOURCE]``.

``SOURCE`` is ``industries`` (fifteen SOPs of other industries, the default; a third of the questions are near misses) or
``handbooks`` (fifteen handbooks and SOPs, questions as people type them). ``FOLDER/docs`` is for ``shouce ingest``,
``FOLDER/questions.jsonl`` for ``shouce eval --dataset``; ``FOLDER/sets/SOURCE`` holds the answerable questions in BEIR's
form, a clause a passage, for ``eval.question_adapter``. All were written apart from the product.
"""

from __future__ import annotations

import json
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\s")


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cells(text: str) -> dict[str, str]:
    """Return the cells of a clause that is a table row (``列名：值；列名：值``), empty where it is none."""
    parts = [part.split("：", 1) for part in text.rstrip("。").split("；")]
    is_row = len(parts) > 1 and all(len(part) == 2 and len(part[0]) <= 8 for part in parts)
    return {part[0]: part[1] for part in parts} if is_row else {}


def lines_of(text: str) -> list[str]:
    """Return the name and the rows of a clause that holds a table (``表名。列名：值；列名：值。列名：…``), else the clause."""
    parts = [f"{part}。" for part in text.rstrip("。").split("。")]
    first = 0 if cells(parts[0]) else 1
    headers = {tuple(cells(part)) for part in parts[first:]}
    is_table = len(parts) > first + 1 and len(headers) == 1 and headers != {()}
    return parts if is_table else [text]


def markdown(clauses: list[dict[str, Any]]) -> str:
    """Return the clauses as a Markdown document with headings, items and tables."""
    title = clauses[0]["path"].split(" > ")[0]
    lines = [f"# {title}"]
    before: list[str] = [title]
    for path, group in groupby(clauses, key=lambda clause: clause["path"].split(" > ")):
        for depth, heading in enumerate(path):
            if before[: depth + 1] != path[: depth + 1]:
                lines += ["", f"{'#' * (depth + 1)} {heading}", ""]
        before = path
        said = [line for clause in group for line in lines_of(clause["text"])]
        for header, run in groupby(said, key=lambda line: tuple(cells(line))):
            texts = list(run)
            if not header:
                lines += [f"- {text}" for text in texts]
                continue
            lines += ["", f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
            lines += [f"| {' | '.join(cells(text).values())} |" for text in texts] + [""]
    return "\n".join(lines) + "\n"


def section_of(clause: dict[str, Any]) -> str:
    """Return the printed number of the clause's section, else its title."""
    last = clause["path"].split(" > ")[-1]
    found = NUMBER.match(last)
    return found[1] if found else last


def main(folder: Path, source_name: str = "industries") -> None:
    """Write documents and questions."""
    written = sorted((HERE / source_name).glob("*.clauses.jsonl"))
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    cases = []
    for source in written:
        name = source.name.split(".")[0]
        clauses = rows(source)
        (folder / "docs" / f"{name}.md").write_text(markdown(clauses), encoding="utf-8")
        by_id = {clause["id"]: clause for clause in clauses}
        for number, question in enumerate(rows(source.with_name(f"{name}.questions.jsonl")), 1):
            gold = dict.fromkeys(section_of(by_id[one]) for one in question["gold"])
            cases.append(
                {
                    "id": f"{name}{number:03}",
                    "type": "fact" if gold else "near",
                    "question": question["q"],
                    "gold_sections": list(gold),
                    "facts": [],
                    "answerable": bool(gold),
                    "document": clauses[0]["path"].split(" > ")[0] if gold else "",
                }
            )
    write_rows(folder / "questions.jsonl", cases)
    write_set(folder / "sets" / source_name, written)


def write_set(folder: Path, written: list[Path]) -> None:
    """Write the clauses of all documents and the questions they answer as a retrieval set."""
    folder.mkdir(parents=True, exist_ok=True)
    passages, queries = [], []
    for source in written:
        name = source.name.split(".")[0]
        passages += [{"_id": f"{name}/{c['id']}", "title": c["path"], "text": c["text"]} for c in rows(source)]
        for number, question in enumerate(rows(source.with_name(f"{name}.questions.jsonl")), 1):
            gold = [f"{name}/{one}" for one in question["gold"]]
            if gold:
                queries.append({"_id": f"{name}{number:03}", "text": question["q"], "gold_ids": gold})
    write_rows(folder / "corpus.jsonl", passages)
    write_rows(folder / "queries.jsonl", queries)


def write_rows(path: Path, written: list[dict[str, Any]]) -> None:
    """Write objects as JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in written), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
