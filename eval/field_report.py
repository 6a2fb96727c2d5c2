"""Are the fields of a check right, and none made up? (``python -m eval.field_report``).

A gold line names a document and the words of one order, and gives its fields as a person reads them out of the clause: a
string (or the words of several that would do), ``null`` in a list where the field may also be empty, ``"*"`` where
anything will do; a field that is not named has to be empty. A field is right where one of the two contains the other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.checklist.compile import compile_checklist, document_parts
from assistant.checklist.model import Check, check_json
from assistant.verify import squeeze
from eval.command import run
from eval.marked_checks import MARKED, read_marked

DATASET = Path(__file__).parent / "datasets" / "checklist_fields.jsonl"
FIELDS = ("condition", "standard", "role", "deadline", "frequency", "evidence", "method")
ANYTHING = "*"


@dataclass
class FieldScore:
    """Per field: gold lines judged, right ones, made-up ones (something where the source says nothing); what was wrong."""

    judged: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    made_up: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)

    def add(self, label: Mapping[str, Any], check: Check) -> None:
        """Count the fields of one check."""
        said = check_json(check)
        for name in FIELDS:
            wanted = _options(label.get(name))
            self.judged[name] += 1
            if _agrees(said[name], wanted):
                self.right[name] += 1
                continue
            self.made_up[name] += bool(said[name]) and wanted == [None]
            self.wrong.append(f"{label['words']} | {name}: {said[name]} ≠ {wanted}")

    def report(self) -> dict[str, Any]:
        """Return the score as JSON."""
        shares = {name: round(self.right[name] / self.judged[name], 4) for name in FIELDS if self.judged[name]}
        return {"lines": max(self.judged.values(), default=0), "right": shares, "made_up": dict(self.made_up)} | {
            "unlisted": self.unlisted,
            "wrong": self.wrong,
        }


def _options(wanted: object) -> list[str | None]:
    return wanted if isinstance(wanted, list) else [None if wanted is None else str(wanted)]


def _agrees(said: str | None, wanted: Sequence[str | None]) -> bool:
    if ANYTHING in wanted:
        return True
    if not said:
        return None in wanted
    one = squeeze(said)
    return any(squeeze(other) in one or one in squeeze(other) for other in wanted if other)


def cited_for(words: str, checks: Iterable[Check]) -> Check | None:
    """Return the check that says the words of a gold line, the shortest where several do."""
    wanted = squeeze(words)
    having = [one for one in checks if wanted in squeeze(one.citation.quote) or _said_by(one, wanted)]
    return min(having, key=lambda one: len(one.citation.quote), default=None)


def _said_by(check: Check, wanted: str) -> bool:
    quote = squeeze(check.citation.quote)
    return len(quote) > 3 and quote in wanted


def score_fields(folders: Iterable[Path], labels: Sequence[Mapping[str, Any]]) -> FieldScore:
    """Return the score over the marked documents of ``folders`` that have labels."""
    score = FieldScore()
    for path in (path for folder in folders for path in sorted(folder.glob("*.md"))):
        of_document = [label for label in labels if label["document"] in (path.stem, _title(path))]
        if not of_document:
            continue
        marked = read_marked(path)
        checks = compile_checklist("", document_parts(marked.document, marked.sections)).checks
        for label in of_document:
            check = cited_for(label["words"], checks)
            if check is None:
                score.unlisted.append(label["words"])
            else:
                score.add(label, check)
    return score


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").strip()


def read_fields(path: Path = DATASET) -> list[dict[str, Any]]:
    """Return the gold lines of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(
    folders: Annotated[list[Path] | None, typer.Argument(help="标注在正文中的作业文件")] = None,
    dataset: Annotated[Path, typer.Option("--dataset", help="各栏的标注，每行一个 JSON")] = DATASET,
) -> None:
    """量一量检查表的各栏：标准、责任岗、时限、频次、记录、判定方式对不对，有没有编出来的。"""  # noqa: D400, D415
    score = score_fields(folders or sorted(MARKED.parent.glob(f"{MARKED.name}*")), read_fields(dataset))
    typer.echo(json.dumps(score.report(), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    run(partial(typer.run, main))
