"""Why a case failed, in words for the person who reads the report. Knows one judged case; guesses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from eval.judged import Judged

# The kinds of failure, in the order in which a question goes through the assistant.
KINDS = {
    "missed": "检索没有找到",
    "outranked": "正确章节没有排第一",
    "refused": "有答案却拒答",
    "invented": "手册没有写却答了",
    "misplaced": "引用了别的章节",
    "incomplete": "列表或步骤没有给全",
    "facts": "答案里缺事实",
    "quote": "引文与原文不一致",
}


def reasons(one: Judged) -> dict[str, str]:
    """Return what went wrong, kind (of ``KINDS``) → one sentence; empty for a case that did not fail."""
    if not one.failed:
        return {}
    return dict(_unanswerable(one) if not one.answerable else _answerable(one))


def _unanswerable(one: Judged) -> Iterator[tuple[str, str]]:
    near = f"；最接近的是{_place(one, 0)}，相似度 {one.found[0].vector:.2f}" if one.found else ""
    yield "invented", f"这道题在手册里没有答案，却作了回答{_sureness(one)}{near}"


def _answerable(one: Judged) -> Iterator[tuple[str, str]]:
    values = one.values
    rank = next((rank for rank, found in enumerate(one.found, 1) if found.gold), 0)
    if not rank:
        yield "missed", f"检索到的前 {len(one.found)} 节里没有正确章节；排第一的是{_place(one, 0)}"
    elif rank > 1:
        gap = one.found[0].score - one.found[rank - 1].score
        yield "outranked", f"正确章节排在第 {rank}，比排第一的{_place(one, 0)}低 {gap:.3f} 分"
    if not one.answered:
        where = "，最好的段落本来就在正确章节里" if one.right else "，最好的段落也不在正确章节里"
        yield "refused", f"答案在手册里，却说没有{_sureness(one)}{where}"
        return
    if not values.get("cited"):
        yield "misplaced", f"引用的是 {'；'.join(one.cited) or '（无）'}，正确的是 {'；'.join(one.gold)}"
    if values.get("completeness", 1.0) < 1:
        yield "incomplete", f"原文列表的各项只给出了 {values['completeness']:.0%}"
    if one.missing_facts:
        yield "facts", f"答案里没有：{'；'.join(one.missing_facts)}"
    if values.get("citation_valid", 1.0) < 1:
        yield "quote", "有引文不能在所引章节里逐字找到"


def _place(one: Judged, at: int) -> str:
    if at >= len(one.found):
        return "（无）"
    found = one.found[at]
    return f"《{found.document}》{found.section.lstrip('§')} {found.title}".rstrip()


def _sureness(one: Judged) -> str:
    return "" if one.probability is None else f"（判断为可答的概率 {one.probability:.2f}）"
