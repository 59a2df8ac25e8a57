"""Small questions to a server on this machine, for readiness. Errors are raised as they come."""

from __future__ import annotations

import json
import socket
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 5


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)


def receive(connection: socket.socket, count: int) -> bytes:
    """Exactly `count` bytes; raises ConnectionError when the other side closes before."""
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError(f"closed after {len(data)} of {count} bytes")
        data += piece
    return data


def ask(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """The JSON answer to a request, or None for another answer; raises urllib's HTTPError from status 400 up."""
    data = None if body is None else json.dumps(body).encode()
    all_headers = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(url, data=data, headers=all_headers, method=method)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        text = answer.read()
    return json.loads(text) if text[:1] in (b"{", b"[", b'"') else None
