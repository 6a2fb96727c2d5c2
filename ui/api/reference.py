"""The API's description as a page that needs nothing from outside: no scripts, no fonts, no other servers."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.7 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2430}
code,pre{font-family:ui-monospace,Consolas,monospace;font-size:.9em}
pre{background:#f4f5f8;padding:.8rem;overflow:auto;border-radius:.4rem}
h2{margin-top:2.4rem;border-bottom:1px solid #dde}
h3 code{background:#e8eefc;padding:.1em .5em;border-radius:.3em}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #dde;padding:.3rem .6rem;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#14161b;color:#dfe3ea}pre{background:#1f232b}
h3 code{background:#26324d}td,th,h2{border-color:#333a46}a{color:#8fb0ff}}
"""
_ABOUT = """<p>请求和回复都是 JSON。设置了密钥（settings.toml 的 <code>[api] keys</code>）时，请带上
<code>Authorization: Bearer 密钥</code>。出错时的回复是 <code>{"error":{"message","type","code"}}</code>。
机器可读的说明：<a href="/api/openapi.json">/api/openapi.json</a>。
MCP 服务：<code>/mcp</code>（streamable HTTP），或命令 <code>shouce mcp</code>。</p>"""


def page(schema: dict[str, Any]) -> str:
    """Return the OpenAPI description ``schema`` as an HTML page."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            by_tag.setdefault((one.get("tags") or ["其他"])[0], []).append(_operation(method, path, one, schema))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(pieces)}" for tag, pieces in by_tag.items())
    title = escape(schema["info"]["title"])
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{_ABOUT}{body}</body></html>"
    )


def _operation(method: str, path: str, one: dict[str, Any], schema: dict[str, Any]) -> str:
    told = escape(one.get("description", "")).replace("\n\n", "<br>")
    fields = _fields(one, schema)
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(field))}</td>"
        f"<td>{'必填' if needed else escape(json.dumps(field.get('default'), ensure_ascii=False))}</td>"
        f"<td>{escape(field.get('description', ''))}</td></tr>"
        for name, field, needed in fields
    )
    table = f"<table><tr><th>字段</th><th>类型</th><th>默认</th><th>说明</th></tr>{rows}</table>" if rows else ""
    example = {name: field["examples"][0] for name, field, _ in fields if field.get("examples")}
    sample = json.dumps(example, ensure_ascii=False)
    call = f"curl -X POST http://127.0.0.1:7860{path} -H 'content-type: application/json' -d '{sample}'"
    curl = f"<pre>{escape(call, quote=False)}</pre>" if example else ""
    heading = f"<code>{method.upper()} {escape(path)}</code> {escape(one.get('summary', ''))}"
    return f"<h3>{heading}</h3><p>{told}</p>{table}{curl}"


def _fields(one: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, dict[str, Any], bool]]:
    content = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = str(content.get("$ref", "")).rpartition("/")[2]
    body = schema.get("components", {}).get("schemas", {}).get(name, {})
    needed = set(body.get("required", ()))
    fields = [(key, value, key in needed) for key, value in body.get("properties", {}).items()]
    return fields + [
        (p["name"], {**p.get("schema", {}), **p}, p.get("required", False)) for p in one.get("parameters", ())
    ]


def _kind(field: dict[str, Any]) -> str:
    words = {"string": "文字", "integer": "整数", "boolean": "是/否", "array": "列表", "number": "数字"}
    kinds = [field, *field.get("anyOf", ())]
    named = [words.get(str(one.get("type")), "") for one in kinds]
    return "、".join(dict.fromkeys(name for name in named if name)) or "对象"
