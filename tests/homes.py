"""Copies of a home that may be open in this process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_COPYING = "import shutil, sys; shutil.copytree(*sys.argv[1:])"


def copied(home: Path, target: Path) -> Path:
    """Copy ``home`` to ``target`` and return that.

    A process of its own copies: closing a file of a database gives up all locks this process has on it (SQLite's "How to
    corrupt", 2.2), and the home may be open here for other tests.
    """
    subprocess.run([sys.executable, "-c", _COPYING, str(home), str(target)], check=True)
    return target
