"""Whether two questions mean the same: near in meaning, and about the same amounts. Knows vectors and digits, no documents.

How near is near depends on the embedding model: many give any two Chinese questions 0.85. So nearness is measured
between what the model says of questions that have nothing in common (0) and of a question and itself (1).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.amount import with_digits
from kb.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Of the way from unrelated to identical: of the mean and the least nearness to a group, halfway between. Fitted on 30
# groups of 94 paraphrases about things no manual holds, among them groups that only differ in what is asked of a thing
# (年假几天, 年假折现): adjusted Rand index 0.81, with the least alone 0.75, with shared words added no better.
ALIKE = 0.5
UNRELATED = (
    "食堂几点开饭？",
    "打印机坏了找谁？",
    "客户投诉多久回复？",
    "怎么申请年假？",
    "发票抬头写错了怎么办？",
    "会员积分怎么兑换？",
    "仓库盘点多长时间一次？",
    "灭火器放在哪里？",
    "新员工要签哪些文件？",
    "供应商怎么评级？",
    "服务器密码多久换一次？",
    "送货迟到要赔多少钱？",
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def nearness(cosines: NDArray[np.float32], unrelated: float) -> NDArray[np.float32]:
    """Return cosines as shares of the way from ``unrelated`` to 1; below 0 where further apart than unrelated ones."""
    return (cosines - unrelated) / max(1e-6, 1.0 - unrelated)


def unrelated_cosine(vectors: NDArray[np.float32]) -> float:
    """Return the median cosine between different rows of ``vectors`` (those of ``UNRELATED``, at length 1)."""
    cosines = vectors @ vectors.T
    return float(np.median(cosines[np.triu_indices(len(vectors), 1)]))


@lru_cache(maxsize=4096)
def amounts(question: str) -> frozenset[str]:
    """Return the numbers in a question, in digits."""
    return frozenset(_NUMBER.findall(with_digits(fold(question))))


def same_amounts(one: str, other: str) -> bool:
    """Say whether two questions may mean the same for all their numbers say."""
    return not amounts(one) or not amounts(other) or amounts(one) == amounts(other)


def gather(
    questions: Sequence[str], vectors: NDArray[np.float32], groups: Sequence[Sequence[int]], *, unrelated: float
) -> list[list[int]]:
    """Return ``groups`` with every question that is in none put in: where it is alike to a whole group, else alone.

    Args:
        questions: their words, shape (n,), in the order in which they came.
        vectors: theirs, at length 1, shape (n, dimension).
        groups: places in ``questions`` that are gathered already; may be empty, and stay in their order.
        unrelated: the cosine of questions that have nothing in common.

    Returns:
        The groups, those that were there first, each with its places.
    """
    grown = [list(group) for group in groups]
    group_of = np.full(len(questions), -1)
    for at, group in enumerate(grown):
        group_of[group] = at
    for place in range(len(questions)):
        if group_of[place] >= 0:
            continue
        at = next(
            (
                at
                for at in _alike_groups(vectors, place, group_of, len(grown), unrelated)
                if all(same_amounts(questions[place], questions[one]) for one in grown[at])
            ),
            len(grown),
        )
        if at == len(grown):
            grown.append([])
        grown[at].append(place)
        group_of[place] = at
    return grown


def _alike_groups(
    vectors: NDArray[np.float32], place: int, group_of: NDArray[np.int_], count: int, unrelated: float
) -> list[int]:
    """Return the groups that a question is alike to, the nearest first."""
    inside = np.flatnonzero(group_of >= 0)
    if not inside.size:
        return []
    near = nearness((vectors @ vectors[place])[inside], unrelated)  # all of them: choosing rows first would copy them
    groups = group_of[inside]
    least = np.full(count, np.inf, dtype=np.float32)
    np.minimum.at(least, groups, near)
    sizes = np.bincount(groups, minlength=count)
    mean = np.bincount(groups, weights=near, minlength=count) / np.maximum(sizes, 1)
    alike = np.flatnonzero((sizes > 0) & (least > 0) & ((least + mean) / 2 >= ALIKE))
    return [int(at) for at in alike[np.argsort(-mean[alike], kind="stable")]]
