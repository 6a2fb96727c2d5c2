"""Plain text as HTML that shows it as it is, and HTML as the text it shows."""

from __future__ import annotations

import html
import re

from assistant.quiz.export.wording import clean

_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|</?[a-zA-Z][^<>]*>", re.IGNORECASE | re.DOTALL)


def to_html(text: str) -> str:
    """Return HTML that shows ``text`` literally, line ends included."""
    return html.escape(clean(text), quote=False).replace("\n", "<br>")


def from_html(text: str) -> str:
    """Return the text that a piece of HTML shows; scripts and styles show nothing."""
    if "<" not in text and "&" not in text:
        return text.strip()
    # in HTML a line end is white space, and lines come from breaks
    flowing = re.sub(r"\s*\n\s*", " ", text) if _TAG.search(text) else text
    broken = _TAG.sub("", _BREAK.sub("\n", flowing))
    return html.unescape(broken).replace("\xa0", " ").strip()
