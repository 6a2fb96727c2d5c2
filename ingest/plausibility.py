"""How much a text looks like Chinese that somebody wrote, by how common its characters are.

Knows characters only: no words, no encodings. Wrong readings of Chinese bytes are made of rare characters, which is
what tells encodings apart and finds mojibake. Scores are means per character that is not ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

# The most frequent characters of modern Chinese, as every frequency list begins; they make up 3/4 of running text.
_FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得"
    "经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程"
    "展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必"
    "战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打"
    "白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫"
    "且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精"
    "值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "客户服投诉训档案录签审批责职核范围修订附编制执供货款退换赔偿损失访卷岗位评估考绩评险控监督检隐私密保护培企营销售购预案急售后"
)
_PUNCTUATION = frozenset("，。、；：？！（）《》“”‘’「」『』【】—…·～％")
FREQUENT, COMMON, PUNCTUATION, RARE, WRONG = 3.0, 1.0, 1.5, -1.5, -5.0
"""Scores of one character. Running Chinese has a mean of 2.2 to 2.5, a wrong reading of it -2 to 0.6 (tests)."""

_SAMPLE = 20_000


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    return frozenset(_FREQUENT) | _turned(_FREQUENT)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Return the 3,755 characters of GB 2312's first level and their traditional forms."""
    pairs = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    level = b"".join(pairs).decode("gb2312", "ignore")
    return frozenset(level) | _turned(level)


def _turned(characters: str) -> frozenset[str]:
    """Return the traditional forms of ``characters``."""
    from ingest.repair.characters import load_scripts  # which imports the repairs, and they this

    _, turned = load_scripts()
    return frozenset(turned.get(character, character) for character in characters)


def is_frequent(character: str) -> bool:
    """Say whether ``character`` is one of the 700 most used, in either script."""
    return character in _frequent()


def is_common(character: str) -> bool:
    """Say whether ``character`` is in everyday use, in either script."""
    return character in _common()


@lru_cache(maxsize=32768)
def weight(character: str) -> float:
    """Return the score of one character that is not ASCII."""
    if character in _frequent():
        return FREQUENT
    if character in _PUNCTUATION:
        return PUNCTUATION
    if character in _common():
        return COMMON
    code = ord(character)
    if code == 0xFFFD or 0x80 <= code < 0xA0 or 0xE000 <= code <= 0xF8FF or code > 0xF0000:
        return WRONG
    if 0xFF10 <= code <= 0xFF5A or character == "　":
        return 0.0
    return RARE


def plausibility(text: Iterable[str]) -> float:
    """Return the mean score of the characters that are not ASCII (of the first 20,000); 0 where there are none."""
    scores = [weight(character) for character in islice((c for c in text if c > "\x7f"), _SAMPLE)]
    return sum(scores) / len(scores) if scores else 0.0
