"""Where a client puts its bytes: signed URLs of the store, each for as many bytes as were announced."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.services import Services
from gateway.uploads.bodies import MultipartPlan, PartUrl, PutPlan
from gateway.uploads.known import layout_of
from streams.arriving import part_key

FIRST_URLS = 100
LONGEST = 6 * 3600  # seconds; a URL is checked when a request begins, and new ones are a call away
SHORTEST = 60


def plan_of(services: Services, row: Mapping[str, Any]) -> PutPlan | MultipartPlan:
    """The plan of an open upload with fresh URLs."""
    if row["kind"] == "put":
        return PutPlan(urls(services, row, [1])[0].url)
    count = row["part_count"]
    return MultipartPlan(row["part_size"], count, urls(services, row, range(1, min(count, FIRST_URLS) + 1)))


def urls(services: Services, row: Mapping[str, Any], numbers: Iterable[int]) -> list[PartUrl]:
    """A URL a part. They end with the upload, and the store refuses (403) a body of another length."""
    left = (row["expires_at"] - time.time_ns() // 1_000_000) // 1000
    lifetime = max(SHORTEST, min(LONGEST, left))
    return [PartUrl(number, _url(services, row, number, lifetime)) for number in numbers]


def _url(services: Services, row: Mapping[str, Any], number: int, lifetime: int) -> str:
    length = {"content-length": str(layout_of(row).size_of(number))}
    key = row["store_key"] if row["kind"] == "put" else part_key(row["store_key"], number)
    return services.objects.sign_put(key, lifetime, length)
