"""A real HTTP server that speaks OpenAI's chat protocol, or Ollama's, and does what a test tells it to: well, badly or never."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Exchange"], None]


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.handler = handler
        self.body = body

    @property
    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    def evidence(self) -> dict[int, str]:
        """Return the numbered evidence of the prompt."""
        found = re.findall(r"^\[(\d+)\] .*\n(.+)$", self.prompt, re.M)
        return {int(number): text for number, text in found}

    def status(self, code: int, body: str = "{}", kind: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.handler.send_response(code)
        for name, value in {"content-type": kind, "content-length": str(len(data)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def open_stream(self) -> None:
        self.handler.send_response(200)
        self.handler.send_header("content-type", "text/event-stream")
        self.handler.send_header("connection", "close")
        self.handler.end_headers()

    def send(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.handler.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
        self.handler.wfile.flush()

    def say(self, text: str, *, pause: float = 0.0, finish: str | None = "stop") -> None:
        """Stream ``text`` in small pieces and end."""
        self.open_stream()
        for at in range(0, len(text), 7):
            self.send({"content": text[at : at + 7]})
            time.sleep(pause)
        if finish:
            self.send({}, finish)
            usage = {"prompt_tokens": 321, "completion_tokens": 54, "total_tokens": 375}
            event = {
                "id": "x",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [],
                "usage": usage,
            }
            self.handler.wfile.write(f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode())

    def say_as_ollama(self, text: str, *, done: bool = True) -> None:
        """Stream ``text`` as Ollama's own API does: one JSON object a line."""
        self.handler.send_response(200)
        self.handler.send_header("content-type", "application/x-ndjson")
        self.handler.send_header("connection", "close")
        self.handler.end_headers()
        pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
        lines: list[dict[str, Any]] = [{"message": {"role": "assistant", "content": piece}} for piece in pieces]
        if done:
            counts = {"done_reason": "stop", "prompt_eval_count": 321, "eval_count": 54}
            lines.append({"message": {"role": "assistant", "content": ""}, **counts, "done": True})
        for line in lines:
            told = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "done": False, **line}
            self.handler.wfile.write(f"{json.dumps(told)}\n".encode())
            self.handler.wfile.flush()


def well(exchange: Exchange) -> None:
    """Answer with every clause of the evidence in its own words, cited."""
    lines = [f"{at}. {text}[{number}]" for at, (number, text) in enumerate(exchange.evidence().items(), 1)]
    exchange.say("\n".join(lines[:12]))


class ScriptedModel:
    """The server's address, what it was asked, and what it does next."""

    def __init__(self) -> None:
        self.script: Script = well
        self.asked: list[Exchange] = []
        self.closed = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                exchange = Exchange(self, json.loads(self.rfile.read(length) or b"{}"))
                outer.asked.append(exchange)
                try:
                    outer.script(exchange)
                except (BrokenPipeError, ConnectionResetError):
                    outer.closed.set()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """Run a scripted model for the time of a test."""
    server = ScriptedModel()
    server.start()
    try:
        yield server
    finally:
        server.stop()
