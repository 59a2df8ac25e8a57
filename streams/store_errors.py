"""What can go wrong at an object store, told apart by what one can do about it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from aiohttp import ClientError as TransportError
from botocore.exceptions import BotoCoreError, ClientError

ABSENT = {"404", "NoSuchKey", "NoSuchUpload", "NoSuchBucket", "NotFound"}
PARTS = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"}
ARCHIVED = "InvalidObjectState"
BUSY = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted"}


class StoreError(RuntimeError):
    """Something at the object store; see the subclasses."""


class Missing(StoreError):
    """There is no such object, upload or bucket."""


class Changed(StoreError):
    """The object is not the one that was verified: it has another ETag."""


class Archived(StoreError):
    """The store has put the object into an archive: it can be read once it is restored (`archive.py`)."""


class StoreDown(StoreError):
    """The store does not answer, or can't just now: try again later."""


class PartsRefused(StoreError):
    """The parts named do not make up the upload: one is absent, too small, or has another ETag."""


class StoreRefused(StoreError):
    """The store will never do this as asked (access, arguments)."""


@contextmanager
def told_apart(what: str) -> Generator[None, None, None]:
    """Turn the SDK's errors inside the block into one of the above; `what` names the object or upload."""
    try:
        yield
    except ClientError as error:
        raise _client_error(what, error) from error
    except (BotoCoreError, TransportError, TimeoutError, OSError) as error:
        raise StoreDown(f"{what}: the object store does not answer: {error}") from error


def _client_error(what: str, error: ClientError) -> StoreError:
    answer = cast("dict[str, Any]", error.response)
    code = str(answer.get("Error", {}).get("Code", ""))
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    text = f"{what}: {code or status}: {answer.get('Error', {}).get('Message', error)}"
    if code in ABSENT or status == 404:
        return Missing(text)
    if code == "PreconditionFailed" or status == 412:
        return Changed(text)
    if code == ARCHIVED:
        return Archived(text)
    if code in PARTS:
        return PartsRefused(text)
    nameless = status == 400 and not code  # S3Proxy, of an upload while one of its parts is being written
    if code in BUSY or status >= 500 or status == 429 or nameless:
        return StoreDown(text)
    return StoreRefused(text)
