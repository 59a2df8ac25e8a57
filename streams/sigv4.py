"""Presigned URLs by AWS Signature Version 4 in the query string.

Source: Amazon S3 API reference, "Authenticating requests: using query parameters (AWS Signature Version 4)".
By `hmac` directly a signature takes microseconds; the SDK needs half a millisecond, which a large upload's
ten thousand parts would feel.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit

PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")  # RFC 3986: unreserved, never encoded
LONGEST = 7 * 24 * 3600  # seconds; S3 refuses longer lives


@dataclass(frozen=True)
class Signer:
    """Signs URLs of one S3 endpoint with one key."""

    endpoint: str  # scheme://host[:port] as the client will call it: the host is signed
    key: str
    secret: str
    region: str = "us-east-1"

    def presign(
        self,
        method: str,
        path: str,
        expires: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> str:
        """A URL that allows `method` on `path` ("/bucket/key", not yet encoded) for `expires` seconds.

        `headers` are signed: whoever uses the URL must send them exactly so. Raises ValueError where
        `expires` is not from 1 s to 7 days.
        """
        if not 1 <= expires <= LONGEST:
            raise ValueError(f"a presigned URL lives from 1 to {LONGEST} s, not {expires}")
        time = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{time[:8]}/{self.region}/s3/aws4_request"
        signed = {"host": urlsplit(self.endpoint).netloc}
        signed |= {name.lower(): value.strip() for name, value in (headers or {}).items()}
        names = ";".join(sorted(signed))
        parameters = {
            **(query or {}),
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.key}/{scope}",
            "X-Amz-Date": time,
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": names,
        }
        pairs = sorted((_encoded(name), _encoded(value)) for name, value in parameters.items())
        search = "&".join(f"{name}={value}" for name, value in pairs)
        place = quote(path, safe="/-_.~")
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        request = f"{method}\n{place}\n{search}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}"
        signature = _mac(_signing_key(self.secret, time[:8], self.region), text).hex()
        return f"{self.endpoint.rstrip('/')}{place}?{search}&X-Amz-Signature={signature}"


def _encoded(text: str) -> str:
    return text if PLAIN.fullmatch(text) else quote(text, safe="-_.~")


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _mac(key, part)
    return key
