"""Small files that only their user may read, written whole or not at all. Knows the file system, nothing of what is in them."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def create_once(path: Path, text: str) -> str:
    """Create ``path`` with ``text`` unless it is there; return what it holds, also where two start at once.

    Raises:
        OSError: it can neither be read nor created.
    """
    with suppress(FileNotFoundError):
        return read(path)
    draft = _draft(path, text)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename it leaves what another process has just put there
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8")


def read(path: Path) -> str:
    """Return what ``path`` holds; where others could read it too (a restored backup), they cannot any more.

    Raises:
        OSError: it cannot be read.
    """
    with suppress(OSError):  # somebody else's file, a read-only home
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def replace(path: Path, text: str) -> None:
    """Write ``text`` into ``path`` in one step.

    Raises:
        OSError: it cannot be written.
    """
    draft = _draft(path, text)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _draft(path: Path, text: str) -> Path:
    """Write a file of mode 600 beside ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
