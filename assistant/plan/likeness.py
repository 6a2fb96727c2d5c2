"""Which usual causes a problem reads like, by meaning: no list holds the words in which people tell their troubles.

With the bundled model what was learnt says it (``assistant/plan/learnt.py``). With any other, every usual cause carries
phrases in everyday words (``told`` in ``kinds.toml``), embedded once a process; a problem is compared with all of them,
and with phrases about nothing of work. Knows texts and vectors, no clauses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.plan.kinds import GENERAL, UsualCause, causes_in_order, kinds
from assistant.plan.learnt import NOTHING, probabilities, shipped_figures
from kb.embeddings import normalised
from kb.fold import fold, simplified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.embeddings import EmbeddingModel

# How many causes are taken, and how fast the share of a cause falls with its likeness (a softmax).
NEAR, TEMPERATURE = 7, 0.1
# How much more even the shares of learnt causes are taken: a problem that is clearly of one sort has most of its causes.
EVEN = 2.2
# What the first and the second sort named by words add to the log-odds of their causes.
NAMED = (1.0, 0.6)
# What that counts where its words only show a trouble (投诉, 满意度).
SHOWN_ONLY = 0.4
# What the best have to reach on average to be troubles of the house at all (食堂饭菜难吃: .18; problems: .21 and more).
LEAST = 0.2
# Share of the causes near a problem from which on their sort is its sort.
SORT_SHARE = 0.4
# What people ask anybody: nearer to these than to any trouble is no problem of the house.
ELSEWHERE = (
    "今天天气怎么样 明天会下雨吗 今天是星期几 现在几点了 讲个笑话听听 写一首诗 背一首古诗 推荐一部电影 推荐一本小说 "
    "这道菜怎么做 晚饭吃什么 怎么减肥 怎么锻炼身体 感冒了吃什么药 孩子作业不会做 孩子考试成绩不好 两个数相加等于多少 "
    "解一道数学题 翻译成英文 首都是哪里 历史上的皇帝 哪一年发生的 股票会涨吗 彩票中奖号码 怎么谈恋爱 跟朋友吵架了 "
    "猫狗生病了 花怎么养 去哪里旅游 买什么牌子好 买一双鞋 票怎么买 手机坏了去哪里修 球赛谁赢了 地球有多大 你是谁 "
    "你叫什么名字 谁发明的 唱一首歌 打什么游戏"
).split()


@dataclass(frozen=True)
class Likely:
    """A usual cause that a problem reads like, with its share; the shares of all add up to 1."""

    cause: UsualCause
    kind: str
    share: float


@dataclass(frozen=True)
class _Bank:
    """The phrases of all causes: ``vectors`` (phrases, dimension) about their ``mean``, and whose each is (-1: nobody's)."""

    vectors: NDArray[np.float32]
    mean: NDArray[np.float32]
    owners: NDArray[np.int64]


def likely_causes(text: str, embeddings: EmbeddingModel, named: Sequence[str] = ()) -> list[Likely]:
    """Return the usual causes that ``text`` reads like, the likest first; none where it is about nothing of work.

    ``named`` are the sorts that its words name, the one it says most of first: their causes are so much likelier.
    """
    vector = np.asarray(embeddings.embed_query(simplified(text)), dtype=np.float32)
    figures = shipped_figures()
    if figures is not None and figures.model == embeddings.model_id:
        *_, nothing = probabilities(odds := figures.log_odds(text, vector))
        told, even = (odds[:-1] if nothing <= NOTHING else None), EVEN
    else:
        told, even = _like(vector, embeddings), 1.0
    if told is None:
        return []
    folded = fold(text)
    for kind, more in zip(named, NAMED, strict=False):
        more *= 1.0 if any(word in folded for word in kinds()[kind].naming) else SHOWN_ONLY
        told = told + np.array([more if one == kind else 0.0 for one, _ in causes_in_order()], dtype=np.float32)
    best = np.argsort(-told, kind="stable")[:NEAR]
    found = zip(best, probabilities(told[best] / even), strict=True)
    return [Likely(causes_in_order()[at][1], causes_in_order()[at][0], float(share)) for at, share in found]


def _like(vector: NDArray[np.float32], embeddings: EmbeddingModel) -> NDArray[np.float32] | None:
    """Return for each cause what its likest phrase says for it; None where phrases about nothing of work are nearer."""
    bank = _bank(embeddings)  # type: ignore[arg-type]
    likeness = bank.vectors @ normalised(normalised(vector) - bank.mean)
    near = np.full(len(causes_in_order()), -1.0, dtype=np.float32)
    own = bank.owners >= 0
    np.maximum.at(near, bank.owners[own], likeness[own])
    best = np.sort(near)[-NEAR:]
    if best.mean() < LEAST or likeness[~own].max() > best[-1]:
        return None
    return near / TEMPERATURE


def likely_kind(near: Sequence[Likely]) -> str:
    """Return the sort that most of the causes near a problem are of; ``general`` where they are of many."""
    shares: Counter[str] = Counter()
    for one in near:
        shares[one.kind] += one.share  # type: ignore[assignment]
    kind, share = max(shares.items(), key=lambda one: one[1], default=(GENERAL, 0.0))
    return kind if share >= SORT_SHARE else GENERAL


def phrases() -> list[tuple[int, str]]:
    """Return every phrase with the place of its cause; -1 for what is about nothing of work."""
    found = [
        (at, phrase)
        for at, (kind, cause) in enumerate(causes_in_order())
        for phrase in (*cause.told, cause.text, f"{kinds()[kind].title}：{cause.text}")
    ]
    return found + [(-1, phrase) for phrase in ELSEWHERE]


def embed_phrases(embeddings: EmbeddingModel) -> NDArray[np.float32]:
    """Return the vectors of all phrases, each of length 1, shape (phrases, dimension)."""
    vectors = np.asarray(embeddings.embed_documents([phrase for _, phrase in phrases()]), dtype=np.float32)
    return normalised(vectors)


@lru_cache(maxsize=2)
def _bank(embeddings: EmbeddingModel) -> _Bank:
    vectors = embed_phrases(embeddings)
    owners = np.array([owner for owner, _ in phrases()], dtype=np.int64)
    mean = vectors[owners >= 0].mean(axis=0)
    return _Bank(normalised(vectors - mean), mean, owners)
