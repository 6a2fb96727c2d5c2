"""HTML from what the assistant and the knowledge base return. Everything that is not written here is shown as text.

Knows the contract's JSON objects and the shapes of ``kb.model``. Knows no events. A document's or a person's words go
through ``shown``; an address is only ever one of this page's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ui.page.texts import CHINESE, ENGLISH, Words
from ui.present import STATUS_WORDS

Json = Mapping[str, Any]

_STATUS_ENGLISH = {
    "answered": "Found",
    "partial": "Partly found",
    "not_found": "Not in the manual",
    "missing_in_source": "Listed, but its text is missing",
}
_MARKER = re.compile(r"\[(\d{1,3})\]")
_MEMBER = re.compile(r"^(?P<indent>\s*)(?P<ordinal>\d{1,3}\.|[-·])\s+(?P<rest>.*)$", re.DOTALL)
_TERM = re.compile(r"^([^：:，。；\[\]]{1,16}[：:])(?=.)")
# Direction overrides and other invisible controls let a text pretend to be another one.
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LOOK_UP = re.compile(r"，可用 shouce [^，。；]*查看(?:目录)?")
_GUESTS = {CHINESE("who.guest"), ENGLISH("who.guest")}
REASONS = ("wrong", "incomplete", "off", "unclear")

_UP = '<path d="M7 11v9H4v-9h3zm3 9V11l4-8a2 2 0 0 1 2 2v4h4a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 18.8 20H10z"/>'
_COPY = '<path d="M9 9h11v11H9zM4 15V4h11"/>'
ICONS = {
    "good": f'<svg viewBox="0 0 24 24" aria-hidden="true">{_UP}</svg>',
    "bad": f'<svg viewBox="0 0 24 24" aria-hidden="true"><g transform="rotate(180 12 12)">{_UP}</g></svg>',
    "copy": f'<svg viewBox="0 0 24 24" aria-hidden="true">{_COPY}</svg>',
}


def shown(value: object) -> str:
    """Return ``value`` as text in HTML, safe in an element and in a quoted attribute."""
    return escape(_INVISIBLE.sub("", str(value)), quote=True)


def named(person: str, words: Words) -> str:
    """Return who somebody is, a guest in the reader's language."""
    return words("who.guest") if person in _GUESTS else person


def attributes(**values: object) -> str:
    """Return ``data-…`` attributes, each with a space before it; None is left out."""
    return "".join(
        f' data-{name.replace("_", "-")}="{shown(value)}"' for name, value in values.items() if value is not None
    )


def status_word(status: str, words: Words) -> str:
    """Return what an answer's status is called."""
    return (_STATUS_ENGLISH if words.english else STATUS_WORDS).get(status, status)


def status_html(status: str, words: Words) -> str:
    """Return the status of an answer as a pill."""
    return f'<span class="status"{attributes(status=status)}>{shown(status_word(status, words))}</span>'


def chip(citation: Json, titles: Mapping[str, str], words: Words) -> str:
    """Return one citation as a button in the sentence that opens its clause."""
    document = str(citation.get("document", ""))
    title = titles.get(document, document)
    place = " › ".join((f"《{title}》", *map(str, citation.get("path", ()))))
    repaired = f"\n※ {words('ask.repaired')}" if citation.get("repaired") else ""
    named = attributes(document=document, section=citation.get("section", ""), clause=citation.get("clause", ""))
    mark = " repaired" if repaired else ""
    return (
        f'<button type="button" class="citation{mark}"{named} title="{shown(place + repaired)}">'
        f"{shown(citation.get('label') or citation.get('clause', ''))}</button>"
    )


def line_html(line: str, chips: Mapping[str, str]) -> str:
    """Return one line of an answer; ``chips`` by marker take the place of ``[1]``."""
    member = _MEMBER.match(line)
    rest = member["rest"] if member else line
    body = _with_chips(rest, chips, term=bool(member))
    if member:
        nested = " nested" if len(member["indent"]) >= 2 else ""
        ordinal = "•" if member["ordinal"] in "-·" else member["ordinal"]
        return f'<div class="line member{nested}"><span class="ordinal">{shown(ordinal)}</span><div>{body}</div></div>'
    framing = " framing" if chips and not _MARKER.search(line) and rest.endswith(("：", ":")) else ""
    return f'<div class="line{framing}">{body}</div>'


def _with_chips(text: str, chips: Mapping[str, str], *, term: bool) -> str:
    lead = ""
    if term and (found := _TERM.match(text)):
        lead, text = f"<b>{shown(found[1])}</b>", text[found.end() :]
    pieces: list[str] = []
    at = 0
    for marker in _MARKER.finditer(text):
        pieces += [shown(text[at : marker.start()]), chips.get(marker[1], shown(marker[0]))]
        at = marker.end()
    return lead + "".join(pieces) + shown(text[at:])


def lines_html(answer: Json, titles: Mapping[str, str], words: Words, *, only: int | None = None) -> str:
    """Return the lines of an answer's text (the first ``only`` ones) with their chips."""
    chips = {str(c.get("marker")): chip(c, titles, words) for c in answer.get("citations", ())}
    lines = [line for line in str(answer.get("answer", "")).split("\n") if line.strip()]
    return "".join(line_html(line, chips) for line in lines[:only])


def buttons(questions: Iterable[str], css: str = "followup") -> str:
    """Return questions as buttons that ask them."""
    return "".join(
        f'<button type="button" class="{css}"{attributes(question=question)}>{shown(question)}</button>'
        for question in questions
    )


def nearest_html(places: Sequence[Json], titles: Mapping[str, str]) -> str:
    """Return sections as links that open them in the reader."""
    several = len(titles) > 1
    return "".join(
        f'<button type="button" class="open-section"'
        f"{attributes(document=place.get('document'), section=place.get('section'))}>"
        + (f"《{shown(titles.get(str(place.get('document')), ''))}》" if several else "")
        + f"{shown(_named(place))}</button>"
        for place in places
    )


def _named(place: Json) -> str:
    section, title = str(place.get("section", "")), str(place.get("title", ""))
    return title if section.startswith("§") or section == title else f"{section} {title}"


def feedback_html(words: Words, given: str = "") -> str:
    """Return the row under an answer: copy, helpful, not helpful with its reasons; ``given`` is what was said already."""
    reasons = "".join(
        f'<button type="button" class="reason"{attributes(reason=words(f"ask.reason.{reason}"))} aria-pressed="false">'
        f"{words(f'ask.reason.{reason}')}</button>"
        for reason in REASONS
    )
    tools = "".join(
        f'<button type="button" class="tool {name}" aria-label="{words(f"ask.{name}")}" title="{words(f"ask.{name}")}"'
        f' aria-pressed="{str(name == given).lower()}">{ICONS[name]}</button>'
        for name in ("good", "bad", "copy")
    )
    return (
        f'<div class="feedback"><div class="tools">{tools}<span class="said" role="status"></span></div>'
        f'<form class="reasons" hidden><span>{words("ask.why")}</span>{reasons}'
        f'<input type="text" maxlength="500" placeholder="{words("ask.why_more")}" aria-label="{words("ask.why_more")}">'
        f'<button type="submit" class="primary">{words("ask.send_reason")}</button></form></div>'
    )


def asked_html(question: str) -> str:
    """Return what a person asked, as their side of the conversation."""
    return f'<div class="asked"><div>{shown(question)}</div></div>'


def notice(message: str, kind: str = "problem") -> str:
    """Return a message that stands where a result would, without the command that looks it up in a terminal."""
    return f'<div class="notice {kind}" role="alert">{shown(_LOOK_UP.sub("", message))}</div>'
