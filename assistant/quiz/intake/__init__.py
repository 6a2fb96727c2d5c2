"""Questions that come from elsewhere: GIFT, Moodle XML, numbered text, a workbook in our layout, our JSON. One door, ``read``.

Knows which reader a file needs. What it returns is not checked against any clause: an item from elsewhere may have no
citation, and what could not be taken over stands beside the items, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.output import choose
from assistant.quiz.intake import gift, json_form, moodle, sheet, wecom
from assistant.quiz.intake.draft import Intake, LeftOut, decoded
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.home import reason_of

__all__ = ["READERS", "Intake", "LeftOut", "parse", "read"]

READERS: dict[str, Callable[[bytes, str], Intake]] = {
    "json": json_form.read,
    "gift": gift.read,
    "moodle": moodle.read,
    "xlsx": sheet.read,
    "wecom": wecom.read,
}
_SUFFIXES = {".json": "json", ".gift": "gift", ".txt": "gift", ".xml": "moodle", ".xlsx": "xlsx"}
_MOST_BYTES = 64 * 1024 * 1024


def read(path: Path, name: str | None = None) -> Intake:
    """Return the questions of a file; without ``name`` its suffix says the format.

    A ``.txt`` with lines that begin with 答案 is the text form of 企微云学院, any other is GIFT.

    Raises:
        FormatUnknown: there is no reader of that name; the message lists those there are.
        SourceUnreadable: the file is missing, too large or not of that format.
    """
    guessed = not name
    name = name or _SUFFIXES.get(path.suffix.lower(), "")
    if not name:
        known = "、".join(_SUFFIXES)
        raise SourceUnreadable(f"{path.name}：不是可以导入的题库，可以导入 {known} 文件")
    choose(READERS, name)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceTooLarge(f"{path}：超过 {_MOST_BYTES // 1024 // 1024} MB，请拆成几个文件再导入")
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"{path}：无法读取（{reason_of(error)}）") from error
    if guessed and name == "gift" and wecom.speaks(decoded(data, path.name)):
        name = "wecom"
    return parse(data, name, source=path.name)


def parse(data: bytes, name: str, *, source: str = "题库") -> Intake:
    """Return the questions in ``data`` of the format ``name``; ``source`` is what messages call it.

    Raises:
        FormatUnknown: there is no reader of that name; the message lists those there are.
        SourceUnreadable: it is not of that format.
    """
    found = choose(READERS, name)(data, source)
    if not found.questions and not found.left_out:
        raise SourceUnreadable(f"{source}：里面没有题目，请确认它是 {name} 格式的题库")
    return found
