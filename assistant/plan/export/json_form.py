"""A plan as JSON, with the keys of the command contract."""

from __future__ import annotations

import json

from assistant.plan.forms import plan_json
from assistant.plan.model import Plan


def render(plan: Plan) -> bytes:
    """Return the plan as JSON."""
    text = json.dumps(plan_json(plan), ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "replace")
