"""What is wrong with the arguments, in Chinese, with the nearest thing that would be right.

Knows the shapes of typer's usage errors, by name: it does not export their classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_COMMAND = re.compile(r"No such command '(.*?)'(?:\.|$)", re.DOTALL)
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)|unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]")
# what the checks of a value say
_VALUES = (
    (re.compile(r"greater than or equal to (\S+)"), "不能小于 {}"),
    (re.compile(r"less than or equal to (\S+)"), "不能大于 {}"),
    (re.compile(r"valid integer"), "应该是整数"),
    (re.compile(r"valid number"), "应该是数字"),
)
_WORDS_WITH_BLANKS = frozenset({"ask", "search", "show", "outline", "remove"})


def usage_message(error: Any) -> str:  # noqa: ANN401
    """Return one line: what is wrong, what was perhaps meant, and where the usage stands."""
    context = getattr(error, "ctx", None)
    command = context.info_name if context is not None and context.parent is not None else ""
    reason = _reason(error, context, command)
    stop = "" if reason.endswith("？") else "。"
    return f"用法不对：{reason}{stop}用 {' '.join(filter(None, ('shouce', command, '--help')))} 查看用法"


def _reason(error: Any, context: Any, command: str) -> str:  # noqa: ANN401
    text = str(error)
    name = type(error).__name__
    if name == "NoSuchOption":
        return _unknown(f"没有 {error.option_name} 这个选项", error.option_name, _options(context))
    if name == "BadOptionUsage":
        return f"选项 {error.option_name} " + ("后面不能写值" if "not take" in text else "后面要写它的值")
    if name == "MissingParameter":
        return f"少写了{_described(error.param)}"
    if name == "BadParameter":
        return f"{_label(error.param)} {_value_problem(text)}".strip() if error.param else text.rstrip("。.")
    if found := _COMMAND.search(text):
        given = found[1]
        if _HAN.search(given):
            return f'没有“{given}”这个命令；要提问请写 shouce ask "{given}"'
        return _unknown(f"没有 {given} 这个命令", given, list(getattr(context.command, "commands", ())))
    if found := _EXTRA.search(text):
        extra = found[1] or found[2]
        hint = "；内容里有空格时请用引号括起来" if command in _WORDS_WITH_BLANKS else ""
        return f"多写了 {extra}{hint}"
    return text.rstrip(".")


def _unknown(problem: str, given: str, known: Sequence[str]) -> str:
    nearest = _nearest(given, known)
    return f"{problem}，是不是 {nearest}？" if nearest else problem


def _nearest(given: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    begins = [name for name in known if name.startswith(given)] if given.strip("-") else []
    close = begins or get_close_matches(given, known, 1, 0.6)
    return close[0] if close else ""


def _options(context: Any) -> list[str]:  # noqa: ANN401
    parameters: Iterable[Any] = context.command.params if context is not None else ()
    return [option for one in parameters for option in one.opts if option.startswith("-")] + ["--help"]


def _label(parameter: Any) -> str:  # noqa: ANN401
    options = [option for option in parameter.opts if option.startswith("-")]
    return f"选项 {max(options, key=len)}" if options else f"参数“{_words(parameter)}”"


def _described(parameter: Any) -> str:  # noqa: ANN401
    return f"参数：{_words(parameter)}" if parameter is not None else "参数"


def _words(parameter: Any) -> str:  # noqa: ANN401
    """Return what an argument is, as the help says it, up to its first remark."""
    help_text = str(getattr(parameter, "help", "") or parameter.name)
    return re.split(r"[；;：]", help_text)[0]


def _value_problem(text: str) -> str:
    for pattern, words in _VALUES:
        if found := pattern.search(text):
            return words.format(*found.groups())
    return text.rstrip(".") if _HAN.search(text) else f"的值不对（{text.rstrip('.')}）"
