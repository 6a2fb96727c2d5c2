"""Many people at once: how long their answers take through the page, and through the plain API.

Usage: python -m ui.load_test [--home HOME] [--users 50] [--seconds 60] [--think 3] [--api]. Starts the page on HOME in a
process of its own (or asks one that runs, ``--url``). Through the page every user has a browser session, a conversation
and a pause between questions; ``--api`` asks ``/api/ask`` in a closed loop, without pauses. Prints one line of JSON.

``first_words`` counts from pressing Enter, ``first_words_after_ready`` from the moment the engine had the answer. The
latter is an upper bound: the engine's own time, as the home's records keep it for every answer, is taken off the whole
wait, so that what happens before the engine begins (the request, a free worker) is counted too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

START_SECONDS = 60.0
ANSWER_SECONDS = 60.0
_TURN = re.compile(r'data-turn=\\?"(\d+)')


@dataclass(slots=True)
class Measured:
    """Seconds until the page was open, until the first words and until the whole of every answer, and what went wrong.

    ``by_turn`` has the seconds until the first words by the number of the stored turn, ``after_ready`` what of them is
    left without the engine's own time.
    """

    opened: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    by_turn: dict[int, float] = field(default_factory=dict)
    after_ready: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def questions_of(home: Path | None) -> list[str]:
    """Return a question about every section of the home's documents, each asked in three ways."""
    from assistant.followups import question_about
    from ui.session import Session

    session = Session(home)
    asked = [
        question_about(section, document_title=document.title)
        for document in session.knowledge.documents()
        for section in session.knowledge.sections(document.id)
    ]
    session.knowledge.close()
    return [f"{before}{question}" for before in ("", "请问", "我想知道，") for question in asked]


@contextmanager
def served(home: Path | None) -> Iterator[str]:
    """Serve the page of ``home`` in a process of its own; give its address."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = ["--home", str(home)] if home else []
    process = subprocess.Popen([sys.executable, "-m", "ui.start", *place, "serve", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{address}/healthz", timeout=2).raise_for_status()
                break
            except httpx.HTTPError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"网页没有启动：{error}") from error
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


class PageUser:
    """One browser at the page: its session, and the event that Enter in the question's field sends."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._session = f"{random.getrandbits(48):012x}"
        self._event = 0
        self._data: list[Any] = []

    async def open(self) -> None:
        """Load the page as a browser does."""
        (await self._client.get("/")).raise_for_status()
        config = (await self._client.get("/config")).json()
        field_id = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "ask-input")
        event = next(one for one in config["dependencies"] if [field_id, "submit"] in one["targets"])
        self._event = event["id"]
        self._data = [None, None, None, None, "新员工"]

    async def ask(self, question: str, measured: Measured) -> None:
        """Ask one question and wait for the whole answer."""
        started = time.perf_counter()
        body = {
            "data": [question, *self._data[1:]],
            "event_data": None,
            "fn_index": self._event,
            "session_hash": self._session,
        }
        (await self._client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        stream = self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session})
        seen = 0
        async with stream as reply:
            async for line in reply.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if message["msg"] == "process_generating":
                    seen += 1
                    if seen == 2:  # the first says that it is being looked for
                        measured.first.append(time.perf_counter() - started)
                        if turn := _TURN.search(line):
                            measured.by_turn[int(turn[1])] = measured.first[-1]
                elif message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(str(message["output"])[:200])
                    measured.whole.append(time.perf_counter() - started)
                    return


async def through_page(url: str, asked: Sequence[str], *, users: int, seconds: float, think: float) -> Measured:
    """Return what ``users`` people measured who all open the page, then ask with ``think`` seconds between questions."""
    measured = Measured()
    everybody = asyncio.Barrier(users)

    async def user(number: int) -> None:
        chosen = random.Random(number)
        async with httpx.AsyncClient(base_url=url, timeout=ANSWER_SECONDS) as client:
            person = PageUser(client)
            started = time.perf_counter()
            await person.open()
            measured.opened.append(time.perf_counter() - started)
            await everybody.wait()
            end = time.monotonic() + seconds
            await asyncio.sleep(think * number / users)
            while time.monotonic() < end:
                await _noted(lambda: person.ask(chosen.choice(asked), measured), measured)
                await asyncio.sleep(think * chosen.uniform(0.8, 1.2))

    await asyncio.gather(*(user(number) for number in range(users)))
    return measured


async def through_api(url: str, asked: Sequence[str], *, users: int, seconds: float) -> Measured:
    """Return what ``users`` programs measured that ask again as soon as they have an answer."""
    measured = Measured()
    end = time.monotonic() + seconds

    async def one(client: httpx.AsyncClient, question: str) -> None:
        started = time.perf_counter()
        (await client.post("/api/ask", json={"question": question})).raise_for_status()
        measured.whole.append(time.perf_counter() - started)

    async def user(number: int) -> None:
        chosen = random.Random(number)
        async with httpx.AsyncClient(base_url=url, timeout=ANSWER_SECONDS) as client:
            while time.monotonic() < end:
                await _noted(lambda: one(client, chosen.choice(asked)), measured)

    await asyncio.gather(*(user(number) for number in range(users)))
    return measured


def after_ready(home: Path | None, by_turn: Mapping[int, float]) -> list[float]:
    """Return the seconds of ``by_turn`` without what the engine of ``home`` took for each of these turns."""
    from kb.knowledge import KnowledgeBase
    from kb.settings import load_settings

    with KnowledgeBase.open(load_settings(home)) as knowledge:
        took = knowledge.records.usage.engine_seconds(by_turn)
    return [seconds - took[turn] for turn, seconds in by_turn.items() if turn in took]


async def _noted(ask: Callable[[], Awaitable[None]], measured: Measured) -> None:
    try:
        await ask()
    except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
        measured.errors.append(f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(0.5)


def summary(measured: Measured, *, seconds: float) -> dict[str, Any]:
    """Return counts, rate and quantiles in seconds."""

    def at(values: list[float], share: float) -> float:
        return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 3) if values else 0.0

    whole, first = measured.whole, measured.first
    return {
        "questions": len(whole),
        "errors": len(measured.errors),
        "per_second": round(len(whole) / seconds, 1),
        "open_p95": at(measured.opened, 0.95),
        "first_words_p95": at(first, 0.95),
        "first_words_after_ready_p50": at(measured.after_ready, 0.5),
        "first_words_after_ready_p95": at(measured.after_ready, 0.95),
        "p50": at(whole, 0.5),
        "p95": at(whole, 0.95),
        "max": at(whole, 1.0),
        "error_examples": sorted(set(measured.errors))[:3],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the test and print its summary; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description="许多人同时提问时，网页和接口各要多久")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url", default="")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=3)
    parser.add_argument("--api", action="store_true", help="只问 /api/ask，不停顿")
    given = parser.parse_args(arguments)
    asked = questions_of(given.home)
    if not asked and not given.url:
        sys.exit("知识库还是空的：请用 --home 指定装有文档的数据目录")
    asked = asked or ["客户投诉来了怎么处理？"]

    def run(url: str) -> Measured:
        if given.api:
            return asyncio.run(through_api(url, asked, users=given.users, seconds=given.seconds))
        return asyncio.run(through_page(url, asked, users=given.users, seconds=given.seconds, think=given.think))

    if given.url:
        measured = run(given.url)
    else:
        with served(given.home) as url:
            measured = run(url)
            measured.after_ready = after_ready(given.home, measured.by_turn)
    sys.stdout.write(json.dumps(summary(measured, seconds=given.seconds), ensure_ascii=False) + "\n")
    return 1 if measured.errors else 0


if __name__ == "__main__":
    sys.exit(main())
