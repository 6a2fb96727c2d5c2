"""One peer in a process of its own: requests to it, and the embedding model served to it.

The protocol is told in ``programs/link.py``. Knows processes and lines; not what is asked, nor what the hits are worth.
Whatever goes wrong on the other side (not installed, a crash, silence) is a ``PeerFailed`` with one line of reason.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from eval.peers.programs.link import Found, Source

if TYPE_CHECKING:
    from eval.peers.registry import Peer
    from kb.embeddings import EmbeddingModel

LAUNCH = Path(__file__).parent / "programs" / "launch.py"
START_SECONDS = 180.0
INGEST_SECONDS = 1800.0
SEARCH_SECONDS = 60.0
# No peer asks the network for a model or tells anybody that it runs.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "PYTHONUTF8": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class PeerFailed(Exception):
    """A peer could not be started, died, fell silent or said that it failed; the text is one line."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one request as the peer saw them, and how much of it it waited for vectors."""

    seconds: float
    waited: float

    @property
    def own(self) -> float:
        """Seconds without the embedding."""
        return max(0.0, self.seconds - self.waited)


class PeerProcess:
    """A running peer; a context manager that ends it.

    Args:
        peer: what to run.
        python: the interpreter that has its libraries.
        model: embeds what the peer asks for.

    Raises:
        PeerFailed: from every method.
    """

    def __init__(self, peer: Peer, *, python: Path, model: EmbeddingModel) -> None:
        self._model = model
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        command = [str(python), str(LAUNCH), peer.program, *peer.arguments]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=_environment(),
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            self._errors.close()
            raise PeerFailed(f"{python}: {error.strerror or error}") from error
        started = time.perf_counter()
        self.versions: dict[str, str] = self._reply(START_SECONDS).get("ready", {})
        self.start_seconds = time.perf_counter() - started

    def __enter__(self) -> Self:
        """Return the process itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def ingest(self, sources: Sequence[Source]) -> tuple[int, Spent]:
        """Return how many chunks ``sources`` became, and the time that took."""
        reply = self.ask({"do": "ingest", "sources": [_row(source) for source in sources]}, INGEST_SECONDS)
        return int(reply["done"]["chunks"]), Spent(reply["seconds"], reply["waited"])

    def search(self, question: str, *, limit: int) -> tuple[list[Found], Spent]:
        """Return at most ``limit`` hits, best first, and the time that took."""
        reply = self.ask({"do": "search", "question": question, "limit": limit}, SEARCH_SECONDS)
        hits = [Found(str(hit["text"]), float(hit["score"])) for hit in reply["done"]["hits"]]
        return hits, Spent(reply["seconds"], reply["waited"])

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the reply to any request, waiting at most ``seconds``."""
        self._say(request)
        return self._reply(seconds)

    def close(self) -> None:
        """End the process and forget what it wrote."""
        if self._process.stdin:
            with contextlib.suppress(OSError):  # it is gone already
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._errors.close()

    def _reply(self, seconds: float) -> dict[str, Any]:
        """Return the answer to a request, embedding for the peer until it comes."""
        silent = threading.Event()

        def give_up() -> None:
            silent.set()
            self._process.kill()

        watch = threading.Timer(seconds, give_up)
        watch.start()
        try:
            while True:
                message = self._read(silent, seconds)
                if "embed" not in message:
                    break
                self._say(self._embedded(message))
        finally:
            watch.cancel()
        if "failed" in message:
            self.close()
            raise PeerFailed(str(message["failed"]))
        return message

    def _read(self, silent: threading.Event, seconds: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            reason = f"no answer in {seconds:.0f} s" if silent.is_set() else self._last_words()
            self.close()
            raise PeerFailed(reason) from None
        return message

    def _embedded(self, message: dict[str, Any]) -> dict[str, Any]:
        texts = [str(text) for text in message["embed"]]
        if message["as"] == "query":
            rows = [self._model.embed_query(text) for text in texts]
        else:
            rows = self._model.embed_documents(texts)
        vectors = np.asarray(rows, dtype=np.float32)
        return {"vectors": base64.b64encode(vectors.tobytes()).decode(), "dimension": self._model.dimension}

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message, ensure_ascii=False) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            reason = self._last_words()
            self.close()
            raise PeerFailed(reason) from error

    def _last_words(self) -> str:
        """Return the last line that the dead process wrote on standard error."""
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else f"ended with exit code {self._process.returncode}"


def _environment() -> dict[str, str]:
    """Return this process' environment without what belongs to its own interpreter."""
    own = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    return own | _OFFLINE


def _row(source: Source) -> dict[str, Any]:
    pieces = [{"text": piece.text, "heading": piece.heading} for piece in source.pieces]
    return {"name": source.name, "path": source.path, "text": source.text, "pieces": pieces}
