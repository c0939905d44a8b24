"""The built page, as files: content types, revalidation by ETag, and a friendly word where it is not built
yet."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import quote

_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The page is not built yet</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><h1>The page is not built yet</h1>
<p>The API is up: see <a href="/v1/metrics">/v1/metrics</a> and <a href="/v1/health">/v1/health</a>.</p>
<p>Build the page with <code>make page</code>, then load this again.</p></body></html>
"""
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".html": "text/html",
    ".map": "application/json",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}

Reply = tuple[int, list[tuple[str, str]], bytes]


class StaticPage:
    """Answers GET from a folder; a path without a file in it that looks like a page gets `index.html`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def answer(self, path: str, if_none_match: str = "") -> Reply:
        """HTTP status, headers and body for `path` (decoded, starting with `/`)."""
        index = self._folder / "index.html"
        if not index.is_file():
            return self._text(200 if path == "/" else 404, _NOT_BUILT)
        file = self._file(path)
        if file is None:
            if Path(path).suffix:
                return self._text(
                    404, f"<!doctype html><title>Not found</title><p>There is no {quote(path)} here.</p>"
                )
            file = index
        stat = file.stat()
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        headers = [("ETag", etag), ("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")]
        if etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}:
            return 304, headers, b""
        return 200, [("Content-Type", _content_type(file)), *headers], file.read_bytes()

    def _file(self, path: str) -> Path | None:
        if "\0" in path:
            return None
        file = (self._folder / path.lstrip("/")).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    @staticmethod
    def _text(status: int, html: str) -> Reply:
        return (
            status,
            [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")],
            html.encode(),
        )


def _content_type(file: Path) -> str:
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("json") else kind
