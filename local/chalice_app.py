"""Loads the Chalice app in process, as the Lambda runtime would: `chalice_api/` on the path, `app.py`
imported."""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice

if TYPE_CHECKING:
    from types import ModuleType

FOLDER = Path(__file__).resolve().parent.parent / "chalice_api"


class _ThreadedChalice(Chalice):  # type: ignore[misc]  # chalice has no types
    """A Chalice app whose current request and Lambda context belong to a thread.

    In Lambda an app serves one request at a time and keeps them as attributes; here many threads share it.
    """

    _of_thread = threading.local()

    @property
    def current_request(self) -> Any:
        return getattr(self._of_thread, "current_request", None)

    @current_request.setter
    def current_request(self, request: Any) -> None:
        self._of_thread.current_request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._of_thread, "lambda_context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._of_thread.lambda_context = context


def load_app() -> ModuleType:
    """The module `chalice_api/app.py`: `app`, `publisher(event, context)`, `reload_manifest()`.

    Imported once a process; afterwards its handlers may be called from several threads. The environment
    variables of docs/contracts.md are read when a handler first needs them.
    """
    folder = str(FOLDER)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.import_module("app")
    if type(module.app) is Chalice:
        module.app.__class__ = _ThreadedChalice
    return module
