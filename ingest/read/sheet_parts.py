"""What openpyxl's streaming mode leaves out of a sheet: merged ranges, and formulas saved without a value.

Knows the parts of a workbook and nothing of values.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.read.container import xml_parser

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCK_BYTES = 1 << 20
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})\"")
_NEVER_COMPUTED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)

# what a filled cell holds: a value or a string of its own
_VALUES = (b"<v>", b"<is>", b":v>")
# by first row: first column, rows, columns
Merges = dict[int, list[tuple[int, int, int]]]


def sheet_parts(container: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its title."""
    from lxml import etree

    def root(part: str) -> _Element:
        with container.open(part) as stream:
            return etree.parse(stream, xml_parser()).getroot()

    main = next((part for part in container.namelist() if part.endswith("xl/workbook.xml")), "xl/workbook.xml")
    folder, base = posixpath.split(main)
    try:
        relations, workbook = root(f"{folder}/_rels/{base}.rels"), root(main)
    except (KeyError, etree.XMLSyntaxError):
        return {}
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    parts = {}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(next((text for key, text in sheet.attrib.items() if key.endswith("}id")), ""), "")
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        parts[sheet.get("name") or ""] = place
    return parts


@dataclass(slots=True)
class Scanned:
    """What the raw part of one sheet tells: merged ranges, formulas saved without a value, filled cells."""

    merges: Merges = field(default_factory=dict)
    lost: int = 0
    filled: int = 0


def scan(container: zipfile.ZipFile, part: str) -> Scanned:
    """Search one sheet's raw part.

    openpyxl's streaming mode gives none of it; the part is searched in blocks, so a sheet of 400 MB stays on disk.
    """
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    found = Scanned()
    if part not in container.namelist():
        return found
    with container.open(part) as stream:
        tail = b""
        while block := stream.read(_BLOCK_BYTES):
            window = tail + block
            # what stands after the last opening of a cell may go on in the next block
            cut = max(window.rfind(b"<c "), window.rfind(b"<mergeCell"), len(window) - _BLOCK_BYTES, 0)
            cut = cut if len(block) == _BLOCK_BYTES else len(window)
            for merge in _MERGE.finditer(window, 0, cut) if b"mergeCell" in window else ():
                (left, top), (right, bottom) = (coordinate_from_string(one.decode("ascii")) for one in merge.groups())
                column = column_index_from_string(left)
                found.merges.setdefault(top, []).append(
                    (column, bottom - top + 1, column_index_from_string(right) - column + 1)
                )
            if b"<f" in window or b":f" in window:
                found.lost += sum(1 for _ in _NEVER_COMPUTED.finditer(window, 0, cut))
            found.filled += sum(window.count(mark, 0, cut) for mark in _VALUES)
            tail = window[cut:]
    return found
