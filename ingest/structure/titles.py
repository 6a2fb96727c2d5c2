"""Finds where a title ends and its body begins in what an endless line has glued together.

Evidence, strongest first: the table of contents or the heading said just before names the title; the body opens with
the title's own words (`运营管理的目标运营管理的目标是`) or comes to them after an aside; the title is one that company
documents always use (目的, 适用范围); the body opens with a phrase that opens sentences. Without evidence there is no
title and the numbered words are a clause. The same evidence finds the lead term of a list item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.structure.markers import FIRM, SENTENCE_END, plain, title_like
from ingest.structure.pieces import Piece
from ingest.structure.wording import STANDARD_TITLES, TITLE_TAILS

_LONGEST = 40
_CHAIN = 5  # characters between two words that titles end in, as in 工具与方法
_BODY = 60
_ANNOUNCING: frozenset[str] = frozenset({"cn", "bare", "dot", "comma", "paren_cn"})
_TITLED: frozenset[str] = FIRM | {"dotted", "cn", "roman", "bare", "paren_cn"}
_OPENER = re.compile(
    r"为了|为(?=规范|加强|进一步|确保|保证|保障|提高|明确|落实|完善|使|防止|统一|贯彻|适应|满足|有效|及时|做好|保护)"
    r"|根据|按照|依据|依照|本(?:节|章|文件|制度|规定|手册|流程|办法|标准|程序|公司|规程|细则|SOP)|随着|适用于|是指"
    r"|凡(?=[^，。]{2,30}[，的])|在[^，。；：]{2,18}(?:中|下|时|后|前|上|里|内|过程|情况|阶段|基础上)[，,]?"
    r"|(?:公司|企业|各部门|各岗位|员工|所有|全体)(?=应|须|必须|需|要)|[表图]\d{1,2}\s|(?:出现|有|存在)下列"
    r"|This |The |All |To "
)
_FUNCTION = re.compile(
    r"是(?!否)|比(?!例|较)|(?<![响供适反])应(?![急用对答收付聘变])|须(?!知)|由|在(?![线岗职])|(?<![重主需])要(?![求点素领件])"
    r"|可(?![用靠持追视行])|(?<![职功智性效技])能(?![力源])|将|不(?!合格|良|满)|每|(?<![成基版样文])本(?!质)|该|按|把(?![握关])"
    r"|给|从(?!业)|(?<!收)到(?![货场岗位期])|让(?!利)|被|就|都|也|已|此|这|那|下面|下列|以下|没|很|我|你|谁|靠|再(?!造)|指(?![标导引挥南])"
)
_CONNECTOR = frozenset("与和及或的之、（(《“·/-在对按为")
_REPEAT = 3
_VERB = re.compile(r"应(?![急用对答收付聘变])|须|不得|可以|是(?!否)")
_TERM_LONGEST = 24
_TERM = re.compile(r"[^。；！？;：:]{1,48}?(?:[（(][^）)]{0,60}[）)])?(?=[：:](?!\d))")


def settle_titles(pieces: Sequence[Piece], known: Mapping[tuple[int, ...], Sequence[str]]) -> list[Piece]:
    """Return ``pieces`` with titles cut off their bodies and twin headings (`一、方法` `2.2方法`) made one.

    ``known`` maps printed numbers to titles of the table of contents.
    """
    settled: list[Piece] = []
    context: list[str] = []
    said = ""
    chapter: tuple[int, ...] = ()
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if following is not None and _announces(piece, following, chapter):
            said = piece.text
            continue
        if piece.mark is not None and piece.mark.style == "chapter":
            chapter = piece.mark.value
        if piece.glued and piece.mark is not None and piece.mark.style in _TITLED:
            names = [*known.get(piece.mark.value, ()), *([said] if said else [])]
            end = _cut_at(piece, following, names, context)
            title, body = piece.text[:end].strip(), piece.text[end:].strip()
            if piece.mark.style == "chapter":
                context = [title]
            elif title:
                context = [*context[:1], title]
            settled.append(replace(piece, text=title or body, glued=not title, raw="" if title else piece.raw))
            if title and body:
                settled.append(Piece(body, glued=True))
        else:
            settled.append(piece)
        said = ""
    return settled


def without_echoes(pieces: Sequence[Piece]) -> list[Piece]:
    """Return ``pieces`` without the first of two in a row that say the same number and title on lines of their own."""
    kept = [one for one, two in pairwise(pieces) if not _echoes(one, two)]
    return [*kept, *pieces[-1:]]


def _echoes(one: Piece, two: Piece) -> bool:
    if one.mark is None or one.mark != two.mark or one.mark.style == "bullet" or "item" in (one.kind, two.kind):
        return False
    if one.glued or two.glued:  # the first still says where the title of the second ends
        return False
    title, again = plain(one.text), plain(two.text)
    # the second may go on with its body; a plain `1.` before every item of a list says nothing
    return bool(title) and (title == again or (one.mark.style in _TITLED and again.startswith(title)))


def _announces(piece: Piece, following: Piece, chapter: tuple[int, ...]) -> bool:
    """Return whether ``piece`` is the first half of a heading said twice, inside the chapter numbered ``chapter``."""
    one, two = piece.mark, following.mark
    if one is None or two is None or two.style != "dotted" or not (one.style in _ANNOUNCING or one == two):
        return False
    title = plain(piece.text)
    if not title or title == "小节标题":
        return two.last == one.last
    words = plain(following.text)
    said_again = words.startswith(title) if following.glued else words == title
    inside = bool(chapter) and chapter == two.value[:-1]
    alike = len(set(title) & set(words)) * 3 >= len(set(title)) * 2  # said again in slightly other words
    return said_again or (one.style == "cn" and inside and alike and two.last == one.last and title_like(piece.text))


def _cut_at(piece: Piece, following: Piece | None, names: Sequence[str], context: Sequence[str]) -> int:
    text, style = piece.text, piece.mark.style if piece.mark else None
    if style == "article":
        return 0
    named = next((len(name) for name in names if text.startswith(name)), 0)
    if named:
        return named
    if title_like(text) and text[-1] not in "：:":
        return len(text)
    opens_list = following is not None and following.mark is not None and following.mark.style != style
    if style == "paren_cn":
        return _tail_end(text) if opens_list else 0
    return title_end(text, context, guess=style != "cn" or opens_list or len(text) > _BODY)


def _tail_end(text: str) -> int:
    """Return where a title may end by its last word alone (…原则, …方法): a guess, for where there must be a title."""
    limit = next((at for at, char in enumerate(text) if char in SENTENCE_END + "；;：:，,"), len(text))
    function = _FUNCTION.search(text, 2, limit)
    limit = function.start() if function else limit
    best = 0
    for at in range(2, min(limit, _LONGEST) + 1):
        if text[at - 2 : at] in TITLE_TAILS and text[at : at + 1] not in _CONNECTOR and _ends_well(text, at):
            if function and function.start() == at and function.group() in "是应须由在要可能将":
                continue
            far = _CHAIN + 3 * any(char in _CONNECTOR for char in text[best:at])
            if best and (at - best > far or text[at - 2 : at] in text[:best]):
                break
            best = at
    return best


def title_end(text: str, context: Iterable[str] = (), *, guess: bool = False, shortest: int = 2) -> int:
    """Return the length of the title that opens ``text``, 0 if nothing shows where it ends.

    ``context`` are the titles above: a body often opens with their subject. ``guess``: there must be a title.
    """
    limit = next((at for at, char in enumerate(text) if char in SENTENCE_END + "；;：:，,"), len(text))
    limit = min(limit, _LONGEST)
    repeated = _repeat(text, limit, shortest)
    if repeated:
        return _before_aside(text, repeated)
    for name in STANDARD_TITLES:
        end = len(name)
        if text.startswith(name) and (text[end : end + 1] not in _CONNECTOR or _OPENER.match(text, end)):
            return end
    again = next((n for n in range(limit, 4, -1) if text[:n] in text[n : n + 80] and _ends_well(text, n)), 0)
    if again and _OPENER.match(text, again):
        return again
    subjects = {name[:size] for name in context for size in (4, 5, 6) if len(name) >= size}
    starts = [text.find(subject, shortest + 1, limit + 1) for subject in subjects]
    starts += [match.start() for match in _OPENER.finditer(text[: limit + 24]) if shortest < match.start() <= limit]
    starts = [at for at in starts if at > 0 and _ends_well(text, at)]
    if starts:
        return _before_aside(text, min(starts))
    if guess and (tail := _tail_end(text)):
        return tail
    tails = [text.find(name[-4:], shortest + 1, limit + 1) for name in context if len(name) >= 8]
    return min((at for at in tails if at > 0 and _ends_well(text, at)), default=0)


def _before_aside(text: str, end: int) -> int:
    """Return ``end``, or where the title ends by its last word if a clause begins between that and ``end``."""
    tail = _tail_end(text[:end] + "，")
    aside = 0 < tail < end and (_FUNCTION.search(text, tail, end) or _OPENER.search(text, tail, end))
    return tail if aside else end


def _ends_well(text: str, at: int) -> bool:
    return text[at - 1] not in _CONNECTOR and text[:at].count("（") == text[:at].count("）")


def _repeat(text: str, limit: int, shortest: int) -> int:
    """Return where ``text`` begins anew with its own first words: the longest repetition, the earlier of equals."""
    best = best_length = 0
    for at in range(max(shortest, 2), limit + 1):
        if text[at : at + 2] != text[:2] or not _ends_well(text, at) or _VERB.search(text, 0, at):
            continue
        length = 2
        while length < at and text[at + length : at + length + 1] == text[length]:
            length += 1
        if length >= min(_REPEAT, at) and length > best_length:
            best, best_length = at, length
    return best


def lead_term(text: str) -> str:
    """Return the words before the first colon of an item where they are a short phrase, else nothing."""
    match = _TERM.match(text)
    if match is None:
        return ""
    term = match.group().strip()
    bare = re.sub(r"[（(][^）)]*[）)]", "", term)
    commas = bare.count("，") + bare.count(",")
    return term if bare and len(bare) <= _TERM_LONGEST and commas <= 1 and term[-1:] not in "，,、" else ""


def glued_terms(texts: Sequence[str], context: Sequence[str]) -> list[str]:
    """Return the lead terms of items whose term runs into the text without a sign; all empty unless most have one."""
    terms = [_glued_term(text, context) for text in texts]
    return terms if sum(map(bool, terms)) * 3 >= len(texts) * 2 and len(texts) >= 2 else [""] * len(texts)


def _glued_term(text: str, context: Sequence[str]) -> str:
    comma = text.find("，", 0, 12)
    if comma > 1:
        rest = title_end(text[comma + 1 :], context)
        if 0 < rest <= _TERM_LONGEST - comma:
            return text[: comma + 1 + rest]
    end = title_end(text, context)
    return text[:end] if 0 < end <= _TERM_LONGEST else ""
