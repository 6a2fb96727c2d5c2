"""Small real files written by hand, byte for byte under the tests' control: Word packages and PDF pages."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
)


def package(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return path


def docx(
    path: Path,
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    notes: str = "",
    namespace: str = WORD,
    head: str = "",
) -> Path:
    """Write a Word file whose body is raw WordprocessingML."""

    def part(root: str, inner: str) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:{root} xmlns:w="{namespace}">{inner}</w:{root}>'

    kinds = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes"}
    related = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>' for kind, target in kinds.items()
    )
    return package(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}'
            f'<Relationship Id="x" Type="{_OFFICE}/image" Target="NULL"/></Relationships>',
            "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
            "word/styles.xml": part("styles", _STYLES + styles),
            "word/numbering.xml": part("numbering", numbering),
            "word/footnotes.xml": part("footnotes", notes),
        },
    )


def p(text: str, *, style: str = "", level: int | None = None, number: int = 0, properties: str = "") -> str:
    """Return a paragraph; ``level`` and ``number`` make it a list item."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    listed = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    inner = text if text.startswith("<") else f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{styled}{listed}{properties}</w:pPr>{inner}</w:p>"


def lists(*definitions: list[tuple[str, str]]) -> str:
    """Return numbering.xml's inside: one list a definition, numbered from 1, levels of (format, text)."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{place}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (kind, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for place, levels in enumerate(definitions, start=1)
    )
    return abstract + "".join(
        f'<w:num w:numId="{place}"><w:abstractNumId w:val="{place}"/></w:num>'
        for place in range(1, len(definitions) + 1)
    )


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def cells(*texts: str) -> str:
    return "".join(f"<w:tc>{text if text.startswith('<') else p(text)}</w:tc>" for text in texts)


Text = tuple[float, float, float, str]
Rule = tuple[float, float, float, float]


def pdf(path: Path, pages: list[list[Text | Rule]], *, picture_on: tuple[int, ...] = ()) -> Path:
    """Write a PDF of A4 pages: texts as (left, top, size, words), ruled lines as (x0, top, x1, bottom)."""
    objects: list[bytes] = [b"", b""]  # catalogue and page tree come last
    objects.append(
        b"<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/Test/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[32[500]33 126 500]"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/Test/Flags 4/FontBBox[0 -200 1000 900]/Ascent 880/Descent -120"
        b"/CapHeight 700/ItalicAngle 0/StemV 80>>>>]/ToUnicode 4 0 R>>"
    )
    objects.append(_stream(b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange "
                           b"<0000> <FFFF> <0000> endbfrange endcmap"))  # fmt: skip
    objects.append(
        _stream(
            b"\x80" * 100, b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8"
        )
    )
    kids = []
    for number, pieces in enumerate(pages, start=1):
        drawn = [_draw(piece) for piece in pieces]
        if number in picture_on:
            drawn.append("q 500 0 0 700 40 60 cm /I Do Q")
        objects.append(_stream("\n".join(drawn).encode("ascii")))
        kids.append(len(objects) + 1)
        content = len(objects)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 5 0 R>>>>>>".encode("ascii")
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode("ascii")
    path.write_bytes(_file(objects))
    return path


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (extra, len(packed), packed)


def _draw(piece: Text | Rule) -> str:
    if isinstance(piece[3], str):
        left, top, size, words = piece
        return f"BT /F {size} Tf {left} {842 - top - size} Td <{words.encode('utf-16-be').hex()}> Tj ET"
    x0, top, x1, bottom = piece
    return f"0.5 w {x0} {842 - top} m {x1} {842 - float(bottom)} l S"


def _file(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, inner in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def ruled(
    left: float, top: float, widths: list[float], rows: list[list[str]], *, height: float = 20
) -> list[Text | Rule]:
    """Return a ruled table's texts and lines; a text of several lines fills its cell so."""
    pieces: list[Text | Rule] = []
    edges = [left + sum(widths[:place]) for place in range(len(widths) + 1)]
    bottom = top + height * len(rows)
    pieces += [(edge, top, edge, bottom) for edge in edges]
    pieces += [(left, top + height * place, edges[-1], top + height * place) for place in range(len(rows) + 1)]
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            for line, part in enumerate(text.split("\n")):
                pieces.append((edges[column] + 3, top + height * place + 3 + 12 * line, 10, part))
    return pieces
