"""URLs for parts, and reports of stored ones: POST /v1/uploads/{video_id}/parts, PUT …/parts/{number}."""

from __future__ import annotations

import re
import time

from gateway.problems import FieldError, invalid, not_found
from gateway.route import Call, Reply
from gateway.uploads.bodies import Accepted, PartUrls, ReportedPart, WantedParts
from gateway.uploads.known import Row, layout_of, require_open, upload_of
from gateway.uploads.places import urls
from schemas.uploads import PartStored
from streams.event import natural_id

MOST_URLS = 1_000
ETAG = re.compile(r"^[!#-~]{1,128}$")  # RFC 9110 8.8.3, without its quotes


async def give_urls(call: Call, body: WantedParts) -> Reply[PartUrls]:
    """Fresh URLs for some parts: the first ones have run out, or there are more than a hundred."""
    row = await upload_of(call)
    require_open(row)
    if not 0 < len(body.numbers) <= MOST_URLS:
        raise invalid([FieldError("numbers", f"must be 1 to {MOST_URLS} part numbers")])
    if wrong := [n for n in body.numbers if not 1 <= n <= row["part_count"]]:
        raise invalid([FieldError("numbers", f"{wrong[0]} is not between 1 and {row['part_count']}")])
    return Reply(PartUrls(urls(call.services, row, body.numbers)))


async def report_part(call: Call, body: ReportedPart) -> Reply[Accepted]:
    """Note a stored part, for progress; the end is checked against the store itself."""
    row = await upload_of(call)
    require_open(row)
    number = _number(call, row)
    etag, size = body.etag.strip('"'), layout_of(row).size_of(number)
    errors = [] if ETAG.match(etag) else [FieldError("etag", "must be the ETag the store answered")]
    if body.size not in (None, size):
        errors.append(FieldError("size", f"is {body.size}; part {number} has {size} bytes"))
    if errors:
        raise invalid(errors)
    stored = PartStored(
        event_id=natural_id("part", row["video_id"], number, etag), occurred_at=time.time_ns() // 1_000_000,
        video_id=row["video_id"], number=number, etag=etag, size=size,
    )  # fmt: skip
    position = str(await call.post(stored))
    return Reply(Accepted(row["video_id"], position), position=position)


def _number(call: Call, row: Row) -> int:
    text = call.request.match_info["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= row["part_count"]):
        raise not_found("part", f"{text} of the {row['part_count']} of this upload")
    return int(text)
