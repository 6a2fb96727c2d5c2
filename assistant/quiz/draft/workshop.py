"""What every draft needs: the material around it, wrong options of the same kind, wordings to choose from, and the item.

Knows how an item is put together, no kind of item.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from random import Random
from typing import Any

from assistant.quiz.level import level
from assistant.quiz.material.amounts import Amount, amounts, ascending, others
from assistant.quiz.material.listing import Listing, segmenter
from assistant.quiz.material.names import NOUNS, alike, bigrams, core
from assistant.quiz.material.place import Place
from assistant.quiz.material.read import Material
from assistant.quiz.model import Bloom, Change, Option, Question, QuestionType
from kb.fold import fold
from kb.model import Citation
from kb.synonyms import Synonyms

KEYS = "ABCDEFGH"
MARKS = "①②③④"
PEOPLE = ("小李", "小王", "小陈", "小周", "小吴", "小郑", "小孙", "小马", "小林", "小何")  # whom a story is about
POINTS: dict[QuestionType, float] = {
    "single": 2.0,
    "multiple": 3.0,
    "true_false": 1.0,
    "cloze": 2.0,
    "short_answer": 6.0,
    "case": 10.0,
}
SHORT_ROLE = 2
SHORT_NAME = 5
_SPACE = re.compile(r"\s+")


class Workshop:
    """Material, synonyms and the seeded choice, for all drafts of one quiz.

    Items are made of ``focus``; wrong options come from all of ``material``.
    """

    def __init__(self, material: Material, synonyms: Synonyms, seed: int, *, focus: Material | None = None) -> None:
        self.material = material
        self.focus = material if focus is None else focus  # an empty scope is a scope too
        self.synonyms = synonyms
        self._seed = seed
        self._turns: dict[str, int] = {}

    def choose(self, key: str) -> Random:
        """Return the choice for one piece of material: the same for the same seed, whatever else is drafted."""
        digest = hashlib.sha256(f"{self._seed}/{key}".encode()).digest()
        return Random(int.from_bytes(digest[:8], "big"))

    # names of the same kind

    def alike(self, one: str, other: str) -> bool:
        """Say whether two names may mean the same."""
        known = self._alike.get((one, other))
        if known is None:
            known = self._alike[one, other] = alike(one, other, self.synonyms)
        return known

    @cached_property
    def _alike(self) -> dict[tuple[str, str], bool]:
        return {}

    def outsiders(self, of: Listing, choose: Random) -> list[str]:
        """Return names from other lists that are certainly no member of ``of``, those of the same kind and near first."""
        inside = fold(of.place.section.body)
        same = [other for other in self.material.listings if _same_subject(of, other)]
        members = {name for one in (of, *same) for name in one.names}
        form, deeds = _form(of.names), _are_deeds(of.names)
        shared = frozenset[str]().union(*(bigrams(name) for name in of.names)) if not of.noun else frozenset[str]()
        own = bigrams(of.subject + "，" + "，".join(of.names))
        # A name that says the heading's own word (改进 under 服务质量改进措施) may well belong there.
        heading = bigrams(of.subject) - self._everyday
        scored: list[tuple[float, str]] = []
        for other in self.material.listings:
            if other is of or any(other is one for one in same):
                continue
            near = (
                1.5 * (other.noun != of.noun or not of.noun)
                + (other.place.document != of.place.document)
                + (other.place.chapter != of.place.chapter) * 0.5
            )
            kin = bool(of.noun) and other.noun == of.noun
            for name in other.names:
                # Among things of no one kind a name that says a member's word may well be another name for it.
                if (deeds and not _are_deeds([name])) or (len(name) <= SHORT_NAME and bigrams(name) & shared):
                    continue
                related = len(bigrams(name) & own)
                # A name of another kind that speaks of other things shows at once that it does not belong.
                if form(name) and (kin or related) and not bigrams(core(name)) & heading:
                    # One that speaks of the same things is no giveaway; one that means the same is left out below.
                    scored.append((near + choose.random() - 0.5 * min(3, related), name))
        found: list[str] = []
        for _, name in sorted(scored):
            if len(found) == 6:
                break
            if core(name) in inside or any(self.alike(name, member) for member in (*members, *found)):
                continue
            found.append(name)
        return found

    @cached_property
    def _everyday(self) -> frozenset[str]:
        """Pairs of characters that stand in a sixth of the headings or more: they tell none from another."""
        headings = [bigrams(one.subject) for one in self.material.listings]
        counts = Counter(pair for pairs in headings for pair in pairs)
        return frozenset(pair for pair, count in counts.items() if count * 6 >= len(headings))

    def other_amounts(self, place: Place, right: Amount, clause: str, choose: Random, *, count: int = 3) -> list[str]:
        """Return wrong amounts of the unit of ``right``: those of the neighbourhood first, none that the clause states."""
        taken = [one.value for one in amounts(clause) if one.unit == right.unit]
        stated = [
            value
            for _, value in sorted(
                self._stated[place.document, right.unit], key=lambda one: one[0] != place.section.number
            )
        ]
        return others(right, stated, taken, choose, count=count)

    @cached_property
    def _stated(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        found: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
        for statement in self.material.statements:
            for one in statement.amounts:
                found[statement.place.document, one.unit].append((statement.place.section.number, one.value))
        return found

    @cached_property
    def roles_of(self) -> dict[str, list[str]]:
        """The roles each document names, most frequent first."""
        texts: dict[str, str] = defaultdict(str)
        for (document, _), text in self.material.texts.items():
            texts[document] += text
        return {
            document: [name for name in self.material.roles.names if text.count(name) >= 2]
            for document, text in texts.items()
        }

    def other_roles(self, place: Place, role: str, clause: str, choose: Random, *, count: int = 3) -> list[str]:
        """Return other roles of the same document and kind that the clause does not name, none part of another."""
        kind = kind_of_role(role)
        pool = [
            name for name in self.roles_of.get(place.document, []) if name not in clause and kind_of_role(name) == kind
        ]
        near = [name for name in pool if name in place.section.body]
        rest = [name for name in pool if name not in near]
        choose.shuffle(near)
        choose.shuffle(rest)
        found: list[str] = []
        for name in [*near, *rest]:
            if all(name not in one and one not in name for one in (role, *found)):
                found.append(name)
            if len(found) == count:
                break
        return found

    # words

    def word(self, family: str, wordings: Sequence[str], **values: str) -> tuple[str, str]:
        """Return (pattern, text): one of ``wordings`` filled in, each in its turn, so that none is heard oftener than others."""
        if family not in self._turns:
            self._turns[family] = self.choose(f"wording/{family}").randrange(len(wordings))
        at = self._turns[family] = (self._turns[family] + 1) % len(wordings)
        return f"{family}-{at + 1}", wordings[at].format(**values)

    def options(
        self, right: Iterable[str], wrong: Iterable[str], choose: Random
    ) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Return shuffled options (amounts in ascending order, as people print them) and the keys of the right ones."""
        rights = list(right)
        texts = [*rights, *wrong]
        choose.shuffle(texts)
        texts = ascending(texts) or texts
        made = tuple(Option(key, text) for key, text in zip(KEYS, texts, strict=False))
        return made, tuple(option.key for option in made if option.text in rights)

    def question(  # noqa: PLR0913 (the parts of an item)
        self,
        type_: QuestionType,
        pattern: str,
        stem: str,
        citation: Citation,
        place: Place,
        *,
        bloom: Bloom,
        explanation: str,
        asks: str,
        **parts: Any,  # noqa: ANN401 (the fields of an item)
    ) -> Question:
        """Return the item with its id, marks and difficulty."""
        said = "|".join([type_, stem, parts.get("scenario", ""), citation.document, citation.clause])
        said += "|".join(sorted(option.text for option in parts.get("options", ())))
        draft = Question(
            id=f"q{hashlib.sha256(said.encode()).hexdigest()[:10]}",
            type=type_,
            stem=stem,
            citation=citation,
            explanation=explanation,
            points=POINTS[type_],
            difficulty="medium",
            bloom=bloom,
            pattern=pattern,
            asks=asks,
            tags=(place.title,),
            **parts,
        )
        return level(draft)


def kind_of_role(name: str) -> str:
    """Return what a role is: 部门, 岗位, or a short name for either (客服), which shows at once beside full ones."""
    if re.search(r"(?:部|部门|小组|委员会|中心|服务台)$", name):
        return "部门"
    return "简称" if len(name) == SHORT_ROLE and not re.search(r"[长师员人]$", name) else "岗位"


def where(place: Place, clause: str) -> str:
    """Return the clause as it is said in an explanation: 《…》5.5-2."""
    return f"{place.book}{clause}"


def quoted(text: str, *, limit: int = 90) -> str:
    """Return a quote for an explanation, on one line, cut where it is long."""
    line = _SPACE.sub(" ", text).strip()
    return f"“{line if len(line) <= limit else line[:limit] + '……'}”"


def ask_of(text: str, at: str) -> str:
    """Return the fact asked for: the clause and the words."""
    return f"{text}#{fold(at)[:24]}"


def wrong_by(kind: Any, written: str, original: str) -> Change:  # noqa: ANN401 (a literal)
    """Return the change that makes a statement false."""
    return Change(kind, written, original)


def _same_subject(one: Listing, other: Listing) -> bool:
    """Say whether two lists may list the same things (运营管理的原则, 运营管理的重要原则)."""
    return (
        one.noun == other.noun
        and bool(one.noun)
        and (core(one.subject) in core(other.subject) or core(other.subject) in core(one.subject))
    )


def _form(names: Sequence[str]) -> Callable[[str], bool]:
    """Return what a name must look like to stand among ``names``: their common ending, no other's, their length."""
    ending = _common_ending(names)
    common = _common_part(names)
    shortest, longest = min(map(len, names)), max(map(len, names))
    joined = any("，" in name for name in names)

    def fits(name: str) -> bool:
        if not max(2, shortest - 2) <= len(name) <= longest + 2 or ("，" in name) != joined:
            return False
        if ending:
            return name.endswith(ending) and common in name
        if common not in name:
            return False
        noun = next((noun for noun in NOUNS if name.endswith(noun)), "")
        return not noun or any(own.endswith(noun) for own in names)

    return fits


def _are_deeds(names: Sequence[str]) -> bool:
    """Say whether most of the names begin with a verb (告知客户, 降低成本): among them any other shows at once."""
    return sum(map(_begins_with_verb, names)) * 4 >= len(names) * 3


@lru_cache(maxsize=8192)
def _begins_with_verb(name: str) -> bool:
    return next((tag for _, tag in segmenter().tagged(name)), "") == "v"


def _common_part(names: Sequence[str]) -> str:
    """Return the longest run of two characters or more that all names share, or nothing."""
    first = min(names, key=len)
    for length in range(len(first) - 1, 1, -1):
        for at in range(len(first) - length + 1):
            if all(first[at : at + length] in name for name in names):
                return first[at : at + length]
    return ""


def _common_ending(names: Sequence[str]) -> str:
    """Return the ending of two characters or more that all names share."""
    shortest = min(names, key=len)
    for length in range(min(4, len(shortest) - 1), 1, -1):
        if all(name.endswith(shortest[-length:]) for name in names):
            return shortest[-length:]
    return ""
