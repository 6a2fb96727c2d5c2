"""Does a topic draw the right sections into a checklist? (``python -m eval.topic_report --home H --key sample``).

A gold line gives a topic's sections, by document (``""`` for the only one): 2 belongs, 1 may be there. Measured over the
sections that give at least one check:

- recall: sections that belong and are there;
- precision: sections there that belong or may be there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.checklist.choose import choose
from assistant.checklist.compile import section_checks
from eval.command import run
from kb.errors import NotThere

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.checklist.compile import Part
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher

DATASET = Path(__file__).parent / "datasets" / "checklist_topics.jsonl"
BELONGS = 2
Place = tuple[str, str]


@dataclass(frozen=True)
class Topic:
    """A topic and the grades of its sections, by document title and number."""

    topic: str
    grades: dict[Place, int]


@dataclass
class TopicScore:
    """Counts over topics; ``missed`` and ``foreign`` say what to look at."""

    belong: int = 0
    found: int = 0
    listed: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def add(self, topic: Topic, there: set[Place]) -> None:
        """Count one topic's sections."""
        wanted = {place for place, grade in topic.grades.items() if grade == BELONGS}
        self.belong += len(wanted)
        self.found += len(wanted & there)
        self.listed += len(there)
        self.right += len(there & set(topic.grades))
        self.missed += [_named(topic, place) for place in sorted(wanted - there)]
        self.foreign += [_named(topic, place) for place in sorted(there - set(topic.grades))]

    def report(self) -> dict[str, Any]:
        """Return the score as JSON."""
        return {
            "sections_that_belong": self.belong,
            "recall": round(self.found / max(self.belong, 1), 4),
            "sections_listed": self.listed,
            "precision": round(self.right / max(self.listed, 1), 4),
            "missed": self.missed,
            "foreign": self.foreign,
        }


def read_topics(path: Path, key: str) -> list[Topic]:
    """Return the topics that have gold for ``key``."""
    entries = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Topic(one["topic"], {(title, number): grade for title, of in one[key].items() for number, grade in of.items()})
        for one in entries
        if key in one
    ]


def score_topics(knowledge: KnowledgeBase, searcher: HybridSearcher, topics: Iterable[Topic]) -> TopicScore:
    """Return the score of the sections that each topic draws."""
    score = TopicScore()
    for topic in topics:
        try:
            parts = choose(knowledge, searcher, topic.topic)[1]
        except NotThere:
            parts = []
        score.add(topic, {_place(part, topic) for part in parts if any(True for _ in section_checks(part))})
    return score


def _place(part: Part, topic: Topic) -> Place:
    only = all(not title for title, _ in topic.grades)
    return ("" if only else part.document.title, part.section.number)


def _named(topic: Topic, place: Place) -> str:
    return f"{topic.topic}: {' '.join(place).strip()}"


def main(
    home: Annotated[Path, typer.Option("--home", help="载入了手册的数据目录")],
    key: Annotated[str, typer.Option("--key", help="manual（真实手册）或 sample（自带样例）")] = "sample",
    dataset: Annotated[Path, typer.Option("--dataset", help="主题和标注，每行一个 JSON")] = DATASET,
) -> None:
    """量一量检查表的选节：一个主题该收的章节收了没有，不该收的有没有混进来。"""  # noqa: D400, D415
    from kb.knowledge import KnowledgeBase
    from kb.search import HybridSearcher
    from kb.settings import load_settings

    knowledge = KnowledgeBase.open(load_settings(home))
    score = score_topics(knowledge, HybridSearcher(knowledge), read_topics(dataset, key))
    typer.echo(json.dumps(score.report(), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    run(partial(typer.run, main))
