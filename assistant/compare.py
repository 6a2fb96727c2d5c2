"""The two sides of a question about two things. Knows the forms in which Chinese (and English) asks for a difference."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AND = r"(?:和|与|跟|同|及|、|vs\.?|VS)"
_FORMS = (
    re.compile(
        rf"^(?:请问|说说|比较一下|对比一下|比较|对比)?(?P<a>.{{2,24}}?){_AND}(?P<b>.{{2,24}}?)"
        r"(?:之间)?(?:的|有|在)?(?:什么|哪些|何|啥)?(?:主要|本质)?(?:的)?(?:区别|不同|不一样|差别|差异|异同|相比|对比|比较)"
    ),
    re.compile(
        r"(?:difference|compare)\w*\s+(?:between\s+)?(?P<a>.+?)\s+(?:and|with|to|vs\.?)\s+(?P<b>.+?)[?？.]?$", re.I
    ),
    re.compile(rf"^(?P<a>.{{2,20}}?)(?:{_AND}|还是)(?P<b>.{{2,20}}?)(?:哪个|哪种|谁)(?:更|好|快|高)"),
)
# Both are asked the same: 一级和三级的恢复目标分别是多少, 甲和乙各用来做什么.
_EACH = re.compile(rf"^(?P<a>[^，,]{{2,12}}?){_AND}(?P<b>[^，,]{{2,20}}?)(?:分别|各自|各)(?P<rest>[^，,]{{2,20}})$")
_SHARED = re.compile(r"(有什么|有何|有啥|有哪些|的|在)+$")
_ASPECT = re.compile(r"^(?P<side>.{2,12}?)(?:的|在)(?P<aspect>[\u4e00-\u9fff]{2,8}?)(?:上|方面)?$")


@dataclass(frozen=True, slots=True)
class Sides:
    """Two things, and what is asked of both (的响应时间, 用来做什么): ``""`` where all about them is."""

    first: str
    second: str
    asked: str = ""

    @property
    def questions(self) -> tuple[str, str]:
        """Return one question for each side."""
        return self._question(self.first), self._question(self.second)

    def _question(self, side: str) -> str:
        return f"{side}{self.asked}"


def sides(question: str) -> Sides | None:
    """Return both things compared, the ending they share given to both (一般和紧急投诉 → 一般投诉, 紧急投诉); None if unclear."""
    if found := _EACH.search(question.rstrip("?？。 ")):
        first, second, aspect = _parted(found["a"], found["b"])
        if first != second:
            return Sides(first, second, f"{aspect}{found['rest']}")
    for form in _FORMS:
        if found := form.search(question):
            first, second, aspect = _parted(*(_SHARED.sub("", found[name].strip(" “”\"'")) for name in ("a", "b")))
            if first and second and first != second:
                return Sides(first, second, aspect)
    return None


def _parted(first: str, second: str) -> tuple[str, str, str]:
    """Return both sides, and the aspect that stands after the second (紧急投诉的响应时间 → 紧急投诉, 的响应时间)."""
    aspect = ""
    if (found := _ASPECT.match(second)) and "的" not in first:
        second, aspect = found["side"], f"的{found['aspect']}"
    return _completed(first, second), second, aspect


def _completed(first: str, second: str) -> str:
    """Return ``first`` with the ending of ``second`` that it leaves out."""
    if first[-1] != second[-1] and len(first) < len(second) and len(second) - len(first) >= 2 and len(first) <= 3:
        return first + second[len(first) :]
    return first
