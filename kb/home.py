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
    errno.EISDIR: "它是文件夹，不是文件",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOENT: "路径不存在",
    errno.ENAMETOOLONG: "路径太长",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
}


_REMEDIES = {
    errno.ENOSPC: "请清理磁盘空间后重试",
    errno.EDQUOT: "请清理磁盘空间后重试",
    errno.EFBIG: "请清理磁盘空间后重试",
    errno.EACCES: "请检查权限，或用 --home 换一个目录",
    errno.EPERM: "请检查权限，或用 --home 换一个目录",
    errno.EROFS: "请用 --home 换一个可以写入的目录",
    errno.ENOENT: "请检查路径，或用 --home 换一个目录",
    errno.ENAMETOOLONG: "请用 --home 换一个短一些的目录",
}


def reason_of(error: OSError) -> str:
    """Return in Chinese why the operating system refused."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def unusable(place: Path, error: OSError) -> HomeUnusable:
    """Return the error that says in one line why ``place`` cannot be used."""
    if blocking := _file_in_the_way(place):
        other = "索引会自动重建" if blocking.name == INDEX else "或用 --home 换一个目录"
        return HomeUnusable(f"{blocking} 应该是文件夹，现在是一个文件。请把这个文件移走或改名，{other}")
    remedy = _REMEDIES.get(error.errno or 0, "请检查权限和磁盘空间，或用 --home 换一个目录")
    return HomeUnusable(f"数据目录 {place} 不可用：{reason_of(error)}。{remedy}")


def _file_in_the_way(place: Path) -> Path | None:
    """Return the file that stands where ``place`` or a folder above it should be."""
    return next((path for path in (place, *place.parents) if path.is_file()), None)


@contextmanager
def translated(place: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the ``with`` into ``HomeUnusable``."""
    try:
        yield
    except OSError as error:
        raise unusable(place, error) from error
