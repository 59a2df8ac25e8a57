"""Who is who: a pseudonym of chance for each account, the same at every gateway, until it is forgotten."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.access.accounts import Accounts
from gateway.access.caller import Identity, account_of
from gateway.problems import Problem
from schemas.accounts import AccountLinked
from streams.log import Log, LogDown
from streams.tail import Tail
from tests.integration.gateway.conftest import PATIENCE, Rig, eventually, serving
from tests.integration.gateway.test_outages import QUICK, is_outage, wired
from tests.integration.gateway.test_videos import described, shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def owner_of(client: httpx.AsyncClient, started: dict[str, Any]) -> str:
    """Of a started upload, at whichever gateway: only the one that started it knows it before the views do."""
    return (await shown(client, started["video_id"], started["position"]))["owner"]


async def test_two_gateways_that_meet_an_account_at_once_take_the_same_pseudonym(rig: Rig) -> None:
    async with AsyncExitStack() as stack:
        gateways = [await stack.enter_async_context(serving(rig.platform)) for _ in range(2)]
        for _ in range(3):
            subject = f"cid-{uuid.uuid4()}"
            clients = [await stack.enter_async_context(gateway.client(subject)) for gateway in gateways]
            started = await asyncio.gather(*(rig.started(client) for client in clients))
            owners = {await owner_of(clients[0], one) for one in started}
            assert len(owners) == 1
            assert owners.pop().startswith("acct-")


async def test_a_forgotten_account_is_a_stranger_at_every_gateway(rig: Rig) -> None:
    subject = f"dora-{uuid.uuid4()}"
    async with serving(rig.platform) as other, rig.client(subject) as here, other.client(subject) as there:
        video, _ = await described(rig, here, visibility="public")
        before = await shown(there, video, "")
        assert before["mine"] is True
        gone = await here.delete("/v1/account")
        assert gone.status_code == 202, gone.text
        assert gone.json() == {"position": gone.headers["Playlog-Position"]}

        async def stranger() -> bool:
            return not (await shown(there, video, ""))["mine"]

        await eventually(stranger)
        assert (await shown(here, video, ""))["mine"] is False
        again = [await rig.started(client) for client in (here, there)]
        owners = {await owner_of(here, one) for one in again}
        assert len(owners) == 1
        assert owners != {before["owner"]}


async def test_forgetting_deletes_the_accounts_own_videos_and_again_is_harmless(
    rig: Rig, bob: httpx.AsyncClient
) -> None:
    async with rig.client(f"eve-{uuid.uuid4()}", "viewer") as viewer:
        assert (await viewer.delete("/v1/account")).status_code == 202
    subject = f"eve-{uuid.uuid4()}"
    async with rig.client(subject) as eve:
        own = [(await described(rig, eve, visibility="public"))[0] for _ in range(2)]
        own.append((await rig.started(eve))["video_id"])
        others, _ = await described(rig, bob, visibility="public")
        assert (await eve.delete("/v1/account")).status_code == 202

        async def deleted() -> bool:
            return {(await bob.get(f"/v1/videos/{video}")).json()["state"] for video in own[:2]} == {"deleted"}

        await eventually(deleted)
        assert (await shown(bob, others, ""))["state"] == "uploading"
        assert (await eve.get("/v1/videos")).json() == {"videos": [], "cursor": None}
        assert (await eve.delete("/v1/account")).status_code == 202
        assert (await shown(bob, others, ""))["state"] == "uploading"


async def test_nobody_has_no_account_to_forget(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.delete("/v1/account")).status_code == 401


async def test_nobody_is_served_under_a_pseudonym_that_is_not_settled(rig: Rig) -> None:
    subject, services = f"fay-{uuid.uuid4()}", rig.services
    identity = Identity(account_of(subject, services.secrets.pseudonym), "viewer")
    accounts = Accounts(services.rows, services.log, services.positions, wait=0)
    for _ in range(2):
        with pytest.raises(Problem) as refusal:
            await accounts.caller(identity)
        assert (refusal.value.status, refusal.value.code) == (503, "behind")
        assert int(refusal.value.headers["Retry-After"]) > 0
    accounts.wait = PATIENCE
    assert await accounts.caller(identity) == await services.accounts.caller(identity)
    assert len(await offers(rig, subject)) == 1, "who asks again waits for the first offer"


async def offers(rig: Rig, subject: str) -> list[AccountLinked]:
    """The pseudonyms that gateways have offered the account."""
    account = account_of(subject, rig.services.secrets.pseudonym)
    history = Tail(rig.platform.settings, await rig.platform.codec()).history(["accounts"], account)
    said = [recorded.event async for recorded in history]
    return [event for event in said if isinstance(event, AccountLinked) and not event.restated]


async def test_without_the_view_of_accounts_nobody_gets_a_wrong_pseudonym(rig: Rig) -> None:
    settings, subject = rig.platform.settings, f"gil-{uuid.uuid4()}"
    async with rig.client(subject) as gil:
        started = await rig.started(gil)
        video, owner = started["video_id"], await owner_of(gil, started)
    async with wired(settings.cassandra) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, cassandra=address))
        async with serving(platform, QUICK) as gateway, gateway.client(subject) as gil:
            wire.cut()
            is_outage(await gil.get("/v1/videos"))
            is_outage(await gil.post("/v1/uploads", json={"filename": "a.mp4", "size": 5, "content_type": "video/mp4"}))
            is_outage(await gil.delete("/v1/account"))
            assert (await gil.get("/v1/config")).status_code == 200
            wire.up = True

            async def well() -> bool:
                return (await gil.get(f"/v1/videos/{video}")).status_code == 200

            await eventually(well)
            again = (await rig.started(gil))["video_id"]
            assert (await shown(gil, again, ""))["owner"] == owner
    assert len(await offers(rig, subject)) == 1


async def test_without_the_log_a_known_account_is_served_and_a_stranger_has_to_wait(rig: Rig) -> None:
    known, stranger = Identity(uuid.uuid4().hex, "viewer"), Identity(uuid.uuid4().hex, "viewer")
    caller = await rig.services.accounts.caller(known)
    platform, services = rig.platform, rig.services
    async with Log(platform.settings, platform.catalogue, await platform.codec(), patience=0) as mute:
        cut_off = Accounts(services.rows, mute, services.positions, wait=PATIENCE)
        assert await cut_off.caller(known) == caller
        with pytest.raises(LogDown):
            await cut_off.caller(stranger)
