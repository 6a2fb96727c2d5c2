"""One width for punctuation in Chinese text, half width for letters and digits, plain characters for PDF's radicals.

Knows what must keep its half-width signs: standards, times, ratios, numbers, addresses, code, English phrases. Every
repair keeps the length of the text, so that places in it stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_HAN = "㐀-䶿一-鿿"
_FULL = str.maketrans(",;:?!()", "，；：？！（）")
_FULL_SIGN = re.compile(f"(?<=[{_HAN}])[，。、；：？！）》]|[（《](?=[{_HAN}])")
_BEFORE = re.compile(f"[{_HAN}，。、；：？！”’》）」』】〉…％℃]")
_AFTER = re.compile(f"[{_HAN}“‘《（「『【〈]")
_ANY_HAN = re.compile(f"[{_HAN}]")
_MARK = re.compile("[,;:?!]")
_HALF = re.compile(r"[,;:?!()]")
_PAIR = re.compile(r"[(（]([^()（）\n]{0,120})[)）]")
_SETTLED = re.compile(r"（([^()（）\n]*)）")
_OPEN_END = re.compile(r"\((?=[^()\n]*$)", re.MULTILINE)
# left alone: addresses, code spans, links, tags, paths, entities, numbers, and marks in runs (they stand for lost bytes)
_PROTECTED = re.compile(
    r"(?:https?|ftp|file)://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+\.[\w.-]+|`[^`\n]*`|\b[A-Za-z]:[\\/][^\s，。；]*"
    r"|\[[^\]\n]*\]\([^)\n]*\)|<[!-~][^>\n]{0,80}>|&#?\w{1,8};|\?{2,}|!\[|!=|\d[:,]\d|\{\{.*?\}\}|\$\{.*?\}"
)
_TRAILING = ",;:?!)."
_CODE = re.compile(r"[{}=<>\\$]|;\s*$")
_CODE_CALL = re.compile("[\"'=]")
_CODE_SHARE = 0.7
_WIDE_ALNUM = re.compile("[０-９Ａ-Ｚａ-ｚ]")
# full-width marks that belong to a full-width number or code: ８：００, １，０００, ２．５％, ＧＢ／Ｔ, －５
_WIDE_NUMBER = re.compile(
    "(?<=[０-９])(?:．(?=[０-９])|：(?=[０-５][０-９](?![０-９]))|，(?=[０-９]{3}(?![０-９])))|(?<=[０-９0-9])％"
    "|(?<=[０-９Ａ-Ｚａ-ｚ])[－／＋＆．＿](?=[０-９Ａ-Ｚａ-ｚ])|[－＋](?=[０-９])"
)
# radicals of PDF fonts, small and vertical forms of punctuation, half-width 。「」、
_ODD_FORMS = re.compile("[\u2e80-\u2fd5\ufe10-\ufe18\ufe30-\ufe34\ufe35-\ufe44\ufe50-\ufe52\ufe54-\ufe5e\uff61-\uff65]")
# Supplementary radicals that Unicode gives no decomposition; PDF printers emit them for whole characters.
_SUPPLEMENT = str.maketrans(
    "⺁⺄⺆⺈⺌⺎⺗⺙⺛⺝⺞⺟⺠⺡⺢⺤⺥⺧⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⻀⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乙冂刀小兀心攵旡月歺母民水氵爫爪牛王疋目示礻竹纟纟罒罒罒网羊羊羊羊老聿聿肉艹衤西西见角讠贝车辶辶辶阝钅长镸长门阝阝雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齐齿齿竜龙龜龟",
)


def mixed(document: str) -> bool:
    """Say whether a document mixes widths: half-width signs beside Han characters where full-width ones stand too."""
    return bool(_HALF.search(document) and _FULL_SIGN.search(document))


def mend(text: str, *, punctuation: bool) -> tuple[str, int]:
    """Return ``text`` with one width, of the same length, and how many characters changed.

    Signs change only with ``punctuation``. Full-width letters and digits, radicals and presentation forms always
    change: nobody writes them in running text on purpose.
    """
    if text.isascii():
        return text, 0
    plain = _ODD_FORMS.sub(lambda match: _plain(match[0]), text)
    if _WIDE_ALNUM.search(plain):
        plain = _WIDE_NUMBER.sub(lambda match: _plain(match[0]), plain)
        plain = _WIDE_ALNUM.sub(lambda match: _plain(match[0]), plain)
    if punctuation and _HALF.search(plain) and _ANY_HAN.search(plain):
        plain = _widen(plain)
    return plain, sum(a != b for a, b in zip(text, plain, strict=True))


@lru_cache(maxsize=2048)
def _plain(character: str) -> str:
    """Return the common form of one character; small and vertical punctuation becomes full-width."""
    plain = unicodedata.normalize("NFKC", character).translate(_SUPPLEMENT)
    if "\ufe10" <= character <= "\ufe6b":
        plain = plain.translate(_FULL)
    return plain if len(plain) == 1 else character


def _widen(text: str) -> str:
    """Return ``text`` with the ASCII punctuation of its Chinese parts made full-width."""
    protected = _protected(text)
    characters = list(text)
    while _widen_pairs(characters, protected):  # pairs inside pairs, from the inner ones outward
        pass
    for match in _OPEN_END.finditer("".join(characters)):
        if match.start() and not protected[match.start()] and _BEFORE.match(characters[match.start() - 1]):
            characters[match.start()] = "（"
    for match in _MARK.finditer(text):
        at = match.start()
        if not protected[at] and _is_chinese_mark(characters, at):
            characters[at] = characters[at].translate(_FULL)
    return "".join(characters)


def _protected(text: str) -> bytearray:
    """Return a flag for each character that must stay as it is."""
    flags = bytearray(len(text))
    for match in _PROTECTED.finditer(text):
        start, end = match.span()
        while end > start + 3 and text[end - 1] in _TRAILING and end < len(text) and _AFTER.match(text[end]):
            end -= 1
        flags[start:end] = b"\x01" * (end - start)
    line = 0
    for piece in text.split("\n"):
        if _CODE.search(piece):
            bare = _PROTECTED.sub("", piece)
            ascii_count = sum(character < "\x80" for character in bare)
            if _CODE.search(bare) and ascii_count > _CODE_SHARE * len(bare):
                flags[line : line + len(piece)] = b"\x01" * len(piece)
        line += len(piece) + 1
    return flags


def _widen_pairs(characters: list[str], protected: bytearray) -> bool:
    """Make the innermost brackets around Chinese, or after it, a full-width pair; say whether any changed."""
    text = "".join(characters)
    hidden = text  # pairs that are settled hide the pair around them
    while (outer := _SETTLED.sub(lambda match: f"〔{match[1]}〕", hidden)) != hidden:
        hidden = outer
    changed = False
    for match in _PAIR.finditer(hidden):
        start, end = match.start(), match.end() - 1
        if not protected[start] and not protected[end] and _is_chinese_pair(text, start, end):
            characters[start], characters[end] = "（", "）"
            changed = True
    return changed


def _is_chinese_pair(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end + 1 : end + 2]
    inside = text[start + 1 : end]
    if before in (" ", "]", ")") and before:  # a text that sets its brackets off with blanks, Markdown's links
        return False
    called = before.isascii() and (before.isalnum() or before == "_")
    if _ANY_HAN.search(inside):
        return not (called and _CODE_CALL.search(inside))
    if before and _BEFORE.match(before):
        return True
    return bool(after and _AFTER.match(after)) and not called


def _is_chinese_mark(characters: list[str], at: int) -> bool:
    mark = characters[at]
    before = characters[at - 1] if at else ""
    after = characters[at + 1] if at + 1 < len(characters) else ""
    if (mark == ":" and after in ("/", "\\")) or (mark == "?" and after == "="):
        return False
    if before and _BEFORE.match(before):
        return True
    return bool(after and _AFTER.match(after)) and (before.isalnum() or before in (")", "%", "]", '"', "'", "+"))
