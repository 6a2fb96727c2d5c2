"""Train ``kb/discriminator.npz``: the bundled encoder as a judge of which wording of a place is the original.

``python -m tools.train_discriminator [--read N] [--minutes N] [--start FILE] [--out FILE] SOURCE[=WEIGHT] ...``: a source is
a JSON-lines file with a ``text``, lines of prose, in each row. Six layers with additions of rank 8 to their matrices and a
linear head, with bfloat16 units. Losses: a softmax over the original and two near rivals (two places to an input where
they leave each other room, never the same piece twice), and over the original and two readings of real damage; every
other time with the score of the shipped tables added, so that it learns what they do not know.

The shipped figures went on from those of 2026-11-29 (AgentWorkers/skills, MIT; ruanyf/weekly; the public question sets
beside the checkout) for 1,200 steps, an hour of a quarter of a core, with twelve of the fifteen handbooks of
``tools/handbooks``, ``tools/work_instructions``, AgentWorkers/skills (documents about work), highwayns/BMAD-METHOD (MIT),
statutes (LawRefBook/Laws), documentation of Dynamics 365 and Partner Center (CC BY) and a safety standard's points
(wkfff/ssms). Neither the shipped corpus, nor the fifteen SOPs of
``write_industries``, nor any manual that the tests measure on is among them. Figures only.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from ingest.repair.characters import fold
from ingest.repair.judged import wordings_of
from kb.discriminator import PATH, Tokens, tokens_of, whole_tokens_of
from tools.draw_rivals import Place, near_two, read
from tools.low_rank import AddedEncoder

RATE = 8e-4
NEAR, READ = 12, 8
"""Pieces with near rivals and places with readings of real damage at a step."""

RIVALS, HARD = 2, 7
"""How many rivals a place is asked with, and of how many."""

SHARE = 0.5
"""How often the tables' score is added."""

LENGTH = 32
"""All inputs are padded to this length, longer ones left out: PyTorch makes its kernels anew for other shapes."""

TOLD = 50
READ_OF = 8000
"""How many characters of a document are damaged."""


class Spot(NamedTuple):
    """The place to be judged: the row of its input, the first and the last of its tokens."""

    row: int
    first: int
    last: int


class Choice(NamedTuple):
    """Spots of which the first of each ``size`` is of the original; ``scores`` are the tables' of the wordings."""

    spots: list[Spot]
    size: int
    scores: list[float]


class Model(AddedEncoder):
    """The first layers, the additions and the head on the states of the place and its two neighbours."""

    def __init__(self) -> None:
        super().__init__(3, bias=False)
        self.shares = nn.Parameter(torch.tensor([0.5, 0.8]))

    def forward(self, rows: Sequence[Sequence[int]], spots: Sequence[Spot]) -> torch.Tensor:
        """Return a logit for each spot."""
        states = self.states(rows, step=LENGTH)
        at, first, last = torch.tensor(spots).T
        places = torch.arange(states.shape[1])[None]
        inside = ((places >= first[:, None]) & (places <= last[:, None])).float()
        mean = (states[at] * inside[..., None]).sum(1) / inside.sum(1, keepdim=True)
        return self.logits(torch.cat([mean, states[at, first - 1], states[at, last + 1]], 1))


def near_choices(places: Sequence[Place], rows: list[Sequence[int]], rng: random.Random) -> Iterator[Choice]:
    """Yield the choices at places with near rivals; all places of a piece are asked of in the same inputs."""
    kept = [[0, 1, *rng.sample(range(2, min(len(one.texts), HARD)), RIVALS - 1)] for one in places]
    order = [list(range(RIVALS + 1)) for _ in places]
    for one in order[1:]:
        rng.shuffle(one)
    spots: list[list[Spot]] = [[] for _ in places]
    for number in range(RIVALS + 1):
        shown = [one.texts[ks[at[number]]] for one, ks, at in zip(places, kept, order, strict=True)]
        for own, one in zip(spots, _tokens(places, shown), strict=True):
            if own is spots[0]:
                rows.append(one.ids)
            own.append(Spot(len(rows) - 1, one.first, one.last))
    for place, ks, at, own in zip(places, kept, order, spots, strict=True):
        yield Choice([own[at.index(k)] for k in range(RIVALS + 1)], 1, [place.scores[k] for k in ks])


def _tokens(places: Sequence[Place], shown: Sequence[str]) -> list[Tokens]:
    """Return the input of a piece with ``shown`` at its places, once for each of them."""
    first, text = places[0], shown[0]
    if len(places) == 1:
        return [tokens_of((first.left, text, first.right))]
    second, other = places[1], shown[1]
    between = second.left[len(first.left) + len(first.texts[0]) :]
    return [
        whole_tokens_of((first.left, text, between + other + second.right)),
        whole_tokens_of((first.left + text + between, other, second.right)),
    ]


def read_choice(place: Place, rows: list[Sequence[int]], rng: random.Random) -> Choice:
    """Return the choice at a place with readings as rivals, each beside the original where the two differ."""
    others = range(2, len(place.texts))
    kept = [1, *rng.sample(others, min(RIVALS - 1, len(others)))]
    pairs = wordings_of([place.texts[0], *(place.texts[k] for k in kept)], place.left, place.right)
    spots = []
    for one in map(tokens_of, pairs):
        rows.append(one.ids)
        spots.append(Spot(len(rows) - 1, one.first, one.last))
    return Choice(spots, 2, [place.scores[0], *(place.scores[k] for k in kept)])


def _short(choices: Iterable[Choice], rows: list[Sequence[int]], added: int) -> list[Choice]:
    """Return choices whose inputs, the last ``added`` of ``rows``, are short; take the inputs of others away."""
    found = list(choices)
    if max(map(len, rows[-added:])) <= LENGTH:
        return found
    del rows[-added:]
    return []


def train(
    model: Model,
    pieces: Iterator[tuple[Place, ...]],
    read_ones: Sequence[Place],
    minutes: float,
    rng: random.Random,
    out: Path,
) -> None:
    """Train for so many minutes; the rate falls to nothing. No piece is seen twice."""
    learnt = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=RATE, weight_decay=0.01)
    started, lost, step = time.monotonic(), 0.0, 0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 6) / 40) * max(0.02, 1 - done)
        rows: list[Sequence[int]] = []
        choices: list[Choice] = []
        while len(rows) < NEAR * (RIVALS + 1):
            choices += _short(near_choices(next(pieces), rows, rng), rows, RIVALS + 1)
        while len(rows) < NEAR * (RIVALS + 1) + READ * 2 * RIVALS:
            choices += _short([read_choice(rng.choice(read_ones), rows, rng)], rows, 2 * RIVALS)
        logits = model(rows, [spot for one in choices for spot in one.spots])
        loss, at = torch.zeros(()), 0
        for spots, size, scores in choices:
            own = logits[at : at + len(spots)]
            at += len(spots)
            if size > 1:
                own = torch.cat([torch.zeros(1), own[1::2] - own[::2]])
            if rng.random() < SHARE:
                own = own + model.shares[size - 1] * (torch.tensor(scores) - scores[0])
            loss = loss - torch.log_softmax(own, 0)[0] / len(choices)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        lost += float(loss.detach())
        step += 1
        if step % TOLD == 0:
            print(f"step {step}, {done:.0%}, loss {lost / TOLD:.3f}", flush=True)
            lost = 0.0
            model.save(out)


def draw_near(texts: Sequence[tuple[list[str], float]], rng: random.Random) -> Iterator[tuple[Place, ...]]:
    """Yield pieces with places, without end, from texts by weight."""
    while True:
        lines = [line for line in _drawn(texts, rng).split("\n") if len(line) > 15]
        found = near_two(rng.choice(lines), rng) if lines else ()
        if found:
            yield found


def _drawn(texts: Sequence[tuple[list[str], float]], rng: random.Random) -> str:
    documents = rng.choices([one for one, _ in texts], [weight for _, weight in texts])[0]
    return fold(rng.choice(documents))


def main() -> None:
    """Draw the places, train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", metavar="SOURCE[=WEIGHT]")
    parser.add_argument("--read", type=int, default=4_000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--start", type=Path, help="figures to go on from")
    parser.add_argument("--out", type=Path, default=PATH)
    options = parser.parse_args()
    rng = random.Random(1)
    torch.manual_seed(1)
    texts = []
    for source in options.sources:
        name, _, weight = source.partition("=")
        rows = Path(name).read_text("utf-8").splitlines()
        texts.append(([json.loads(row)["text"] for row in rows], float(weight or 1)))
    read_ones: list[Place] = []
    while len(read_ones) < options.read:
        found = read(_drawn(texts, rng)[:READ_OF], rng, 3)
        read_ones += [one for one in found if len(one.texts) > RIVALS]
    model = Model()
    if options.start:
        model.load(options.start)
    train(model, draw_near(texts, rng), read_ones, options.minutes, rng, options.out)
    model.save(options.out)


if __name__ == "__main__":
    main()
