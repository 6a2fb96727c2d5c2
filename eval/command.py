"""How the reports are run from the command line. Knows nothing of what they measure."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from kb.errors import ShouceError


def run(main: Callable[..., None]) -> None:
    """Run ``main`` with the options given; what it cannot do is told in one line."""
    try:
        typer.run(main)
    except ShouceError as error:
        sys.exit(str(error))
