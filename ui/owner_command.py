"""``shouce owner``: sets the owner's password from the terminal, for whoever has forgotten it. Knows how it is typed."""

from __future__ import annotations

import sys

import typer

from kb.errors import EntryInvalid
from ui.owner_password import OwnerPassword
from ui.terminal import HomeOption, note, open_session


def owner(home: HomeOption = None) -> None:
    """设置网页的负责人口令（忘记口令时也用它）；也可以从标准输入读一行。"""
    password = OwnerPassword(open_session(home).settings.home)
    known = password.is_set
    password.put(_typed())
    note("负责人口令已更换，之前登录的负责人要重新登录" if known else "负责人口令已设置")


def _typed() -> str:
    """Return the new password, typed twice where somebody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    new: str = typer.prompt("新的负责人口令", hide_input=True, err=True)
    if typer.prompt("再输入一次", hide_input=True, err=True) != new:
        raise EntryInvalid("两次输入的口令不一样，请重新运行")
    return new
