"""The table of ``language``, sharpened by the runs of characters that the document at hand has itself.

What a document says once it says again: after two, three or four characters that it has had before, the ones that followed
then are likelier. Each length is smoothed with the one before it (Dirichlet), the shortest with the shipped table.

Knows nothing of words, nor of where the document is damaged; what is damaged is not learnt from.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.repair.language import LOGS, ORDER, OTHER, STEP, Floats, Language, Numbers, find, quantised

STRENGTHS = (45.0, 20.0, 8.0)
"""How many occurrences in the document of one, two, three characters weigh as much as what is known without them."""

OWN_STRENGTH, FAVOUR, LEAST_FAVOUR = 2000.0, 0.3, -0.3
"""The same for characters alone, what part of the difference counts anywhere, and how little at least."""

_BITS = 13
_ROWS = 16
"""How many rows of the table are turned at once: what fits the processor's cache."""

_PLACE = _BITS * ORDER


class Standing(NamedTuple):
    """Text of the document: the number of each character, and of which place it is (up to 2,000)."""

    numbers: Numbers
    places: Numbers


class DocumentLanguage:
    """Log probabilities of characters in one document; numbers are those of ``language``."""

    def __init__(self, language: Language, text: str) -> None:
        """Learn from the simplified ``text`` of a document; a line end stands where something was left out."""
        self.language = language
        self._numbers, _ = language.read(text)

    def likelihoods(self, numbers: Numbers, places: Numbers | None = None, standing: Standing | None = None) -> Floats:
        """Return the log probability of each of ``numbers`` after those before it.

        ``standing`` is text of the document that is in doubt, and ``numbers`` other readings of it; both say by a number
        of which place each character is. What stands at a place is not counted for any reading of it.
        """
        shares = np.exp(self.language.likelihoods(numbers).astype(np.float64) + self._favour[numbers])
        for length, strength, (keys, times, begun, beginnings) in zip(
            range(2, ORDER + 1), STRENGTHS, self._runs, strict=True
        ):
            if len(numbers) < length or not len(keys):
                break
            run = _packed(numbers, length)
            here, before = _times(keys, times, run), _times(begun, beginnings, run >> _BITS)
            if places is not None and standing is not None:
                tags, own = places[length - 1 :] << _PLACE, _packed(standing.numbers, length)
                own_tags = standing.places[length - 1 :] << _PLACE
                here = here - np.isin(run | tags, own | own_tags)
                before = before - np.isin(run >> _BITS | tags, own >> _BITS | own_tags)
            shorter = shares[length - 1 :]
            weighed = (np.maximum(here, 0) + strength * shorter) / (np.maximum(before, 1) + strength)
            shares[length - 1 :] = np.where(before > 0, weighed, shorter)
        result: Floats = np.log(shares).astype(np.float32)
        return result

    def after(self, first: Numbers, second: Numbers) -> Floats:
        """Return the log probability of each of ``second`` after each of ``first``, shape (first, second)."""
        found: Floats = LOGS[self._pairs[first[:, None], second[None, :]]]
        return found

    @cached_property
    def _pairs(self) -> npt.NDArray[np.uint8]:
        """As ``Language.pairs``, but of this document."""
        shipped = self.language.pairs
        table = np.empty_like(shipped)
        favour = np.rint(self._favour / STEP).astype(np.int16)
        for start in range(0, len(table), _ROWS):
            rows = slice(start, start + _ROWS)
            np.clip(shipped[rows] - favour, 0, 255, out=table[rows], casting="unsafe")
        keys, times, begun, beginnings = self._runs[0]
        first, second = keys >> _BITS, keys & ((1 << _BITS) - 1)
        expected = STRENGTHS[0] * np.exp(LOGS[table[first, second]])
        raised = np.rint(np.log1p(beginnings / STRENGTHS[0]) / STEP).astype(np.int64)
        for number, steps in zip(begun.tolist(), raised.tolist(), strict=True):
            row = table[number]
            np.add(np.minimum(row, 255 - min(steps, 255)), steps, out=row, casting="unsafe")
        whole = beginnings[np.searchsorted(begun, first)] + STRENGTHS[0]
        table[first, second] = quantised(np.log((times + expected) / whole))
        return table

    @cached_property
    def _favour(self) -> Floats:
        """How much likelier each character is in this document than at large, whatever stands before it."""
        alone = np.exp(self.language.logs[0].astype(np.float64))
        # what stands there once may be what is in doubt
        times = np.maximum(np.bincount(self._numbers, minlength=self.language.size) - 1, 0)
        times[OTHER] = 0
        here = (times + OWN_STRENGTH * alone) / (times.sum() + OWN_STRENGTH)
        favour: Floats = np.maximum(FAVOUR * np.log(here / alone), LEAST_FAVOUR).astype(np.float32)
        favour[OTHER] = 0
        return favour

    @cached_property
    def _runs(self) -> list[tuple[Numbers, Numbers, Numbers, Numbers]]:
        """For each length from two: the keys of the runs and their number; of what they begin with, the same."""
        found = []
        for length in range(2, ORDER + 1):
            # what is not in the table is one number for many characters: nothing is learnt of it
            strange = np.convolve(self._numbers == OTHER, np.ones(length, int))[length - 1 : len(self._numbers)] > 0
            keys, times = np.unique(_packed(self._numbers, length)[~strange], return_counts=True)
            begun, starts = np.unique(keys >> _BITS, return_index=True)
            found.append((keys, times, begun, np.add.reduceat(times, starts) if len(keys) else times))
        return found


def _packed(numbers: Numbers, length: int) -> Numbers:
    keys: Numbers = np.zeros(max(0, len(numbers) - length + 1), np.int64)
    for at in range(length):
        keys = (keys << _BITS) | numbers[at : len(numbers) - length + 1 + at]
    return keys


def _times(keys: Numbers, times: Numbers, wanted: Numbers) -> npt.NDArray[np.int64]:
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    places, known = find(keys, wanted)
    return np.where(known, times[places], 0)
