"""The door of the HTTP API: keys, rates, sizes, and one form for everything that goes wrong.

Knows HTTP and settings; nothing of what is asked. An error's body is ``{"error":{"message","type","code"}}``, the form that
OpenAI's clients read, with the message in Chinese.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from kb.errors import (
    Ambiguous,
    HomeBusy,
    HomeUnusable,
    IndexOutdated,
    ModelUnavailable,
    NothingIndexed,
    NotThere,
    ShouceError,
)

if TYPE_CHECKING:
    from kb.settings import ApiSettings

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_STATUS: tuple[tuple[type[ShouceError], int], ...] = (
    (NotThere, 404),
    (Ambiguous, 409),
    (NothingIndexed, 409),
    (IndexOutdated, 503),
    (HomeBusy, 503),
    (HomeUnusable, 503),
    (ModelUnavailable, 503),
)
_TYPES = {401: "authentication_error", 404: "not_found", 413: "request_too_large", 429: "rate_limit_exceeded"}
_UNREADABLE = "请求体读不懂：应该是 UTF-8 编码的 JSON"
_BROKEN = "服务内部出错，这次请求没有办成，请稍后再试；原因记在服务的日志里"
_LOG = logging.getLogger("shouce.api")
_KINDS = {
    "missing": "没有写",
    "string_type": "应该是文字",
    "string_too_long": "太长",
    "string_too_short": "是空的",
    "string_unicode": "含有残缺的字符",
    "too_long": "太多",
    "too_short": "是空的",
    "int_parsing": "应该是整数",
    "int_parsing_size": "太大",
    "int_from_float": "应该是整数",
    "int_type": "应该是整数",
    "bool_type": "应该是 true 或 false",
    "bool_parsing": "应该是 true 或 false",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "list_type": "应该是列表",
    "dict_type": "应该是 JSON 对象",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是 JSON",
    "literal_error": "没有这个选项",
    "model_attributes_type": "应该是 JSON 对象，请用 content-type: application/json 发送",
    "base64_decode": "应该是 base64",
    "date_from_datetime_parsing": "应该是日期，如 2025-03-01",
}
_FORM_BYTES = 16 << 10  # that a form has beside its file
MOST_CALLERS = 10_000  # whose last minute is remembered


def refusal(status: int, message: str, **headers: str) -> JSONResponse:
    """Return an error as the API says it."""
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    body = {"error": {"message": message, "type": kind, "code": status}}
    return JSONResponse(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


class Door:
    """Lets requests in: a known key, not too many a minute, not too large."""

    def __init__(self, settings: ApiSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def refused(self, request: Request, most_bytes: int) -> JSONResponse | None:
        """Return why ``request``, which may have ``most_bytes``, may not come in; None if it may."""
        key = _key(request)
        keys = self._settings.keys
        host = request.client.host if request.client else ""
        if keys and not any(hmac.compare_digest(key.encode(), known.encode()) for known in keys):
            if refused := self._too_often(f"guessing {host}"):
                return refused
            message = "密钥不正确" if key else "没有密钥：请带上 Authorization: Bearer 密钥"
            return refusal(401, message, www_authenticate="Bearer")
        if refused := self._too_often(key if keys else host):
            return refused
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > most_bytes:
            return self.too_large(most_bytes)
        return None

    @property
    def most_bytes(self) -> int:
        """Bytes that a request may have."""
        return self._settings.request_kilobytes * 1024

    def too_large(self, most_bytes: int) -> JSONResponse:
        """Return the refusal of a request that is larger than ``most_bytes``."""
        return refusal(413, f"请求太大，最多 {most_bytes >> 10} KB")

    def _too_often(self, caller: str) -> JSONResponse | None:
        if (wait := self._wait(caller)) <= 0:
            return None
        seconds = str(int(wait) + 1)
        return refusal(429, f"请求太频繁，请 {seconds} 秒后再试", retry_after=seconds)

    def _wait(self, caller: str) -> float:
        """Return how many seconds ``caller`` has to wait: a bucket that fills evenly, a minute's worth at most."""
        rate = self._settings.requests_per_minute
        if not rate:
            return 0.0
        now = self._clock()
        with self._lock:
            if len(self._left) > MOST_CALLERS:
                self._left = {who: one for who, one in self._left.items() if now - one[1] < 60}
            left, at = self._left.get(caller, (float(rate), now))
            left = min(rate, left + (now - at) * rate / 60)
            if left < 1:
                self._left[caller] = (left, now)
                return (1 - left) * 60 / rate
            self._left[caller] = (left - 1, now)
            return 0.0


def _key(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "").strip()


def takes_file(most_bytes: int) -> Callable[[Endpoint], Endpoint]:
    """Return what marks an address that takes a file of at most ``most_bytes`` as a form (multipart) instead of JSON."""

    def marked(endpoint: Endpoint) -> Endpoint:
        endpoint.file_bytes = most_bytes  # type: ignore[attr-defined]
        return endpoint

    return marked


def guarded(door: Door) -> type[APIRoute]:
    """Return a kind of route that stands behind ``door`` and says every error in the API's form."""

    class Guarded(APIRoute):
        """A route behind the door."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            file_bytes = int(getattr(self.endpoint, "file_bytes", 0))
            most = file_bytes + _FORM_BYTES if file_bytes else door.most_bytes

            async def answered(request: Request) -> Response:
                if refused := door.refused(request, most):
                    return refused
                if not await _read(request, most):
                    return door.too_large(most)
                if request.method == "POST" and (wrong := _wrong_kind(request, form=bool(file_bytes))):
                    return refusal(415, wrong)
                try:
                    return await handle(request)
                except RequestValidationError as error:
                    return refusal(400, _said(error))
                except ShouceError as error:
                    return refusal(status_of(error), str(error))
                except HTTPException as error:  # the framework raises it for a body that is no UTF-8 or too deep
                    return refusal(error.status_code, _UNREADABLE if error.status_code == 400 else str(error.detail))
                except Exception:  # noqa: BLE001  # whoever asked gets the API's form of error, the log the reason
                    _LOG.exception("%s %s", request.method, request.url.path)
                    return refusal(500, _BROKEN)

            return answered

    return Guarded


def status_of(error: ShouceError) -> int:
    """Return the HTTP status that ``error`` is told with."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


async def _read(request: Request, most: int) -> bool:
    """Read the body, however it is sent; say whether it is within ``most`` bytes."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            return False
    request._body = body  # where Starlette keeps what was read
    return True


def _wrong_kind(request: Request, *, form: bool) -> str:
    """Return why a body is not of the kind that is taken, ``""`` if it is; a form must not be another site's."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not form:
        is_json = kind == "application/json" or kind.endswith("+json")
        return "" if is_json else "请用 JSON 发送：content-type: application/json"
    if kind != "multipart/form-data":
        return "请用表单发送文件：content-type: multipart/form-data"
    origin = request.headers.get("origin", "")
    same = not origin or urlsplit(origin).netloc == request.headers.get("host", "")
    return "" if same else "不接受别的网站发来的文件"


def _said(error: RequestValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:] if not isinstance(part, int)) or "请求"
    return f"{name} {_KINDS.get(str(first['type']), '不正确')}"
