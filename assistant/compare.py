"""The two sides of a comparison question. Knows the forms in which Chinese (and English) asks for a difference."""

from __future__ import annotations

import re

_FORMS = (
    re.compile(
        r"^(?:请问|说说|比较一下|对比一下|比较|对比)?(?P<a>.{2,24}?)(?:和|与|跟|同|及|、|vs\.?|VS)(?P<b>.{2,24}?)"
        r"(?:之间)?(?:的|有|在)?(?:什么|哪些|何|啥)?(?:主要|本质)?(?:的)?(?:区别|不同|不一样|差别|差异|异同|相比|对比|比较)"
    ),
    re.compile(
        r"(?:difference|compare)\w*\s+(?:between\s+)?(?P<a>.+?)\s+(?:and|with|to|vs\.?)\s+(?P<b>.+?)[?？.]?$", re.I
    ),
    re.compile(r"^(?P<a>.{2,20}?)(?:和|与|跟|还是)(?P<b>.{2,20}?)(?:哪个|哪种|谁)(?:更|好|快|高)"),
)
_SHARED = re.compile(r"(有什么|有何|有啥|有哪些|的|在)+$")


def sides(question: str) -> tuple[str, str] | None:
    """Return both things compared, the ending they share given to both (一般和紧急投诉 → 一般投诉, 紧急投诉); None if unclear."""
    for form in _FORMS:
        if found := form.search(question):
            first, second = (_SHARED.sub("", found[name].strip(" “”\"'")) for name in ("a", "b"))
            if first and second and first != second:
                return _completed(first, second), second
    return None


def _completed(first: str, second: str) -> str:
    """Return ``first`` with the ending of ``second`` that it leaves out."""
    if len(first) < len(second) and len(second) - len(first) >= 2 and len(first) <= 3:
        return first + second[len(first) :]
    return first
