"""The servers of the local stack keep the promises that the platform builds on."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from aiobotocore.session import get_session
from confluent_kafka.admin import (
    AdminClient,
    ConfigResource,  # pyright: ignore[reportPrivateImportUsage] (the documented place)
    ResourceType,  # pyright: ignore[reportPrivateImportUsage]
)

from deploy.local.configuration import Local
from streams.settings import Settings


def broker_settings(servers: Settings) -> dict[str, str]:
    broker = ConfigResource(ResourceType.BROKER, "1")
    admin = AdminClient({"bootstrap.servers": servers.kafka})
    described = admin.describe_configs([broker])[broker].result(30)
    return {name: entry.value for name, entry in described.items()}


def test_a_misspelt_topic_is_not_made(servers: Settings):
    assert broker_settings(servers)["auto.create.topics.enable"] == "false"


def test_a_task_is_delivered_five_times_and_may_be_held_for_ten_minutes(servers: Settings):
    settings = broker_settings(servers)
    assert settings["group.share.delivery.count.limit"] == "5"
    assert int(settings["group.share.max.record.lock.duration.ms"]) >= 600_000


def test_the_registry_refuses_what_is_not_fully_compatible(servers: Settings):
    with urllib.request.urlopen(f"{servers.registry}/config", timeout=30) as answer:
        assert json.load(answer) == {"compatibilityLevel": "FULL_TRANSITIVE"}


@pytest.fixture
async def bucket(settings: Settings) -> str:
    credentials = {"aws_access_key_id": settings.s3_key, "aws_secret_access_key": settings.s3_secret}
    client: Any = get_session().create_client("s3", "us-east-1", endpoint_url=settings.s3, **credentials)
    async with client as store:
        await store.create_bucket(Bucket=settings.bucket)
    return f"{settings.s3}/{settings.bucket}"


def preflight(bucket: str, origin: str) -> dict[str, str]:
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    request = urllib.request.Request(f"{bucket}/part", headers=headers, method="OPTIONS")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_page_may_put_parts_into_the_store_and_read_their_etag(bucket: str, host: str):
    origin = f"http://{host}:{Local.from_environment().ports['gateway']}"
    allowed = preflight(bucket, origin)
    assert allowed["access-control-allow-origin"] == origin
    assert "PUT" in allowed["access-control-allow-methods"]
    assert allowed["access-control-expose-headers"] == "ETag"


def test_a_foreign_page_may_not(bucket: str):
    with pytest.raises(urllib.error.HTTPError):
        preflight(bucket, "http://elsewhere.example")


def test_an_index_can_be_made_and_searched(settings: Settings):
    index = f"{settings.opensearch}/{settings.named('videos')}"
    put = urllib.request.Request(
        f"{index}/_doc/1?refresh=true",
        data=b'{"title": "Big Buck Bunny"}',
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(put, timeout=30).close()
    with urllib.request.urlopen(f"{index}/_search?q=title:bunny", timeout=30) as answer:
        assert json.load(answer)["hits"]["total"]["value"] == 1
