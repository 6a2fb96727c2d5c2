"""How far one text says what another says, in words: content words, their other wordings, how much of them is covered.

Knows words and a list of paraphrases (``paraphrase.txt``). Knows nothing of amounts and names, which may not change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from kb.fold import fold, is_han

Cut = Callable[[str], Sequence[str]]

# Words that hold a sentence together and claim nothing.
_EMPTY = frozenset(
    """
    的 了 和 与 及 或 以及 并 并且 而 而且 且 在 是 为 对 对于 关于 从 向 给 把 将 被 让 使 由 于 以 其 该 此 这 那
    这个 那个 这些 那些 上 下 中 里 内 时 时候 之 所 等 等等 也 都 还 又 再 就 才 则 即 均 各 每 个 名 位 次 条 项 种
    类 份 张 单 天 日 年 月 小时 分钟 工作日 元 如果 若 如 当 因 因为 由于 所以 因此 那么 首先 其次 然后 接着 随后
    最后 最终 之后 以后 之前 以前 后 前 先 同时 另外 此外 还有 即可 可 可以 能 能够 会 应 应当 应该 须 必须 需 需要 要
    得 不 未 没 没有 不得 不能 不可 严禁 禁止 无 进行 开展 实施 执行 做 办 处理 办理 按 按照 根据 依据 依照 通过 具体
    主要 一般 通常 相关 有关 相应 其他 其它 其余 以下 如下 上述 下列 一个 一次 一种 一定 一起 整个 全部 所有 任何 每个
    各个 自己 本 我们 公司 手册 规定 要求 内容 方面 情况 情形 步骤 流程 第一 第二 第三 第四 第五 第六 包括 包含 分为
    共 共有 有 作 作为 来 去 到 至 起 用 与否 是否 以内 之内 以上 超过 不超过 至少 最多 不少于 不低于 不足 满 例如
    比如 也就是说 换句话说 意味着 说明 指 是指 指的是 称为 叫做 其中 之间 之一 方可 才能 无需 短于 长于 高于 低于 多于
    少于 大于 小于 早于 晚于 算 算作 属于 每名 每位 每份 每单 每站 每家 每人 同一 同一时间 某个 某些 加 起来 就是 只有
    不少 不多 不低 不高 不超 不到 安排 就算 即可 不必 不用 无须 不需要 不需 不许 不准 不允许 不应
    不要 不再 不会 不是 便 各有 各自 分别 一道 或者 还是 就要 还要 还须 但 但是 最少 最多 已经 经
    一旦 只要 就行 就是 是不是 有没有 确实 这种 这件
    接下来 他 她 他们
    """.split()
)


# What follows a verb and says how it ends: 转到, 转入, 填好, 收齐.
_COMPLEMENTS = "到入出上下好完给成掉住开清齐满足为"


@lru_cache(maxsize=1)
def _alike() -> dict[str, frozenset[str]]:
    alike: dict[str, set[str]] = {}
    for line in files("assistant.chat").joinpath("paraphrase.txt").read_text(encoding="utf-8").splitlines():
        group = [] if line.startswith("#") else fold(line).split()
        for word in group:
            alike.setdefault(word, set()).update(group)
    return {word: frozenset(group) for word, group in alike.items()}


def content(text: str, cut: Cut) -> list[str]:
    """Return the words of ``text`` that claim something; amounts are looked at elsewhere."""
    return [word for word in cut(text) if word not in _EMPTY and not word[0].isdigit() and is_han(word[0])]


def credit(word: str, text: str) -> float:
    """Return how far folded ``text`` says ``word``, 0..1: itself, in another wording, or parts of it."""
    if word in text or any(other in text for other in _alike().get(word, ())):
        return 1.0
    if len(word) == 1:
        return 0.0
    if word[-1] in _COMPLEMENTS and credit(word[:-1], text) == 1.0:
        return 0.8
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    if len(word) > 2:
        said = sum(pair in text or any(other in text for other in _alike().get(pair, ())) for pair in pairs)
        return 0.9 * said / len(pairs)
    return 0.5 if all(character in text for character in word) else 0.25 if any(c in text for c in word) else 0.0


def coverage(words: Sequence[str], text: str) -> float:
    """Return how much of ``words``, by length, folded ``text`` says; 1 where there are none."""
    total = sum(map(len, words))
    return sum(len(word) * credit(word, text) for word in words) / total if total else 1.0
