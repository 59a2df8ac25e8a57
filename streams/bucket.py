"""The connection to one bucket of an S3 store: calls with errors told apart, signed URLs, making the bucket."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, cast

from aiobotocore import session as sdk
from aiobotocore.config import AioConfig

from streams.settings import Settings
from streams.sigv4 import Signer
from streams.store_errors import StoreDown, StoreRefused, told_apart

REGION = "us-east-1"
CORS = {
    "CORSRules": [
        {
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedOrigins": ["*"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
        }
    ]
}


class Bucket:
    """One bucket. All methods raise Missing, StoreDown or StoreRefused (`store_errors`), nothing of the SDK's."""

    def __init__(self, settings: Settings) -> None:
        self.bucket = settings.bucket
        self._settings = settings
        self._signer = Signer(settings.s3_public or settings.s3, settings.s3_key, settings.s3_secret, REGION)
        self._context: Any = None
        self._client: Any = None

    async def open(self) -> None:
        """Prepare the client; connects on first use."""
        self._context = (
            cast("Any", sdk)
            .get_session()
            .create_client(
                "s3",
                region_name=REGION,
                endpoint_url=self._settings.s3,
                aws_access_key_id=self._settings.s3_key,
                aws_secret_access_key=self._settings.s3_secret,
                config=AioConfig(
                    s3={"addressing_style": "path"},
                    retries={"mode": "standard", "max_attempts": 4},
                    connect_timeout=5,
                    read_timeout=60,
                    max_pool_connections=64,
                    # trailing checksums are beyond most stores that are not Amazon's own
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        )
        self._client = await self._context.__aenter__()

    async def close(self) -> None:
        if self._client is not None:
            await self._context.__aexit__(None, None, None)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def call(self, operation: str, what: str, **arguments: Any) -> Any:
        """One call of the S3 API on this bucket, errors told apart; `what` names the object in them."""
        with told_apart(what):
            return await getattr(self._client, operation)(Bucket=self.bucket, **arguments)

    async def ensure_bucket(self) -> None:
        """Make the bucket, open to browsers that hold a signed URL; a bucket that exists is left as it is."""
        try:
            await self.call("create_bucket", self.bucket)
        except StoreRefused as error:
            if "BucketAlready" not in str(error):
                raise
        await self._allow_browsers()

    async def _allow_browsers(self) -> None:
        try:
            await self.call("put_bucket_cors", self.bucket, CORSConfiguration=CORS)
        except (StoreRefused, StoreDown) as error:
            if "NotImplemented" not in str(error):  # such a store is told in its own settings
                raise

    def sign(
        self,
        method: str,
        key: str,
        expires: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """A URL, at the address clients use, that allows one kind of request for `expires` seconds."""
        return self._signer.presign(method, f"/{self.bucket}/{key}", expires, query, headers)
