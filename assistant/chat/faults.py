"""What went wrong with a chat model, in one line of Chinese, and whether trying again at once can help.

Knows how the clients report: status codes and names of exceptions. The clients themselves are not imported.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import ModelUnavailable

_BY_STATUS = {
    400: "不接受这个请求（400），请检查模型名称和上下文长度",
    401: "不认可密钥（401），请检查 chat.api_key",
    403: "拒绝访问（403），请检查密钥的权限",
    404: "没有这个地址或模型（404），请检查 chat.base_url 和 chat.model",
    413: "认为请求太长（413），请调小 chat.context_tokens",
    429: "请求太频繁（429）",
}
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class ModelFault(ModelUnavailable):
    """A chat model did not deliver; the text says why, for the line that is shown with the embedded answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed try."""

    reason: str
    again: bool


def fault_of(error: BaseException) -> Fault:
    """Return what ``error``, raised by a model's client before or while it answered, means."""
    if isinstance(error, ModelFault):
        return Fault(str(error), False)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        words = _BY_STATUS.get(status) or (f"内部出错（{status}）" if status >= 500 else f"返回了状态 {status}")
        return Fault(f"对话模型{words}", status in _AGAIN)
    name = type(error).__name__
    if "Timeout" in name:
        return Fault("对话模型没有在限定时间内回应", False)
    if isinstance(error, ConnectionError) or "Connect" in name:
        return Fault("连不上对话模型，请检查 chat.base_url 和服务是否开着", True)
    if "Protocol" in name or "ReadError" in name or "IncompleteRead" in name:
        return Fault("对话模型的回答中途断开", False)
    return Fault("对话模型返回的内容读不懂", False)
