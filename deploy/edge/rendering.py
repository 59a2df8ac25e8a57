"""nginx.conf filled in: where the edge listens, what it asks, what it may keep, and how it refuses. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

import msgspec

from gateway.media import refusals
from gateway.media.caching import CORS, NEVER
from gateway.problems import CONTENT_TYPE, Problem, outage

TEMPLATE = Path(__file__).parent / "nginx.conf"
LOCATIONS = {
    "= /malformed": Problem(400, "malformed", "This is no HTTP request, or too long a one.", "Send a smaller one."),
    "@forged": refusals.forged(),
    "@unknown": Problem(404, "not-found", "There is no media at this address.", "Ask the gateway where a video is."),
    "@method": Problem(405, "method", "Media are read: GET, HEAD and OPTIONS are possible here."),
    "@expired": refusals.expired(),
    "@body": Problem(413, "too-large", "A request for media has no body.", "Send none."),
    "@connections": Problem(429, "too-many", "Too many requests at once from this address.", retry_after=1),
    "@unavailable": outage("The gateway"),
}  # fmt: skip


class _Configuration(Template):
    """nginx's own variables begin with `$`."""

    delimiter = "@@"


@dataclass(frozen=True)
class Edge:
    """One nginx. `folder` is its own, for objects and what lives as long as the process; `log` has a line a request.

    `gateway` and `listen` are addresses with a port. `size` and `keys` bound the objects on disk and the memory that
    knows of them (a megabyte is about 8,000 objects), in nginx's units. `connections`: requests at once of one
    address, behind which a whole campus may be. `user`: who the processes that serve are, where nginx starts as root.
    `certificate`: it and its key, both PEM; with them the edge speaks TLS and HTTP/2.
    """

    listen: str
    gateway: str
    secret: str
    folder: Path
    log: Path
    size: str = "2g"
    keys: str = "16m"
    workers: str = "auto"
    connections: int = 512
    user: str = ""
    pid: Path | None = None
    errors: str = "stderr"
    certificate: tuple[Path, Path] | None = None


def render(edge: Edge) -> str:
    """The configuration. Raises ValueError for a path or secret that can't be written into one."""
    return _Configuration(TEMPLATE.read_text()).substitute(
        user=f"user {edge.user};" if edge.user else "",
        workers=edge.workers,
        folder=_plain(edge.folder),
        log=_plain(edge.log),
        secret=_quoted(edge.secret),
        keys=edge.keys,
        size=edge.size,
        gateway=edge.gateway,
        listen=edge.listen + (" ssl http2" if edge.certificate else ""),
        tls="\n".join(_tls(edge)),
        pid=_plain(edge.pid or edge.folder / "nginx.pid"),
        errors=edge.errors,
        connections=edge.connections,
        cors="\n".join(_header(12, name, value) for name, value in CORS.items()),
        problems="".join(_location(name, problem) for name, problem in LOCATIONS.items()),
    )


def _tls(edge: Edge) -> Iterable[str]:
    if edge.certificate:
        certificate, key = edge.certificate
        yield f'        ssl_certificate "{_plain(certificate)}";'
        yield f'        ssl_certificate_key "{_plain(key)}";'
        yield "        ssl_protocols TLSv1.2 TLSv1.3;"
        yield "        ssl_session_cache shared:tls:10m;"


def _location(name: str, problem: Problem) -> str:
    """A refusal with the gateway's own document, readable by any page."""
    headers = {"Cache-Control": NEVER, **problem.headers, **CORS}
    body = msgspec.json.encode(problem.body).decode()
    lines: Iterable[str] = (
        f"        location {name} {{",
        *(["            internal;"] if name.startswith("=") else []),
        f"            default_type {CONTENT_TYPE};",
        *(_header(12, name, value) for name, value in headers.items()),
        f"            return {problem.status} '{body}';",
        "        }",
    )
    return "".join(f"\n{line}" for line in lines)


def _header(indent: int, name: str, value: str) -> str:
    return f'{" " * indent}add_header {name} "{value}" always;'


def _plain(path: Path) -> str:
    """As it is written between quotes."""
    if set(str(path)) & set('"\\$\n\r'):
        raise ValueError(f"{path}: nginx takes no such path; choose a folder without quotes, backslashes and $")
    return str(path)


def _quoted(secret: str) -> str:
    """As geo takes it: in quotes, `$` as it is."""
    if not secret or set(secret) & set("\n\r\0"):
        raise ValueError("PLAYLOG_MEDIA_SECRET must be one line that is not empty")
    return '"' + secret.replace("\\", "\\\\").replace('"', '\\"') + '"'
