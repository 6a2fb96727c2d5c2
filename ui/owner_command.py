"""``shouce owner``: sets the owner's or the trainers' password from the terminal, for whoever has forgotten it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kb.errors import EntryInvalid
from ui.owner_password import FILE, TRAINER_FILE, Password
from ui.terminal import HomeOption, note, open_session


def owner(
    trainer: Annotated[bool, typer.Option("--trainer", help="设置培训师的密码：只能管题库和成绩")] = False,
    home: HomeOption = None,
) -> None:
    """设置网页的负责人密码（忘记密码时也用它）；也可以从标准输入读一行。"""
    who, file = ("培训师", TRAINER_FILE) if trainer else ("负责人", FILE)
    password = Password(open_session(home).settings.home, file=file, who=who)
    known = password.is_set
    password.put(_typed(who))
    note(f"{who}密码已更换，之前登录的{who}要重新登录" if known else f"{who}密码已设置")


def _typed(who: str) -> str:
    """Return the new password, typed twice where somebody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    new: str = typer.prompt(f"新的{who}密码", hide_input=True, err=True)
    if typer.prompt("再输入一次", hide_input=True, err=True) != new:
        raise EntryInvalid("两次输入的密码不一样，请重新运行")
    return new
