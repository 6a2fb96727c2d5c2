"""Train ``kb/discriminator.npz``: the bundled encoder as a judge of which wording of a place is the original.

``python -m tools.train_discriminator [--places N] [--read N] [--rounds N] [--out FILE] SOURCE[=WEIGHT] ...``: a source is a
JSON-lines file with a ``text``, lines of prose, in each row. Six layers with additions of rank 8 to their matrices and a
linear head; about an hour of one core with bfloat16 units. Losses: a softmax over the original and three near rivals, and
over the original and two readings of real damage; every other time with the score of the shipped tables added, so that it
learns what they do not know.

The shipped figures come from Chinese instructions for assistants (AgentWorkers/skills, MIT), a weekly of technology
(ruanyf/weekly) and, for a quarter of the places, the public question sets beside the checkout. Neither the shipped corpus,
nor the fifteen SOPs of ``write_industries``, nor any manual that the tests measure on is among them. Figures only.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import nn

from ingest.repair.characters import fold
from ingest.repair.judged import wordings_of
from kb.discriminator import PATH, Tokens, tokens_of
from tools.draw_rivals import Place, near, read
from tools.low_rank import AddedEncoder

RATE = 1e-3
BATCH = 24
RIVALS, READ_RIVALS = 3, 2
SHARE = 0.5
"""How often the tables' score is added."""

_EXTENDED = 3


class Model(AddedEncoder):
    """The first layers, the additions and the head on the states of the place and its two neighbours."""

    def __init__(self) -> None:
        super().__init__(3, bias=False)
        self.shares = nn.Parameter(torch.tensor([0.5, 0.8]))

    def forward(self, read: Sequence[Tokens]) -> torch.Tensor:
        """Return a logit for each input; in two batches by length."""
        order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
        half = len(order) // 2
        found = torch.cat([self._logits([read[at] for at in part]) for part in (order[:half], order[half:]) if part])
        places = torch.empty(len(read), dtype=torch.long)
        places[torch.tensor(order)] = torch.arange(len(read))
        return found[places]

    def _logits(self, read: Sequence[Tokens]) -> torch.Tensor:
        states = self.states([one.ids for one in read])
        rows, first, last = torch.arange(len(read)), *torch.tensor([(one.first, one.last) for one in read]).T
        at = torch.arange(states.shape[1])[None]
        inside = ((at >= first[:, None]) & (at <= last[:, None])).float()
        mean = (states * inside[..., None]).sum(1) / inside.sum(1, keepdim=True)
        return self.logits(torch.cat([mean, states[rows, first - 1], states[rows, last + 1]], 1))


def near_loss(model: Model, place: Place, rng: random.Random) -> tuple[list[Tokens], int, list[float]]:
    """Return the inputs of a place with near rivals, how many belong to one wording, and the tables' scores."""
    kept = [0, *rng.sample(range(1, len(place.texts)), min(RIVALS, len(place.texts) - 1))]
    wide = rng.random() < SHARE
    before, behind = (min(rng.randint(0, _EXTENDED), len(side)) if wide else 0 for side in (place.left, place.right))
    left, start = place.left[: len(place.left) - before], place.left[len(place.left) - before :]
    read_ones = [tokens_of((left, start + place.texts[k] + place.right[:behind], place.right[behind:])) for k in kept]
    return read_ones, 1, [place.scores[k] for k in kept]


def read_loss(place: Place, rng: random.Random) -> tuple[list[Tokens], int, list[float]]:
    """Return the same of a place with readings as rivals, each beside the original where the two differ."""
    kept = [1, *rng.sample(range(2, len(place.texts)), min(READ_RIVALS, len(place.texts) - 1) - 1)]
    pairs = wordings_of([place.texts[0], *(place.texts[k] for k in kept)], place.left, place.right)
    return list(map(tokens_of, pairs)), 2, [place.scores[0], *(place.scores[k] for k in kept)]


def train(model: Model, places: list[Place], read_ones: list[Place], rounds: int, rng: random.Random) -> None:
    """Train on ``rounds`` places, half of each kind; the rate falls to nothing."""
    learnt = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=RATE, weight_decay=0.01)
    lost = 0.0
    for step in range(rounds // BATCH):
        done = step * BATCH / rounds
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 6) / 20) * max(0.03, 1 - done)
        drawn = [near_loss(model, rng.choice(places), rng) for _ in range(BATCH // 2)]
        drawn += [read_loss(rng.choice(read_ones), rng) for _ in range(BATCH // 2)]
        logits = model([one for inputs, *_ in drawn for one in inputs])
        loss, at = torch.zeros(()), 0
        for inputs, size, scores in drawn:
            own = logits[at : at + len(inputs)]
            at += len(inputs)
            if size > 1:
                own = torch.cat([torch.zeros(1), own[1::2] - own[::2]])
            if rng.random() < SHARE:
                own = own + model.shares[size - 1] * (torch.tensor(scores) - scores[0])
            loss = loss - torch.log_softmax(own, 0)[0] / BATCH
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        lost += float(loss.detach())
        if step % 50 == 49:
            print(f"{(step + 1) * BATCH} places, loss {lost / 50:.3f}", flush=True)
            lost = 0.0


def draw_near(texts: Sequence[tuple[list[str], float]], places: int, rng: random.Random) -> Iterator[Place]:
    """Yield so many places from texts by weight."""
    while places:
        documents = rng.choices([one for one, _ in texts], [weight for _, weight in texts])[0]
        lines = [line for line in fold(rng.choice(documents)).split("\n") if len(line) > 15]
        place = near(rng.choice(lines), rng) if lines else None
        if place is not None:
            places -= 1
            yield place


def main() -> None:
    """Draw the places, train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", metavar="SOURCE[=WEIGHT]")
    parser.add_argument("--places", type=int, default=15_000)
    parser.add_argument("--read", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=30_000)
    parser.add_argument("--out", type=Path, default=PATH)
    options = parser.parse_args()
    rng = random.Random(1)
    torch.manual_seed(1)
    texts = []
    for source in options.sources:
        name, _, weight = source.partition("=")
        rows = Path(name).read_text("utf-8").splitlines()
        texts.append(([json.loads(row)["text"] for row in rows], float(weight or 1)))
    places = list(draw_near(texts, options.places, rng))
    read_ones: list[Place] = []
    while len(read_ones) < options.read:
        read_ones += read(fold(rng.choice(rng.choice(texts)[0]))[:8000], rng, 3)
    model = Model()
    train(model, places, read_ones, options.rounds, rng)
    model.save(options.out)


if __name__ == "__main__":
    main()
