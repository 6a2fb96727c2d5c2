"""What every form of a plan shows alike: sources, marks that keep clause and suggestion apart, numbered notes.

Knows plans, no file formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.plan.model import BASIS_WORDS, TO_FILL, Basis, Phase, Plan, Said
from assistant.sources import versions_words
from kb.model import Citation

LEGEND = (
    "〔手册依据〕有原文出处；〔问题描述〕来自提出的问题；〔数据〕由上传的表格算出；"
    "〔建议，待确认〕手册没有写，核实后再采用。"
)
OWN = ("clause", "person")  # what a formula rests on that is no suggestion of ours
ACTION_HEADS = ("编号", "行动", "依据", "责任岗", "开始", "完成", "交付物", "出处")


def mark(basis: Basis) -> str:
    """Return the mark that stands before a statement."""
    return f"〔{BASIS_WORDS[basis]}〕"


def stated(value: str | None) -> str:
    """Return what is known, or that it has to be filled in."""
    return value or TO_FILL


def drafted_from(plan: Plan) -> str:
    """Return the documents and versions a plan was drafted from, and what has become of them since."""
    since = f"。{plan.since}" if plan.since else ""
    return versions_words(plan.sources) + since


def new_in(phase: Phase, plan: Plan) -> tuple[list[Said], list[str]]:
    """Return what a phase says that its plan's other parts do not, and the names of the parts that say the rest."""
    told = {
        "现状与差距": {one.text for one in (*plan.situation, *plan.gap)},
        "原因分析": {f"{one.branch}：{one.text}" for one in plan.causes},
        "目标": {f"目标：{one.text}" for one in plan.goals},
        "验证指标": {one.text for one in phase.text if one.text.startswith("看指标：")},
        "评审节点": {f"{one.on.isoformat()} {one.name}：{one.review}" for one in plan.milestones},
        "下面的实施计划": {one.action for one in plan.actions} if not phase.actions else set(),
    }
    parts = [part for part, texts in told.items() if any(one.text in texts for one in phase.text)]
    known = set().union(*told.values())
    return [one for one in phase.text if one.text not in known], parts


def pointer(parts: Sequence[str]) -> str:
    """Return the line that sends the reader to other parts of the plan."""
    return f"见{'、'.join(f'“{part}”' for part in parts)}"


@dataclass
class Notes:
    """The clauses cited, numbered from 1 in the order in which they are first met."""

    titles: dict[str, str]
    order: dict[tuple[str, str, str], int] = field(default_factory=dict)
    cited: list[Citation] = field(default_factory=list)

    def number(self, citation: Citation | None) -> int | None:
        """Return the number of a citation's note, None where there is no citation."""
        if citation is None:
            return None
        key = (citation.document, citation.clause, citation.quote)
        if key not in self.order:
            self.order[key] = len(self.order) + 1
            self.cited.append(citation)
        return self.order[key]

    def words(self, citation: Citation) -> str:
        """Return a note's words: 《手册》5.5-2 客户反馈分类与处理：“…”."""
        document = self.titles.get(citation.document, citation.document)
        repaired = "（原文有修复）" if citation.repaired else ""
        return f"《{document}》{place(citation)}：“{citation.quote}”{repaired}"


def place(citation: Citation) -> str:
    """Return clause and section title."""
    title = citation.title if citation.title != citation.section else ""
    return f"{citation.clause.lstrip('§')} {title}".strip()


def short_place(citation: Citation | None, plan: Plan) -> str:
    """Return document and clause for a narrow column."""
    if citation is None:
        return "—"
    return f"《{plan.titles.get(citation.document, citation.document)}》{citation.clause.lstrip('§')}"
