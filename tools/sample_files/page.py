"""HTML: a page as an intranet serves it.

Knows HTML and nothing of browsers.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from sample_files.source import Heading, Item, Paragraph, Source, Table
from sample_files.word import COMPANY

_SCREEN = """body{font-family:"Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:0;color:#222;line-height:1.7}
header.site-header,footer{background:#1f6f54;color:#fff;padding:8px 24px}
nav a{color:#fff;margin-right:16px}main{max-width:960px;margin:0 auto;padding:0 24px}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:4px 8px;text-align:left}
th{background:#eef5f2}
caption{font-weight:bold;padding:6px}.hint{display:none}"""


def write_html(source: Source, path: Path) -> None:
    """Write a document as a page of an intranet, with what surrounds such pages."""
    body = "\n".join(_blocks(source))
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(source.title)} - 安禾制度中心</title>
<style>{_SCREEN}</style>
<script>document.documentElement.className = "ready";</script>
</head>
<body>
<header class="site-header"><strong>安禾制度中心</strong>
<nav><a href="/">首页</a><a href="/docs">制度文件</a><a href="/forms">表单下载</a></nav></header>
<main>
<div class="breadcrumb">首页 &gt; 制度文件 &gt; 客户服务部</div>
<div class="hint">登录后可以订阅本文件的更新</div>
<article>
<h1>{escape(source.title)}</h1>
{body}
</article>
</main>
<footer>© {COMPANY} 内部资料</footer>
</body>
</html>
"""
    path.write_text(page, encoding="utf-8", newline="\n")


def _blocks(source: Source) -> list[str]:
    parts: list[str] = []
    open_list = ""
    for block in source.blocks:
        wanted = _list_tag(block) if isinstance(block, Item) else ""
        if wanted != open_list:
            parts += [f"</{open_list}>"] * bool(open_list) + [f"<{wanted}>"] * bool(wanted)
            open_list = wanted
        if isinstance(block, Heading):
            parts.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
        elif isinstance(block, Paragraph):
            parts.append(f"<p>{escape(block.text)}</p>")
        elif isinstance(block, Item):
            parts.append(f"<li>{escape(block.text)}</li>")
        else:
            parts.append(_table(block))
    return [*parts, f"</{open_list}>"] if open_list else parts


def _list_tag(item: Item) -> str:
    return "ul" if item.ordinal == "-" else "ol"


def _table(block: Table) -> str:
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
