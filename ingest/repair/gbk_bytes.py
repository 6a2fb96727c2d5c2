"""The bytes of GBK: what a displayed character may stand for, and the true characters that a byte which is left allows.

Sets of characters come as ``Choices``, ready for NumPy. Knows nothing of text around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ingest.repair.characters import is_han
from ingest.repair.language import load_language
from ingest.repair.lexicon import load_gbk_table

MARKS = frozenset("?？\ufffd□■")
WIDTH_FOLDED = -5.0
UNUSUAL_FORM = -4.0
"""Of several originals of one simplified character (后: 后, 後), what the ones that OpenCC would not write cost."""


LOST_MARK = -3.5
"""What a punctuation mark costs in place of a lost character: with a mark, a sentence loses no more than a pause."""


@dataclass(frozen=True, eq=False)
class Choices:
    """The characters that may stand in one place: ``raws`` as written, ``numbers`` of their simplified forms.

    ``traditional`` and ``simplified`` say which can only be of that script; ``lost`` that one of several is guessed.
    """

    raws: tuple[str, ...]
    numbers: npt.NDArray[np.int64]
    unusual: npt.NDArray[np.float32]
    traditional: npt.NDArray[np.float32]
    simplified: npt.NDArray[np.float32]
    lost: bool

    def costs(self, of_traditional: float, of_simplified: float) -> npt.NDArray[np.float32]:
        """Return what each costs, given what a form of either script does."""
        found: npt.NDArray[np.float32] = (
            self.unusual + of_traditional * self.traditional + of_simplified * self.simplified
        )
        return found

    def only(self, raw: str) -> Choices | None:
        """Return the one choice ``raw``, if it is among these."""
        return one_character(raw, exact=False) if raw in self.raws else None


@lru_cache(maxsize=8192)
def shown_bytes(character: str) -> tuple[tuple[bytes, float], ...]:
    """Return the bytes that may be shown as ``character``, each with its cost."""
    try:
        data = character.encode("gb18030")
    except UnicodeEncodeError:
        data = b""
    shown = ((data, 0.0),) if 1 <= len(data) <= 2 else ()
    if "!" <= character <= "~":
        # A full-width sign that was folded to half width after the slip.
        wide = bytes((0xA3, ord(character) + 0x80))
        shown = (*shown, (wide, 0.0 if character == "?" else WIDTH_FOLDED))
    return shown


@lru_cache(maxsize=65536)
def character_of(lead: int, trail: int) -> str:
    """Return the GBK character of two bytes, ``""`` if there is none."""
    if trail < 0x40 or lead < 0x81:
        return ""
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""


@lru_cache(maxsize=8192)
def one_character(character: str, *, exact: bool = True) -> Choices:
    """Return the one choice ``character``; where it is not ``exact``, out of step, its form must fit the document."""
    return _choices([character], lost=False, formed=not exact)


@lru_cache(maxsize=256)
def led_by(lead: int) -> Choices:
    """Return the common characters whose lead byte is ``lead``."""
    return _choices(_flat(load_gbk_table().by_lead.get(lead, {})))


@lru_cache(maxsize=256)
def trailed_by(trail: int) -> Choices:
    """Return the common characters whose trail byte is ``trail``."""
    return _choices(_flat(load_gbk_table().by_trail.get(trail, {})), of_mark=LOST_MARK)


@lru_cache(maxsize=256)
def led_by_before_mark(lead: int) -> Choices:
    """Return those of ``led_by`` whose trail byte alone shows as a mark."""
    return _choices(one for one in led_by(lead).raws if one.encode("gbk")[1] >= 0x80)


@lru_cache(maxsize=4096)
def led_by_with_unreadable(lead: int, following: int) -> Choices:
    """Return those of ``led_by`` whose trail byte makes no character with the byte ``following``."""
    trails = _unreadable(following)
    return _choices(one for one in led_by(lead).raws if one.encode("gbk")[1] in trails)


@lru_cache(maxsize=256)
def unreadable_before(following: int) -> Choices:
    """Return the common characters whose trail byte makes no character with the byte ``following``."""
    return _choices(_flat(load_gbk_table().any_of(_unreadable(following))), of_mark=LOST_MARK)


@lru_cache(maxsize=256)
def _unreadable(following: int) -> frozenset[int]:
    return frozenset(byte for byte in range(0x80, 0xFF) if not character_of(byte, following))


def _flat(table: dict[str, list[str]]) -> list[str]:
    return [raw for raws in table.values() for raw in raws]


def _choices(found: Iterable[str], *, lost: bool = True, formed: bool = True, of_mark: float = 0.0) -> Choices:
    table = load_gbk_table()
    raws = tuple(found)
    simple = [table.fold.get(raw, raw) for raw in raws]
    traditional = [formed and raw != one for raw, one in zip(raws, simple, strict=True)]
    simplified = [formed and raw in table.simplified for raw in raws]
    unusual = [
        of_mark * (not is_han(raw)) + UNUSUAL_FORM * (lost and table.usual.get(one, raw) != raw != one)
        for raw, one in zip(raws, simple, strict=True)
    ]
    return Choices(
        raws,
        load_language().numbers("".join(simple)),
        np.array(unusual, np.float32),
        np.array(traditional, np.float32),
        np.array(simplified, np.float32),
        lost,
    )
