"""What stands where in a data directory, and what to tell the user when the operating system refuses it.

Knows names and error numbers only.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import HomeUnusable

CATALOGUE = "catalogue.sqlite3"
INDEX = "index"  # everything in it can be rebuilt from the catalogue
LOCK = "write.lock"

_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件超过允许的大小",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "同名的文件已存在，不是目录",
    errno.ENOENT: "路径不存在",
    errno.ENAMETOOLONG: "路径太长",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
}


def unusable(place: Path, error: OSError) -> HomeUnusable:
    """Return the error that says in one line why ``place`` cannot be used."""
    reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
    return HomeUnusable(f"数据目录 {place} 不可用：{reason}。请检查权限和磁盘空间，或用 --home 换一个目录")


@contextmanager
def translated(place: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the ``with`` into ``HomeUnusable``."""
    try:
        yield
    except OSError as error:
        raise unusable(place, error) from error
