"""The role lens: what a new employee, a trainer, a supervisor or a manager is offered first, and how they are spoken to.

It changes examples and a line of tone around an answer. It never changes what is found, quoted or counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.followups import question_about
from ui.page.texts import Words

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

ROLES = ("新员工", "培训师", "主管", "经理")
_ENGLISH = {"新员工": "New hire", "培训师": "Trainer", "主管": "Supervisor", "经理": "Manager"}
# Which sections interest whom first, by the words of their titles.
_INTERESTS = {
    "新员工": re.compile(r"受理|登记|响应|接待|办理|请求|报销|投诉|回访|处理|反馈|应急|沟通"),
    "培训师": re.compile(r"术语|定义|原则|概述|职责|红线|标准"),
    "主管": re.compile(r"检查|抽检|抽样|评分|时限|表单|记录|监控|执行"),
    "经理": re.compile(r"指标|改进|绩效|评估|审批|权限|风险|优化|目标"),
}
_STEPS = {
    "新员工": ("按顺序照着做，每一步后面都标了出处。", "Follow it step by step; the source stands behind each step."),
    "培训师": ("可以按这个顺序讲，每一步都能引用原文。", "Teach it in this order; every step can be quoted."),
    "主管": ("检查时逐步对照，以条款为准。", "Check step by step against these clauses."),
    "经理": ("流程依据如下，可据此找出可以改进的环节。", "The procedure as it is, to see where it can be improved."),
}
_POINTS = {
    "新员工": ("手册是这样写的，点条款号看原文。", "What the manual says; click a clause to read it."),
    "培训师": ("以下是原文要点，讲解和出题时可以直接引用。", "The source's own points, ready to be taught."),
    "主管": ("检查时以这些条款为准。", "Check against these clauses."),
    "经理": ("原文依据如下。", "What the source says."),
}
EXAMPLES = 4
_BY_PROCEDURE = {"新员工"}
_VAGUE = "讲了什么？"  # a question about a heading that says neither list nor procedure


def choices(words: Words) -> list[tuple[str, str]]:
    """Return the roles as (what is shown, value)."""
    return [(_ENGLISH[role] if words.english else role, role) for role in ROLES]


def lead(role: str, words: Words, *, steps: bool) -> str:
    """Return the line that stands before an answer for ``role``: steps in order, or points."""
    lines = _STEPS if steps else _POINTS
    return lines[role][1 if words.english else 0] if role in lines else ""


def examples(knowledge: KnowledgeBase, role: str) -> list[str]:
    """Return questions about this knowledge base's own sections that ``role`` would ask first, from several documents.

    For whoever works by procedures, those of documents that are one come first; what nobody asks first fills what is left.
    """
    interest = _INTERESTS.get(role, _INTERESTS["新员工"])
    whole: list[str] = []
    first: list[list[str]] = []
    rest: list[str] = []
    for document in knowledge.documents()[:20]:
        sections = [s for s in knowledge.sections(document.id) if len(s.blocks) > 1 and s.status == "present"]
        asked = [(interest.search(s.title), question_about(s, document_title=document.title)) for s in sections]
        first.append([question for wanted, question in asked if wanted and not question.endswith(_VAGUE)])
        rest += [question for wanted, question in asked if not wanted and not question.endswith(_VAGUE)]
        if document.title.endswith("SOP") and role in _BY_PROCEDURE and interest.search(document.title):
            whole.append(f"{document.title.removesuffix('SOP').strip()}怎么做？")
    deepest = max(map(len, first), default=0)
    turns = [questions[at] for at in range(deepest) for questions in first if at < len(questions)]
    return list(dict.fromkeys([*whole, *turns, *rest]))[:EXAMPLES]
