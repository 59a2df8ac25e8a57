"""What the calls about uploads take and give. Times are ms since 1970 UTC, sizes bytes."""

from __future__ import annotations

from typing import Literal

import msgspec

UploadState = Literal["open", "completing", "completed", "aborted", "expired"]


class PartUrl(msgspec.Struct, frozen=True):
    """Where to PUT one part; parts count from 1."""

    number: int
    url: str


class PutPlan(msgspec.Struct, frozen=True, tag_field="kind", tag="put"):
    """Send the whole file to `url` by one PUT."""

    url: str


class MultipartPlan(msgspec.Struct, frozen=True, tag_field="kind", tag="multipart"):
    """Send the file in parts of `part_size` (the last is shorter). `parts` holds the first hundred URLs."""

    part_size: int
    part_count: int
    parts: list[PartUrl]


class StartedUpload(msgspec.Struct, frozen=True):
    """Where to put the file that was announced, and until when."""

    video_id: str
    upload: PutPlan | MultipartPlan
    expires_at: int
    position: str | None


class HeldPart(msgspec.Struct, frozen=True):
    """A part that the store holds."""

    number: int
    etag: str
    size: int


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """How far an upload is. `parts` is what the store holds, not what was reported."""

    video_id: str
    state: UploadState
    code: str | None = None
    reason: str | None = None
    filename: str
    content_type: str
    size: int
    kind: Literal["put", "multipart"]
    part_size: int
    part_count: int
    parts: list[HeldPart]
    expires_at: int


class WantedParts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parts to get URLs for, at most 1,000."""

    numbers: list[int]


class PartUrls(msgspec.Struct, frozen=True):
    """Fresh URLs, in the order asked for."""

    parts: list[PartUrl]


class ReportedPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the store answered to the PUT of a part."""

    etag: str
    size: int | None = None


class ClaimedPart(msgspec.Struct, frozen=True):
    """A part as the client believes the store to hold it."""

    number: int
    etag: str


class Completion(msgspec.Struct, frozen=True):
    """Every part of a multipart upload; may be left empty, then the store's own list is taken."""

    parts: list[ClaimedPart] = []


class Accepted(msgspec.Struct, frozen=True):
    """A command is in the log at `position`."""

    video_id: str
    position: str


class Settled(msgspec.Struct, frozen=True):
    """How the upload stands after the command; `completing` and `aborting` are not settled yet."""

    video_id: str
    state: Literal["completed", "completing", "aborted", "aborting", "expired"]
    position: str | None = None
