"""Errors a caller can act on, in the one shape every route and socket answers with."""

from __future__ import annotations

from collections.abc import Iterable


class ApiError(Exception):
    """Something the caller can mend or wait for.

    `code` is stable and meant for programs, `message` says what is wrong and what was expected, `choices`
    lists what would have been right where that is a short list.
    """

    def __init__(self, status: int, code: str, message: str, choices: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.choices = tuple(choices)

    def body(self) -> dict[str, object]:
        """The answer's body: `{"error": {"code", "message", "choices"}}`."""
        return {"error": {"code": self.code, "message": self.message, "choices": list(self.choices)}}

    def frame(self) -> dict[str, object]:
        """The same as a WebSocket message."""
        return {"type": "error", "code": self.code, "message": self.message, "choices": list(self.choices)}


def shorten(text: str, limit: int = 60) -> str:
    """What a caller sent, quoted and cut, fit to stand in a message."""
    return repr(text if len(text) <= limit else text[:limit] + "...")
