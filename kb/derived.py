"""Directories that are derived from the catalogue: one per name and generation, whole or not there at all.

Knows nothing of what an index holds. A directory is built beside its place and renamed into it, so a reader sees a
finished one or none, and a killed build leaves only a temporary directory that the next build removes. In a home that
cannot be written, what is missing is built in a temporary folder of this process.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from kb.home import translated

KEPT = 2  # the newest and the one before it, which another reader may be opening just now
STALE_SECONDS = 3600.0
_ATTEMPTS = 3
_NOT_WRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of which catalogue: ``identity`` changes with a restored backup, ``generation`` with every change."""

    identity: str
    generation: int


class DerivedDirectories:
    """The folder ``index`` of a home."""

    def __init__(self, root: Path, stamp: Callable[[], Stamp]) -> None:
        self._root = root
        self._stamp = stamp
        self._elsewhere: dict[tuple[str, Stamp], Path] = {}
        self._temporary: list[TemporaryDirectory[str]] = []

    def path(self, name: str, stamp: Stamp) -> Path:
        """Return where the directory ``name`` of that state stands, or would stand."""
        return self._root / f"{name}-{stamp.identity}-{stamp.generation}"

    def newest(self, name: str, identity: str) -> Path | None:
        """Return the directory ``name`` of the latest generation that is there, to build the next one from."""
        found = self._generations(name, identity)
        return found[-1][1] if found else None

    def directory(self, name: str, build: Callable[[Path], None]) -> Path:
        """Return the directory ``name`` of the current generation; ``build`` fills a new one where it is missing.

        A build that the catalogue overtakes is done again (a few times: then its result is taken, and the next call
        builds from the later state).

        Raises:
            HomeUnusable: the directory cannot be written.
        """
        for attempt in range(_ATTEMPTS):
            stamp = self._stamp()
            place = self.path(name, stamp)
            if place.is_dir():
                return place
            if (elsewhere := self._elsewhere.get((name, stamp))) is not None:
                return elsewhere
            with translated(self._root):
                try:
                    self._root.mkdir(parents=True, exist_ok=True)
                    draft = Path(mkdtemp(prefix=f".{name}-", dir=self._root))
                except OSError as error:
                    if error.errno not in _NOT_WRITABLE:
                        raise
                    return self._build_elsewhere(name, stamp, build)
                try:
                    build(draft)
                    if attempt == _ATTEMPTS - 1 or self._stamp() == stamp:
                        self._publish(draft, place)
                        self._remove_older(name, stamp)
                        return place
                finally:
                    shutil.rmtree(draft, ignore_errors=True)
        raise AssertionError("unreachable: the last attempt returns")

    def close(self) -> None:
        """Remove what was built for this process alone."""
        for folder in self._temporary:
            folder.cleanup()
        self._temporary, self._elsewhere = [], {}

    def _build_elsewhere(self, name: str, stamp: Stamp, build: Callable[[Path], None]) -> Path:
        """Build for this process alone, where the home cannot be written."""
        folder = TemporaryDirectory(prefix="shouce-")
        self._temporary.append(folder)
        place = Path(folder.name)
        build(place)
        self._elsewhere[name, stamp] = place
        return place

    def discard(self, name: str) -> None:
        """Remove every directory ``name``, of whatever state."""
        for _, _, path in self._all(name):
            shutil.rmtree(path, ignore_errors=True)

    def _publish(self, draft: Path, place: Path) -> None:
        for path in draft.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        draft.chmod(0o755)
        try:
            draft.rename(place)
        except OSError:
            if not place.is_dir():  # otherwise another process was first, with the same content
                raise

    def _all(self, name: str) -> list[tuple[str, int, Path]]:
        """Return (identity, generation, path) of every directory ``name``."""
        pattern = re.compile(rf"{re.escape(name)}-([0-9a-f]+)-(\d+)")
        matches = ((pattern.fullmatch(path.name), path) for path in self._root.glob(f"{name}-*"))
        return [(match[1], int(match[2]), path) for match, path in matches if match]

    def _generations(self, name: str, identity: str) -> list[tuple[int, Path]]:
        return sorted((generation, path) for owner, generation, path in self._all(name) if owner == identity)

    def _remove_older(self, name: str, stamp: Stamp) -> None:
        kept = {path for _, path in self._generations(name, stamp.identity)[-KEPT:]}
        for _, _, path in self._all(name):
            if path not in kept:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._root.glob(f".{name}-*"):
            if time.time() - _touched(path) > STALE_SECONDS:  # left by a process that was killed
                shutil.rmtree(path, ignore_errors=True)


def _touched(directory: Path) -> float:
    """Return when anything in ``directory`` last changed: the build of a large index takes long in one file."""
    times = [directory.stat().st_mtime]
    for path in directory.rglob("*"):
        with suppress(OSError):  # another build may be at work in it
            times.append(path.stat().st_mtime)
    return max(times)
