from __future__ import annotations

from pathlib import Path

import pytest

from ingest.read import read
from ingest.source import Line, SourceText
from kb.settings import LimitSettings


def opened(tmp_path: Path, text: str | bytes, name: str = "a.html") -> SourceText:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, name=name, limits=LimitSettings())


def shown(lines: tuple[Line, ...]) -> list[str]:
    return [
        {"heading": "#" * line.level + " ", "item": "  " * line.level + line.ordinal}.get(line.kind, "") + line.text
        for line in lines
    ]


def test_web_headings_lists_and_breaks(tmp_path: Path) -> None:
    text = opened(
        tmp_path,
        "<h1>值班办法</h1><h2>目的</h2><p>第一行<br>第二&nbsp;行&amp;</p>"
        "<ol start=3><li>登记<ul><li>电话</li></ul></li>"
        "<li><p>派单</p><p>补充</p></li></ol>散字<b>相</b>连<div>另段</div>",
    )
    assert text.title == "值班办法"
    assert shown(text.lines) == [
        "## 目的", "第一行", "第二 行&", "3.登记", "  -电话", "4.派单", "补充", "散字相连", "另段",
    ]  # fmt: skip


def test_web_leaves_out_scripts_navigation_and_hidden_parts(tmp_path: Path) -> None:
    page = (
        "<style>.x{display:none}@media print{.y{display:none}}</style><nav>首页</nav><script>alert(1)</script>"
        "<div class='x'>暗</div><div class='y'>明</div><p style='display: none'>暗</p><p hidden>暗</p>"
        "<footer>版权</footer>"
        "<select><option>甲</option></select><p>正文<span style='mso-hide:all'>暗</span></p><!-- 注 --><img alt=图>"
    )
    assert shown(opened(tmp_path, page).lines) == ["明", "正文"]


def test_web_table_carries_spans_and_joins_its_header(tmp_path: Path) -> None:
    page = (
        "<table><caption>表1 时限</caption><thead><tr><th rowspan=2>级别<th colspan=2>时限<tr><th>响应<th>办结</thead>"
        "<tr><td rowspan=2>一般<td>2小时<td>3天<tr><td>4小时<td>5天<tr><td colspan=3>注：以首次通话为准</table>"
    )
    lines = opened(tmp_path, page).lines
    assert [line.cells for line in lines if line.kind == "row"] == [
        ("级别", "时限/响应", "时限/办结"), ("一般", "2小时", "3天"), ("一般", "4小时", "5天"),
    ]  # fmt: skip
    assert [line.text for line in lines if line.kind == "text"] == ["表1 时限", "注：以首次通话为准"]


def test_web_layout_table_is_text(tmp_path: Path) -> None:
    inner = "<table><tr><th>岗位<th>职责<tr><td>站长<td>排班</table>"
    page = f"<table><tr><td><h2>目的</h2><p>甲</p></td><td>{inner}</td></tr></table>"
    assert shown(opened(tmp_path, page).lines) == ["## 目的", "甲", "岗位 | 职责", "站长 | 排班"]


def test_web_definitions_are_items_with_terms(tmp_path: Path) -> None:
    assert shown(opened(tmp_path, "<dl><dt>派单<dd>指定工程师<dt>爽约：<dd>超时未到</dl>").lines) == [
        "-派单：指定工程师", "-爽约：超时未到",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "meta", ['<meta charset="gb2312">', '<meta http-equiv="Content-Type" content="text/html; charset=gbk">']
)
def test_web_charset_is_taken_from_the_page(tmp_path: Path, meta: str) -> None:
    assert shown(opened(tmp_path, f"<html><head>{meta}</head><p>客户投诉</p>".encode("gbk")).lines) == ["客户投诉"]


@pytest.mark.parametrize("name", ["导出.doc", "导出.xls", "导出.docx"])
def test_web_under_an_office_name_is_read(tmp_path: Path, name: str) -> None:
    page = "<html xmlns:o='urn:schemas-microsoft-com:office'><table><tr><td>级别<td>时限<tr><td>一般<td>2小时</table>"
    assert opened(tmp_path, page, name).lines[1].cells == ("一般", "2小时")


def test_web_saved_by_word_keeps_list_numbers(tmp_path: Path) -> None:
    page = (
        "<html><p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<i>&nbsp;</i></span>"
        "<![endif]>登记</p><p><span style='font-family:Wingdings;mso-list:Ignore'>l<span>&nbsp;</span></span>派单"
        "<o:p></o:p></p>"
    )
    assert shown(opened(tmp_path, page).lines) == ["1. 登记", "• 派单"]


def test_web_archive_gives_its_page(tmp_path: Path) -> None:
    archive = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        '--b\r\nContent-Type: text/html; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=E6=B4=BE=E5=8D=95</p>\r\n--b--\r\n"
    )
    assert shown(opened(tmp_path, archive, "导出.doc").lines) == ["派单"]


@pytest.mark.parametrize(
    "page", ["<p>" * 5000 + "甲", "<div>" * 3000 + "甲", "<table><tr><td>" * 400 + "甲", "<b>" * 3000 + "甲"]
)
def test_web_nested_without_end_is_read(tmp_path: Path, page: str) -> None:
    assert "".join(line.text for line in opened(tmp_path, f"{page}末").lines).endswith("末")


@pytest.mark.parametrize("page", ["<!-- -->", "   <html>", "<td rowspan=99999 colspan=99999>甲"])
def test_web_odd_pages_do_no_harm(tmp_path: Path, page: str) -> None:
    assert len(opened(tmp_path, page).lines) <= 1


def test_web_head_of_the_site_is_left_out_where_the_content_is_marked(tmp_path: Path) -> None:
    banner = "<header>公司内网 欢迎您</header>"
    assert shown(opened(tmp_path, f"{banner}<main><header>值班</header><p>正文。</p></main>").lines) == [
        "值班",
        "正文。",
    ]
    assert shown(opened(tmp_path, f"{banner}<p>正文。</p>").lines) == ["公司内网 欢迎您", "正文。"]


def test_web_head_that_holds_the_title_stays(tmp_path: Path) -> None:
    assert opened(tmp_path, "<header><h1>值班办法</h1></header><main><p>正文。</p></main>").title == "值班办法"
