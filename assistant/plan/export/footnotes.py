"""Real footnotes in a Word document, which python-docx does not write: a part of their own, and marks that lead to it."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from assistant.word_document import clean

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


class Footnotes:
    """The footnotes of one document: ``mark`` them while writing, ``attach`` them before saving."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._known: dict[str, int] = {}

    def mark(self, paragraph: Any, text: str) -> None:  # noqa: ANN401 (a docx paragraph)
        """Add a raised number at the end of ``paragraph`` that leads to a footnote of ``text``."""
        from docx.oxml import parse_xml

        self._texts.append(clean(text))
        number = len(self._texts)
        paragraph._p.append(
            parse_xml(
                f'<w:r xmlns:w="{_W}"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{number}"/></w:r>'
            )
        )

    def attach(self, document: Any) -> None:  # noqa: ANN401 (a docx document)
        """Write the part that holds the footnotes."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        separators = (
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        )
        notes = "".join(_note(number, text) for number, text in enumerate(self._texts, 1))
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f'<w:footnotes xmlns:w="{_W}">{separators}{notes}</w:footnotes>'
        )
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode("utf-8"), document.part.package)
        document.part.relate_to(part, _RELATION)


def _note(number: int, text: str) -> str:
    raised = '<w:rPr><w:vertAlign w:val="superscript"/><w:sz w:val="18"/></w:rPr>'
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r>{raised}<w:footnoteRef/></w:r>'
        f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
    )
