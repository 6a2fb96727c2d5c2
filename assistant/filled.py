"""What a person wrote where the source states nothing: their words, who they are, the day. Never a clause's.

Knows one entry and its JSON; which places a checklist or a plan leaves open is theirs to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.errors import EntryInvalid
from kb.rows import storable

LONGEST = 200  # characters of an entry
SOMEBODY = "访客"
NOTE = "标“由…填写”的内容是填写的人补充的，手册没有写"


@dataclass(frozen=True)
class Filled:
    """An entry: ``text`` as written, ``by`` whom, ``on`` which day (ISO 8601); ``what`` names the place for people."""

    text: str
    by: str
    on: str
    what: str = ""

    @property
    def words(self) -> str:
        """The entry as every form shows it: ``客服主管（由王芳填写）``."""
        return f"{self.text}（由{self.by}填写）"


Filling = Mapping[str, Filled]


def stated(value: str | None, filling: Filling, place: str) -> str | None:
    """Return what the source states, else what somebody wrote at ``place``, with who; None where both are silent."""
    return value or (filling[place].words if place in filling else None)


def filled_json(filling: Filling) -> list[dict[str, str]]:
    """Return entries by their places as JSON."""
    return [
        {"key": key, "what": one.what, "text": one.text, "by": one.by, "on": one.on} for key, one in filling.items()
    ]


def filled_of(stored: list[dict[str, Any]] | None) -> dict[str, Filled]:
    """Return stored entries; none where a row is from before there were any."""
    return {one["key"]: Filled(one["text"], one["by"], one["on"], one["what"]) for one in stored or ()}


def entered(before: Filling, said: Mapping[str, str], blanks: Mapping[str, str], *, by: str) -> dict[str, Filled]:
    """Return ``before`` with what was ``said`` by place; an empty text takes an entry away.

    Args:
        before: the entries so far.
        said: what was typed, by place.
        blanks: what each place that is open is called, by place.
        by: who says it.

    Raises:
        EntryInvalid: a place is not open, or a text is too long.
    """
    after = dict(before)
    for key, text in said.items():
        words = storable(" ".join(str(text).split()))
        if key not in blanks:
            raise EntryInvalid("这里手册已经写明，或这一项已经不在，不能填写")
        if len(words) > LONGEST:
            raise EntryInvalid(f"“{blanks[key]}”写得太长，请写在 {LONGEST} 字以内")
        after.pop(key, None)
        if words and key in before and before[key].text == words:
            after[key] = before[key]
        elif words:
            after[key] = Filled(words, storable(by) or SOMEBODY, date.today().isoformat(), blanks[key])
    return after
