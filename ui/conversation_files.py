"""A conversation as a file to keep or to pass on: Markdown, or Word. Every citation with its words, its place and its clause.

Knows turns and how they are laid out. What people typed and documents contain is text here too: nothing in it becomes
a link, an image, a heading or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ui.present import STATUS_WORDS

if TYPE_CHECKING:
    from kb.model import Answer, Citation
    from kb.records import Turn

_MARKS = re.compile(r"([\\`*_{}\[\]<>|~#&$])")
_LINE_MARKS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]\s))(?=.)")
_LINKS = re.compile(r"(?i)\b(https?|ftp|javascript|data)(:)|\b(www)(\.)")


def to_markdown(title: str, turns: Sequence[Turn], titles: Mapping[str, str]) -> str:
    """Return a conversation as Markdown; ``titles`` are the documents' by id."""
    parts = [f"# {_escaped(title)}", _escaped(_about(turns))]
    for turn in turns:
        answer = turn.answer
        parts.append(f"## {_escaped(turn.question)}")
        parts.append(f"*{_when(turn.asked_at)} · {STATUS_WORDS[answer.status]}*")
        parts.append("  \n".join(_escaped(line) for line in answer.text.split("\n")))
        if answer.citations:
            parts.append("出处：")
            parts.append(
                "\n".join(
                    f"> {_escaped(_place(one, titles))}  \n> {_escaped(' '.join(one.quote.split()))}\n>"
                    for one in answer.citations
                ).rstrip("\n>")
            )
        elif answer.nearest:
            parts.append(_escaped(_nearest(answer, titles)))
    return "\n\n".join(parts) + "\n"


def to_docx(title: str, turns: Sequence[Turn], titles: Mapping[str, str]) -> bytes:
    """Return a conversation as a Word file; ``titles`` are the documents' by id."""
    from docx.shared import Pt, RGBColor

    from assistant.word_document import clean, new_document, running_heads, saved, write_runs

    document = new_document(title)
    running_heads(document.sections[0], title[:60], "手册助手", total=True)
    document.add_heading(clean(title), 0)
    document.add_paragraph(clean(_about(turns)))
    for turn in turns:
        answer = turn.answer
        document.add_heading(clean(turn.question), 1)
        about = document.add_paragraph().add_run(f"{_when(turn.asked_at)} · {STATUS_WORDS[answer.status]}")
        about.font.size, about.font.color.rgb = Pt(9), RGBColor(0x66, 0x66, 0x66)
        for line in answer.text.split("\n"):
            write_runs(document.add_paragraph(), line)
        for one in answer.citations:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.left_indent = Pt(18)
            place = paragraph.add_run(clean(_place(one, titles)) + "\n")
            place.bold, place.font.size = True, Pt(9)
            paragraph.add_run(clean(one.quote)).font.size = Pt(9)
        if answer.nearest and not answer.citations:
            write_runs(document.add_paragraph(), _nearest(answer, titles))
    return saved(document)


def file_name(title: str, suffix: str) -> str:
    """Return a name for the file that every system takes: the conversation's title without what paths cannot hold."""
    kept = "".join(c if c.isprintable() and c not in '<>:"/\\|?*' else " " for c in title)
    return f"{' '.join(kept.split()).strip('. ')[:40] or '对话'}{suffix}"


def _about(turns: Sequence[Turn]) -> str:
    day = _when(turns[0].asked_at)[:10] if turns else ""
    return f"手册助手的问答记录，{len(turns)} 个问题{f'，{day}' if day else ''}。每句回答都附原文出处。"


def _place(one: Citation, titles: Mapping[str, str]) -> str:
    marker = f"[{one.marker}] " if one.marker is not None else ""
    mended = "，此处原文有损坏，已修复" if one.repaired else ""
    return f"{marker}《{titles.get(one.document, one.document)}》{' > '.join(one.path)}（{one.clause}{mended}）"


def _nearest(answer: Answer, titles: Mapping[str, str]) -> str:
    places = (f"《{titles.get(one.document, one.document)}》{one.section} {one.title}" for one in answer.nearest)
    return f"最接近的章节：{'；'.join(places)}"


def _when(moment: str) -> str:
    """Return a time in UTC as this machine's clock shows it."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return moment


def _escaped(text: str) -> str:
    """Return ``text`` as Markdown that shows just these characters, on one line."""
    plain = _MARKS.sub(r"\\\1", " ".join(text.split("\n")))
    plain = _LINKS.sub(lambda match: f"{match[1] or match[3]}\\{match[2] or match[4]}", plain)
    return _LINE_MARKS.sub(lambda match: f"{match[1]}{_guarded(match[2])}", plain)


def _guarded(mark: str) -> str:
    return f"\\{mark}" if not mark.isdigit() else f"{mark}\\"
