"""Many chunks out of few: public passages first as they are, then seeded perturbations of them, text and vector alike.

A perturbed chunk is made of a passage i, a passage k and two more, all drawn at random: every fourth of its sentences
(at least one) is replaced by one of passage k, and a code of its own is added; its vector is 0.75 v(i) + 0.25 v(k) +
0.2 (v(a) − v(b)), at length 1. So text and vector move together, vectors stay in the space that real passages span, and
the vocabulary grows with the corpus. Knows passages and their vectors; not how anything is indexed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.beir import Passage, load_set, sets_in
from eval.cached_embeddings import CachedEmbeddings, key_of
from kb.embeddings import EmbeddingModel, normalised
from kb.model import Block, Chunk, Health, ParsedDocument, Section

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER = 0.25
DIFFERENCE = 0.2
PER_DOCUMENT = 200
PER_SECTION = 5
QUESTIONS = 1000
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class Base:
    """Passages with their vectors, shape (passages, dimension), and questions."""

    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32] = field(repr=False)
    questions: tuple[str, ...] = field(repr=False)


def load_base(bench: Path, cache: Path, model: EmbeddingModel, *, known_only: bool) -> Base:
    """Return the distinct passages of every set under ``bench`` and the same number of questions of each.

    Args:
        bench: a folder of sets.
        cache: where vectors are kept.
        model: embeds what the cache lacks.
        known_only: leave out passages that the cache lacks.
    """
    passages: dict[str, Passage] = {}
    parts: list[NDArray[np.float32]] = []
    questions: list[list[str]] = []
    for folder in sets_in(bench):
        one = load_set(folder)
        cached = CachedEmbeddings(model, cache, one.name)
        known = _keys(cached.path) if known_only else None
        fresh = [passage for passage in one.passages if passage.full not in passages]
        fresh = [p for p in fresh if known is None or key_of("passage", p.full) in known]
        passages.update((passage.full, passage) for passage in fresh)
        parts.append(cached.passages([passage.full for passage in fresh]))
        cached.save()
        questions.append([query.text for query in one.judged])
    rnd = random.Random(0)
    share = QUESTIONS // len(questions)
    chosen = [text for texts in questions for text in rnd.sample(texts, min(share, len(texts)))]
    rnd.shuffle(chosen)
    return Base(tuple(passages.values()), np.concatenate(parts), tuple(chosen))


def save_base(folder: Path, base: Base) -> None:
    """Write ``base`` into ``folder``, so that what is measured is what was built."""
    folder.mkdir(exist_ok=True)
    np.save(folder / "vectors.npy", base.vectors)
    rows = {"passages": [[p.id, p.text, p.title] for p in base.passages], "questions": base.questions}
    (folder / "texts.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def read_base(folder: Path) -> Base:
    """Return what ``save_base`` wrote."""
    rows = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    passages = tuple(Passage(*row) for row in rows["passages"])
    return Base(passages, np.load(folder / "vectors.npy"), tuple(rows["questions"]))


def _keys(path: Path) -> set[bytes]:
    if not path.exists():
        return set()
    with np.load(path) as stored:
        return {bytes(key) for key in stored["keys"]}


def vectors(base: Base, first: int, count: int) -> NDArray[np.float32]:
    """Return the vectors of chunks ``first`` to ``first + count``, of length 1."""
    rows = [_draw(base, at) for at in range(first, first + count)]
    own, other, plus, minus = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    v = base.vectors
    mixed = (1 - OTHER) * v[own] + OTHER * v[other] + DIFFERENCE * (v[plus] - v[minus])
    whole = np.arange(first, first + count) < len(base.passages)
    mixed[whole] = v[own[whole]]
    return normalised(mixed.astype(np.float32))


def documents(base: Base, count: int) -> Iterator[tuple[ParsedDocument, NDArray[np.float32]]]:
    """Yield ``count`` chunks as documents of ``PER_DOCUMENT``, each with the vectors of its chunks."""
    sentences = [_SENTENCE.findall(passage.text) or [passage.text] for passage in base.passages]
    for number, first in enumerate(range(0, count, PER_DOCUMENT)):
        rows = range(first, min(first + PER_DOCUMENT, count))
        texts = [_text(base, sentences, at) for at in rows]
        titles = [base.passages[_draw(base, at)[0]].title for at in rows]
        yield _document(number, texts, titles), vectors(base, first, len(rows))


def _draw(base: Base, at: int) -> tuple[int, int, int, int]:
    """Return which passages chunk ``at`` is made of; the first ones are the passages themselves."""
    size = len(base.passages)
    rnd = random.Random(at)
    own, other, plus, minus = (int(rnd.random() * size) for _ in range(4))
    return (at if at < size else own), other, plus, minus


def _text(base: Base, sentences: list[list[str]], at: int) -> str:
    own, other, _, _ = _draw(base, at)
    if at < len(base.passages):
        return base.passages[own].text
    made, strange = list(sentences[own]), sentences[other]
    for place in range(at % 4 if len(made) > 3 else 0, len(made), 4):
        made[place] = strange[place % len(strange)]
    return "".join(made) + f"（编号{at % 26 + 10:X}{at:07d}）"


def _document(number: int, texts: list[str], titles: list[str]) -> ParsedDocument:
    title = f"第{number + 1}号文件"
    sections: list[Section] = []
    chunks: list[Chunk] = []
    for at in range(0, len(texts), PER_SECTION):
        name = f"§{at // PER_SECTION + 1}"
        heading = titles[at] or f"第{at // PER_SECTION + 1}节"
        lines = [text.replace("\n", " ") for text in texts[at : at + PER_SECTION]]
        blocks, start = [], 0
        for place, line in enumerate(lines, 1):
            blocks.append(Block(f"{name}-p{place}", "paragraph", line, start, start + len(line)))
            start += len(line) + 1
        sections.append(Section(name, heading, 1, "", (heading,), "\n".join(lines), tuple(blocks)))
        chunks += [
            Chunk(name, (block.clause,), f"{title} > {heading}", block.text, len(block.text)) for block in blocks
        ]
    return ParsedDocument(title, f"{number}.txt", str(number), tuple(sections), tuple(chunks), Health())
