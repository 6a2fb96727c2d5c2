"""What is streamed to programs: an answer's sentences as they are judged, as server-sent events.

Knows events of the chat chain and JSON. With the embedded engine there is one event, the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.chat.chain import Done, Event
from ui import present
from ui.operations import narrowed

if TYPE_CHECKING:
    from ui.session import Session


def answering(
    session: Session, question: str, *, conversation: str | None, document: str | None, before: str = ""
) -> Iterator[Event]:
    """Yield the events of one answer, the last of them ``Done``, whatever the engine."""
    chosen = narrowed(session, document)
    assistant: Any = session.assistant
    if hasattr(assistant, "stream"):
        yield from assistant.stream(question, conversation=conversation, filter=chosen, before=before)
    else:
        answer = assistant.ask(question, conversation=conversation, filter=chosen, before=before)
        yield Done(answer, None)


def event_text(event: Event) -> str:
    """Return an event as a server-sent event."""
    from assistant.chat.chain import Judged, Pending

    if isinstance(event, Pending):
        return sse("pending", {"index": event.index, "text": event.text})
    if isinstance(event, Judged):
        one = event.sentence
        return sse(
            "sentence",
            {
                "index": event.index,
                "text": one.text,
                "citations": list(one.citations),
                "supported": one.supported,
                "reason": one.reason,
                "cited": [present.citation_json(citation) for citation in event.citations],
            },
        )
    return sse("answer", present.answer_json(event.answer))


def sse(name: str, data: dict[str, Any]) -> str:
    """Return one server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
