"""A checklist as JSON, with the keys of the command contract."""

from __future__ import annotations

import json

from assistant.checklist.model import Checklist, checklist_json


def render(checklist: Checklist) -> bytes:
    """Return the checklist as an indented JSON object."""
    return (json.dumps(checklist_json(checklist), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
