"""How the commands of this part are run. Knows nothing of what they measure."""

from __future__ import annotations

import sys
from collections.abc import Callable

from kb.errors import ShouceError


def run(main: Callable[[], None]) -> None:
    """Run ``main``; what it cannot do is told in one line, with exit code 1."""
    try:
        main()
    except ShouceError as error:
        sys.exit(str(error))
