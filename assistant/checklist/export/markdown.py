"""A checklist in Markdown: boxes to tick under the source's headings, what the clause states under each line."""

from __future__ import annotations

import re

from assistant.checklist.export.layout import LEGEND, groups, head_fields, method, outcome, source, standard, versions
from assistant.checklist.model import TO_FILL, Check, Checklist

_MARKUP = re.compile(r"([\\`*_\[\]<~$&|])")
_BLOCK = re.compile(r"^(\s*)([-+#=>]|\d{1,9}[.)])")


def render(checklist: Checklist) -> bytes:
    """Return the checklist as Markdown."""
    lines = [f"# {escape(checklist.title)}", "", f"来源：{escape(versions(checklist))}", "", LEGEND]
    filled = "；".join(f"{name}：{_inline(said)}" for name, said in head_fields(checklist) if said)
    lines += ["", filled] if filled else []
    for group in groups(checklist):
        lines += ["", f"## {escape(group.heading)}", ""]
        for check in group.checks:
            lines += _check(check, checklist)
    lines += ["", "## 完整性", ""]
    lines += [f"- {escape(one.words)}" for one in checklist.completeness]
    lines += [f"- 注：{escape(note)}" for note in checklist.notes]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")


def escape(text: str) -> str:
    """Return ``text`` on one line so that Markdown shows it as it is, at the start of a line too."""
    return _BLOCK.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", _inline(text))


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _check(check: Check, checklist: Checklist) -> list[str]:
    """Return the line to tick and, under it, what the clause states and what it leaves open."""
    case = f"（{_inline(check.condition)}）" if check.condition else ""
    fields = {
        "标准": standard(check),
        "责任岗": check.role,
        "时限": check.deadline,
        "频次": check.frequency,
        "证据": check.evidence,
    }
    said = [f"{name}：{_inline(value)}" for name, value in fields.items() if value]
    missing = "、".join(name for name, value in fields.items() if not value)
    said += [f"判定：{_inline(method(check))}", f"出处：{_inline(source(check, checklist))}"]
    said += [f"{TO_FILL}：{missing}"] if missing else []
    found = outcome(check, checklist)
    entered = {"结果": found.result, "实测值": found.value, "备注": found.note}
    said = [f"**{name}：{_inline(value)}**" for name, value in entered.items() if value] + said
    box = "x" if found.result else " "
    return [f"- [{box}] **{check.number}.** {case}{_inline(check.action)}  ", f"  {'；'.join(said)}"]
