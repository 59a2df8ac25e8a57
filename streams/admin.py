"""The topics that a platform needs, compared with those of the broker: plan, then apply."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, cast

import confluent_kafka.admin
from confluent_kafka import KafkaException

from streams.catalogue import Catalogue
from streams.processor import Processor
from streams.settings import Settings
from streams.topic_plan import Plan, Wanted, grown_text, repartitioned, wanted_topics
from streams.versions import FIRST, Versions

sdk = cast("Any", confluent_kafka.admin)

PATIENCE = 15.0  # seconds for one answer of the broker


class TopicsError(RuntimeError):
    """The broker's topics contradict the catalogue, or the broker does not answer; the text says what to do."""


class Topics:
    """Makes the broker's topics those of the catalogue. Nothing is deleted; partitions are added when asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = sdk.AdminClient(
            {"bootstrap.servers": settings.kafka, "socket.timeout.ms": 10_000, "log_level": 2}
        )

    async def plan(self, catalogue: Catalogue, processors: Iterable[Processor], versions: Versions = FIRST) -> Plan:
        """What is missing or differs where `versions` serve. Raises TopicsError where the broker does not answer."""
        return await self.plan_of(wanted_topics(catalogue, processors, versions))

    async def plan_of(self, wanted: Sequence[Wanted]) -> Plan:
        """As `plan`, for these topics alone."""
        found = await self._partitions()
        plan = Plan(create=[w for w in wanted if self._settings.named(w.name) not in found])
        standing = [w for w in wanted if self._settings.named(w.name) in found]
        configs = await self._configs([w.name for w in standing])
        for w in standing:
            if (count := found[self._settings.named(w.name)]) != w.partitions:
                if w.grows and count < w.partitions:
                    plan.grow.append((w, count))
                else:
                    plan.refused.append(repartitioned(w, count))
            if differing := {k: v for k, v in self._full(w).items() if configs[w.name].get(k) != v}:
                plan.alter.append((w.name, differing))
        return plan

    async def apply(self, plan: Plan, add_partitions: bool = False) -> None:
        """Create and alter what the plan says, and add partitions when asked to.

        Raises TopicsError where anything is refused, before all, and where partitions are missing and not asked for.
        """
        unasked = [] if add_partitions else [f"topic {grown_text(*growth)}" for growth in plan.grow]
        if plan.refused or unasked:
            raise TopicsError("\n".join([*plan.refused, *unasked]))
        new = [
            sdk.NewTopic(self._settings.named(w.name), w.partitions, self._settings.replication, config=self._full(w))
            for w in plan.create
        ]
        if new:
            await self._answers(self._admin.create_topics(new, operation_timeout=PATIENCE))
            await self._known({self._settings.named(w.name) for w in plan.create})
        if plan.alter:
            await self._answers(
                self._admin.incremental_alter_configs([self._altered(*change) for change in plan.alter])
            )
        if plan.grow:
            larger = [sdk.NewPartitions(self._settings.named(w.name), w.partitions) for w, _ in plan.grow]
            await self._answers(self._admin.create_partitions(larger))

    async def _known(self, names: set[str]) -> None:
        """Wait until the broker, told by the controller, lists the topics."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while absent := names - set(await self._partitions()):
            if asyncio.get_running_loop().time() > end:
                raise TopicsError(f"Kafka has made {', '.join(sorted(absent))}, but does not list them")
            await asyncio.sleep(0.05)

    async def configure_group(self, group: str, config: Mapping[str, str]) -> None:
        """Set a group's configuration (KIP-932: before its first member joins); `group` without the namespace."""
        resource = _resource(sdk.ResourceType.GROUP, self._settings.named(group), config)
        await self._answers(self._admin.incremental_alter_configs([resource]))

    async def broker_setting(self, name: str) -> str:
        """A setting of the broker, as it runs."""
        broker = next(iter((await self._metadata()).brokers))
        answers = await self._answers(
            self._admin.describe_configs([_resource(sdk.ResourceType.BROKER, str(broker), {})])
        )
        return next(iter(answers.values()))[name].value

    def _full(self, wanted: Wanted) -> dict[str, str]:
        """The broker's clock orders time on every topic: a client's would let one bad clock move all timers."""
        safe = "2" if self._settings.replication > 2 else "1"
        return {"message.timestamp.type": "LogAppendTime", "min.insync.replicas": safe, **wanted.config}

    def _altered(self, name: str, config: Mapping[str, str]) -> Any:
        return _resource(sdk.ResourceType.TOPIC, self._settings.named(name), config)

    async def _partitions(self) -> dict[str, int]:
        return {name: len(topic.partitions) for name, topic in (await self._metadata()).topics.items()}

    async def _metadata(self) -> Any:
        try:
            return await asyncio.to_thread(self._admin.list_topics, timeout=PATIENCE)
        except KafkaException as error:
            raise TopicsError(
                f"Kafka at {self._settings.kafka} does not answer: {error}\n  mend:   playlog doctor"
            ) from error

    async def _configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        resources = [_resource(sdk.ResourceType.TOPIC, self._settings.named(name), {}) for name in names]
        answers = await self._answers(self._admin.describe_configs(resources))
        described = {self._settings.bare(resource.name): entries for resource, entries in answers.items()}
        return {name: {key: entry.value for key, entry in entries.items()} for name, entries in described.items()}

    async def _answers(self, futures: dict[Any, Future[Any]]) -> dict[Any, Any]:
        try:
            return {of: await asyncio.wait_for(asyncio.wrap_future(f), PATIENCE) for of, f in futures.items()}
        except (KafkaException, TimeoutError) as error:
            raise TopicsError(f"Kafka at {self._settings.kafka} refused or did not answer: {error!r}") from error


def _resource(kind: Any, name: str, config: Mapping[str, str]) -> Any:
    sets = [
        sdk.ConfigEntry(key, value, incremental_operation=sdk.AlterConfigOpType.SET) for key, value in config.items()
    ]
    return sdk.ConfigResource(kind, name, incremental_configs=sets or None)
