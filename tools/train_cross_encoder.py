"""Train ``kb/cross_encoder.npz``: the bundled encoder as a cross-encoder of question and passage.

``python -m tools.train_cross_encoder [--rounds N] [--from FILE] [--out FILE] HOME=DATASET ...``: each question of a dataset is
asked of its home, and the best passages of the first sections are what it has to choose among: right where they are of a
gold section and hold one of the facts that are asked for, wrong where they are of another and hold none, all of them wrong
for a question that cannot be answered. Losses: yes or no for each passage, and a softmax over those of one question. About
half an hour of one core with bfloat16 units for 8,000 rounds; ``--from`` goes on from figures learnt before, of which
``--keep`` (0 to 1) is the share in what is written.

Leave out what the decision is fitted on (``eval.calibrate``) and whole documents to see what it is worth on others.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from assistant.ask import Assistant
from assistant.rank import Ranked
from assistant.reread import shown
from eval.dataset import Case, load
from eval.gold import Gold
from kb.bundled_file import bundled_file
from kb.cross_encoder import LONGEST, PASSAGE_TOKENS, PATH, QUESTION_TOKENS, tokens
from kb.fold import fold
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import load_settings
from tools.low_rank import AddedEncoder

RATE, LEAST_RATE, WARM = 1e-3, 0.03, 40
BATCH, TOGETHER, STEP = 8, 8, 32
"""Questions a step; passages read at once; lengths are padded to multiples, so that PyTorch keeps its kernels."""

SECTIONS, RIGHT, WRONG = 8, 3, 5
LIST_WEIGHT = 0.3

Pair = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Asked:
    """A question part's tokens, and those of passages that answer it and that do not, the likeliest first."""

    question: tuple[int, ...]
    right: tuple[tuple[int, ...], ...]
    wrong: tuple[tuple[int, ...], ...]


class Model(AddedEncoder):
    """The first layers, the additions and a head on the first state, both means and their product."""

    def __init__(self) -> None:
        super().__init__(4, bias=True)

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return a logit for each pair."""
        order = sorted(range(len(pairs)), key=lambda at: sum(map(len, pairs[at])))
        found = torch.cat(
            [self._read([pairs[at] for at in order[i : i + TOGETHER]]) for i in range(0, len(order), TOGETHER)]
        )
        return found[torch.argsort(torch.tensor(order))]

    def _read(self, pairs: Sequence[Pair]) -> torch.Tensor:
        special, count = bundled_file().special, len(pairs)
        filled = [*pairs, *[((), ())] * (-count % TOGETHER)]
        rows = [[special.begin, *asked, special.end, special.end, *passage, special.end] for asked, passage in filled]
        states = self.states(rows, step=STEP)
        of_question, of_passage = torch.zeros(states.shape[:2]), torch.zeros(states.shape[:2])
        for row, (asked, passage) in enumerate(filled):
            of_question[row, 1 : 1 + len(asked)] = 1
            of_passage[row, len(asked) + 3 : len(asked) + 3 + len(passage)] = 1
        question, passage = (
            (states * one[..., None]).sum(1) / one.sum(1, keepdim=True).clamp(min=1)
            for one in (of_question, of_passage)
        )
        return self.logits(torch.cat([states[:, 0], question, passage, question * passage], 1))[:count]


def asked_of(home: Path, dataset: Path) -> Iterator[Asked]:
    """Yield what the questions of ``dataset`` lead to in ``home``; those whose answer is not among it are left out."""
    with KnowledgeBase.open(load_settings(home)) as knowledge:
        assistant, gold = Assistant(knowledge, HybridSearcher(knowledge)), Gold(knowledge)
        documents = knowledge.documents()
        titles = {one.id: one.title for one in documents} if len(documents) > 1 else {}
        for case in load(dataset):
            if case.type != "missing" and not case.before and (one := _asked(assistant, gold, case, titles)):
                yield one


def _asked(assistant: Assistant, gold: Gold, case: Case, titles: Mapping[str, str]) -> Asked | None:
    found = assistant.evidence(case.question)[0]
    right, wrong, seen = [], [], set()
    for one in found.ranked:
        new, holds = one.place not in seen, _holds_fact(one, case)
        seen.add(one.place)
        if len(seen) > SECTIONS:
            break
        read = tokens(shown(one, titles)[:LONGEST], PASSAGE_TOKENS)
        if case.answerable and gold.is_gold(*one.place, case):
            if (holds or (new and not case.facts)) and len(right) < RIGHT:
                right.append(read)
        elif new and not holds:  # what holds the fact elsewhere may answer as well
            wrong.append(read)
    if not wrong or (case.answerable and not right):
        return None
    return Asked(tokens("query: " + found.question.text, QUESTION_TOKENS), tuple(right), tuple(wrong[:WRONG]))


def _holds_fact(one: Ranked, case: Case) -> bool:
    text = fold(one.passage.text)
    return any(fold(fact) in text for group in case.facts for fact in group)


def drawn(one: Asked, rng: random.Random) -> tuple[list[Pair], list[float]]:
    """Return pairs of a question, the right one first, and 1 or 0 for each; the likeliest wrong one is always there."""
    right = [rng.choice(one.right)] if one.right else []
    wrong = [one.wrong[0], *rng.sample(one.wrong[1:], min(len(one.wrong) - 1, 1 if right else 2))]
    return [(one.question, passage) for passage in (*right, *wrong)], [1.0] * len(right) + [0.0] * len(wrong)


def train(model: Model, material: Sequence[Asked], rounds: int, rng: random.Random) -> None:
    """Train on ``rounds`` questions; the rate falls to nearly nothing."""
    learnt = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=RATE, weight_decay=0.01)
    left: list[Asked] = []
    for step in range(steps := rounds // BATCH):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / WARM) * max(LEAST_RATE, 1 - step / steps)
        groups = []
        for _ in range(BATCH):
            left = left or rng.sample(material, len(material))
            groups.append(drawn(left.pop(), rng))
        logits = model([pair for pairs, _ in groups for pair in pairs])
        truth = torch.tensor([one for _, labels in groups for one in labels])
        loss = nn.functional.binary_cross_entropy_with_logits(logits, truth)
        of_questions = [
            torch.logsumexp(own, 0) - own[0]
            for own, (_, labels) in zip(logits.split([len(labels) for _, labels in groups]), groups, strict=True)
            if labels[0] and len(labels) > 1
        ]
        if of_questions:
            loss = loss + LIST_WEIGHT * torch.stack(of_questions).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        if step % 100 == 99:
            print(f"{(step + 1) * BATCH} questions, loss {float(loss.detach()):.3f}", flush=True)


def main() -> None:
    """Ask, train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="HOME=DATASET")
    parser.add_argument("--rounds", type=int, default=8_000)
    parser.add_argument("--from", dest="start", type=Path)
    parser.add_argument("--keep", type=float, default=0.0)
    parser.add_argument("--out", type=Path, default=PATH)
    options = parser.parse_args()
    material = []
    for pair in options.pairs:
        home, _, dataset = pair.partition("=")
        material += list(asked_of(Path(home), Path(dataset)))
    torch.manual_seed(1)
    torch.set_num_threads(1)  # more wait for one another between so many small products
    model = Model()
    if options.start:
        model.load(options.start)
    train(model, material, options.rounds, random.Random(1))
    if options.start and options.keep:
        model.load(options.start, share=options.keep)
    model.save(options.out)


if __name__ == "__main__":
    main()
