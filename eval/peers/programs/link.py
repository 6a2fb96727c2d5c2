"""The peer's end of the line: one JSON object a line, requests on standard input, replies on standard output.

``{"do":"ingest","sources":[{name, path|text, pieces}]}`` → ``{"done":{"chunks"},"seconds","waited"}``;
``{"do":"search","question","limit"}`` → ``{"done":{"hits":[{"text","score"}]},"seconds","waited"}``. In between the peer may
ask ``{"embed":[TEXT…],"as":"passage"|"query"}`` and gets ``{"vectors": base64 of float32, "dimension"}``: the model lives on
the other side, so that every peer has the very same one and needs none of its libraries. ``seconds`` is the whole,
``waited`` what of it the embedding took. A peer that fails says ``{"failed": REASON}``.
"""

from __future__ import annotations

import array
import base64
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, Protocol, TextIO


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of a repaired document, and the titles it stands under."""

    text: str
    heading: str


@dataclass(frozen=True, slots=True)
class Source:
    """One document: a file as its owner has it (``path``), or its repaired ``text`` with the ``pieces`` it is made of."""

    name: str
    path: str = ""
    text: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One hit; a higher ``score`` is better."""

    text: str
    score: float


class Program(Protocol):
    """What answers requests."""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what is ``done``, as JSON."""
        ...


class Pipeline(Protocol):
    """What a peer's program offers: ``Serving`` makes a ``Program`` of it."""

    def ingest(self, sources: Sequence[Source]) -> int:
        """Read, split, embed and index ``sources``; return how many chunks they became."""
        ...

    def search(self, question: str, limit: int) -> list[Found]:
        """Return at most ``limit`` hits, best first."""
        ...


class Serving:
    """The requests of the protocol, handed to a pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the count of chunks, or the hits."""
        if request["do"] == "ingest":
            return {"chunks": self._pipeline.ingest([_source(row) for row in request["sources"]])}
        hits = self._pipeline.search(request["question"], request["limit"])
        return {"hits": [{"text": hit.text, "score": float(hit.score)} for hit in hits]}


class Model:
    """The embedding model on the other side; knows how long it was waited for."""

    def __init__(self, ask: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._ask = ask
        self.waited = 0.0

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector of length 1 for each passage."""
        return self._vectors(texts, "passage")

    def question(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._vectors([text], "query")[0]

    def _vectors(self, texts: Sequence[str], kind: Literal["passage", "query"]) -> list[list[float]]:
        started = time.perf_counter()
        reply = self._ask({"embed": list(texts), "as": kind})
        flat = array.array("f", base64.b64decode(reply["vectors"]))
        size = reply["dimension"]
        vectors = [flat[at : at + size].tolist() for at in range(0, len(flat), size)]
        self.waited += time.perf_counter() - started
        return vectors


def serve(make: Callable[[Model], Pipeline], *, libraries: Sequence[str] = ()) -> None:
    """Serve a pipeline until standard input ends. ``libraries`` are the distributions whose versions are reported."""
    run(lambda model: Serving(make(model)), libraries=libraries)


def run(make: Callable[[Model], Program], *, libraries: Sequence[str] = ()) -> None:
    """Answer requests until standard input ends."""
    out = _own_output()

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message, ensure_ascii=False) + "\n")
        out.flush()

    def ask(message: dict[str, Any]) -> dict[str, Any]:
        say(message)
        reply: dict[str, Any] = json.loads(sys.stdin.readline())
        return reply

    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    model = Model(ask)
    try:
        program = make(model)
        say({"ready": {name: _version(name) for name in libraries}})
        for line in iter(sys.stdin.readline, ""):
            started, model.waited = time.perf_counter(), 0.0
            done = program.answer(json.loads(line))
            say({"done": done, "seconds": time.perf_counter() - started, "waited": model.waited})
    except Exception as error:  # noqa: BLE001 (whatever a peer raises is its row's reason)
        import traceback

        traceback.print_exc()
        say({"failed": f"{type(error).__name__}: {error}".splitlines()[0][:300]})


def _source(row: dict[str, Any]) -> Source:
    return Source(**{**row, "pieces": tuple(Piece(**piece) for piece in row.get("pieces", ()))})


def _own_output() -> TextIO:
    """Return standard output for the line alone: what libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
