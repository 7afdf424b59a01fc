"""A web server for looking at a finished site on one's own machine.

It answers as a good static host would: folders by their index.html, unknown addresses with 404.html, no lists of
folders, no hidden files. It listens on 127.0.0.1 only, and is no server for the public.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from threading import Event, Thread
from types import TracebackType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from atlas_build.errors import InputError, PublishError, UsageError
from atlas_build.publish.staging import MARKER

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535

CONTENT_TYPES = {
    ".bib": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    "": "text/plain; charset=utf-8",
}
"""By ending. A .gz file is a download of its own, so it has no Content-Encoding."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What a meta element cannot say; and a rebuilt site is seen at once."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve(folder: Path, *, port: int | None = None, say: Callable[[str], None] = _say) -> None:
    """Serve the site until a KeyboardInterrupt, which is passed on when the server has stopped.

    Args:
        port: a free one is found when none is given.
        say: told the address once the server answers.

    Raises:
        InputError: the folder is not a site of ours.
        UsageError: the port is taken, reserved, or no port number.
    """
    with SiteServer(folder, port=port) as server:
        say(f"Serving {folder} at {server.url} (stop with Ctrl-C)")
        Event().wait()


class SiteServer:
    """The server as a context manager: it answers inside the `with` block."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        if not (folder / MARKER).is_file():
            raise InputError(f"{folder} is not a site of ours", hint="name the folder that `build` wrote")
        self._server = _listen(folder.resolve(), port or 0)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}/"

    def __enter__(self) -> SiteServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no error; the rest is told as usual."""
        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def server_bind(self) -> None:
        """As in the base class, without its look-up of the host's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]


def _listen(folder: Path, port: int) -> ThreadingHTTPServer:
    if not 0 <= port <= HIGHEST_PORT:
        raise UsageError("the port is no port number", hint=f"give one from 1024 to {HIGHEST_PORT}, or none")
    try:
        return _QuietServer((HOST, port), partial(_SiteHandler, folder))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} is taken", hint="give another --port, or none to have one found") from error
        if error.errno == errno.EACCES:
            raise UsageError(f"port {port} is reserved", hint="give a --port from 1024 on, or none") from error
        raise PublishError(f"cannot listen on {HOST}: {error.strerror}") from error


class _SiteHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "misalignment-atlas"
    sys_version = ""

    def __init__(self, folder: Path, *args: Any) -> None:
        self._folder = folder
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with a file, the way to it, or the page for unknown addresses."""
        path = _read_path(self.path)
        if path is None:
            self._send_missing()
        elif path and not path.endswith("/") and find_file(self._folder, f"{path}/"):
            self._send_away(f"/{quote(path)}/")
        elif file := find_file(self._folder, path):
            self._send(HTTPStatus.OK, file)
        else:
            self._send_missing()

    def do_HEAD(self) -> None:
        """The same without the content."""
        self.do_GET()

    def _send(self, status: HTTPStatus, file: Path) -> None:
        try:
            content = file.open("rb")
        except OSError:
            self._send_missing()
            return
        with content:
            self._start(
                status, CONTENT_TYPES.get(file.suffix, "application/octet-stream"), os.fstat(content.fileno()).st_size
            )
            if self.command != "HEAD":
                shutil.copyfileobj(content, self.wfile)

    def _send_missing(self) -> None:
        page = self._folder / "404.html"
        if page.is_file():
            self._send(HTTPStatus.NOT_FOUND, page)
        else:
            self._start(HTTPStatus.NOT_FOUND, CONTENT_TYPES[""], 0)

    def _send_away(self, path: str) -> None:
        """A folder without its slash: links of its page would lead elsewhere."""
        query = urlsplit(self.path).query
        self._start(HTTPStatus.MOVED_PERMANENTLY, CONTENT_TYPES[""], 0, Location=path + (f"?{query}" if query else ""))

    def _start(self, status: HTTPStatus, content_type: str, length: int, **more: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(length), **HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: the terminal is for the address."""


def _read_path(target: str) -> str | None:
    """The path below the root that a request names, without leading slashes; None for what no file can be."""
    try:
        path = unquote(urlsplit(f"//host{target}" if target.startswith("/") else target).path, errors="strict")
    except ValueError:
        return None
    path = path.lstrip("/")
    parts = path.removesuffix("/").split("/") if path else []
    if any(not part or part.startswith(".") for part in parts) or any(char in path for char in "\\\0"):
        return None
    return path


def find_file(folder: Path, path: str) -> Path | None:
    """The plain file inside `folder` that answers a path, if there is one. No link leads out of the folder."""
    file = folder / PurePosixPath(path, "index.html" if not path or path.endswith("/") else "")
    try:
        inside = file.resolve().is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):
        return None
    return file if inside else None
