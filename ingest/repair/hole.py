"""Places where a filter dropped a word: ``大数据、等技术``, ``如（）、``, ``根据《》``. Reported, never filled.

Knows only what such a place looks like in repaired text, and what it does not: the blank of a form or an exam.
"""

from __future__ import annotations

import re

from kb.model import SourceWarning

_HAN = "[㐀-䶿一-鿿]"
_CONTEXT = 12
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<={_HAN})、(?=等(?!于|级|同|待|候|价|额|量|效|次|分|高|宽|长|距))"), "“、”与“等”之间疑似缺词"),
    (re.compile(rf"(?<={_HAN})[（(][）)](?=[、，,和与及或])|(?<=[如括用])[（(][）)]"), "空括号，疑似缺词"),
    (
        re.compile(rf"(?:(?<=根据)|(?<=依据)|(?<=按照)|(?<=参照)|(?<=符合)|(?<=遵守)|(?<=执行)|(?<=[在由见、及和与按]))《》(?={_HAN}|[，,、。])"),
        "空书名号，疑似缺文件名",
    ),
    (re.compile(rf"(?<={_HAN})(?:“”|\"\"|‘’)(?=[、，,的等])"), "空引号，疑似缺词"),
    (re.compile(rf"(?<={_HAN})、、(?={_HAN})"), "两个顿号相连，疑似缺词"),
    (re.compile(rf"(?<={_HAN})(?:[，,]、|、[，,。；;])"), "标点相连，疑似缺词"),
    (re.compile(rf"(?:(?<=如)|(?<=包括)|(?<=包含)|(?<=[：:]))、(?={_HAN})"), "列举的第一项疑似缺失"),
    (re.compile(r"(?<=[》〉])[（(]\s*$", re.MULTILINE), "括号没有写完，其后文字疑似缺失"),
)  # fmt: skip


def find(text: str) -> list[SourceWarning]:
    """Return one warning for each suspected hole of ``text``, in order, quoting what stands around it."""
    found: list[tuple[int, SourceWarning]] = []
    taken: set[int] = set()
    for pattern, suspicion in _KINDS:
        for match in pattern.finditer(text):
            if match.start() in taken:
                continue
            taken.update(range(match.start(), max(match.end(), match.start() + 1)))
            found.append((match.start(), _warning(text, match.start(), match.end(), suspicion)))
    return [warning for _, warning in sorted(found, key=lambda pair: pair[0])]


def _warning(text: str, start: int, end: int, suspicion: str) -> SourceWarning:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    quote = text[max(line_start, start - _CONTEXT) : min(line_end, end + _CONTEXT)]
    return SourceWarning("hole", "", f"“{quote}”处{suspicion}，请对照原件补上")
