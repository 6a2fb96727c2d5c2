"""The manual as "a model": OpenAI's chat completions, for chat clients and bots that know nothing else.

Knows the protocol's shapes. The text holds its markers and the list of sources; ``citations`` and ``shouce`` (the whole
answer) stand beside it for clients that know them. In a stream, only sentences that stand are ever sent.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.chat.chain import Done, Event, Judged
from assistant.chat.phrase import closed
from assistant.chat.prompt import tokens
from ui import present

if TYPE_CHECKING:
    from kb.model import Answer, Citation
    from ui.api.shapes import ChatBody
    from ui.session import Session

MODEL = "shouce"
TURNS_BEFORE = 4
Json = dict[str, Any]


def asked(body: ChatBody) -> tuple[str, list[str]]:
    """Return the question and those before it; a system message says nothing to the manual."""
    questions = [message.text for message in body.messages if message.role == "user" and message.text.strip()]
    return (questions[-1], questions[:-1][-TURNS_BEFORE:]) if questions else ("", [])


def models() -> Json:
    """Return the list of models: the manual itself."""
    return {"object": "list", "data": [model()]}


def model() -> Json:
    """Return the manual as a model is described."""
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "shouce"}


def sources(citations: Sequence[Citation], titles: dict[str, str]) -> str:
    """Return the list of sources under an answer."""
    if not citations:
        return ""
    lines = [
        f"[{c.marker}] 《{titles.get(c.document, c.document)}》{' > '.join(c.path)}（{c.clause}）" for c in citations
    ]
    return "\n\n出处：\n" + "\n".join(lines)


def whole(answer: Answer, titles: dict[str, str]) -> str:
    """Return an answer as one text: words, remarks, sources."""
    remarks = "".join(f"\n（{remark}）" for remark in (answer.fallback, *answer.notes) if remark)
    return answer.text + remarks + sources(answer.citations, titles)


def completion(body: ChatBody, question: str, answer: Answer, titles: dict[str, str]) -> Json:
    """Return a whole reply."""
    told = present.answer_json(answer)
    text = whole(answer, titles)
    message = {"role": "assistant", "content": text, "citations": told["citations"]}
    return {
        **_head("chat.completion"),
        "model": body.model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(question, text),
        "citations": told["citations"],
        "shouce": told,
    }


def _head(kind: str) -> Json:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time())}


def _usage(question: str, text: str) -> Json:
    read, written = tokens(question), tokens(text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


@dataclass(slots=True)
class Chunks:
    """Turns the events of one answer into the protocol's chunks."""

    body: ChatBody
    question: str
    titles: dict[str, str]
    sent: str = ""
    _base: Json = field(default_factory=lambda: _head("chat.completion.chunk"))

    def of(self, event: Event) -> Iterator[str]:
        """Yield the chunks of ``event``."""
        if isinstance(event, Judged):
            if event.sentence.supported and event.sentence.citations:
                yield self._words(closed(event.sentence.text, event.sentence.citations) + "\n")
        elif isinstance(event, Done):
            yield from self._done(event.answer)

    def _done(self, answer: Answer) -> Iterator[str]:
        text = whole(answer, self.titles)
        if not self.sent:
            for line in re.findall(r".*\n|.+$", text):
                yield self._words(line)
        elif answer.fallback:
            yield self._words(f"\n（{answer.fallback}）\n{answer.text}{sources(answer.citations, self.titles)}")
        else:
            missed = [line for line in answer.text.split("\n") if not self._said(line)]
            remarks = "".join(f"（{note}）\n" for note in answer.notes)
            rest = "".join(f"{line}\n" for line in missed) + remarks
            yield self._words(rest.rstrip("\n") + sources(answer.citations, self.titles))
        told = present.answer_json(answer)
        yield self._chunk({"citations": told["citations"]}, "stop", citations=told["citations"], shouce=told)
        if self.body.stream_options and self.body.stream_options.include_usage:
            yield _data(
                {**self._base, "model": self.body.model, "choices": [], "usage": _usage(self.question, self.sent)}
            )
        yield "data: [DONE]\n\n"

    def _said(self, line: str) -> bool:
        """Say whether every sentence of ``line`` was sent already; a line that only leads to others need not be."""
        words = re.sub(r"^\s*(?:\d+\.|-)\s+", "", line)
        pieces = [piece for piece in re.split(r"(?<=\])(?!\[)", words) if piece.strip()]
        return all(piece.strip() in self.sent or piece.rstrip().endswith(("：", ":")) for piece in pieces)

    def _words(self, text: str) -> str:
        first = {} if self.sent else {"role": "assistant"}
        self.sent += text
        return self._chunk({**first, "content": text}, None)

    def _chunk(self, delta: Json, finish: str | None, **more: Any) -> str:  # noqa: ANN401
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _data({**self._base, "model": self.body.model, "choices": [choice], **more})


def refused(message: str) -> str:
    """Return an error in the middle of a stream."""
    return _data({"error": {"message": message, "type": "server_error", "code": 500}})


def _data(value: Json) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def standalone_before(session: Session, before: Sequence[str]) -> str:
    """Return the last of the questions asked before, standing alone."""
    return session.assistant.standalone(before) if before else ""
