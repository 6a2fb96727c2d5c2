"""Photos taken as proof in a run: files of the home under names nobody chose, read back as what they are.

Knows picture files by their first bytes. Knows nothing of lines and ticks; a run is a name that exists.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from kb.errors import EntryInvalid, NotThere
from kb.home import translated

FOLDER = "photos"
LARGEST = 6 << 20  # bytes; the page makes pictures smaller before it sends them
MOST = 400  # of one run
_KINDS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_MEDIA = {"jpg": "image/jpeg", "png": "image/png"}
_NAME = re.compile(r"[0-9a-f]{16}\.(jpg|png)")


def keep_photo(home: Path, run: str, content: bytes) -> str:
    """Write a picture of ``run`` and return its name.

    Raises:
        EntryInvalid: it is no JPEG or PNG, is too large, or the run has too many.
        HomeUnusable: the home cannot be written.
    """
    kind = next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)
    if kind is None:
        raise EntryInvalid("这不是照片：请选 JPG 或 PNG 图片")
    if len(content) > LARGEST:
        raise EntryInvalid(f"照片太大，请选 {LARGEST >> 20} MB 以内的图片")
    folder = home / FOLDER / run
    with translated(home):
        folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in folder.iterdir()) >= MOST:
            raise EntryInvalid(f"这次检查已有 {MOST} 张照片，不能再加")
        name = f"{secrets.token_hex(8)}.{kind}"
        (folder / name).write_bytes(content)
    return name


def read_photo(home: Path, run: str, name: str) -> tuple[bytes, str]:
    """Return a picture and its media type.

    Raises:
        NotThere: the run has no such picture.
    """
    known = _NAME.fullmatch(name)
    path = home / FOLDER / run / name
    if known is None or not run.isalnum() or not path.is_file():
        raise NotThere("没有这张照片")
    return path.read_bytes(), _MEDIA[known[1]]


def is_photo(name: str) -> bool:
    """Say whether ``name`` is of a picture kept here, not a note of where one lies."""
    return _NAME.fullmatch(name) is not None
