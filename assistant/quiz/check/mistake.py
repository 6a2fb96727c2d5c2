"""What a statement says otherwise than its clause: a number, a rule's word, a name, one word. Knows texts and blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.quiz.check.answer import bare, is_negative, share_in, stands_in
from assistant.quiz.check.sources import Sources
from assistant.quiz.material.amounts import Amount, amounts
from assistant.quiz.material.names import alike, bigrams, plain
from assistant.quiz.material.statement import body_of, opposites
from assistant.quiz.material.table import COUNTING
from assistant.quiz.model import Change, Question
from kb.errors import NotThere
from kb.model import Block

# Of a statement so much must stand in the clause for the rest of it to be a mistake in it.
STANDS = 0.6
NEARLY_ALL = 0.75
LONGEST_MISTAKE = 16
LONGEST_OPENING = 8
SHORTEST_WORD = 2
FEWEST_LISTED = 3
MOST_OF_IT = 0.4  # of the shorter of statement and clause, where the name alone may be wrong
CLEARLY = 0.3  # so much more of a stem stands with another option than with the right one
_PIECES = re.compile(r"(?<=[。；\n])")
_ROW = re.compile(r"[^，。；：“”（）]+(?:、[^，。；：“”（）、]+)+")
_BEFORE_ROW = re.compile(r"^.*(?:包括|列出的|分为|中有|涵盖|如|是|为|有)")
_LEANS_ON = re.compile(r"(?:依据的?是|引自|出自|来自|根据)(?P<name>《[^》]+》)")
_OWN_SOURCE = re.compile(r"(?:根据|依据|按照)(?P<name>《[^》]+》)")
_ALLOWED = re.compile(r"允许|可以|符合|没有问题")
_BANNED = re.compile(r"不得|严禁|禁止|不准|不允许|不可以|不能|不符合|违反")
_BAN = re.compile(r"(?P<word>严禁|禁止|不得|不准|不允许)(?P<act>[^，。；]{4,40})")
_QUOTED = re.compile(r"“([^“”]+)”")
COMPARED = 2  # rows side by side
_FRAME = re.compile(r"^(?:按照|根据|在|关于)[^，：]{0,24}，|^[^，：]{0,20}(?:规定|写明)：|（依据[^）]*）$")
_TITLES = re.compile(r"《[^》]*》")
_NOTS = frozenset({"不", "未", "无", "非", "没有", "不需", "无需"})


def true_is_true(question: Question, sources: Sources) -> str:
    """Reject a statement called true that its clause says otherwise: of another thing, turned round, with another number."""
    if question.type != "true_false" or not question.truth:
        return ""
    blocks = _blocks(question, sources)
    quote = question.citation.quote
    # Where it stands is no part of what is said.
    stem = _TITLES.sub("", question.stem).replace(f"“{question.citation.title}”", "")
    found = _source(question.stem, quote) or _turned(stem, quote) or _name(stem, question.citation.clause, blocks)
    found = found or _cell(stem, question.citation.clause, blocks) or _listed(stem, quote)
    found = found or _plainly(_word(stem, quote, stands=NEARLY_ALL), sources)
    if found is None:
        return ""
    return f"原文是“{found.original}”，不是“{found.written}”" if found.original else f"原文没有“{found.written}”"


def _cell(stem: str, clause: str, blocks: Sequence[Block]) -> Change | None:
    """Return what a row has in a column that the statement names, where the statement says something else of it."""
    row = next((one for one in blocks if one.clause == clause and one.kind == "row"), None)
    if row is None or f"“{name_of(row)}”" not in stem:
        return None
    cells = [(head, cell) for head, cell in zip(row.header, row.cells, strict=False) if head.strip() and cell.strip()]
    named = [cell for head, cell in cells if f"的{head.strip()}" in stem and cell.strip() != name_of(row)]
    if not named or any(bare(cell) in bare(stem) for cell in named):
        return None
    return Change("term", "所写的", named[0])


def _plainly(found: Change | None, sources: Sources) -> Change | None:
    """Return a difference of one word that is a mistake: a "not", or another word that does not mean the same."""
    if found is None or found.kind == "negation":
        return found
    if _BANNED.search(found.written) and _BANNED.search(found.original):
        return None  # 不得 for 严禁
    short = min(len(bare(found.written)), len(bare(found.original))) < SHORTEST_WORD
    return None if short or alike(found.written, found.original, sources.synonyms) else found


def stem_is_the_right_ones(question: Question, sources: Sources) -> str:
    """Reject a single choice whose stem the source says of another option: 通过保险转移风险 of 风险规避."""
    if question.type != "single" or is_negative(question) or len(question.right) != 1:
        return ""
    blocks = _blocks(question, sources)
    named = [one for one in blocks if len(name_of(one)) > 1 and f"“{name_of(one)}”" in question.stem]
    if named and not any(question.citation.clause.startswith(one.clause) for one in named):
        # The stem names a thing, and the answer is said of another.
        wrong = [one.text for one in question.options if one.key not in question.right]
        named_right = any(bare(name_of(one)) == bare(text) for one in blocks for text in _right(question))
        other = next((one for one in named for text in wrong if stands_in(text, body_of(one)[1])), None)
        if other is not None and not named_right:
            return f"题干问的是“{name_of(other)}”，所给的答案说的是别的"
    terms = {bare(plain(one.term)): body_of(one)[1] for one in blocks if one.term}
    said = {
        one.key: share_in(question.stem, terms[bare(one.text)]) for one in question.options if bare(one.text) in terms
    }
    right = said.pop(question.right[0], None)
    if right is None or not said:
        return ""
    nearest, most = max(said.items(), key=lambda pair: pair[1])
    if most - right < CLEARLY:
        return ""
    shown = next(one.text for one in question.options if one.key == nearest)
    return f"题干说的是“{shown}”，不是所给的答案"


def pairs_belong_together(question: Question, sources: Sources) -> str:
    """Reject a right option that joins what the source does not (风险规避——…, 每月；每班 of two rows), or a wrong one it does."""
    if not question.options:
        return ""
    quote = bare(question.citation.quote)
    by_name = {
        bare(name_of(one)): one for one in _blocks(question, sources) if name_of(one) and bare(one.text) in quote
    }
    named = [name for name in _QUOTED.findall(_TITLES.sub("", question.stem)) if bare(name) in by_name]
    for option in question.options:
        name, joint, said = option.text.partition("——")
        values = option.text.split("；")
        if joint and bare(name) in by_name:
            holds = stands_in(said, by_name[bare(name)].text)
        elif len(values) == len(named) == COMPARED:
            rows = [by_name[bare(of)] for of in named]
            holds = all(_has_cell(row, value, question.stem) for row, value in zip(rows, values, strict=True))
        else:
            continue
        if holds != (option.key in question.right) and not is_negative(question):
            return f"“{option.text[:30]}”在原文里{'成立' if holds else '不是一对'}"
    return ""


def _has_cell(row: Block, value: str, stem: str) -> bool:
    """Say whether a row has ``value`` in a column that the stem names."""
    cells = zip(row.header, row.cells, strict=False)
    return any(bare(cell) == bare(value) for head, cell in cells if head.strip() and head.strip() in stem)


def _right(question: Question) -> list[str]:
    return [one.text for one in question.options if one.key in question.right]


def _blocks(question: Question, sources: Sources) -> Sequence[Block]:
    try:
        return sources.section(question.citation.document, question.citation.section).blocks
    except NotThere:
        return ()


def mistake(stem: str, quote: str, clause: str, blocks: Sequence[Block]) -> Change | None:
    """Return the one thing of ``stem`` that ``quote`` says otherwise: a number, a rule's word, a name; nothing where unclear."""
    found = _number(stem, quote) or _source(stem, quote) or _turned(stem, quote) or _name(stem, clause, blocks)
    return found or _word(stem, quote)


def _number(stem: str, quote: str) -> Change | None:
    stated = amounts(quote)
    wrong = [one for one in amounts(stem) if not any(_same(one, other) for other in stated)]
    if len(wrong) != 1:
        return None
    said = amounts(stem)
    right = [other for other in stated if other.unit == wrong[0].unit and not any(_same(other, one) for one in said)]
    # Of several the one that stands in the same words.
    right.sort(key=lambda other: -_shared(stem, wrong[0], quote, other))
    return Change("number", wrong[0].text, right[0].text) if right else None


def _same(one: Amount, other: Amount) -> bool:
    return one.unit == other.unit and one.value == other.value


def _shared(stem: str, wrong: Amount, quote: str, right: Amount) -> int:
    """Return how many characters before and after the two numbers are the same."""
    before = _common(stem[: wrong.start][::-1], quote[: right.start][::-1])
    return before + _common(stem[wrong.end :], quote[right.end :])


def _common(one: str, other: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def name_of(block: Block) -> str:
    """Return what a block is about: an item's term, a row's first cell."""
    if block.kind != "row" or not block.cells:
        return plain(block.term)
    naming = next((at for at, head in enumerate(block.header) if not COUNTING.match(head)), 0)
    return block.cells[naming].strip() if naming < len(block.cells) else ""


def _source(stem: str, quote: str) -> Change | None:
    """Return another standard than the one the clause leans on: 依据的是《…》."""
    said, own = _LEANS_ON.search(stem), _OWN_SOURCE.search(quote)
    if not said or not own or bare(said["name"]) in bare(quote):
        return None
    return Change("term", said["name"], own["name"])


def _listed(stem: str, quote: str) -> Change | None:
    """Return the one thing of a row (A、B和C) that the clause does not have while it has the others."""
    for run in _ROW.finditer(stem):
        things = [
            _BEFORE_ROW.sub("", thing.strip()) for thing in re.split(r"、|(?<=[\u4e00-\u9fff]{2})和(?=[^、]+$)", run[0])
        ]
        lost = [thing for thing in things if bare(thing) not in bare(quote)]
        # The ends may hold more than a thing (以A, C等); what is between them does not, nor what follows 包括.
        ends = {things[-1]} if _BEFORE_ROW.match(run[0]) else {things[0], things[-1]}
        if len(things) >= FEWEST_LISTED and len(lost) == 1 and lost[0] not in ends:
            return Change("term", lost[0], "")
    return None


def _turned(stem: str, quote: str) -> Change | None:
    allowed = _ALLOWED.search(stem)
    if allowed and not _BANNED.search(stem):
        for ban in _BAN.finditer(quote):
            if bare(ban["act"]) in bare(stem):
                return Change("negation", allowed[0], ban["word"])
    for word, other in opposites():
        if other in stem and word not in stem and word in quote:
            place = stem.find(other)
            follows = bare(stem[place + len(other) :])[:4]
            if len(follows) > 1 and f"{bare(word)}{follows}" in bare(quote):
                return Change("negation", other, word)
    return None


def _name(stem: str, clause: str, blocks: Sequence[Block]) -> Change | None:
    """Return the name of a sibling that stands where the clause's own should: 风险转移 for 风险规避."""
    own = next((name_of(one) for one in blocks if one.clause == clause), "")
    if not own or bare(own) in bare(stem):
        return None
    body = next((body_of(one)[1] for one in blocks if one.clause == clause), "")
    if len(bigrams(stem) & bigrams(body)) < MOST_OF_IT * min(len(bigrams(stem)), len(bigrams(body))):
        return None
    others = [name_of(one) for one in blocks if not clause.startswith(one.clause)]
    said = [name for name in others if len(name) > 1 and re.search(rf"(?:^|[，：“]){re.escape(name)}", stem)]
    return Change("term", said[0], own) if len(said) == 1 else None


def _word(stem: str, quote: str, *, stands: float = STANDS) -> Change | None:
    """Return the one run of characters that differs between the statement and the sentence it was made of."""
    own = _FRAME.sub("", stem.strip("。 "))
    best: Change | None = None
    most = stands
    for sentence in _PIECES.split(quote):
        source = sentence.strip("。； \n")
        steps = SequenceMatcher(None, own, source, autojunk=False).get_opcodes()
        equal = sum(end - start for tag, start, end, _, _ in steps if tag == "equal")
        if equal < most * len(own):
            continue
        for _, start, end, from_, to in steps[1:-1]:
            if {own[start:end], source[from_:to]} in ({"", word} for word in _NOTS):
                return Change("negation", own[start : end + 1], source[from_ : to + 1])
        # The first word counts where the sentence begins with it, too: who does it.
        tag, _, end, _, to = steps[0]
        opens = tag == "replace" and max(end, to) <= LONGEST_OPENING and source[to : to + 1] not in {"：", ":"}
        inner = [step for step in steps[0 if opens else 1 : -1] if step[0] == "replace"]
        if len(inner) != 1:
            continue
        _, start, end, from_, to = inner[0]
        written, original = own[start:end], source[from_:to]
        if max(len(written), len(original)) <= LONGEST_MISTAKE:
            best, most = Change("term", written, original), equal / len(own)
    return best
