"""Presigned URLs are the ones the SDK would make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from streams.sigv4 import Signer

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SIGNER = Signer("http://127.0.0.1:19071", "lsaccess", "lssecret123")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)


def sdk_query(method: str, url: str, expires: int, headers: dict[str, str]) -> dict[str, str]:
    """What botocore's own presigner makes of the same request at the same time."""

    class Auth(S3SigV4QueryAuth):
        def add_auth(self, request: Any) -> None:
            request.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
            self._modify_request_before_signing(request)
            canonical = self.canonical_request(request)
            signature = self.signature(self.string_to_sign(request, canonical), request)
            self._inject_signature_to_request(request, signature)

    request = AWSRequest(method=method, url=url, headers=headers)
    Auth(Credentials("lsaccess", "lssecret123"), "s3", "us-east-1", expires=expires).add_auth(request)
    return dict(parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True))


@given(name=TEXT, upload=TEXT.filter(bool), number=st.integers(1, 10_000))
def test_a_part_s_url_equals_the_sdk_s(name: str, upload: str, number: int) -> None:
    query = {"partNumber": str(number), "uploadId": upload}
    url = SIGNER.presign("PUT", f"/playlog/sources/{name}x", 900, query, now=NOW)
    parts = urlsplit(url)
    bare = f"{parts.scheme}://{parts.netloc}{parts.path}?" + "&".join(
        piece for piece in parts.query.split("&") if not piece.startswith("X-Amz-")
    )
    assert dict(parse_qsl(parts.query, keep_blank_values=True)) == sdk_query("PUT", bare, 900, {})


def test_signed_headers_equal_the_sdk_s() -> None:
    headers = {"Content-Type": "video/mp4", "Content-Length": "17"}
    url = SIGNER.presign("PUT", "/playlog/a b", 60, headers=headers, now=NOW)
    assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" in url
    want = sdk_query("PUT", "http://127.0.0.1:19071/playlog/a%20b", 60, headers)
    assert dict(parse_qsl(urlsplit(url).query)) == want


@pytest.mark.parametrize("expires", [0, -1, 7 * 24 * 3600 + 1])
def test_a_life_beyond_what_s3_allows_is_refused(expires: int) -> None:
    with pytest.raises(ValueError, match="lives from 1 to 604800 s"):
        SIGNER.presign("PUT", "/b/k", expires)
