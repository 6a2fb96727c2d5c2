"""Train ``kb/claim_reader.npz``: the bundled encoder reads a sentence beside the clauses it cites, token by token.

``python -m tools.train_claim_reader [--minutes N] [--leave-out BATCH ...] [--start FILE] [--mean FILE] [--out FILE] HOME ...``:
the homes hold the documents of the labelled sentences (``eval/datasets/sentences.jsonl``; those of other industries and houses
come from ``tools/write_industries.py``). Drawn are the labelled sentences as they are, and what is made of those that stand and
of the clauses' own sentences: cited to a neighbouring clause, with a piece of somewhere else, with a word or a number changed or
two exchanged, with permission for demand. Where it is known which words are wrong, their tokens are told. Some forty minutes
of one core with bfloat16 units. ``--leave-out`` keeps batches unseen, for the thresholds of ``assistant/chat/verify.py``.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assistant.chat.evidence import evidence_of
from assistant.chat.facts import amounts, plain
from assistant.chat.sources import Evidence
from assistant.chat.verify import shown
from eval.sentence_check import LabelledSentence, labelled
from kb.bundled_file import bundled_file, bundled_tokenizer
from kb.claim_reader import EVIDENCE_TOKENS, PATH, SENTENCE_TOKENS
from kb.cross_encoder import tokens
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings
from tools.low_rank import AddedEncoder

RATE, LEAST_RATE, WARM = 1e-3, 0.03, 40
BATCH, TOGETHER, STEP = 16, 8, 32
OFTEN = 4  # how much oftener a sentence of a later batch, freer in its words, is drawn
STANDS, LABELLED = 0.42, 0.7  # shares of sentences that stand; of those and of labelled ones that do not
OPENINGS = (
    "根据规定,|按照手册,|需要注意的是,|也就是说,|简单来说,|首先,|其次,|此外,|具体来说,|一般来说,|总的来说,|因此,|同时,|最后,|请注意,|总之,"
    "|对此,|在这种情况下,|从制度上看,|手册指出,|文件要求,|值得一提的是,|为此,|换言之,"
).split("|")
TURNS = tuple(
    pair.split("/")
    for pair in "不得/可以 必须/可以 须/可以 应当/可以 严禁/可以 可以/不得 可/不得 应/无需 不能/可以 不/".split()
)
NUMBERS = (1, 2, 3, 5, 7, 10, 12, 15, 20, 24, 30, 48, 60, 80, 90, 100)
_CASE = re.compile(r"(?:的|时|后|前|者|如果.*|若.*|除.*)$")
_PIECES = re.compile(r"(?<=[,;])")

Tagged = Sequence[tuple[str, str]]
Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class Drawn:
    """A sentence beside evidence; which characters are wrong, ``None`` where only that something is is known."""

    sentence: str
    evidence: str
    stands: bool
    wrong: Spans | None


class Material:
    """Draws sentences that stand and sentences that do not."""

    def __init__(
        self, homes: Sequence[Path], sentences: Sequence[LabelledSentence], *, often: frozenset[str], seed: int
    ) -> None:
        self._rng = random.Random(seed)
        self._documents: dict[str, dict[str, Evidence]] = {}
        for home in homes:
            with KnowledgeBase.open(load_settings(home)) as knowledge:
                self._tag: Callable[[str], Tagged] = HybridSearcher(knowledge).index.segmenter.tagged
                for document in knowledge.documents():
                    self._documents[document.title] = {
                        block.clause: evidence_of(1, document.title, section, block)
                        for section in knowledge.sections(document.id)
                        for block in section.blocks
                    }
        known = [one for one in sentences if one.document in self._documents]
        known = [one for one in known for _ in range(OFTEN if one.part in often else 1)]
        # always the same changed numbers are learnt by heart, and right sentences like theirs doubted: they are drawn anew
        known = [one for one in known if one.kind != "number"]
        self._standing = [one for one in known if one.supported]
        self._wrong = [one for one in known if not one.supported]
        self._words = {title: self._words_of(clauses.values()) for title, clauses in self._documents.items()}
        self._alike = _alike()

    def _words_of(self, clauses: Sequence[Evidence] | object) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for clause in clauses:  # type: ignore[attr-defined]
            for word, kind in self._tag(plain(clause.text)):
                if len(word) > 1 and kind[0] in "nv":
                    found.setdefault(kind[0], set()).add(word)
        return {kind: sorted(words) for kind, words in found.items()}

    def draw(self) -> Drawn:
        """Return one sentence beside its evidence."""
        share = self._rng.random()
        if share < STANDS:
            sentence, title, clauses = self._right()
            if self._rng.random() < 0.15:
                clauses = [*clauses, self._rng.choice(list(self._documents[title].values()))]
                self._rng.shuffle(clauses)
            return Drawn(sentence, shown(clauses), stands=True, wrong=[])
        if share < LABELLED:
            one = self._rng.choice(self._wrong)
            clauses = [self._documents[one.document][clause] for clause in one.clauses]
            return Drawn(plain(one.sentence), shown(clauses), stands=False, wrong=None)
        how = self._rng.choices(
            (self._elsewhere, self._longer, self._changed, self._exchanged, self._turned, self._renumbered),
            (20, 20, 24, 14, 8, 14),
        )
        return how[0](*self._right()) or self.draw()

    def _right(self) -> tuple[str, str, list[Evidence]]:
        """Return a sentence that stands, its document and its clauses: a labelled one, or the clause's own."""
        rng = self._rng
        if rng.random() < 0.8:
            one = rng.choice(self._standing)
            sentence, title = plain(one.sentence), one.document
            clauses = [self._documents[title][clause] for clause in one.clauses]
        else:
            title = rng.choice(list(self._documents))
            clauses = [rng.choice(list(self._documents[title].values()))]
            sentence = self._reworded(plain(clauses[0].text))
        return (rng.choice(OPENINGS) if rng.random() < 0.25 else "") + sentence, title, clauses

    def _reworded(self, text: str) -> str:
        """Return one sentence of a clause, at times without a piece that is no case, and in alike words."""
        rng = self._rng
        parts = _PIECES.split(rng.choice([one for one in re.split(r"(?<=[。;])", text) if one] or [text]))
        if len(parts) > 2 and rng.random() < 0.5:
            at = rng.randrange(1, len(parts))
            if not any(_CASE.search(part.rstrip(",;。")) for part in parts[at - 1 : at + 1]):
                parts.pop(at)
        sentence = "".join(parts)
        for word in rng.sample(sorted(self._alike), min(400, len(self._alike))):
            if len(word) > 1 and word in sentence and rng.random() < 0.5:
                sentence = sentence.replace(word, rng.choice(self._alike[word]))
        return sentence

    def _share_in(self, text: str, evidence: str) -> float:
        words = [word for word, kind in self._tag(text) if len(word) > 1 and kind[0] in "nvm"]
        return sum(word in evidence for word in words) / len(words) if len(words) > 1 else 1.0

    def _elsewhere(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Cite another clause, most often a near one."""
        every = list(self._documents[title].values())
        at = (
            every.index(clauses[0]) + self._rng.randint(-3, 3)
            if self._rng.random() < 0.7
            else self._rng.randrange(len(every))
        )
        other = every[min(max(at, 0), len(every) - 1)]
        evidence = shown([other])
        fits = other in clauses or self._share_in(sentence, evidence) > 0.6
        return None if fits else Drawn(sentence, evidence, stands=False, wrong=None)

    def _longer(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Put in a piece of another clause or sentence."""
        rng, evidence = self._rng, shown(clauses)
        own = rng.random() < 0.5
        other = rng.choice(list(self._documents[title].values())).text if own else rng.choice(self._standing).sentence
        pieces = [one for one in re.split("[,;。]", plain(other)) if 5 <= len(one) <= 30]
        piece = rng.choice(pieces) if pieces else ""
        if not piece or self._share_in(piece, evidence) > 0.5:
            return None
        parts = _PIECES.split(sentence.rstrip("。"))
        at = rng.randint(0, len(parts))
        before, after = "".join(parts[:at]), "".join(parts[at:])
        before += "" if not before or before[-1] in ",;" else ","
        return Drawn(
            f"{before}{piece}{',' if after else ''}{after}。",
            evidence,
            stands=False,
            wrong=[(len(before), len(before) + len(piece))],
        )

    def _changed(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Put another word of the document in the place of one."""
        evidence = shown(clauses)
        places = [(at, word, kind) for at, word, kind in self._placed(sentence) if kind in "nv" and word in evidence]
        if not places:
            return None
        at, word, kind = self._rng.choice(places)
        new = self._rng.choice(self._words[title].get(kind) or [word])
        if (
            new in evidence
            or new in self._alike.get(word, ())
            or any(one in evidence for one in self._alike.get(new, ()))
        ):
            return None
        return Drawn(
            sentence[:at] + new + sentence[at + len(word) :], evidence, stands=False, wrong=[(at, at + len(new))]
        )

    def _exchanged(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Exchange two nouns of different pieces."""
        places = [one for one in self._placed(sentence) if one[2] == "n"]
        pairs = [
            (one, other)
            for one in places
            for other in places
            if one[0] < other[0] and one[1] != other[1] and re.search("[,;、·由给报]", sentence[one[0] : other[0]])
        ]
        if not pairs:
            return None
        (first, one, _), (second, other, _) = self._rng.choice(pairs)
        text = sentence[:first] + other + sentence[first + len(one) : second] + one + sentence[second + len(other) :]
        moved = second + len(other) - len(one)
        return Drawn(text, shown(clauses), stands=False, wrong=[(first, first + len(other)), (moved, moved + len(one))])

    def _turned(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Permit what is demanded or forbidden, forbid what is permitted."""
        turns = [turn for turn in TURNS if turn[0] in sentence]
        if not turns:
            return None
        old, new = self._rng.choice(turns)
        at = sentence.index(old)
        text = sentence[:at] + new + sentence[at + len(old) :]
        return Drawn(text, shown(clauses), stands=False, wrong=[(at, at + max(1, len(new)))])

    def _renumbered(self, sentence: str, title: str, clauses: list[Evidence]) -> Drawn | None:
        """Change a number, at times to another one of the evidence."""
        evidence = shown(clauses)
        given, places = amounts(evidence), [one for one in amounts(sentence) if re.match(r"\d", sentence[one.start :])]
        if not places:
            return None
        one = self._rng.choice(places)
        old = re.match(r"\d+(?:\.\d+)?", sentence[one.start :])
        if not old:
            return None
        value = float(old[0])
        near = [value * 2, value / 2, value * 3, value + 1, value - 1, value + 5, value * 10, *NUMBERS]
        theirs = [float(other.value) for other in given if re.fullmatch(r"\d+(?:\.\d+)?", other.value)]
        new = self._rng.choice(theirs if theirs and self._rng.random() < 0.4 else near)
        if new <= 0 or (new != int(new) and "." not in old[0]):
            return None
        text = f"{sentence[: one.start]}{new:g}{sentence[one.start + len(old[0]) :]}"
        changed = [other for other in amounts(text) if other.start == one.start]
        if not changed or any(changed[0].same(other) for other in given):
            return None
        return Drawn(text, evidence, stands=False, wrong=[(one.start, one.start + len(f"{new:g}"))])

    def _placed(self, sentence: str) -> list[tuple[int, str, str]]:
        found, after = [], 0
        for word, kind in self._tag(sentence):
            if (at := sentence.find(word, after)) >= 0:
                after = at + len(word)
                if len(word) > 1:
                    found.append((at, word, kind[0]))
        return found


def _alike() -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {}
    for line in files("assistant.chat").joinpath("paraphrase.txt").read_text(encoding="utf-8").splitlines():
        group = [] if line.startswith("#") else line.split()
        for word in group:
            alike.setdefault(word, []).extend(other for other in group if other != word)
    return alike


class Model(AddedEncoder):
    """The first layers, the additions and a head on the state of each of the sentence's tokens."""

    def __init__(self) -> None:
        super().__init__(1, bias=True)
        nn.init.constant_(self.head.bias, -4.0)  # most tokens are not against their sentence

    def forward(self, pairs: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> tuple[torch.Tensor, ...]:
        """Return the log-odds of each token of each sentence."""
        special = bundled_file().special
        rows = [[special.begin, *said, special.end, special.end, *read, special.end] for said, read in pairs]
        states = self.states(rows, step=STEP)
        flat = torch.cat([states[at, 1 : 1 + len(said)] for at, (said, _) in enumerate(pairs)])
        return self.logits(flat).split([len(said) for said, _ in pairs])


def lost(odds: torch.Tensor, one: Drawn, said: Sequence[int]) -> torch.Tensor:
    """Return the loss of one sentence: noisy-or over its tokens, and where they are known each wrong token's own."""
    stands = -nn.functional.softplus(odds).sum()
    if one.stands:
        return -stands
    loss = -torch.log(-torch.expm1(stands.clamp(max=-1e-4)))
    if one.wrong is None:
        return loss
    ends = np.cumsum(bundled_tokenizer().lengths(said)) - 1  # the first token holds a space of its own
    truth = torch.tensor(
        [
            float(any(start < until and end > since for since, until in one.wrong))
            for start, end in zip([-1, *ends], ends, strict=False)
        ]
    )
    each = nn.functional.binary_cross_entropy_with_logits(odds, truth, reduction="none").sum() / truth.sum().clamp(
        min=1
    )
    return (loss + each) / 2


def train(model: Model, material: Material, minutes: float, *, rate: float = RATE) -> None:
    """Train so long; the rate falls to nearly nothing."""
    learnt = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01)
    started, step, whole = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / WARM) * max(LEAST_RATE, 1 - done)
        drawn = [material.draw() for _ in range(BATCH)]
        pairs = [(tokens(one.sentence, SENTENCE_TOKENS), tokens(one.evidence, EVIDENCE_TOKENS)) for one in drawn]
        order = sorted(range(BATCH), key=lambda at, pairs=pairs: sum(map(len, pairs[at])))  # type: ignore[misc]
        optimizer.zero_grad()
        for first in range(0, BATCH, TOGETHER):
            some = order[first : first + TOGETHER]
            odds = model([pairs[at] for at in some])
            loss = (
                torch.stack([lost(own, drawn[at], pairs[at][0]) for own, at in zip(odds, some, strict=True)]).sum()
                / BATCH
            )
            loss.backward()  # type: ignore[no-untyped-call]
            whole += float(loss.detach())
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"{step * BATCH} sentences, loss {whole / 50:.3f}", flush=True)
            whole = 0.0


def main() -> None:
    """Draw, train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="BATCH")
    parser.add_argument("--often", nargs="*", default=[], metavar="BATCH", help="batches drawn oftener")
    parser.add_argument("--start", type=Path, help="go on from this file")
    parser.add_argument("--out", type=Path, default=PATH)
    parser.add_argument("--rate", type=float, default=RATE, help="4e-4 where one goes on")
    parser.add_argument("--mean", type=Path, help="write the mean of what was learnt and of this file")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)  # more wait for one another between so many small products
    sentences = [one for one in labelled() if one.part not in options.leave_out]
    material = Material(options.homes, sentences, often=frozenset(options.often), seed=options.seed)
    model = Model()
    if options.start:
        model.load(options.start)
    train(model, material, options.minutes, rate=options.rate)
    if options.mean:
        model.load(options.mean, share=0.5)
    model.save(options.out)


if __name__ == "__main__":
    main()
