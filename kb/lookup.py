"""Which document or section a person means: by id, file name, title or number, however they type it.

Knows spellings (width, case, 第五章). Knows no database: it chooses among what it is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from kb.errors import Ambiguous, NotThere
from kb.model import Document

_NAMED = 8  # how many documents a message names
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_ORDINAL = re.compile(r"第(\d+(?:\.\d+)*|[零一二三四五六七八九十]{1,3})[章节節条條]")
_UNIT = re.compile(r"(\d+(?:\.\d+)*)[章节節条條]")


def find_document(documents: Sequence[Document], key: str) -> Document:
    """Return the document whose id, file name or title is ``key``; exact spelling first, then any.

    Raises:
        NotThere: none is; the message names those there are.
        Ambiguous: several are; the message gives their ids.
    """
    for names in (_exact_names, _loose_names):
        wanted = key if names is _exact_names else _loose(key)
        found = [document for document in documents if wanted in names(document)]
        if len(found) > 1:
            raise Ambiguous(f"“{key}”对应多个文档：{name_all(found)}，请用编号指定其中一个")
        if found:
            return found[0]
    known = f"现有：{name_all(documents)}" if documents else "知识库还是空的"
    raise NotThere(f"没有名为“{key}”的文档。{known}")


def name_all(documents: Sequence[Document]) -> str:
    """Return titles and ids for a message."""
    names = "、".join(f"《{document.title}》（{document.id}）" for document in documents[:_NAMED])
    return names + (f" 等 {len(documents)} 个" if len(documents) > _NAMED else "")


def normal_number(number: str) -> str:
    """Return one spelling of a section number: ``第五章`` is ``5``, ``5．5 节`` is ``5.5``, ``附录 a`` is ``附录A``."""
    text = "".join(unicodedata.normalize("NFKC", number).split()).replace("。", ".").replace("、", "").strip(".")
    for pattern in (_ORDINAL, _UNIT):
        if match := pattern.fullmatch(text):
            text = match[1]
    return (str(_chinese_number(text)) if all(c in _DIGITS or c == "十" for c in text) else text).upper()


def match_number(number: str, known: Iterable[str]) -> list[str]:
    """Return those of ``known`` that are ``number`` in another spelling; else those that are its position (``§13``)."""
    wanted = normal_number(number)
    spelled = [(other, normal_number(other)) for other in known]
    same = [other for other, spelling in spelled if spelling == wanted]
    return same or [other for other, spelling in spelled if spelling == f"§{wanted}"]


def _chinese_number(text: str) -> int | str:
    if "十" not in text:
        return "".join(str(_DIGITS[character]) for character in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return text
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _exact_names(document: Document) -> set[str]:
    return {document.id, document.source, PurePosixPath(document.source).name, document.title}


def _loose_names(document: Document) -> set[str]:
    path = PurePosixPath(document.source)
    return {_loose(name) for name in (*_exact_names(document), path.stem)} - {""}


def _loose(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).strip("《》\"'“”")
