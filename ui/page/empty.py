"""What a tab shows before there is anything in it: what it is for, who it is for, and what can be done meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ui.page.render import shown
from ui.page.texts import Words

_LINES = 4


def coming_html(name: str) -> Callable[[Words], str]:
    """Return what draws the empty state of the tab ``name`` in a language."""

    def html(words: Words) -> str:
        points = "".join(f"<li>{shown(point)}</li>" for point in words(f"{name}.points").split("|"))
        return (
            f'<div class="empty coming"><div class="sheet {name}" aria-hidden="true">{"<i></i>" * _LINES}</div>'
            f"<h2>{words(f'{name}.title')}</h2><p>{words(f'{name}.for')}</p><ul>{points}</ul>"
            f"<small>{words(f'{name}.meanwhile')}</small></div>"
        )

    return html
