r"""Mend what scrapers, converters and sites did to a text; nothing is changed without evidence of damage.

``repair`` is the one entry. Its steps, in order, each a module of its own: mojibake (``encoding``), ``gloss``, ``notice``,
``gbk_shift``, ``script``, ``width``, ``placeholder``, ``hole``. Evidence is sought in the whole document, mending is done
line by line; each module says what its evidence is. The lines stay the same lines, fewer only where a notice is cut.

Clean text passes through unchanged but for this: line ends become ``\n``; byte-order marks, zero-width spaces, word joiners
and soft hyphens go; ligatures become letters; characters are composed (Unicode NFC); full-width letters and digits
become half-width, the radicals and presentation forms of PDF fonts plain characters.

Knows nothing of sections: a repair's ``section`` is empty until the structure is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.repair import gbk_shift, gloss, hole, mojibake, notice, placeholder, script, width
from ingest.repair.gbk_shift import LOW_CONFIDENCE, Elsewhere
from ingest.repair.judged import Judge
from ingest.source import Line, SourceText
from kb.model import Repair, RepairKind, SourceWarning

__all__ = ["LOW_CONFIDENCE", "Elsewhere", "Judge", "repair"]

_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_INVISIBLE = re.compile("[\ufeff\u200b\u2060\u00ad]")
# ligatures of PDF fonts; NFC leaves them, and other repairs keep the length of the text
_LIGATURES = dict(zip(range(0xFB00, 0xFB05), ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
_EXAMPLES = 3


def repair(source: SourceText, judge: Judge | None = None, elsewhere: Elsewhere | None = None) -> SourceText:
    """Return ``source`` with repaired text and cells, and with what was done and suspected appended to its record.

    ``judge`` is asked which wording of a damaged place somebody would have written; ``elsewhere`` gives the text of other
    documents, whose words are likelier than others.
    """
    lines = [_normalised(line) for line in source.lines]
    repairs: list[Repair] = []
    lines = _mend_mojibake(lines, repairs)
    lines, glosses = _strip_glosses(lines, repairs)
    lines = _cut_notices(lines, repairs)
    lines = _restore_and_convert(lines, glosses, repairs, judge, elsewhere)
    lines = _strip_placeholders(lines, repairs)
    holes = _find_holes(lines)
    return replace(
        source,
        title=_mended_title(_normalise(source.title), repairs),
        lines=tuple(lines),
        repairs=(*source.repairs, *repairs),
        warnings=(*source.warnings, *holes),
    )


def _mended_title(title: str, repairs: Sequence[Repair]) -> str:
    """Return the title that a format keeps apart, with the repairs that the whole document needed."""
    kinds = {one.kind for one in repairs}
    title = mojibake.mend(title)[0]
    if "gloss" in kinds:
        title, _ = gloss.strip(title)
    if "script" in kinds:
        title, _ = script.simplify(title)
    return width.mend(title, punctuation="width" in kinds)[0]


def _normalise(text: str) -> str:
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).translate(_LIGATURES)
    return unicodedata.normalize("NFC", text)


def _normalised(line: Line) -> Line:
    return _mapped(line, _normalise)


def _mapped(line: Line, mend: Callable[[str], str]) -> Line:
    return replace(
        line, text=mend(line.text), ordinal=mend(line.ordinal), cells=tuple(mend(cell) for cell in line.cells)
    )


def _document(lines: Sequence[Line]) -> str:
    return "\n".join(line.text or "\n".join(line.cells) for line in lines)


def _mend_mojibake(lines: list[Line], repairs: list[Repair]) -> list[Line]:
    texts, found = mojibake.mend_all([line.text for line in lines])
    repairs += found
    ordinals = iter(mojibake.mend_all([line.ordinal for line in lines])[0])
    cells = iter(mojibake.mend_all([cell for line in lines for cell in line.cells])[0])
    return [
        replace(line, text=text, ordinal=next(ordinals), cells=tuple(next(cells) for _ in line.cells))
        for line, text in zip(lines, texts, strict=True)
    ]


def _strip_glosses(lines: list[Line], repairs: list[Repair]) -> tuple[list[Line], int]:
    document = _document(lines)
    if not gloss.damaged(document):
        return lines, 0
    _, count = gloss.strip(document)
    examples = gloss.examples(document, _EXAMPLES)
    repairs.append(_counted("gloss", examples, [gloss.strip(example)[0] for example in examples], count))
    return [_mapped(line, lambda text: gloss.strip(text)[0]) for line in lines], count


def _cut_notices(lines: list[Line], repairs: list[Repair]) -> list[Line]:
    trim = notice.find([line.text for line in lines])
    kept = lines[trim.first : trim.last]
    if kept and trim.drop_start:
        kept[0] = replace(kept[0], text=kept[0].text[trim.drop_start :])
    if kept and trim.drop_end:
        kept[-1] = replace(kept[-1], text=kept[-1].text[: -trim.drop_end])
    repairs += [Repair("notice", cut, "") for cut in trim.cuts]
    return kept


def _restore_and_convert(
    lines: list[Line], glosses: int, repairs: list[Repair], judge: Judge | None, elsewhere: Elsewhere | None
) -> list[Line]:
    """Restore slipped bytes, then script and width; the three go together, for a run is reported in its final form."""
    slips = gbk_shift.find([line.text for line in lines], judge, elsewhere)
    restored: list[Line] = []
    spans: list[list[tuple[int, int]]] = []
    for at, line in enumerate(lines):
        own = [slip for slip in slips if slip.line == at]
        text, where = gbk_shift.apply(line.text, own)
        spans.append(where)
        restored.append(replace(line, text=text, cells=_restored_cells(line, own, judge)))
    converted = _convert_script(restored, spans, glosses, len(slips), repairs)
    converted = _mend_width(converted, repairs)
    found: list[Repair] = []
    for at, (line, where) in enumerate(zip(converted, spans, strict=True)):
        own = [slip for slip in slips if slip.line == at]
        for slip, (start, end) in zip(own, where, strict=True):
            left, right = gbk_shift.words_around(line.text, start, end)
            shown = lines[at].text
            before = shown[slip.start - (start - left) : slip.end + (right - end)]
            found.append(Repair("gbk_shift", before, line.text[left:right], confidence=slip.confidence))
    repairs += found
    return converted


def _restored_cells(line: Line, slips: Sequence[gbk_shift.Slip], judge: Judge | None) -> tuple[str, ...]:
    if not line.cells:
        return ()
    if not line.text:
        found = gbk_shift.find(line.cells, judge)
        return tuple(
            gbk_shift.apply(cell, [slip for slip in found if slip.line == at])[0] for at, cell in enumerate(line.cells)
        )
    cells = list(line.cells)
    for slip in slips:
        cells = [cell.replace(line.text[slip.start : slip.end], slip.restored) for cell in cells]
    return tuple(cells)


def _convert_script(
    lines: list[Line], spans: list[list[tuple[int, int]]], glosses: int, slips: int, repairs: list[Repair]
) -> list[Line]:
    document = _document(lines)
    if script.was_simplified(document, glosses=glosses, slips=slips):
        turned, count = script.simplify(document)
        if count:
            examples = [document[at] for at in script.first_changes(document, turned, _EXAMPLES)]
            repairs.append(_counted("script", examples, [script.simplify(one)[0] for one in examples], count))
        return [_mapped(line, lambda text: script.simplify(text)[0]) for line in lines]
    if not slips:
        return lines
    # A simplified document with lines that a site turned and damaged: only they are turned back.
    if script.counts(document)[0] > script.counts(document)[1]:
        return lines
    turned_lines = [
        _mapped(line, lambda text: script.simplify(text)[0]) if where else line
        for line, where in zip(lines, spans, strict=True)
    ]
    changed: list[tuple[str, str]] = [
        pair
        for one, other in zip(lines, turned_lines, strict=True)
        for pair in zip(one.text, other.text, strict=True)
        if pair[0] != pair[1]
    ]
    if changed:
        shown = list(dict(changed).items())[:_EXAMPLES]
        repairs.append(_counted("script", [old for old, _ in shown], [new for _, new in shown], len(changed)))
    return turned_lines


def _mend_width(lines: list[Line], repairs: list[Repair]) -> list[Line]:
    document = _document(lines)
    punctuation = width.mixed(document)
    pieces = [width.mend(piece, punctuation=punctuation) for piece in document.split("\n")]
    count = sum(changed for _, changed in pieces)
    if not count:
        return lines
    mended = "\n".join(piece for piece, _ in pieces)
    places = script.first_changes(document, mended, _EXAMPLES)
    repairs.append(_counted("width", [document[at] for at in places], [mended[at] for at in places], count))
    return [_mapped(line, lambda text: width.mend(text, punctuation=punctuation)[0]) for line in lines]


def _strip_placeholders(lines: list[Line], repairs: list[Repair]) -> list[Line]:
    found: Counter[str] = Counter()
    stripped = []
    for line in lines:
        text, taken = placeholder.strip(line.text)
        found.update(taken)
        changed = replace(line, text=text, ordinal=line.ordinal)
        stripped.append(replace(changed, cells=tuple(placeholder.strip(cell)[0] for cell in line.cells)))
    repairs += [Repair("placeholder", words, "", count=count) for words, count in found.items()]
    return stripped


def _find_holes(lines: list[Line]) -> list[SourceWarning]:
    return [warning for line in lines for warning in hole.find(line.text)]


def _counted(kind: RepairKind, before: Sequence[str], after: Sequence[str], count: int) -> Repair:
    return Repair(kind, "、".join(before), "、".join(after), count=count)
