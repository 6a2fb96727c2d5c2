"""Build ``kb/sounds.txt``: which common Han characters sound alike, from pypinyin's table (MIT).

``python tools/build_sounds.py``. Reading the sounds from pypinyin itself costs a cold question a third of its time: it loads
its phrases and turns twenty thousand readings. A sound is the commonest reading, without its tone.
"""

from __future__ import annotations

from collections import defaultdict

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.pinyin_dict import pinyin_dict

from kb.spelling import SOUNDS

FIRST, LAST = 0x4E00, 0x9FA5
"""The common Han characters; what stands only elsewhere is not in a manual."""


def table() -> str:
    """Return the file: a line for each sound, the sound and its characters."""
    characters: defaultdict[str, str] = defaultdict(str)
    for code in range(FIRST, LAST + 1):
        if readings := pinyin_dict.get(code):
            characters[to_normal(readings.split(",")[0])] += chr(code)  # the common reading stands first
    return "".join(f"{sound} {characters[sound]}\n" for sound in sorted(characters))


if __name__ == "__main__":
    SOUNDS.write_text(table(), encoding="utf-8")
