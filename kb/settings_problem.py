"""What is wrong with the settings, in Chinese, with the line of ``settings.toml`` or the variable that says it.

Knows what TOML and pydantic report. Loaded only when something is wrong.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")
_SHOWN = 60  # characters of a line that a message quotes


def file_problem(file: Path, error: Exception) -> str:
    """Return why the settings file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return f"设置文件 {file} 第 {line} 行不是 UTF-8 编码。请用记事本另存为 UTF-8 编码"
    if isinstance(error, OSError):
        from kb.home import reason_of

        return f"设置文件 {file} 无法读取：{reason_of(error)}。请检查它是不是文件、是否有读取权限"
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    found = _PLACE.search(str(error))
    number = int(found[1]) if found else max(1, len(lines))
    shown = lines[number - 1].strip()[:_SHOWN] if number <= len(lines) else ""
    hint = '文字要用英文引号括起来，如 model = "bge-m3"'
    if "overwrite" in str(error) or "twice" in str(error):
        hint = "同一个设置项或小节写了两次，请删掉一处"
    return f"设置文件 {file} 第 {number} 行写法不对：{shown}。{hint}"


def value_problem(file: Path, root: type[BaseModel], error: Mapping[str, Any]) -> str:
    """Return what is wrong with one setting: ``error`` is one of pydantic's."""
    path = [str(part) for part in error["loc"]]
    name = ".".join(path)
    return f"设置项 {name} 不正确：{_reason(root, path, error)}。请改 {_source(file, path)}"


def _reason(root: type[BaseModel], path: Sequence[str], error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    kind = str(error["type"])
    if kind == "extra_forbidden":
        known = _fields(root, path[:-1])
        near = get_close_matches(path[-1], known, 1, 0.5)
        return f"没有这个设置项，是不是 {near[0]}？" if near else f"没有这个设置项，可用的有 {'、'.join(known)}"
    if kind == "literal_error":
        return f"只能是 {str(context.get('expected', '')).replace(' or ', '、').replace(', ', '、')}"
    limits = {"ge": "不小于", "gt": "大于", "le": "不大于", "lt": "小于"}
    for key, words in limits.items():
        if key in context:
            return f"应该{words} {context[key]}"
    kinds = (
        ("int", "整数"),
        ("float", "数字"),
        ("bool", "true 或 false"),
        ("string", "用引号括起来的文字"),
        ("path", "路径"),
    )
    for beginning, words in kinds:
        if kind.startswith(beginning):
            return f"应该是{words}"
    return "应该是一个小节（写成 [小节名]，下面一行一项）" if kind.startswith(("model", "dict")) else str(error["msg"])


def _fields(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    for part in path:
        annotation = model.model_fields[part].annotation
        if not isinstance(annotation, type):
            return []
        model = annotation
    return list(model.model_fields)


def _source(file: Path, path: Sequence[str]) -> str:
    variable = "SHOUCE_" + "__".join(path).upper()
    if variable in os.environ or (len(path) > 1 and f"SHOUCE_{path[0].upper()}" in os.environ):
        return f"环境变量 {variable}"
    section = ""
    if file.is_file():
        for number, line in enumerate(file.read_text(encoding="utf-8-sig", errors="replace").splitlines(), start=1):
            if header := _HEADER.match(line):
                section = header[1]
                key = section
            elif found := _KEY.match(line):
                key = ".".join(filter(None, (section, found[1])))
            else:
                continue
            if key == ".".join(path):
                return f"{file} 第 {number} 行"
    return f"{file} 或环境变量 {variable}"
