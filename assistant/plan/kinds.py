"""Sorts of problems and their usual causes, from ``kinds.toml``. Knows that file; every cause in it is a suggestion."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from kb.fold import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

GENERAL = "general"
# A word that names the sort of problem counts double a word that only goes with it.
_NAMING = 2.0
# Of how many of its causes the likeness counts, and by how much the nearest sort has to stand out. Set on fifteen problems
# told without any listed word: five were told right, none of the unrelated ones was told at all.
_NEAREST, _STANDS_OUT = 2, 0.012


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
    folded = fold(text)
    best, most = GENERAL, 0.0
    for kind in kinds().values():
        named = sum(_NAMING for word in kind.naming if word in folded)
        score = named + sum(1.0 for word in kind.going_with if word in folded)
        if (named or score >= _NAMING) and score > most:
            best, most = kind.name, score
    return best


def nearest_kind(text: str, embed: Callable[[str], Sequence[float]]) -> str:
    """Return the sort of problem that means nearly the same as ``text``; ``general`` where none stands out.

    For words that no list holds (大家都不愿意提点子). ``embed`` gives a text's vector. What counts is by how much the
    nearest sort is nearer than the next one: how near at all differs from model to model.
    """
    asked = _unit(embed(text))
    near: list[tuple[float, str]] = []
    for kind in kinds().values():
        if kind.name == GENERAL:
            continue
        told = [f"{kind.title}：{'、'.join(kind.naming)}", *(cause.text for cause in kind.causes)]
        likeness = sorted(float(_unit(embed(one)) @ asked) for one in told)
        near.append((sum(likeness[-_NEAREST:]) / _NEAREST, kind.name))
    near.sort(reverse=True)
    return near[0][1] if near[0][0] - near[1][0] >= _STANDS_OUT else GENERAL


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
        naming=tuple(fold(word) for word in naming.split()),
        going_with=tuple(fold(word) for word in going.split()),
        metric=str(entry["metric"]) if "metric" in entry else None,
        causes=tuple(UsualCause(cause["branch"], cause["text"], cause["ask"], cause["look"]) for cause in causes),
    )
