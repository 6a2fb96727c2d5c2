"""Does a generated sentence say only what the clauses say that it cites? Pure functions on texts.

A sentence stands where every amount, time, code, name and role in it stands in the cited evidence and belongs to the
same thing there, where nothing is permitted or denied that the evidence does not, and where its words are covered.
Knows one sentence at a time; nothing of models, streams or where the evidence came from. ``python -m
eval.sentence_check`` measures it on labelled sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.facts import Amount, amounts, codes, latin, names, plain, squeezed, time_words
from assistant.chat.polarity import clash, predicates
from assistant.chat.wording import Cut, content, coverage, credit

# Fitted by hand on the first half of eval/datasets/sentences.jsonl.
LEAST_COVERAGE = 0.62
LEAST_SEGMENT = 0.34
LEAST_OWN = 0.35  # by the clauses themselves, without headings and introductions
SEGMENT_WORDS = 4  # characters of content that make a segment a claim of its own
SAME_SPEECH = 0.6  # coverage from which two segments speak of the same thing
_SEGMENT = re.compile(r"[,;。!?\n]+")
_FINE = re.compile(r"[,;:。!?\n]+")
_LABEL = re.compile(r"[^:;,。\n]{1,12}:(?:[^:;,。\n]{1,24}(?=;))?")
_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])")
# A row's running number and a clause's own are no amounts.
_POSITION = re.compile(r"(?:序号|编号|no\.?):\d+(?=;)|(?:^|> )[§\d.a-z附录第条一二三四五六七八九十百-]+(?=$|\n| >)")
_PLACE = re.compile(r"第?\d{1,2}(?:\.\d{1,2}){1,3}(?:-[\dpt.r]+)?(?=[节条款章]|的|规定|[,:;]|$)")
_SENTENCE = re.compile(r"[;。!?\n]+")
_PROHIBITS = re.compile(r"[^,]{0,12}?(?P<how>严禁|禁止|不得|不准|不许|不允许)")
_ALLOWS = re.compile(r"除外|例外|但|应|须|可以|如|若|的$|未|不|没")
_CONDITION = re.compile(r"(?:的|时|后|如果.*|若.*)\s*$")
_MARKER = re.compile(r"\s*\[\d+(?:\s*[,，、-]\s*\d+)*\]")
_ROLE = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{0,5}?)(?P<end>总经理|副总|经理|总监|主管|专员|站长|工程师|负责人|管理员|安全员|总指挥|编写人|检查人|申诉人|培训师"
    r"|讲师|带教人|导师|班长|组长|店长|店员|领班|主任|会计|出纳|董事长|客服(?!主管|专员|经理|代表|中心|部)|财务(?!主管|专员|经理|总监|部)|委员会|小组|(?<![全内外局各本该一干])部(?![分位署件门]|门))"
)
_NO_ROLE = re.compile(
    r"[由向请给让和与及或到为被将把是的在找经每各位名个须]|报(?!告)|负责|通知|提交|需要|必须|应由|联系|后|时"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered clause: its own words, and what stands around it (document, headings, the list's introduction)."""

    marker: int
    text: str
    heading: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence stands, and if not, why: one line of Chinese."""

    supported: bool
    reason: str = ""


STANDS = Verdict(True)


@dataclass(frozen=True, slots=True)
class _Source:
    """All cited evidence as one: ``text`` may state facts, ``around`` only lends words."""

    blocks: tuple[str, ...]
    text: str
    heading: str
    around: str
    segments: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, cited: Sequence[Evidence]) -> _Source:
        blocks = tuple(_POSITION.sub(" ", plain(one.text)) for one in cited)
        heading = "\n".join(_POSITION.sub(" ", plain(one.heading)) for one in cited)
        text = "\n".join((*blocks, heading))
        around = "\n".join((text, *(plain(one.introduction) for one in cited)))
        segments = tuple((at, piece) for at, block in enumerate(blocks) for piece in _joined(block))
        return cls(blocks, text, heading, around, segments)


def check(sentence: str, cited: Sequence[Evidence], *, cut: Cut) -> Verdict:
    """Return whether ``sentence`` is supported by ``cited``.

    Args:
        sentence: one sentence, with or without its markers and its number in a list.
        cited: the evidence that it cites, at least one piece for anything to stand.
        cut: cuts a text into words.
    """
    said = _without_places(plain(_MARKER.sub("", sentence)), cited)
    if not cited:
        return Verdict(False, "没有标明出处")
    source = _Source.of(cited)
    if any(squeezed(said) in squeezed(block) for block in source.blocks):
        return STANDS  # word for word
    reason = (
        _missing_amount(said, source)
        or _missing_name(said, source)
        or _missing_role(said, source)
        or _turned_round(said, source, cut)
        or _turned_word(said, source)
        or _not_said(said, source, cut)
        or _moved(said, source, cut)
    )
    return Verdict(False, reason) if reason else STANDS


def _without_places(said: str, cited: Sequence[Evidence]) -> str:
    """Return ``said`` without the numbers of the sections it cites (按5.1的规定)."""
    headings = " ".join(one.heading for one in cited)
    return _PLACE.sub(lambda place: " " if place[0].lstrip("第") in headings else place[0], said)


def _segments(text: str) -> list[str]:
    return [piece for piece in _SEGMENT.split(text) if squeezed(piece)]


def _missing_amount(said: str, source: _Source) -> str:
    given = amounts(source.text)
    for amount in amounts(said):
        same = [one for one in given if amount.same(one)]
        words = said[amount.start : amount.end].strip()
        if not same:
            return f"数字“{words}”不在所引条款中"
    for word in sorted(time_words(said) - time_words(source.text)):
        return f"“{word}”不在所引条款中"
    return ""


def _missing_name(said: str, source: _Source) -> str:
    given = codes(source.text)
    for code in codes(said):
        if not any(other[: len(code)] == code for other in given):
            return f"编号“{'-'.join(code)}”不在所引条款中"
    for word in latin(said):
        if word not in source.around:
            return f"“{word}”不在所引条款中"
    flat = squeezed(source.around)
    for name in names(said):
        if name not in flat:
            return f"“{name}”不在所引条款中"
    return ""


def roles(text: str, source: str) -> list[tuple[str, bool]]:
    """Return the roles named in ``text``, each as far as ``source`` names it, and whether it does."""
    found: list[tuple[str, bool]] = []
    for match in _ROLE.finditer(text):
        before, end = _NO_ROLE.split(match["before"])[-1], match["end"]
        for length in range(len(before), -1, -1):
            role = before[len(before) - length :] + end
            if role in source and (length or not before or _stands(end, source)):
                found.append((role, True))
                break
        else:
            found.append((before + end, False))
    return found


def _stands(end: str, source: str) -> bool:
    """Say whether ``source`` names a role by its last word alone."""
    return bool(re.search(rf"(?:^|[^\u4e00-\u9fff]|[由向请给报让和与及或经]){end}", source))


def _missing_role(said: str, source: _Source) -> str:
    for role, named in roles(said, source.around):
        if not named:
            return f"“{role}”不在所引条款中"
    return ""


def _turned_round(said: str, source: _Source, cut: Cut) -> str:
    others = [piece for block in source.blocks for piece in _stated(block)]
    for piece in _stated(said):
        words = [word for word in content(piece, cut) if word not in source.heading]
        if not words:
            continue
        alike = [(coverage(words, other), other) for other in others]
        best = max((share for share, _ in alike), default=0.0)
        if best < SAME_SPEECH:
            continue
        nearest = [other for share, other in alike if share >= best - 0.05]
        if all(clash(piece, other) for other in nearest):
            return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _stated(text: str) -> list[str]:
    """Return what is stated piece by piece; what a prohibition at the head of a list forbids is forbidden in each."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        head = ""
        for piece in filter(squeezed, _FINE.split(sentence)):
            opens = _PROHIBITS.match(piece)
            head = opens["how"] if opens else "" if _ALLOWS.search(piece) else head
            found.append(piece if opens or not head else f"{head}{piece}")
    return found


def _turned_word(said: str, source: _Source) -> str:
    """Return what is permitted or denied that every place in the evidence that speaks of it says otherwise of."""
    others = [piece for block in source.blocks for piece in _stated(block)]
    for piece in _stated(said):
        for what in sorted(predicates(piece)):
            speaking = [other for other in others if what in other]
            if speaking and all(clash(piece, other) for other in speaking):
                return f"与所引条款说的相反：{piece.strip()}"
    return ""


def _without_roles(piece: str, source: _Source) -> str:
    """Return ``piece`` without the roles it names: that both name 信息安全员 says nothing of what is claimed."""
    for role, _ in roles(piece, source.around):
        piece = piece.replace(role, " ")
    return piece


def _not_said(said: str, source: _Source, cut: Cut) -> str:
    every: list[str] = []
    for piece in _segments(said):
        words = content(_without_roles(piece, source), cut)
        every += words
        if sum(map(len, words)) >= SEGMENT_WORDS and coverage(words, source.around) < LEAST_SEGMENT:
            return f"所引条款没有说到：{piece.strip()}"
    least = coverage(every, "\n".join(source.blocks)) >= LEAST_OWN
    if sum(map(len, every)) >= SEGMENT_WORDS and (not least or coverage(every, source.around) < LEAST_COVERAGE):
        missing = [word for word in every if credit(word, source.around) < 0.5]
        return f"所引条款没有说到：{'、'.join(dict.fromkeys(missing))}"
    return ""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Something that belongs to a thing: an amount, a time or a role, with the segment it stands in."""

    kind: str
    amount: Amount | None
    name: str
    block: int
    near: str
    carried: str

    def same(self, other: _Anchor) -> bool:
        """Say whether both are the same amount, time or role."""
        if self.amount and other.amount:
            return self.amount.same(other.amount)
        return bool(self.name) and (self.name.endswith(other.name) if other.name else False)


def _anchors(pieces: Sequence[tuple[int, str]], source: _Source) -> list[_Anchor]:
    """Return the anchors of segments; a segment that begins with its amount is about the subject of the one before."""
    found: list[_Anchor] = []
    before = (-1, "")
    for block, piece in pieces:
        own = amounts(piece)
        carried = before[1] if own and own[0].start <= 1 and before[0] == block else ""
        found += [_Anchor(one.dimension, one, "", block, piece, carried) for one in own]
        found += [_Anchor("time", None, word, block, piece, carried) for word in sorted(time_words(piece))]
        found += [
            _Anchor("role", None, role, block, piece, carried) for role, named in roles(piece, source.text) if named
        ]
        before = (block, piece)
    return found


def _moved(said: str, source: _Source, cut: Cut) -> str:
    """Return what the evidence says of another thing (普通请求 gets the limit of 加急请求, a task another role)."""
    given = _anchors(source.segments, source)
    for piece in _claims(said, source):
        own = _anchors([(0, piece)], source)
        for anchor in own:
            same = [one for one in given if one.kind == anchor.kind and _alike(anchor, one)]
            if not same:
                continue
            label = piece[anchor.amount.start : anchor.amount.end] if anchor.amount else anchor.name
            words = _words(piece, anchor, cut)
            others = [one for one in given if one.kind == anchor.kind and not any(_alike(mine, one) for mine in own)]
            fits = [(_fit(words, one, source), one) for one in same]
            here = max(fit for fit, _ in fits)
            if max((_fit(words, one, source) for one in others), default=0.0) >= here + 0.5:
                return f"“{label}”在所引条款中说的是另一件事"
            near = [one for fit, one in fits if fit >= here - 0.5]
            near = near if _conditional(anchor) else [one for one in near if not _conditional(one)] or near
            limits = {one.amount.direction for one in near if one.amount}
            if anchor.amount and anchor.amount.direction and limits and not limits & {"", anchor.amount.direction}:
                return f"“{label}”的上下限与所引条款不同"
    return ""


def _alike(one: _Anchor, other: _Anchor) -> bool:
    return one.same(other) or other.same(one)


def _conditional(anchor: _Anchor) -> bool:
    """Say whether an amount only says when something holds (不足20单的), and sets no limit itself."""
    rest = anchor.near[anchor.amount.end :] if anchor.amount else ""
    return bool(re.match(r"[^,;。]{0,8}的(?:,|$)", rest))


def _words(piece: str, anchor: _Anchor, cut: Cut) -> dict[str | Amount, float]:
    """Return what tells what an anchor belongs to, with weights: the words beside it, and the other amounts.

    Who does something is told by the deed; the condition before it (不足2小时的) counts half.
    """
    words: dict[str | Amount, float] = {}
    pieces = _segments(piece)
    for at, part in enumerate(pieces):
        weight = 0.5 if at + 1 < len(pieces) else 1.0
        claimed = content(part.replace(anchor.name, " ") if anchor.name else part, cut)
        words |= dict.fromkeys([*claimed, *_LETTERS.findall(part)], weight)
        words |= {amount: weight for amount in amounts(part) if not (anchor.amount and anchor.amount.same(amount))}
    return words


def _joined(text: str) -> list[str]:
    """Return the segments of ``text``, a condition (超过1000元的, 挂机后) together with what follows it."""
    found: list[str] = []
    held = ""
    for piece in _segments(text):
        held = f"{held},{piece}" if held else piece
        if not _CONDITION.search(piece):
            found.append(held)
            held = ""
    return [*found, held] if held else found


def _claims(said: str, source: _Source) -> list[str]:
    """Return the joined segments of ``said``, a bare subject together with what follows it."""
    found: list[str] = []
    held = ""
    for piece in _joined(said):
        held = f"{held},{piece}" if held else piece
        if amounts(piece) or time_words(piece) or roles(piece, source.text):
            found.append(held)
            held = ""
    return [*found, held] if held else found


def _fit(words: dict[str | Amount, float], anchor: _Anchor, source: _Source) -> float:
    """Return how many of ``words`` stand by an anchor: in its own segment or its clause's label, else count less."""
    whole = source.blocks[anchor.block]
    near = f"{anchor.near}\n{_label(whole)}"
    total = 0.0
    for word, weight in words.items():
        if _holds(near, word):
            total += weight
        elif _holds(anchor.carried, word):
            total += 0.75 * weight
        elif _holds(whole, word):
            total += 0.5 * weight
    return total


def _label(block: str) -> str:
    """Return what a clause is about: an item's term, a row's first cell."""
    found = _LABEL.match(block)
    return found[0] if found else ""


def _holds(text: str, word: str | Amount) -> bool:
    if not isinstance(word, str):
        return any(word.same(one) for one in amounts(text))
    return word in _LETTERS.findall(text) if word.isascii() else word in text


__all__ = ["Amount", "Evidence", "Verdict", "check", "roles"]
