"""Build the shipped sample files (``ingest/sample``) from their sources (``tools/sample_corpus``).

Run ``python tools/build_sample.py`` from the repository's root. It needs the project's own requirements (python-docx,
openpyxl, python-pptx, pdfplumber) and, for the two PDF files and the page numbers in the manual's table of contents,
LibreOffice Writer and the Noto CJK fonts::

    apt-get install libreoffice-writer fonts-noto-cjk

The built files are committed. Dates in them are fixed, so that building again from the same sources with the same
programs changes nothing.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from sample_files.page import write_html
from sample_files.sheet import write_sheet
from sample_files.slides import write_slides
from sample_files.source import CORPUS, Heading, Item, Paragraph, Source, load
from sample_files.word import COMPANY, Look, write_word

SAMPLE = Path(__file__).resolve().parent.parent / "ingest" / "sample"
_ZIP_DATE = (2025, 3, 1, 9, 0, 0)
_PDF_DATE = re.compile(rb"D:\d{14}(?=[+\-Z'\d)])")
_MANUAL = "企业运营管理与服务手册"
_COVER = (COMPANY, "编号：AH-YYGL-2025", "版本：V3.0", "发布日期：2025年3月1日")


def main() -> None:
    """Build every file and say its size."""
    SAMPLE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        _build(Path(folder))
    for path in sorted(SAMPLE.iterdir()):
        print(f"{path.stat().st_size / 1024:7.0f} KB  {path.name}")


def _build(folder: Path) -> None:
    manual = load("manual_1.md", "manual_2.md")
    look = Look(automatic_items=True, cover=_COVER, contents={})
    write_word(manual, folder / "draft.docx", look)
    pages = _heading_pages(_by_libreoffice(folder / "draft.docx"), manual)
    write_word(manual, SAMPLE / f"{_MANUAL}.docx", Look(automatic_items=True, cover=_COVER, contents=pages))
    write_word(load("sop_kf_01.md"), SAMPLE / "客户投诉处理SOP.docx", Look())
    write_word(load("sop_kf_02.md"), SAMPLE / "服务请求受理SOP.docx", Look(styles=False))
    write_word(
        load("sop_zl_02.md"), SAMPLE / "SOP编写与变更SOP.docx", Look(automatic_headings=True, automatic_items=True)
    )
    write_sheet(load("sop_cw_01.md"), SAMPLE / "退换与补偿审批SOP.xlsx")
    write_slides(load("sop_px_01.md"), SAMPLE / "新员工上岗培训SOP.pptx", subtitle=f"{COMPANY} 培训部")
    write_html(load("sop_kf_03.md"), SAMPLE / "客户回访SOP.html")
    (SAMPLE / "服务质量抽检SOP.md").write_bytes((CORPUS / "sop_zl_01.md").read_bytes())
    _write_text(load("sop_cg_01.md"), SAMPLE / "供应商切换SOP.txt")
    for name, title in (("sop_yy_01.md", "服务中断应急响应SOP"), ("sop_xx_01.md", "客户信息保护管理规定")):
        write_word(load(name), folder / f"{name}.docx", Look(song="Noto Serif CJK SC", hei="Noto Sans CJK SC"))
        (SAMPLE / f"{title}.pdf").write_bytes(_by_libreoffice(folder / f"{name}.docx").read_bytes())
    for path in SAMPLE.iterdir():
        if path.suffix in (".docx", ".xlsx", ".pptx"):
            _fix_zip(path)
        elif path.suffix == ".pdf":
            _fix_pdf(path)


def _write_text(source: Source, path: Path) -> None:
    """Write a document as the text editor of an older office computer does: GB18030, CRLF."""
    lines = [source.title, ""]
    for block in source.blocks:
        if isinstance(block, Heading):
            lines += ["", block.text, ""]
        elif isinstance(block, Paragraph):
            lines.append(("　　" if block.nested else "") + block.text)
        elif isinstance(block, Item):
            lines.append(f"{'　　' * block.level}{block.ordinal} {block.text}")
        else:
            raise TypeError("the text file has no tables")
    path.write_bytes("\r\n".join(lines).encode("gb18030"))


def _by_libreoffice(path: Path) -> Path:
    command = [
        "soffice",
        f"-env:UserInstallation={(path.parent / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", str(path.parent), str(path)], check=True, capture_output=True, timeout=300)
    return path.with_suffix(".pdf")


def _heading_pages(pdf: Path, source: Source) -> dict[str, int]:
    """Return the page of each heading, as a reader of the printed file counts."""
    import pdfplumber

    wanted = [block.text for block in source.blocks if isinstance(block, Heading)]
    pages: dict[str, int] = {}
    with pdfplumber.open(pdf) as document:
        for number, page in enumerate(document.pages, start=1):
            text = re.sub(r"\s", "", page.extract_text())
            if "目录" in text[:60] or "....." in text:
                continue
            for heading in wanted:
                if heading not in pages and re.sub(r"\s", "", heading) in text:
                    pages[heading] = number
    return pages


def _fix_zip(path: Path) -> None:
    """Write an office file again with fixed dates, inside and out."""
    with zipfile.ZipFile(path) as old:
        members = [(member.filename, old.read(member)) for member in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members:
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-03-01T09:00:00Z", content)
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            new.writestr(member, content)


def _fix_pdf(path: Path) -> None:
    """Set the dates and the random identifiers in a PDF, keeping every offset."""
    content = _PDF_DATE.sub(b"D:20250301090000", path.read_bytes())
    for pattern in (rb"/ID\s*\[\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", rb"/DocChecksum /([0-9A-F]+)"):
        content = re.sub(
            pattern,
            lambda found: re.sub(rb"(?<=[</])[0-9A-Fa-f]{8,}", lambda one: b"0" * len(one[0]), found[0]),
            content,
        )
    path.write_bytes(content)


if __name__ == "__main__":
    main()
