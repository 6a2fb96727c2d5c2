"""Learn again which causes a problem tells of, after the causes of ``kinds.toml`` or the statements changed.

``python -m tools.learn_causes`` reads ``problem_statements.tsv``: who might say it (m a manager in writing, l a station
leader, c a clerk, o an owner in another trade, s a shop, h a hospital, i an IT desk, g logistics, p a property manager, k a
call centre, - nothing of work), the causes (``sort.place`` from 0, or a whole sort; the
first counts most), the words. The phrases of ``kinds.toml`` are learnt from as well. A minute of one core.
``--without m`` leaves one sort of writers out and says how well their statements are told by the others.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from assistant.plan import learnt, likeness
from assistant.plan.causes import told_parts
from assistant.plan.kinds import causes_in_order
from kb.embeddings import normalised, open_embeddings
from kb.fold import simplified
from kb.settings import EmbeddingSettings

STATEMENTS = Path(__file__).with_name("problem_statements.tsv")
# What the first, second… cause of a statement counts, and how much more a text that is nothing of work.
SHARES, NOTHING_COUNTS = (1.0, 0.5, 0.35, 0.25), 2.0
# A pair of characters is used from so many texts on.
SEEN = 3
RIDGE, STEPS = 5e-5, 120
# How far the sorts count alike, however many statements each has (0 not at all, 1 wholly): those most told of would
# otherwise be taken for what is told in words of no sort.
BALANCE = 0.4
# What of a truth is spread over the sort of each of its causes: statements of one sort teach its other causes too.
SPREAD = 0.3


@dataclass(frozen=True)
class Statement:
    """A text, who says it, and what each cause (and, last, nothing of work) has in it; that adds up to 1."""

    who: str
    text: str
    truth: learnt.Floats


def statements() -> list[Statement]:
    """Return the statements of the file, then the phrases of the causes and those about nothing of work."""
    places: dict[str, list[int]] = {}
    for at, (kind, _) in enumerate(causes_in_order()):
        places.setdefault(kind, []).append(at)
    found = []
    for line in STATEMENTS.read_text(encoding="utf-8").splitlines():
        who, causes, text = line.split("\t")
        truth = _nothing() if causes == "-" else _truth(causes.split(), places)
        found.append(Statement(who, "，".join(told_parts(text)), truth))
    for owner, phrase in likeness.phrases():
        found.append(Statement("phrase", phrase, _one(owner) if owner >= 0 else _nothing()))
    return found


def _truth(causes: list[str], places: dict[str, list[int]]) -> learnt.Floats:
    truth = np.zeros(len(causes_in_order()) + 1, dtype=np.float32)
    for share, cause in zip(SHARES, causes, strict=False):
        kind, _, place = cause.partition(".")
        meant = [places[kind][int(place)]] if place else places[kind]
        truth[meant] += share / len(meant)
    return truth / truth.sum()


def _one(at: int) -> learnt.Floats:
    truth = np.zeros(len(causes_in_order()) + 1, dtype=np.float32)
    truth[at] = 1.0
    return truth


def _nothing() -> learnt.Floats:
    return _one(-1)


def fit(material: list[Statement], vectors: learnt.Floats, model: str) -> learnt.Learnt:
    """Return the map with the least loss on ``material``; ``vectors`` are of its texts as queries."""
    own = np.array([one.who == "phrase" and one.truth[-1] == 0 for one in material])
    mean = normalised(vectors[own]).mean(axis=0)
    counts = Counter(pair for one in material for pair in learnt.pairs_of(one.text))
    pairs = tuple(sorted(pair for pair, count in counts.items() if count >= SEEN))
    seen = torch.from_numpy(learnt.features([one.text for one in material], vectors, mean, pairs))
    truth = torch.from_numpy(_spread(np.array([one.truth for one in material])))
    counted = torch.from_numpy(_balance(truth.numpy())) * (1 + (NOTHING_COUNTS - 1) * truth[:, -1])
    weights = torch.zeros(seen.shape[1], truth.shape[1], requires_grad=True)
    bias = torch.zeros(truth.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        told = -(truth * torch.log_softmax(seen @ weights + bias, 1)).sum(1)
        value = (counted * told).mean() + RIDGE * (weights**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return learnt.Learnt(model, mean, pairs, weights.detach().numpy(), bias.detach().numpy())


def _balance(truth: learnt.Floats) -> learnt.Floats:
    """Return what each statement counts by how often its sorts are told of."""
    sorts = np.array([kind for kind, _ in causes_in_order()] + [""])
    told = np.stack([truth[:, sorts == sort].sum(axis=1) for sort in dict.fromkeys(sorts)], axis=1)
    often = told.sum(axis=0)
    counts: learnt.Floats = (told * (often.mean() / often) ** BALANCE).sum(axis=1).astype(np.float32)
    return counts


def _spread(truth: learnt.Floats) -> learnt.Floats:
    """Return ``truth`` with a part of what each cause has shared out evenly over the causes of its sort."""
    sorts = np.array([kind for kind, _ in causes_in_order()] + [""])
    same = (sorts[:, None] == sorts).astype(np.float32)
    found: learnt.Floats = (1 - SPREAD) * truth + SPREAD * truth @ (same / same.sum(axis=1, keepdims=True))
    return found


def main() -> None:
    """Embed, fit, write or say how well it does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help="one of the letters: measured on these, nothing is written")
    options = parser.parse_args()
    torch.set_num_threads(1)
    embeddings = open_embeddings(EmbeddingSettings())
    material = statements()
    vectors = np.array([embeddings.embed_query(simplified(one.text)) for one in material], dtype=np.float32)
    kept = np.array([one.who != options.without for one in material])
    made = fit(
        [one for one, is_kept in zip(material, kept, strict=True) if is_kept], vectors[kept], embeddings.model_id
    )
    if not options.without:
        made.save(Path(learnt.__file__).with_name(learnt.FILE_NAME))
        return
    of_best = [
        material[at].truth[np.argsort(-made.log_odds(material[at].text, vectors[at])[:-1])[:5]].sum()
        for at in np.flatnonzero(~kept)
    ]
    print(f"{len(of_best)} statements: {np.mean(of_best):.3f} of their causes are among the best five")


if __name__ == "__main__":
    main()
