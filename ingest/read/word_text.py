"""The words of a Word paragraph: runs, fields, notes, symbols and text boxes, without what is deleted or hidden.

Knows runs (ECMA-376 17.3.2) and the state of fields, which reaches over paragraphs. Knows nothing of headings, lists
or tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.read.lines import cell_text
from ingest.read.word_styles import Style, child, is_on, local, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_THROUGH = frozenset({"hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo", "rubyBase"})
_PRINTED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# boxes to tick in the symbol fonts Wingdings and Wingdings 2
_CHECK_BOXES = {
    "F0A8": "□", "F06F": "□", "F071": "□", "F0A3": "□", "F0FE": "☑", "F052": "☑", "F053": "☒", "F078": "☒", "F0FD": "☒",
}  # fmt: skip


@dataclass(slots=True)
class Gathered:
    """The words of one paragraph, the text boxes that hang on it, its largest size (half-points) and weight."""

    words: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    size: int = 0
    bold: bool = False


class Runs:
    """What gathers the words of one paragraph after the other. ``pictures`` counts those passed."""

    def __init__(self, styles: Mapping[str, Style], notes: Mapping[str, Mapping[str, _Element]]) -> None:
        self.pictures = 0
        self._styles = styles
        self._notes = notes
        # open fields, outermost first: the name of the instruction and the phase, ``code`` or ``result``
        self._fields: list[list[str]] = []

    @property
    def in_contents(self) -> bool:
        """Tell whether a table of contents is open."""
        return any(name == "TOC" for name, _ in self._fields)

    def gather(self, paragraph: _Element, style: Style) -> Gathered:
        """Return the words of a paragraph (``w:p``)."""
        gathered = Gathered(size=style.size, bold=style.bold)
        if not style.hidden:
            self._inline(paragraph, gathered)
        return gathered

    def _inline(self, element: _Element | None, into: Gathered) -> None:
        for inner in element if element is not None else ():
            kind = local(inner.tag)
            if kind == "r":
                self._run(inner, into)
            elif kind in _THROUGH:
                if not (kind == "fldSimple" and (value(inner, "instr") or "").strip().startswith("TOC")):
                    self._inline(inner, into)
            elif kind == "sdt":
                if child(inner, "sdtPr", "showingPlcHdr") is None:
                    self._inline(child(inner, "sdtContent"), into)
            elif kind in ("oMath", "oMathPara"):
                into.words.extend(part.text or "" for part in inner.iter("{*}t"))
            elif kind == "AlternateContent":
                self._inline(_chosen(inner), into)

    def _run(self, run: _Element, into: Gathered) -> None:
        properties = child(run, "rPr")
        if properties is not None:
            style = self._styles.get(value(child(properties, "rStyle")) or "-")
            hidden = child(properties, "vanish")
            if is_on(hidden) or (hidden is None and style is not None and style.hidden):
                return
            into.size = max(into.size, number(value(child(properties, "sz"))))
            into.bold = into.bold or is_on(child(properties, "b"))
        for part in run:
            self._run_part(part, local(part.tag), into)

    def _run_part(self, part: _Element, kind: str, into: Gathered) -> None:
        if kind == "fldChar":
            self._field(value(part, "fldCharType") or "")
        elif kind == "instrText":
            if self._fields and self._fields[-1][1] == "code":
                self._fields[-1][0] += (part.text or "").strip().split(" ")[0] if not self._fields[-1][0] else ""
        elif any(phase == "code" for _, phase in self._fields):
            return
        elif kind == "t":
            into.words.append(part.text or "")
        elif kind in _PRINTED:
            into.words.append(_PRINTED[kind])
        elif kind == "sym":
            into.words.append(_CHECK_BOXES.get((value(part, "char") or "").upper(), ""))
        elif kind in ("footnoteReference", "endnoteReference"):
            into.words.append(self._note(kind.removesuffix("Reference"), value(part, "id") or ""))
        elif kind == "ruby":
            self._inline(child(part, "rubyBase"), into)
        elif kind in ("drawing", "pict", "object", "AlternateContent"):
            self._drawing(part, into)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(["", "code"])
        elif kind == "separate" and self._fields:
            self._fields[-1][1] = "result"
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note(self, kind: str, note_id: str) -> str:
        note = self._notes[kind].get(note_id)
        if note is None:
            return ""
        text = cell_text("".join(part.text or "" for part in inner.iter("{*}t")) for inner in note.iter("{*}p"))
        return f"（注：{text.rstrip('。')}）" if text else ""

    def _drawing(self, part: _Element, into: Gathered) -> None:
        source = _chosen(part) if local(part.tag) == "AlternateContent" else part
        for inner in source.iter():
            kind = local(inner.tag)
            if kind in ("blip", "imagedata"):
                self.pictures += 1
            elif kind == "txbxContent" and not any(
                local(outer.tag) == "txbxContent" for outer in inner.iterancestors()
            ):
                into.boxes.append(inner)


def _chosen(element: _Element) -> _Element:
    """Return the branch of ``mc:AlternateContent`` to read; the other says the same in older terms."""
    choice = child(element, "Choice")
    fallback = child(element, "Fallback")
    return choice if choice is not None else fallback if fallback is not None else element
