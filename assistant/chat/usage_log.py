"""What chat models cost: one line of JSON for every reply in ``chat.jsonl`` of the home, numbers only.

Knows neither questions nor answers: nothing anybody wrote is in it. What cannot be written down is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.chat.reply import Usage
from kb.settings import ChatSettings

FILE_NAME = "chat.jsonl"
LARGEST = 5_000_000  # bytes; then the file becomes chat.jsonl.1
PER_PRICE = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """One reply: what it was for, what it cost, how it ended (``ok`` or the fault)."""

    purpose: str
    usage: Usage
    outcome: str
    sentences: int = 0
    supported: int = 0


def write(home: Path, settings: ChatSettings, spent: Spent) -> None:
    """Append ``spent`` to the log of ``home``."""
    usage = spent.usage
    price = usage.input_tokens * settings.input_price + usage.output_tokens * settings.output_price
    row = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": settings.model,
        "purpose": spent.purpose,
        "outcome": spent.outcome,
        "tries": usage.tries,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost": round(price / PER_PRICE, 6),
        "first_token_seconds": round(usage.first_token_seconds, 3),
        "seconds": round(usage.seconds, 3),
        "sentences": spent.sentences,
        "supported": spent.supported,
    }
    file = home / FILE_NAME
    try:
        if file.exists() and file.stat().st_size > LARGEST:
            file.replace(file.with_suffix(".jsonl.1"))
        with file.open("a", encoding="utf-8") as log:
            log.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError:  # a read-only home or a full disk costs the line, never the answer
        return
