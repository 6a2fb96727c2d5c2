"""Pronunciations that a site's font trick left after characters: ``企業(yè)``, ``數(shù)據(jù)``.

Knows when such brackets are damage and when they teach (``重(chóng)庆``): the trick marks ordinary characters, again and
again; a text that teaches marks a few, rare or with several readings. Knows nothing of the rest of the repair.
"""

from __future__ import annotations

import re

from ingest.repair.characters import is_common

_TONED = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜńňǹḿ"
_LETTERS = f"a-zɑɡüê{_TONED}"
_HAN = "[㐀-䶿一-鿿]"
_READING = rf"(?=[{_LETTERS}]*[{_TONED}])[{_LETTERS}]{{1,7}}|[a-zü]{{1,6}}[1-5]|[ㄅ-ㄩ]{{1,3}}[ˊˇˋ˙]?"
_GLOSS = re.compile(rf"(?<={_HAN})(?:[(（] ?(?:{_READING}) ?[)）])")
_GLOSSED = re.compile(rf"({_HAN})[(（] ?(?:{_READING}) ?[)）]")
_ONE_HAN = re.compile(_HAN)
_NEUTRAL = re.compile(
    "(?<=[的地得])[(（]de[)）]|(?<=了)[(（]le[)）]|(?<=[着著])[(（]zhe[)）]|(?<=[们們])[(（]men[)）]|(?<=[吗嗎])[(（]ma[)）]"
    "|(?<=呢)[(（]ne[)）]|(?<=吧)[(（]ba[)）]|(?<=子)[(（]zi[)）]|(?<=[么麼])[(（]me[)）]|(?<=[个個])[(（]ge[)）]"
    "|(?<=[头頭])[(（]tou[)）]"
)
_TEACHING = re.compile(
    "拼音|讀音|读音|多音字|聲調|声调|注音|讀作|读作|念作|發音|发音|普通[话話]|朗[读讀]|[误誤][读讀]|易[错錯]"
)
_SEVERAL_READINGS = frozenset(
    "重行长長乐樂还還都得地的着著了和为為传傳倒分供便当當调調度恶惡盛省奇畜朝参參差藏曾称稱乘处處弹彈待单單斗角觉覺解卡看空"
    "量露率落没沒模难難宁寧强強切区區曲任散塞色舍什似宿提帖吐系校兴興削血要应應与與载載脏臟扎轧占折只种種转轉琢作扁薄拗尉"
)

FEWEST = 3
LEAST_DENSITY = 0.01
"""Glosses per Han character from which they may be damage (the real manual has 0.06)."""

WHOLLY_ANNOTATED = 0.6
"""From this density on, nearly every character is annotated: that is a reading book."""


def damaged(document: str) -> bool:
    """Say whether the glosses of a document are a font trick: at least three, dense enough, on ordinary characters.

    A document that speaks of pronunciation (拼音, 多音字, 读作 …) at least once for every ten glosses teaches it, and so
    does one that annotates most of its characters or mainly rare ones and ones with several readings.
    """
    glossed = _GLOSSED.findall(document)
    if len(glossed) < FEWEST:
        return False
    han = len(_ONE_HAN.findall(document))
    density = len(glossed) / han
    repeated = len(glossed) - len(set(glossed))
    dense = density >= LEAST_DENSITY or (density >= LEAST_DENSITY / 5 and repeated >= FEWEST)
    if not dense or density > WHOLLY_ANNOTATED:
        return False
    if len(_TEACHING.findall(document)) * 10 >= len(glossed):
        return False
    ordinary = sum(character not in _SEVERAL_READINGS and is_common(character) for character in glossed)
    return ordinary * 2 >= len(glossed)


def strip(text: str) -> tuple[str, int]:
    """Return ``text`` without its glosses and how many there were."""
    text, toned = _GLOSS.subn("", text)
    text, neutral = _NEUTRAL.subn("", text)
    return text, toned + neutral


def examples(document: str, most: int) -> list[str]:
    """Return the first ``most`` different glossed characters, as they stand."""
    found: dict[str, str] = {}
    for match in _GLOSSED.finditer(document):
        found.setdefault(match.group(1), match.group())
        if len(found) == most:
            break
    return list(found.values())
