"""The parts of a Word file that its text needs: the main one, styles, numbering and notes.

Knows packages and relations (ECMA-376 part 2) and nothing of paragraphs. An optional part that is missing or broken
counts as absent: the text is still there.
"""

from __future__ import annotations

import posixpath
import zipfile
from typing import TYPE_CHECKING

from ingest.read.container import ZIP_ERRORS, xml_parser
from ingest.read.lines import tidy
from ingest.read.word_styles import Numbering, child, read_styles, value

if TYPE_CHECKING:
    from lxml.etree import _Element


class WordPackage:
    """The parts of the file: the main one by the package's relations, and what it refers to."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container
        self._top = self._relations("")
        self.main = self._top.get("officeDocument", "word/document.xml")
        related = self._relations(self.main)
        self.styles = read_styles(self._root(related.get("styles", "word/styles.xml")))
        self.numbering = Numbering(self._root(related.get("numbering", "word/numbering.xml")), self.styles)
        self.notes = {
            kind: self._notes(related.get(f"{kind}s", f"word/{kind}s.xml")) for kind in ("footnote", "endnote")
        }

    def declared_title(self) -> str:
        """Return the title in the file's properties, often that of the template it was made from."""
        root = self._root(self._top.get("core-properties", "docProps/core.xml"))
        element = child(root, "title")
        return tidy(element.text or "") if element is not None else ""

    def _root(self, part: str) -> _Element | None:
        from lxml import etree

        try:
            with self._container.open(part) as stream:
                return etree.parse(stream, xml_parser()).getroot()
        except (KeyError, etree.XMLSyntaxError, *ZIP_ERRORS):
            return None

    def _relations(self, part: str) -> dict[str, str]:
        folder, base = posixpath.split(part)
        root = self._root(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, str] = {}
        for relation in root if root is not None else ():
            kind, target = posixpath.basename(relation.get("Type") or ""), relation.get("Target") or ""
            if relation.get("TargetMode") != "External":
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.setdefault(kind, posixpath.normpath(place))
        return found

    def _notes(self, part: str) -> dict[str, _Element]:
        root = self._root(part)
        if root is None:
            return {}
        return {value(note, "id") or "": note for note in root if value(note, "type") in (None, "normal")}
