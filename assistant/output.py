"""Results as files: which format is meant, and bytes put where the user wants them, whole or not at all.

Knows names of formats, folders, permissions, and the characters no file takes. Knows nothing of what a format holds.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from kb.errors import FormatUnknown, TargetUnwritable
from kb.home import reason_of

_ONE = TypeVar("_ONE")
# Control characters and lone surrogates, which neither XML nor a workbook takes
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return ``text`` with one kind of line end and without what no file format takes."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def file_name(title: str, otherwise: str = "试卷") -> str:
    """Return ``title`` as every system takes it for a file's name; ``otherwise`` where nothing is left of it."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", title).strip(" .-")[:60] or otherwise


def choose(formats: Mapping[str, _ONE], name: str) -> _ONE:
    """Return the format of that name, in any case.

    Raises:
        FormatUnknown: there is none; the message lists those there are.
    """
    found = formats.get(name.strip().lower())
    if found is None:
        raise FormatUnknown(f"不认识的格式“{name}”，可以用：{'、'.join(formats)}")
    return found


def guess(suffixes: Mapping[str, str], path: Path, fallback: str) -> str:
    """Return the name of the format whose suffix ``path`` has (``suffixes``: name → ``.docx``), else ``fallback``."""
    lower = path.name.lower()
    return next((name for name, suffix in suffixes.items() if lower.endswith(suffix)), fallback)


@dataclass(frozen=True)
class Format(Generic[_ONE]):
    """One form that a result can take; ``text``: it may go to a terminal."""

    name: str
    suffix: str
    label: str
    render: Callable[[_ONE], bytes]
    text: bool


class Formats(dict[str, Format[_ONE]]):
    """The forms that one kind of result can take, by name, in the order they are listed to people."""

    def __init__(self, *formats: Format[_ONE]) -> None:
        super().__init__((format_.name, format_) for format_ in formats)

    def of(self, path: Path, fallback: str = "json") -> str:
        """Return the name of the format that the suffix of ``path`` speaks for, else ``fallback``."""
        return guess({name: format_.suffix for name, format_ in self.items()}, path, fallback)

    def render(self, made: _ONE, name: str) -> bytes:
        """Return the result as a file of the format ``name``.

        Raises:
            FormatUnknown: there is no such format; the message lists those there are.
        """
        return choose(self, name).render(made)

    def write(self, made: _ONE, name: str, path: Path) -> Path:
        """Write the result in the format ``name`` and return the file written.

        Raises:
            FormatUnknown: there is no such format; the message lists those there are.
            TargetUnwritable: the folder is missing or closed, or the disk is full.
        """
        format_ = choose(self, name)
        refuse_early([path])
        return put(path, format_.render(made))


def put(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path``; a file that is there is replaced at once, so that nobody ever reads half of one.

    Raises:
        TargetUnwritable: the folder is missing or closed, or the disk is full.
    """
    refuse_early([path])
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):  # /dev/stdout, a pipe, somebody's link
            path.write_bytes(data)
        else:
            _replace(path, data)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise TargetUnwritable(f"{path}：无法写出（{reason}），请换一个位置，或关闭正打开着它的程序后重试") from error
    return path


def _replace(path: Path, data: bytes) -> None:
    """Write a new file beside ``path`` and let it take its place."""
    beside = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def refuse_early(paths: Iterable[Path]) -> None:
    """Say before any work is done that a result could not be written where it is wanted.

    Raises:
        TargetUnwritable: the folder is missing or closed, or a folder stands in the file's place.
    """
    for path in paths:
        folder = path.parent
        try:
            if not folder.is_dir():
                raise TargetUnwritable(f"{path}：文件夹 {folder} 不存在，请先建好它，或换一个位置")
            if path.is_dir():
                raise TargetUnwritable(f"{path} 是一个文件夹，请在后面写上文件名")
            if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
                raise TargetUnwritable(f"{path}：没有写入权限，请换一个位置")
        except (OSError, ValueError) as error:  # a name too long, or with a zero byte
            raise TargetUnwritable(f"{path}：不能用作文件名（{error}），请换一个") from error
