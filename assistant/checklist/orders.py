"""How likely a part of a sentence orders something: a linear model over its words and over what the word lists find in it.

Knows sentences of work instructions. Logistic regression whose weights stand in ``orders.json``, fitted and measured on
documents left out by ``eval/order_model.py``; the word lists alone reach less on texts nobody tuned on (``eval/LOG.md``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from assistant.checklist.measures import limits_in
from assistant.checklist.opening import opens_with_verb, tagged
from assistant.checklist.parts import segments
from assistant.checklist.split import found_in, is_case
from assistant.checklist.telling import aspects, explains, habitual, tellings, who_acts
from assistant.checklist.timing import deadline_span, frequency_in
from assistant.checklist.words import (
    BAN,
    DUTY,
    FORM,
    MAY_BAN,
    PHOTO,
    PROHIBITION,
    PROOF,
    SIGNATURE,
    STANDARD,
    VERB,
    role_at_start,
    role_by,
)

BIAS = "bias"
# How likely a part of a document of orders is from which on it is taken for one.
LIKELY = 0.45
# Characters of a part, and of its sentence, that are read as words.
PART, SENTENCE = 60, 120
# Length of a part in steps of four characters, and the most parts of a sentence, that are told apart.
LENGTHS, PARTS = 6, 4
_LATIN, _NUMBER = re.compile(r"[a-zA-Z]+"), re.compile(r"\d+(?:\.\d+)?")


def likelihood(sentence: str, number: int) -> float:
    """Return how likely part ``number`` of ``sentence`` (between its commas) orders something, 0 to 1."""
    weights = _weights()
    total = weights[BIAS] + sum(value * weights.get(name, 0.0) for name, value in features(sentence, number).items())
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    text = (resources.files("assistant.checklist") / "orders.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights


def features(sentence: str, number: int) -> dict[str, float]:
    """Return what the model sees of one part: its words, its neighbours, and what the word lists find in it."""
    parts = segments(sentence)
    told = {**_words(parts, number), **{f"r:{name}": 1.0 for name in _found(sentence, parts, number)}}
    told |= {f"tells:{name}": 1.0 for name in tellings(parts[number])}
    told |= {f"with:{name}": 1.0 for name in tellings(sentence)}
    told |= dict.fromkeys(_who(parts, number), 1.0)
    for word, _ in tagged(_shape(sentence)[:SENTENCE]):
        told[f"s:{word}"] = 0.5
    return told


def _words(parts: Sequence[str], number: int) -> dict[str, float]:
    text = _shape(parts[number])
    pairs = tagged(text[:PART])
    tags = [tag for _, tag in pairs]
    names = [f"w:{word}" for word, _ in pairs]
    names += [f"g:{tag}" for tag in tags]
    names += [f"b:{text[at : at + 2]}" for at in range(len(text) - 1)]
    names += [f"t{at}:{tag}" for at, tag in enumerate(tags[:4])]
    names += [f"open:{'_'.join(tags[:2])}", f"open:{'_'.join(tags[:3])}", f"last:{''.join(tags[-1:])}"]
    names += [f"from:{text[:1]}", f"from:{text[:2]}", f"to:{text[-1:]}", f"to:{text[-2:]}"]
    names += [f"long:{min(LENGTHS, len(text) // 4)}", f"parts:{min(PARTS, len(parts))}"]
    if pairs:
        names += [f"first:{pairs[0][0]}", f"end:{pairs[-1][0]}"]
    if number:
        before = _shape(parts[number - 1])
        names += [f"before:{before[-1:]}", f"before:{before[-2:]}", f"begins:{before[:2]}"]
    else:
        names.append("opens")
    if number + 1 < len(parts):
        after = _shape(parts[number + 1])
        names += [f"after:{after[:1]}", f"after:{after[:2]}"]
    else:
        names.append("closes")
    return dict.fromkeys(names, 1.0)


def _who(parts: Sequence[str], number: int) -> list[str]:
    """Return names for who acts in a part, by itself or still from a part before, and for how it is told."""
    acting = who_acts(parts[number])
    before = next((found for part in reversed(parts[:number]) if (found := who_acts(part))), "")
    names = [f"who:{acting or 'nobody'}", f"still:{acting or before or 'nobody'}"]
    return names + [f"how:{one}:{acting or before or 'nobody'}" for one in aspects(parts[number])]


def _found(sentence: str, parts: Sequence[str], number: int) -> list[str]:
    """Return the names of what the word lists find in a part, in the part before and behind, and in the whole sentence."""
    text = parts[number]
    role = role_at_start(text)
    flags = {
        **found_in(text),
        "role": bool(role),
        "by": bool(role_by(text)),
        "duty": bool(DUTY.search(text)),
        "ban": bool(PROHIBITION.search(text)),
        "bare": bool(BAN.match(text)),
        "negates": bool(MAY_BAN.match(text)),
        "verb": bool(VERB.match(text)),
        "does": bool(role and VERB.match(text[len(role) :])),
        "verb within": bool(VERB.search(text)),
        "opens": opens_with_verb(text[len(role) :]),
        "often": bool(frequency_in(text)),
        "due": bool(deadline_span(text)),
        "limits": limits_in(text) is not None,
        "proof": bool(PROOF.search(text)),
        "standard": bool(STANDARD.search(text)),
        "signed": bool(SIGNATURE.search(text) or PHOTO.search(text)),
        "form": bool(FORM.search(text)),
        "habit": habitual(text),
        "case": is_case(text),
        "colon": "：" in text,
        "aside": "（" in text,
        "quoted": "“" in text or '"' in text,
        "of a habit": habitual(sentence),
        "of an explanation": explains(sentence),
        "of a duty": bool(DUTY.search(sentence)),
        "of a ban": bool(PROHIBITION.search(sentence)),
        "of orders": found_in(sentence)["says so"],
        "of somebody": any(role_at_start(part) or role_by(part) for part in parts),
    }
    flags["nothing"] = not any(flags[name] for name in ("duty", "ban", "role", "verb", "due", "often", "limits"))
    if number:
        before = parts[number - 1]
        flags |= {"after a case": is_case(before), "after a verb": bool(VERB.match(before))}
        flags["after an order"] = found_in(before)["says so"]
    if number + 1 < len(parts):
        flags["before an order"] = found_in(parts[number + 1])["says so"]
    return [name for name, flag in flags.items() if flag]


def _shape(text: str) -> str:
    """Return ``text`` with every number as 0 and every run of letters as A."""
    return _LATIN.sub("A", _NUMBER.sub("0", text))
