"""Follow-up questions that the corpus can answer: about the sections beside the answer, in the words of their titles.

Knows titles; asks nothing itself. A test asks every one of them on the shipped corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.model import Section

_LISTED = re.compile(
    r"(原则|方法|措施|策略|指标|工具|方式|目标|标准|要求|职责|条件|红线|机制|表单|记录|权限|流程与结构|方向|渠道|类型|内容)$"
)
_DONE = re.compile(
    r"(流程|步骤|处理|受理|响应|登记|办理|编写|变更|申诉|回访|抽样|评分|切换|起草|评审|监控|改进|优化|评估|管理|培训|实施|推广"
    r"|报告|审批|归档|派发|定级|协作|建设|配置|维护|核查|交接|恢复|通知|沟通|发布|废止|保存|销毁|复盘|验收|发展)$"
)
_WHAT = re.compile(r"(定义|范围|目的|概念|含义|依据|框架|结构|维度|挑战|期限|时限)$")
_LEADING = re.compile(
    r"^(第[一二三四五六七八九十百\d]+[章节条]|[\d.]+|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）])\s*"
)


def question_about(section: Section, *, document_title: str = "") -> str:
    """Return a question whose answer is ``section``."""
    if section.title.endswith(("？", "?")):
        return section.title
    title = _LEADING.sub("", section.title).strip() or _LEADING.sub("", "".join(section.path[-2:-1])).strip()
    subject = title if len(title) > 4 or not document_title else f"{document_title.removesuffix('SOP')}的{title}"
    if _LISTED.search(title):
        return f"{subject}有哪些？"
    if _DONE.search(title):
        return f"{subject}怎么做？"
    if _WHAT.search(title):
        return f"{subject}是什么？"
    return f"{subject}讲了什么？"


def followups(sections: Iterable[tuple[Section, str]], *, asked: str, limit: int = 3) -> tuple[str, ...]:
    """Return at most ``limit`` questions about ``sections`` (each with its document's title) that were not just asked."""
    questions: list[str] = []
    for section, title in sections:
        if section.status == "missing_body" or not section.blocks:
            continue
        question = question_about(section, document_title=title)
        if question not in questions and question.rstrip("？") != asked.rstrip("？?"):
            questions.append(question)
        if len(questions) == limit:
            break
    return tuple(questions)
