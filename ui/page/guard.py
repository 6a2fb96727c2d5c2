"""What stands before every request: a person for every visitor, uploads for the owner only, headers that keep the page closed.

Plain ASGI, because streams have to pass through it untouched.
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from ui.identity import COOKIE, COOKIE_SECONDS, OWNER_COOKIE
from ui.page.visitor import GUEST

if TYPE_CHECKING:
    from ui.session import Session

# Everything the page uses comes from this server; Gradio compiles its templates in the browser and writes styles inline.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
_UPLOAD = "/gradio_api/upload"


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: Any, session: Session) -> None:  # noqa: ANN401
        self._app = app
        self._session = session

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Pass a request on, or refuse an upload by somebody who is not the owner."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cookies = _cookies(scope)
        path = scope["path"]
        if path.rstrip("/") == _UPLOAD and not self._session.identity.is_owner(cookies.get(OWNER_COOKIE, "")):
            await _refuse(send)
            return
        fresh = ""
        if path == "/" and self._session.identity.person(cookies.get(COOKIE, "")) is None:
            _, value = self._session.identity.new_person(GUEST)
            fresh = f"{COOKIE}={value}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"

        async def answered(message: Any) -> None:  # noqa: ANN401
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), *_HEADERS]
                if fresh:
                    headers.append((b"set-cookie", fresh.encode()))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, answered)


def _cookies(scope: Any) -> dict[str, str]:  # noqa: ANN401
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items()}


async def _refuse(send: Any) -> None:  # noqa: ANN401
    body = '{"detail":"只有手册负责人可以上传文件"}'.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
