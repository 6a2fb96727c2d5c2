"""Sorts of problems and their usual causes, from ``kinds.toml``. Knows that file; every cause in it is a suggestion."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kb.fold import fold

GENERAL = "general"
# A word that names the sort of problem counts double a word that only goes with it.
_NAMING = 2.0
# What marks a word as one that only shows a trouble.
_SYMPTOM = "~"


@dataclass(frozen=True)
class UsualCause:
    """A usual cause: its branch of the fishbone, its words, what measures against it are searched by, where to look.

    ``told`` is how people tell of it.
    """

    branch: str
    text: str
    ask: str
    look: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One sort of problem: its title, the words that tell it, the figure it is seen by, its usual causes."""

    name: str
    title: str
    naming: tuple[str, ...]
    symptoms: tuple[str, ...]
    going_with: tuple[str, ...]
    metric: str | None
    causes: tuple[UsualCause, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Return all sorts by name."""
    read = tomllib.loads((resources.files("assistant.plan") / "kinds.toml").read_text(encoding="utf-8"))
    return {name: _kind(name, entry) for name, entry in read.items()}


@cache
def causes_in_order() -> tuple[tuple[str, UsualCause], ...]:
    """Return the causes of all sorts but the general one, each with the name of its sort, as they stand in the file."""
    return tuple((kind.name, cause) for kind in kinds().values() if kind.name != GENERAL for cause in kind.causes)


def kind_of(text: str) -> str:
    """Return the name of the sort of problem ``text`` reads like; ``general`` where too little of any stands in it."""
    return next(iter(kinds_of(text)), GENERAL)


def kinds_of(text: str) -> list[str]:
    """Return the names of the sorts of problems that ``text`` names, the one it says most of first.

    What shows a trouble (投诉, 满意度) counts less than what the trouble is (配件, 态度).
    """
    folded = fold(text)
    scored: list[tuple[float, float, str]] = []
    for kind in kinds().values():
        named = sum(_NAMING for word in kind.naming if word in folded)
        shown = sum(1.0 for word in kind.symptoms if word in folded)
        score = named + shown + sum(1.0 for word in kind.going_with if word in folded)
        if named or shown or score >= _NAMING:
            scored.append((score, named, kind.name))
    return [name for *_, name in sorted(scored, key=lambda one: (-one[0], -one[1]))]


def _kind(name: str, entry: dict[str, object]) -> Kind:
    naming, _, going = str(entry["words"]).partition("|")
    causes = entry["causes"]
    assert isinstance(causes, list)
    return Kind(
        name=name,
        title=str(entry["title"]),
        naming=tuple(fold(word) for word in naming.split() if not word.startswith(_SYMPTOM)),
        symptoms=tuple(fold(word[1:]) for word in naming.split() if word.startswith(_SYMPTOM)),
        going_with=tuple(fold(word) for word in going.split()),
        metric=str(entry["metric"]) if "metric" in entry else None,
        causes=tuple(_cause(cause) for cause in causes),
    )


def _cause(entry: dict[str, str]) -> UsualCause:
    told = tuple(phrase for phrase in entry.get("told", "").split("；") if phrase)
    return UsualCause(entry["branch"], entry["text"], entry["ask"], entry["look"], told)
