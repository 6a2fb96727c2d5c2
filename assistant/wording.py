"""How much of a question's own wording stands in a text: the share of its pairs of characters, rare ones counting more.

In running text an answer mostly repeats the question's words, so what of them is missing tells more than any score of
search. Knows pairs and how often they stand in the corpus; no words, no synonyms, no ranking.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from kb.fold import fold, is_han
from kb.segment import bigrams

# Characters that make it a question; a pair of nothing else says nothing of its subject.
_ASKING = frozenset("什么怎样如何哪些个谁几多少吗呢吧啊呀么的了是有在和与及或要请问")


def weights_of(question: str, *, frequency: Callable[[str], int], size: int) -> dict[str, float]:
    """Return the pairs of ``question``, each with its inverse document frequency among ``size`` chunks."""
    pairs = [pair for pair in dict.fromkeys(bigrams(question)) if not _only_asks(pair)]
    return {pair: _idf(frequency(pair), size) for pair in pairs}


def share(text: str, weights: Mapping[str, float]) -> float:
    """Return the weighted share of pairs that stand in folded ``text``; 0 without any pair."""
    total = sum(weights.values())
    return sum(weight for pair, weight in weights.items() if pair in text) / total if total else 0.0


def lead(texts: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return how much more of the wording the best of the folded ``texts`` holds than the next."""
    shares = sorted((share(text, weights) for text in texts), reverse=True)
    return shares[0] - (shares[1] if len(shares) > 1 else 0.0) if shares else 0.0


def _only_asks(pair: str) -> bool:
    return is_han(pair[0]) and all(character in _ASKING for character in fold(pair))


def _idf(frequency: int, size: int) -> float:
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)) if frequency < size else 0.05
