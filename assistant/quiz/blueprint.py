"""Blueprints: how many items of which chapter, type, difficulty and level of thought, for how many marks; as TOML or JSON.

Knows the file's form and how its parts are filled from drafted items; nothing of how items are made. A blueprint::

    title = "新员工结业考试"
    [[part]]
    chapter = "5"            # a section number, or the words of a title; left out: anywhere
    type = "single"
    difficulty = "medium"    # left out: any
    bloom = "understand"     # left out: any
    count = 4
    points = 2
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.quiz.choose import Chooser, Test
from assistant.quiz.model import TYPE_WORDS, Question, QuestionType, Rejected
from kb.errors import BlueprintInvalid
from kb.home import reason_of

DIFFICULTY_WORDS = {"easy": "易", "medium": "中", "hard": "难"}
BLOOM_WORDS = {"remember": "记忆", "understand": "理解", "apply": "应用", "analyze": "分析"}


_BY_WORD: dict[str, str] = {
    **{word: kind for kind, word in TYPE_WORDS.items()},
    **{word.removesuffix("题"): kind for kind, word in TYPE_WORDS.items()},
    **{word: level for level, word in (*DIFFICULTY_WORDS.items(), *BLOOM_WORDS.items())},
}

_WRONG = {
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "too_short": "是空的",
    "missing": "没有写",
    "extra_forbidden": "没有这一项",
    "int_parsing": "应该是整数",
    "literal_error": "没有这个选项",
}


class Part(BaseModel):
    """One cell of a blueprint: how many items of what kind, and their marks (0: the type's usual ones)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: QuestionType
    count: int = Field(ge=1, le=500)
    chapter: str = ""
    document: str = ""
    difficulty: Literal["", "easy", "medium", "hard"] = ""
    bloom: Literal["", "remember", "understand", "apply", "analyze"] = ""
    points: float = Field(default=0.0, ge=0, le=100)

    @field_validator("chapter", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        """Take a chapter that is written as a number (5) as its text."""
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    @field_validator("type", "difficulty", "bloom", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """Take the Chinese names as well: 单选, 易, 理解."""
        return _BY_WORD.get(value, value) if isinstance(value, str) else value

    @property
    def words(self) -> str:
        """Return the cell as people say it."""
        where = f"{f'《{self.document}》' if self.document else ''}{self.chapter or '全部章节'}"
        kind = "、".join(
            word for word in (DIFFICULTY_WORDS.get(self.difficulty, ""), BLOOM_WORDS.get(self.bloom, "")) if word
        )
        return f"{where}的{TYPE_WORDS[self.type]}{f'（{kind}）' if kind else ''}"


class Blueprint(BaseModel):
    """The parts of a paper in order, and its title."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: tuple[Part, ...] = Field(min_length=1, validation_alias=AliasChoices("part", "parts"))
    title: str = ""


def load(path: Path) -> Blueprint:
    """Return the blueprint in a TOML or JSON file.

    Raises:
        BlueprintInvalid: the file cannot be read, or says something unknown; the message names the place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        fields: Any = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        return Blueprint.model_validate(fields)
    except OSError as error:
        raise BlueprintInvalid(f"蓝图 {path} 读不出来：{reason_of(error)}。请检查路径") from error
    except UnicodeDecodeError as error:
        raise BlueprintInvalid(f"蓝图 {path} 不是 UTF-8 的文字文件，需要 TOML 或 JSON") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise BlueprintInvalid(f"蓝图 {path} 不是有效的 TOML 或 JSON：{error}。请改正后重试") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = " 的 ".join(f"第 {part + 1} 个" if isinstance(part, int) else str(part) for part in first["loc"])
        wrong = _WRONG.get(str(first["type"]), first["msg"])
        raise BlueprintInvalid(f"蓝图 {path} 里 {place} 写得不对（{wrong}）。请对照说明改正") from error


def planned(
    blueprint: Blueprint,
    pool: Sequence[Question],
    test: Test,
    titles: Mapping[str, str],
    *,
    papers: int,
    seed: int,
) -> tuple[list[list[Question]], list[Rejected]]:
    """Return the items of each paper, every part filled from ``pool``, none twice, and what was turned down.

    ``titles`` are the titles of the documents by their ids.

    Raises:
        BlueprintInvalid: a part asks for more than the material gives; the message says which and how many there are.
    """
    size = sum(part.count for part in blueprint.part) * papers
    chooser = Chooser(test, seed=seed, size=size)
    sets: list[list[Question]] = [[] for _ in range(papers)]
    # Parts with the fewest candidates first: they may not lose theirs to a part that could take others.
    for part in sorted(blueprint.part, key=lambda part: sum(_fits(one, part, titles) for one in pool)):
        wanted = part.count * papers
        taken = chooser.take([one for one in pool if _fits(one, part, titles)], wanted)
        if len(taken) < wanted:
            raise BlueprintInvalid(
                f"蓝图要{part.words} {wanted} 道，通过检查的只有 {len(taken)} 道。请减少数量，或放宽章节、难度和层次"
            )
        alike = sorted(taken, key=lambda one: (one.difficulty, one.bloom, one.citation.section))
        for at, question in enumerate(alike):
            marked = question if not part.points else _marked(question, part.points)
            sets[at % papers].append(marked)
    return sets, chooser.rejected


def _marked(question: Question, points: float) -> Question:
    from dataclasses import replace

    return replace(question, points=points)


def _fits(question: Question, part: Part, titles: Mapping[str, str]) -> bool:
    if question.type != part.type:
        return False
    if part.difficulty and question.difficulty != part.difficulty:
        return False
    if part.bloom and question.bloom != part.bloom:
        return False
    document = question.citation.document
    title = titles.get(document, "")
    if part.document and part.document != document and part.document not in title:
        return False
    return not part.chapter or _inside(question, part.chapter) or (len(part.chapter) > 1 and part.chapter in title)


def _inside(question: Question, chapter: str) -> bool:
    """Say whether an item's clause stands under ``chapter``: a number (5, 5.2, 附录A) or the words of a title."""
    section = question.citation.section
    if section == chapter or section.startswith(f"{chapter}."):
        return True
    return not chapter[0].isdigit() and any(chapter in title for title in question.citation.path)
