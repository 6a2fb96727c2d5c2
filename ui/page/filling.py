"""Fields to fill in on the sheet where nothing is stated, and what somebody wrote there, always as theirs.

Draws; the browser's part is ``fill.js``, which opens the fields, and sends what was changed with the sheet's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.filled import LONGEST
from ui.page.render import attributes, named, shown

if TYPE_CHECKING:
    from assistant.filled import Filled
    from ui.page.texts import Words


def field_html(place: str, label: str, one: Filled | None, words: Words, *, said: bool = False) -> str:
    """Return the field for a place, seen while the sheet is being filled in; ``said``: the label is beside it already."""
    value = shown(one.text) if one else ""
    name = f'aria-label="{shown(label)}" placeholder="{words("fill.here")}"' if said else ""
    field = f'<input{attributes(place=place)} value="{value}" maxlength="{LONGEST}" autocomplete="off" {name}>'
    return f'<label class="fill-in">{"" if said else shown(label)}{field}</label>'


def entry_html(one: Filled, words: Words) -> str:
    """Return what somebody wrote, and who."""
    return f'<span class="filled">{shown(one.text)} {by_html(one, words)}</span>'


def by_html(one: Filled, words: Words) -> str:
    """Return the mark of who wrote something."""
    by = words("fill.by").format(named(one.by, words))
    return f'<em class="basis person" title="{shown(one.on)}">{shown(by)}</em>'


def cell_html(value: object, place: str, label: str, one: Filled | None, words: Words) -> str:
    """Return a cell: what is stated, else what somebody wrote or 待填, and the field for it."""
    if value:
        return shown(value)
    open_ = f'<em class="basis suggestion">{words("plan.to_fill")}</em>'
    return (entry_html(one, words) if one else open_) + field_html(place, label, one, words, said=True)


def open_html(places: int, words: Words) -> str:
    """Return the button that opens the fields; nothing where there are none."""
    told = shown(words("fill.open").format(places))
    return f'<button type="button" class="link fill-open" data-fill="open">{told}</button>' if places else ""


def bar_html(kind: str, key: str, words: Words) -> str:
    """Return what keeps or leaves what was typed, of a sheet of that ``kind`` kept under ``key``."""
    return (
        f'<div class="fill-bar"{attributes(kind=kind, id=key)}>'
        f'<button type="button" class="primary" data-fill="save">{words("fill.save")}</button>'
        f'<button type="button" class="link" data-fill="cancel">{words("fill.cancel")}</button></div>'
    )


def typed(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what the browser sends of a sheet that was filled in, by place."""
    values = given.get("values")
    return {str(place): str(text) for place, text in values.items()} if isinstance(values, dict) else {}
