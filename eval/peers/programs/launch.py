"""Starts one program in a peer's interpreter: ``PYTHON launch.py NAME|FILE.py [ARGUMENT…]``.

Run by its path, because that interpreter has no ``shouce`` installed, and must not see this one's packages either: what
the two pin differs. So only the package ``eval`` is made known, by its folder.
"""

from __future__ import annotations

import importlib
import runpy
import sys
import types
from pathlib import Path


def main() -> None:
    """Run the program named first; the other arguments are its own."""
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != here]
    package = types.ModuleType("eval")
    package.__path__ = [str(here.parents[1])]
    sys.modules["eval"] = package
    program, *arguments = sys.argv[1:]
    sys.argv = [program, *arguments]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        importlib.import_module(f"eval.peers.programs.{program}").main()


if __name__ == "__main__":
    main()
