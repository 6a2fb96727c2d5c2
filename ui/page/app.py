"""The server: the page, the HTTP API, who is who, exported conversations and ``/healthz`` in one FastAPI application.

Knows addresses, cookies and headers. What the page shows is ``frame``'s, what the API answers ``ui.api``'s.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ShouceError
from ui.page.guard import Guard
from ui.terminal import note

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.session import Session

_HERE = Path(__file__).parent
UPLOAD_LIMIT = "200mb"
COMPRESSED_FROM = 8_000  # bytes
_FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "system-ui", "sans-serif"]


def build(session: Session) -> FastAPI:
    """Return the application of ``session``; nothing is started.

    Raises:
        ShouceError: the knowledge base cannot be opened.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by gradio when it is imported
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio
    from fastapi import FastAPI
    from starlette.middleware.gzip import GZipMiddleware

    from ui import api
    from ui.page import bank_panel, exporting, frame, plan_data, routes, run_routes, texts
    from ui.page.theme import theme

    session.warm()
    app = FastAPI(title="手册助手", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(routes.router(session))
    app.include_router(run_routes.router(session))
    app.include_router(bank_panel.router(session))
    app.include_router(plan_data.router(session))
    app.include_router(exporting.router(session))
    app.include_router(api.router(session))
    translated = texts.translations()
    script = _together("page.js", "runs.js", "fill.js")
    gradio.mount_gradio_app(
        app,
        frame.build(session, translated),
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=UPLOAD_LIMIT,
        i18n=translated,
        theme=theme(_FONTS),
        css=_together("style.css", "quiz.css", "sheets.css"),
        head=f'<meta name="viewport" content="width=device-width, initial-scale=1"><script>{script}</script>',
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    # Gradio compresses its scripts, not the page itself: 320 KB are two seconds on a phone. Streams of events pass as they are.
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=5)
    app.add_middleware(Guard, session=session)
    return app


def _together(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def serve(session: Session, *, host: str, port: int) -> None:
    """Serve the page until the process ends.

    Raises:
        ShouceError: the port cannot be used.
    """
    import socket

    import uvicorn

    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ShouceError(
            f"{host}:{port} 不能使用（{error.strerror or error}），请用 --port 换一个端口（make run PORT=7861）"
        ) from error
    app = build(session)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _say_where(session, host, port)

    Server(uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)).run()


def _say_where(session: Session, host: str, port: int) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host
    note(f"网页已经打开：http://{f'[{shown}]' if ':' in shown else shown}:{port} ，按 Ctrl+C 停止")
    if shown != host:
        note("同一网络里的同事用这台电脑的地址打开")
    if not session.identity.has_owner_password:
        note(f"第一次设置负责人密码时要用的验证码：{session.identity.setup_code}（在网页的“知识库”里设置）")


@contextmanager
def running(session: Session) -> Iterator[str]:
    """Serve the page from a thread on a free port of this machine; give its address. For tests, pictures, load tests.

    Raises:
        ShouceError: the knowledge base cannot be opened.
    """
    import socket
    import threading

    import uvicorn

    app = build(session)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
