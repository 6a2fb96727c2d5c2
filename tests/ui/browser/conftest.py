"""The page in a real browser: one server process on a copy of the sample, one headless Chromium, a fresh visitor a test."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.homes import copied

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "负责人的密码2026"
WAIT = 30_000  # ms; a busy machine is slow, not wrong
Visitor = Callable[..., Any]


# Of this folder's tests only: the browser's event loop would stand in the way of every asynchronous test after them.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """Return a running headless Chromium; skips where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((path for path in (os.environ.get("CHROMIUM"), *map(shutil.which, names)) if path), None)
    if program is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium fonts-noto-cjk)")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def page_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample whose owner has a password and of which nobody has asked anything."""
    from ui.identity import Identity

    home = copied(sample_home, tmp_path_factory.mktemp("page") / "home")
    _forget_what_was_asked(home)
    identity = Identity(home)
    identity.set_owner_password(PASSWORD, code=identity.setup_code)
    return home


@pytest.fixture(scope="package")
def address(page_home: Path, chromium: Any) -> Iterator[str]:
    """Return the address of the page, served by ``shouce serve`` on ``page_home``."""
    with serving(page_home) as url:
        yield url


def _forget_what_was_asked(home: Path) -> None:
    """Empty the desk: other tests have asked the sample too, and the desk gathers what is alike."""
    with closing(sqlite3.connect(home / "catalogue.sqlite3")) as catalogue, catalogue:
        for table in ("feedback", "unanswered", "topics", "asked", "turns", "conversations"):
            catalogue.execute(f"DELETE FROM {table}")


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[str]:
    """Run ``shouce serve`` on ``home`` and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.start", "--home", str(home), "serve", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with (home.parent / "serve.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **environment})
        deadline = time.monotonic() + 120
        while not _answers(url):
            assert process.poll() is None, (home.parent / "serve.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield url
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@pytest.fixture
def visitor(chromium: Any, address: str) -> Iterator[Visitor]:
    """Return what opens the page as somebody new; at the end nothing may have come from elsewhere or gone wrong."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def watched(page: Any, at: str) -> None:
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: _is_ours(request.url, at) or wrong.append(f"request: {request.url}"))

    def opened(
        path: str = "/", *, width: int = 1440, height: int = 900, language: str = "zh-CN", at: str = address
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=language, accept_downloads=True
        )
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        watched(page, at)
        page.goto(f"{at}{path}")
        page.wait_for_selector(".welcome", state="attached")  # a link may have opened another tab
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
