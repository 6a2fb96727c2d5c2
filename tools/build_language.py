"""Build ``ingest/repair/language.npz``: how often Chinese characters follow each other, as figures, without any text.

``python tools/build_language.py [--out FILE] [--skip NAME ...] SOURCE ...`` where a source is a JSON-lines file with a
``text`` in each line, a Markdown or text file, or a folder of these; ``--skip`` leaves out files whose name contains it.
The shipped table was counted on the five public sets beside the checkout (``../shared/bench``) and on
``tools/sample_corpus``, all folded to simplified characters; within words, jieba's dictionary counts too. Pairs and
triples seen once are dropped. ``ingest/repair/language.py`` says what the arrays hold.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from opencc import OpenCC

from ingest.repair.language import PATH, normalised, quantised
from ingest.repair.lexicon import load_dictionary

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (ROOT.parent / "shared" / "bench", ROOT / "tools" / "sample_corpus")
LEAST_PAIR = 2.0
LEAST_TRIPLE = 2
LEAST_CHARACTER = 3
"""Rarer pairs, triples and characters are dropped."""

DICTIONARY_SHARE = 0.01
"""What one occurrence in jieba's dictionary (60 million words) counts beside one in the sources."""


def texts(source: Path, skip: list[str]) -> Iterator[str]:
    """Yield the texts of a file or folder."""
    if source.is_dir():
        for path in sorted(source.iterdir()):
            yield from texts(path, skip)
    elif any(name in str(source) for name in skip):
        return
    elif source.name == "corpus.jsonl":
        yield from (json.loads(line)["text"] for line in source.read_text("utf-8").splitlines())
    elif source.suffix in (".md", ".txt") and source.name != "README.md":
        yield source.read_text("utf-8")


def count(found: Iterator[str]) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[tuple[str, str, str]]]:
    """Return how often each character, pair and triple stands in the texts."""
    simplify = OpenCC("t2s").convert
    ones: Counter[str] = Counter()
    twos: Counter[tuple[str, str]] = Counter()
    threes: Counter[tuple[str, str, str]] = Counter()
    for text in found:
        line = f"\n{normalised(simplify(text))}\n"
        ones.update(line)
        twos.update(pairwise(line))
        threes.update(zip(line, line[1:], line[2:], strict=False))
    return ones, twos, threes


def build(sources: list[Path], skip: list[str]) -> dict[str, np.ndarray]:
    """Return the arrays of the table."""
    ones, twos, threes = count(text for source in sources for text in texts(source, skip))
    seen_in_text = twos.copy()
    for word, times in load_dictionary().counts.items():
        for character in word:
            ones[character] += times * DICTIONARY_SHARE  # type: ignore[assignment]
        for pair in pairwise(word):
            twos[pair] += times * DICTIONARY_SHARE  # type: ignore[assignment]
    characters = sorted(one for one, times in ones.items() if times >= LEAST_CHARACTER and one <= "\uffff")
    index = {one: at for at, one in enumerate(characters)}
    size = len(characters)
    total = sum(ones.values())
    share = {one: ones[one] / total for one in characters}
    kinds = Counter(first for first, _ in twos)
    after = {pair: (times + kinds[pair[0]] * share[pair[1]]) / (ones[pair[0]] + kinds[pair[0]])
             for pair, times in twos.items() if pair[0] in index and pair[1] in index}  # fmt: skip
    kept = {pair: p for pair, p in after.items() if twos[pair] >= LEAST_PAIR}
    kinds_after = Counter(triple[:2] for triple in threes)
    triples = {
        triple: (times + kinds_after[triple[:2]] * after[triple[1:]])
        / (seen_in_text[triple[:2]] + kinds_after[triple[:2]])
        for triple, times in threes.items()
        if times >= LEAST_TRIPLE and triple[:2] in kept and triple[1:] in kept
    }
    leading = {triple[:2] for triple in triples}
    pair_keys = sorted((index[a] * size + index[b], a, b) for a, b in kept)
    triple_keys = sorted(((index[a] * size + index[b]) * size + index[c], a, b, c) for a, b, c in triples)
    weights = [
        kinds_after[a, b] / (seen_in_text[a, b] + kinds_after[a, b]) if (a, b) in leading else 1.0
        for _, a, b in pair_keys
    ]
    return {
        "characters": np.frombuffer("".join(characters).encode("utf-16-le"), dtype="<u2"),
        "single": quantised([share[one] for one in characters]),
        "backoff": quantised([kinds[one] / (ones[one] + kinds[one]) for one in characters]),
        "pairs": np.diff(np.array([key for key, *_ in pair_keys], dtype=np.int64), prepend=0).astype(np.uint32),
        "pair": quantised([kept[a, b] for _, a, b in pair_keys]),
        "pair_backoff": quantised(weights),
        "triples": np.diff(np.array([key for key, *_ in triple_keys], dtype=np.int64), prepend=0),
        "triple": quantised([triples[a, b, c] for _, a, b, c in triple_keys]),
    }


def main() -> None:
    """Build the file and say its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path, default=SOURCES)
    parser.add_argument("--out", type=Path, default=PATH)
    parser.add_argument("--skip", nargs="*", default=[])
    options = parser.parse_args()
    arrays = build(list(options.sources), options.skip)
    np.savez_compressed(options.out, **arrays)
    sizes = ", ".join(f"{name} {len(array)}" for name, array in arrays.items())
    print(f"{options.out.stat().st_size / 1024:.0f} KB  {options.out.name}: {sizes}")


if __name__ == "__main__":
    main()
