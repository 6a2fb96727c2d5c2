"""Sorts of problems and their usual causes, from ``kinds.toml``. Knows that file; every cause in it is a suggestion."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from kb.fold import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

GENERAL = "general"
# A word that names the sort of problem counts double a word that only goes with it.
_NAMING = 2.0
# Causes of one sort that a problem of no known sort borrows.
_OF_A_KIND = 2
# What marks a word as one that only shows a trouble.
_SYMPTOM = "~"
# Of how many of its causes the likeness counts, and by how much the nearest sort has to stand out. Of nine texts without
# any listed word three problems stand out by .009 to .020, what is no problem of the house (诗, 星期几) by at most .0044.
_NEAREST, _STANDS_OUT = 2, 0.007


@dataclass(frozen=True)
class UsualCause:
    """A usual cause: its branch of the fishbone, its words, what measures against it are searched by, where to look."""

    branch: str
    text: str
    ask: str
    look: str


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


def nearest_kind(text: str, embed: Callable[[str], Sequence[float]]) -> str:
    """Return the sort of problem that means nearly the same as ``text``; ``general`` where none stands out.

    For words that no list holds (大家都不愿意提点子). ``embed`` gives a text's vector. What counts is by how much the
    nearest sort is nearer than the next one: how near at all differs from model to model.
    """
    asked = _unit(embed(text))
    near: list[tuple[float, str]] = []
    for name, vectors in _vectors(embed).items():
        likeness = np.sort(vectors @ asked)
        near.append((float(likeness[-_NEAREST:].mean()), name))
    near.sort(reverse=True)
    return near[0][1] if near[0][0] - near[1][0] >= _STANDS_OUT else GENERAL


def nearest_causes(text: str, embed: Callable[[str], Sequence[float]], *, most: int) -> list[UsualCause]:
    """Return the usual causes of any sort that mean most nearly what ``text`` says, at most two of a sort."""
    asked = _unit(embed(text))
    near = sorted(
        (-float(likeness), name, at)
        for name, vectors in _vectors(embed).items()
        for at, likeness in enumerate(vectors[1:] @ asked)
    )
    found: list[UsualCause] = []
    of_kind: Counter[str] = Counter()
    for _, name, at in near:
        if of_kind[name] < _OF_A_KIND and len(found) < most:
            of_kind[name] += 1
            found.append(kinds()[name].causes[at])
    return found


@lru_cache(maxsize=2)
def _vectors(embed: Callable[[str], Sequence[float]]) -> dict[str, NDArray[np.float32]]:
    """Return of every sort the vectors of its name and of its causes, (1 + causes, dimensions), each of length 1."""
    return {
        kind.name: np.stack(
            [
                _unit(embed(f"{kind.title}：{'、'.join((*kind.symptoms, *kind.naming))}")),
                *(_unit(embed(cause.text)) for cause in kind.causes),
            ]
        )
        for kind in kinds().values()
        if kind.name != GENERAL
    }


def _unit(vector: Sequence[float]) -> NDArray[np.float32]:
    array = np.asarray(vector, dtype=np.float32)
    return array / max(float(np.linalg.norm(array)), 1e-9)


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
        causes=tuple(UsualCause(cause["branch"], cause["text"], cause["ask"], cause["look"]) for cause in causes),
    )
