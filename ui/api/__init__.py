"""The HTTP API: what the commands do, for programs; and the manual as "a model" for whatever speaks OpenAI's protocol."""

from ui.api.routes import router

__all__ = ["router"]
