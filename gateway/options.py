"""What an operator may set about the gateway itself: all from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from processors.media.policies import POLICIES, USUAL, PolicyName, policy_named
from processors.ranking.trend import MOST_VIEWERS

GIB = 1 << 30
TIB = 1 << 40
ORIGIN = r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?"
DAY = 24 * 3600
DEFAULT_TYPES = (
    "video/mp4,video/quicktime,video/x-matroska,video/webm,video/x-msvideo,video/mpeg,video/mp2t,video/3gpp,video/x-flv,"
    "video/x-ms-wmv,video/ogg,application/mxf,application/mp4,application/ogg,application/octet-stream,video/*,audio/*"
)


@dataclass(frozen=True)
class Options:
    """Sizes in bytes, times in seconds. `content_types` may hold `video/*`."""

    host: str = "127.0.0.1"
    port: int = 8080
    dev: bool = False
    upload_expiry: int = DAY
    max_bytes: int = 5 * TIB
    put_max_bytes: int = 16 << 20
    content_types: tuple[str, ...] = tuple(DEFAULT_TYPES.split(","))
    open_uploads: int = 20
    open_bytes: int = 10 * TIB
    caption_bytes: int = GIB
    watch_expiry: int = 6 * 3600
    trending_viewers: int = 3
    beacons_per_session: int = 5
    beacons_per_address: int = 1000
    lists_per_address: int = 100
    queries_per_address: int = 100
    proxies: int = 0
    edge: str = ""
    encoding: PolicyName = USUAL
    settle_wait: float = 15.0
    after_wait: float = 5.0
    request_wait: float = 30.0
    web: Path = Path(__file__).parent / "web" / "dist"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Options:
        """Read the environment; raises ValueError naming the variable that can't be read."""
        read = _Reader(environment)
        return cls(
            host=environment.get("PLAYLOG_HOST") or cls.host,
            port=read.number("PLAYLOG_PORT", cls.port, least=0),
            dev=environment.get("PLAYLOG_DEV", "") in ("1", "true", "yes"),
            upload_expiry=read.number("PLAYLOG_UPLOAD_EXPIRY", cls.upload_expiry),
            max_bytes=read.number("PLAYLOG_UPLOAD_MAX_BYTES", cls.max_bytes),
            put_max_bytes=read.number("PLAYLOG_UPLOAD_PUT_MAX_BYTES", cls.put_max_bytes, least=0),
            content_types=tuple((environment.get("PLAYLOG_UPLOAD_TYPES") or DEFAULT_TYPES).replace(" ", "").split(",")),
            open_uploads=read.number("PLAYLOG_QUOTA_UPLOADS", cls.open_uploads),
            open_bytes=read.number("PLAYLOG_QUOTA_BYTES", cls.open_bytes),
            caption_bytes=read.number("PLAYLOG_QUOTA_CAPTIONS", cls.caption_bytes),
            watch_expiry=read.number("PLAYLOG_WATCH_EXPIRY", cls.watch_expiry),
            trending_viewers=read.number("PLAYLOG_TRENDING_VIEWERS", cls.trending_viewers, most=MOST_VIEWERS),
            edge=read.address("PLAYLOG_EDGE"),
            beacons_per_session=read.number("PLAYLOG_BEACONS_PER_SESSION", cls.beacons_per_session),
            beacons_per_address=read.number("PLAYLOG_BEACONS_PER_ADDRESS", cls.beacons_per_address),
            lists_per_address=read.number("PLAYLOG_LISTS_PER_ADDRESS", cls.lists_per_address),
            queries_per_address=read.number("PLAYLOG_QUERIES_PER_ADDRESS", cls.queries_per_address),
            proxies=read.number("PLAYLOG_PROXIES", cls.proxies, least=0),
            encoding=read.policy("PLAYLOG_ENCODING"),
            web=Path(environment.get("PLAYLOG_WEB") or cls.web),
        )


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def number(self, name: str, default: int, least: int = 1, most: int | None = None) -> int:
        raw = self.environment.get(name)
        if not raw:
            return default
        if not raw.isdigit() or int(raw) < least or (most is not None and int(raw) > most):
            raise ValueError(f"{name} is {raw!r}: give a whole number, {least} {f'to {most}' if most else 'or more'}")
        return int(raw)

    def policy(self, name: str) -> PolicyName:
        """How much is made of a video whose owner doesn't say."""
        raw = self.environment.get(name) or USUAL
        if (policy := policy_named(raw)) is None:
            raise ValueError(f"{name} is {raw!r}: give one of {', '.join(POLICIES)}")
        return policy

    def address(self, name: str) -> str:
        """An origin, such as https://media.example, without a slash at its end; empty where none is given."""
        raw = (self.environment.get(name) or "").rstrip("/")
        if raw and not re.fullmatch(ORIGIN, raw):
            raise ValueError(f"{name} is {raw!r}: give an address like https://media.example, without a path")
        return raw
