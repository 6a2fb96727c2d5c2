"""Lists: named things under one heading (原则, 方法, 指标 …), steps in order, and enumerations inside a sentence.

Knows blocks and forms. Whether a list is closed (四项, 以下五条) or open (包括但不限于, 等) is kept: what is not listed in
an open list may still belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.quiz.material.amounts import value_of
from assistant.quiz.material.names import NOUNS, noun_of, plain
from assistant.quiz.material.place import Place
from assistant.quiz.material.statement import SAYS_LITTLE, body_of, is_clean
from kb.model import Block
from kb.segment import Segmenter

_OPEN = re.compile(r"不限于|等(?:[。；，：]|$)|常见|通常|主要包括|一般")
_STEPS_TITLE = re.compile(
    r"(流程|步骤|程序|规程|办理|受理|登记|处置|响应|响应流程|启动|立项|起草|评审|发布|派发|核查|取证|审批|验收|交付|收尾|签字步骤|准备|过程|顺序|办结|归档|回访|执行)$"
)
# 需要临时查看完整信息的，按下列顺序办理：
_STEPS_OF = re.compile(r"^(?:确?需要?|凡)?(?P<what>[^，。；：]{4,16})[的时]，按[^，。]{0,6}(?:步骤|顺序|流程|程序)")
_NOT_STEPS = re.compile(
    r"原则|方法|方式|工具|措施|指标|职责|要求|条件|红线|术语|情形|标准|机制|目标|类型|体系|策略|版本|规则"
)
_TITLE_ONLY = re.compile(r"^[\u4e00-\u9fffA-Za-z（(][^，。；：:？！]{1,21}$")
_ENUMERATION = re.compile(
    r"(?P<lead>[^，。；：:]{0,30}?(?:主要包括|分别为|包括|包含|涵盖|分为|如|通过|采用|结合|围绕))"
    r"(?P<items>[^，。；：:、（()）]{2,14}(?:、[^，。；：:、（()）]{2,22}){1,8})"
    r"(?=[，。；：:）)（(]|$)"
)
_ENDING = re.compile(
    r"等.*$|(?<=[\u4e00-\u9fff]{2})(?:[二两三四五六七八九十\d]+[个项类种条大档级步层].*"
    r"|的(?:方式|方法|途径|形式|手段|内容|完整).*|阶段|环节|方面)$"
)
_LAST = re.compile(r"^(?P<one>[\u4e00-\u9fffA-Za-z]{2,10})(?:以及|和|与|及)(?P<two>[\u4e00-\u9fffA-Za-z]{2,12})$")
_EXAMPLE = re.compile(r"^(?:例如|比如)，?")
# An item that says how something is, not what is done: no step of an order.
_STATES = re.compile(
    r"(?:为|是|不低于|不少于|满分)\s*\d|周期|期限|有效期|不变$|方可|才能|不得|严禁|^每[^天日周月]|任何|的[\u4e00-\u9fff]{2,4}不|不等"
)
MOST_ENTRIES = 12
STRONG = frozenset("原则 目标 方法 方式 工具 指标 措施 策略 维度 类型 机制 模式".split())
_DEFINING = re.compile(r"术语|定义|名词|概念|说法|分类|角色")
_TERMS = re.compile(r"^(?:适用范围|总则)|术语|名词|(?:含义|定义)如下")
# Nobody learns which words a document explains or which posts it names, but what it says of each.
ONE_OF_A_KIND = frozenset({"原则", "机制", "体系", "制度", "理念"})
SHORT_SUBJECT = 5  # characters of a nested heading that say too little alone
UNCOUNTED = frozenset({"术语", "名词", "岗位"})


@dataclass(frozen=True)
class Entry:
    """One named thing of a list: its plain name, its full printed name and what is said of it (may be empty)."""

    name: str
    full: str
    body: str
    body_start: int
    block: Block


@dataclass(frozen=True)
class Listing:
    """Named things under one heading. ``subject`` is the heading, ``noun`` the kind of things (原则), "" where none is said.

    ``named_as_list`` says that the source counts or introduces them as a list; items that only happen to stand under one
    heading are no list anybody learns. ``above`` is the section's title where the subject alone says too little (实施步骤).
    """

    place: Place
    subject: str
    noun: str
    entries: tuple[Entry, ...]
    closed: bool
    ordered: bool
    lead: Block | None = None
    named_as_list: bool = True
    above: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names, in order."""
        return tuple(entry.name for entry in self.entries)

    @property
    def thing(self) -> str:
        """What the list is of, as it is said in a sentence: 服务流程设计原则, 服务团队培训与发展的内容."""
        if self.noun and self.subject.endswith(self.noun):
            return self._named
        if self.noun in UNCOUNTED:
            return f"{self._named}所列的{self.noun}"
        return f"{self._named}的{self.noun if self.noun and self.noun not in self.subject else '内容'}"

    @property
    def within(self) -> str:
        """What the list is called before 中: “服务流程设计原则”, “运营管理的结构”, “总则”所列的术语."""
        return self.thing if self.noun in UNCOUNTED else self._named

    @property
    def _named(self) -> str:
        return f"“{self.above}”的“{self.subject}”" if self.above else f"“{self.subject}”"

    @property
    def learned(self) -> bool:
        """Say whether what the list holds is worth knowing by heart, not only what is said of each."""
        return self.named_as_list and self.noun not in UNCOUNTED

    @property
    def key(self) -> str:
        """The place of the list."""
        return f"{self.place.document}/{self.entries[0].block.clause}#list"


@dataclass(frozen=True)
class Enumeration:
    """Short things in a row inside a sentence: ``before`` + items + ``after`` is the sentence. ``open`` where 等 ends it."""

    place: Place
    block: Block
    label: str
    before: str
    items: tuple[str, ...]
    after: str
    open: bool

    @property
    def key(self) -> str:
        """The clause it stands in, and its first thing."""
        return f"{self.place.document}/{self.block.clause}#{self.items[0]}"


@dataclass(frozen=True)
class Steps:
    """Steps in order. ``names`` says each in few words."""

    place: Place
    subject: str
    blocks: tuple[Block, ...]
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """The place of the steps."""
        return f"{self.place.document}/{self.blocks[0].clause}#steps"


def runs(blocks: Sequence[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    """Yield each run of sibling items (those nested between them left out) with the block that introduces it."""
    at = 0
    while at < len(blocks):
        if blocks[at].kind != "item" or (
            at and blocks[at - 1].kind == "item" and blocks[at - 1].level >= blocks[at].level
        ):
            at += 1
            continue
        level = blocks[at].level
        run = [blocks[at]]
        for block in blocks[at + 1 :]:
            if block.kind != "item" or block.level < level:
                break
            if block.level == level:
                run.append(block)
        yield (blocks[at - 1] if at else None), run
        at += 1


def listings(place: Place, roles: Collection[str] = ()) -> Iterator[Listing]:
    """Yield the lists of named things of a section; ``roles`` are the posts the corpus names."""
    for lead, run in runs(place.section.blocks):
        named = [block for block in run if block.term and _TITLE_ONLY.match(plain(block.term))]
        if not 3 <= len(named) <= MOST_ENTRIES or len(named) * 4 < len(run) * 3:
            continue
        entries = tuple(_entry(block) for block in named)
        if len({entry.name for entry in entries}) < len(entries) or any(
            not 2 <= len(entry.name) <= 18 for entry in entries
        ):
            continue
        nested = lead is not None and lead.kind == "item"
        subject = plain(lead.term) if nested and lead is not None and lead.term else place.title
        if nested and lead is not None and not lead.term:
            continue
        told = lead.text if lead is not None else ""
        yield Listing(
            place=place,
            subject=subject,
            noun=_noun(subject, told, entries, roles, nested=nested),
            above=place.title if nested and len(subject) <= SHORT_SUBJECT and not place.general else "",
            entries=entries,
            closed=not _OPEN.search(told) and len(named) == len(run),
            ordered=bool(_STEPS_TITLE.search(subject)) and bool(re.search(r"\d", run[0].ordinal)),
            lead=lead,
            named_as_list=_is_list(lead, run, named, subject),
        )


def _noun(subject: str, told: str, entries: Sequence[Entry], roles: Collection[str], *, nested: bool) -> str:
    """Return the kind of things listed: 岗位 and 术语 by what they are, others as heading or introduction say.

    What is nested under one 原则 or 机制 is not a list of such.
    """
    if sum(entry.name in roles for entry in entries) * 2 > len(entries):
        return "岗位"
    return (
        "术语"
        if _TERMS.search(subject) or _TERMS.search(told)
        else _named_noun(subject, nested=nested) or _told_noun(told)
    )


def _named_noun(subject: str, *, nested: bool) -> str:
    noun = noun_of(subject)
    return "" if nested and noun in ONE_OF_A_KIND else noun


def _is_list(lead: Block | None, run: Sequence[Block], named: Sequence[Block], subject: str) -> bool:
    """Say whether a run is meant as a list: introduced, numbered, or called by the noun of what it lists."""
    if len(named) < len(run) or any(re.search(r"第[一二三四五六]|其他|步骤\d", block.term) for block in named):
        return False
    told = lead.text if lead is not None else ""
    if lead is not None and lead.kind == "item":
        return bool(re.search(r"包括|分为|以下|下列|如下|[二三四五六七八九十\d][个项条种类层]", told))
    introduced = re.search(r"[：:]$|下列|以下|如下|包括|[二三四五六七八九十][个项条种类]", told)
    numbered = re.search(r"[\d一二三四五六七八九十①]", run[0].ordinal)
    return bool(introduced or numbered or noun_of(subject) in STRONG or _DEFINING.search(subject))


def _entry(block: Block) -> Entry:
    start, body = body_of(block)
    return Entry(name=plain(block.term), full=block.term, body=body, body_start=start, block=block)


def _told_noun(lead: str) -> str:
    """Return the noun that an introducing sentence counts: 应遵循以下原则 → 原则."""
    counted = r"(?:以下|下列|如下|几[个类项条种]|[二三四五六七八九十][个类项条种])"
    found = re.search(rf"{counted}[^，。]{{0,8}}?({'|'.join(NOUNS)})", lead)
    told = (
        found[1] if found else next((noun for noun in NOUNS if re.search(rf"{noun}(?:有[^。]*|包括)[：:]?$", lead)), "")
    )
    return "" if told in {"方面", "环节", "内容"} else told


def enumerations(place: Place) -> Iterator[Enumeration]:
    """Yield the enumerations of at least three short things inside the section's sentences, and items that are nothing else."""
    above: list[Block] = []
    for block in place.section.blocks:
        above = [one for one in above if one.level < block.level] if block.kind == "item" else []
        above.append(block)
        if block.kind == "row":
            continue
        _, body = body_of(block)
        for sentence in re.finditer(r"[^。；！？\n]+", body):
            text = sentence[0].strip()
            if not is_clean(text) or len(text) > 110 or SAYS_LITTLE.search(text):
                continue
            first = sentence.start() == 0 and bool(block.term)
            # A nested name says little without the one above it: 财务 of 平衡计分卡.
            parent = plain(above[-2].term) if len(above) > 1 and above[-2].term else ""
            label = f"“{parent}”中的“{plain(block.term)}”" if first and parent else plain(block.term) if first else ""
            found = _ENUMERATION.search(text)
            if found and (one := _enumeration(place, block, label, text, found)):
                yield one
            elif label and not found and (bare := _bare_list(text)):
                yield Enumeration(place, block, label, "包括", bare, "", open=False)


def _bare_list(text: str) -> tuple[str, ...]:
    """Return the things of a text that only lists them (老花镜、雨伞10把、急救药箱), else nothing."""
    if re.search(r"[，：（(等]", text) or text.count("、") < 2:
        return ()
    items = _items(text, "")
    return items if _are_things(items) and not _one_verb(items) else ()


def _one_verb(items: Sequence[str]) -> bool:
    """Say whether the first thing begins with a verb that all of them share (抽查地址、电话、编码): they are no things then."""
    begins = [next((tag for _, tag in segmenter().tagged(item)), "") for item in items]
    return begins[0] == "v" and sum(tag == "v" for tag in begins[1:]) * 3 <= 2 * (len(begins) - 1)


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """Return the plain dictionary, built once: 0.15 s."""
    return Segmenter()


def _enumeration(place: Place, block: Block, label: str, text: str, found: re.Match[str]) -> Enumeration | None:
    run = _ENDING.sub("", found["items"])
    after = text[found.start("items") + len(run) :]
    items = _items(run, after)
    if not _are_things(items):
        return None
    return Enumeration(
        place=place,
        block=block,
        label=label,
        before=_EXAMPLE.sub("", text[: found.start("items")]),
        items=items,
        after=after,
        open=after.startswith("等"),
    )


def _are_things(items: Sequence[str]) -> bool:
    """Say whether these are three things or more, each short, none said twice, all of a size."""
    if len(items) < 3 or len(set(items)) < len(items) or any(not _is_thing(item) for item in items):
        return False
    lengths = sorted(map(len, items))
    return lengths[-1] <= 2 * lengths[len(lengths) // 2] + 1


def _items(run: str, after: str) -> tuple[str, ...]:
    """Return the things of ``A、B、C和D``; a last part that joins two is cut, where they are of the others' size.

    Where the sentence counts them (四个维度), the count decides.
    """
    parts = run.split("、")
    last = _LAST.match(parts[-1])
    counted = re.match(r"(?:等)?([二两三四五六七八九十])[个项类种条大]", after)
    if counted and value_of(counted[1]) == len(parts):
        return tuple(part.strip() for part in parts)
    if last and max(len(last["one"]), len(last["two"])) <= max(6, 2 + max(map(len, parts[:-1]))):
        parts = [*parts[:-1], last["one"], last["two"]]
    return tuple(part.strip() for part in parts)


def _is_thing(item: str) -> bool:
    return 2 <= len(item) <= 12 and not re.search(r"[“”《》\"]|的$|^[和及与或]|^等|\d{3,}", item)


def steps(place: Place) -> Iterator[Steps]:
    """Yield the runs of ordered steps of a section: numbered items of something that is done."""
    title = place.title
    for lead, run in runs(place.section.blocks):
        subject = plain(lead.term) if lead is not None and lead.kind == "item" and lead.term else title
        told = lead.text if lead is not None else ""
        procedural = _STEPS_TITLE.search(subject) or re.search(r"(?:步骤|顺序|流程)[^。]{0,6}[：:]?$", told)
        if not _STEPS_TITLE.search(subject) and (said := _STEPS_OF.match(told)):
            subject = said["what"]
        above = any(_STEPS_TITLE.search(name) for name in place.section.path[-2:-1])
        numbered = bool(re.search(r"[\d①一二三四五六七八九十]", run[0].ordinal))
        if (
            not numbered
            or _NOT_STEPS.search(subject)
            or not (procedural or above)
            or (run[0].level > 0 and not procedural)
        ):
            continue
        kept = [block for block in run if not _is_condition(block)]
        names = tuple(step_name(block) for block in kept)
        if (
            len(kept) < 3
            or len(kept) > MOST_ENTRIES
            or len(set(names)) < len(names)
            or any(len(name) < 4 for name in names)
        ):
            continue
        if not all(is_clean(name) for name in names) or any(_STATES.search(name) for name in names):
            continue
        yield Steps(place, subject, tuple(kept), names)


def _is_condition(block: Block) -> bool:
    """Say whether an item says what happens in a case (谈不拢, 未通过的), not what is done next."""
    words = f"{block.term}，{body_of(block)[1]}"
    return bool(
        re.match(r"[^，。]{0,24}(?:的|(?<![小及准按定同随临即平])时)，|其他|例外|特殊", body_of(block)[1][:30])
        or re.match(r"其他|例外|特殊|谈不拢", words)
    )


def step_name(block: Block) -> str:
    """Return a step in few words: its term, else its first clause (two where the first is short), without English."""
    if block.term and len(block.term) <= 16:
        return plain(block.term)
    clauses = re.split(r"[，。；]", block.text)
    name = clauses[0]
    if (len(name) < 9 or name.endswith("后")) and len(clauses) > 1 and clauses[1]:
        name = f"{name}，{clauses[1]}"
    return name if len(name) <= 42 else ""
