"""Apache Kafka 4.4: one process, broker and controller (KRaft), with share groups (KIP-932); or several of them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import partial

from confluent_kafka.admin import AdminClient

from deploy.local.configuration import Local
from deploy.local.probes import connect
from deploy.local.program import NotReady
from deploy.local.server import Place, Server

CLUSTER_ID = "cGxheWxvZy1sb2NhbC0wMA"  # 16 bytes in base64: "playlog-local-00"

LOGGING = """\
rootLogger.level=WARN
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c %m%n
"""


def properties(local: Local, data: str, quorum: Sequence[str]) -> str:
    """The broker's settings; the reason stands beside each that is not the default."""
    voters = ",".join(f"{node}@{address}" for node, address in enumerate(quorum, start=1))
    copies, safe = len(quorum), 2 if len(quorum) > 2 else 1
    return f"""\
process.roles=broker,controller
node.id={quorum.index(local.address("kafka controller")) + 1}
controller.quorum.voters={voters}
listeners=PLAINTEXT://{local.address("kafka")},CONTROLLER://{local.address("kafka controller")}
advertised.listeners=PLAINTEXT://{local.address("kafka")}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}

# A copy on each broker, of what Kafka keeps for itself too. One broker: one copy of everything.
default.replication.factor={copies}
min.insync.replicas={safe}
offsets.topic.replication.factor={copies}
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={safe}
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={safe}

# Topics are declared from topics/*.yaml; a misspelt name must fail.
auto.create.topics.enable=false
# A source of truth is never dropped by default; topics/*.yaml says otherwise where it may.
log.retention.ms=-1
# Probes of long videos and dead letters with their original bytes.
message.max.bytes=8388608
replica.fetch.max.bytes=8388608

# Few partitions of the internal topics: quick start and recovery on one machine.
offsets.topic.num.partitions=10
transaction.state.log.num.partitions=10
share.coordinator.state.topic.num.partitions=10
log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=8388608

# A dead member's partitions go to another after 6 s (2 s where a test kills hundreds), and a first member does not
# wait for company.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=2000
group.consumer.min.session.timeout.ms=6000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=1000
group.consumer.heartbeat.interval.ms=2000

# Work (share groups): a dead worker's task comes back at once or after 10 s, a hung one's when its lock ends. A lock
# lasts as long as the longest task of its topic may take: no client can renew it yet. The fifth delivery is the last.
group.share.min.session.timeout.ms=6000
group.share.session.timeout.ms=10000
group.share.min.heartbeat.interval.ms=1000
group.share.heartbeat.interval.ms=2000
group.share.delivery.count.limit=5
group.share.record.lock.duration.ms=60000
group.share.max.record.lock.duration.ms=3600000
"""


def command(place: Place, quorum: Sequence[str]) -> list[str]:
    data = place.folder / "data"
    logging = place.write("log4j2.properties", LOGGING)
    controllers = quorum or [place.local.address("kafka controller")]
    file = place.write("server.properties", properties(place.local, str(data), controllers))
    java = [f"-Dlog4j2.configurationFile={logging}", "-cp", f"{place.library}/*"]
    if not (data / "meta.properties").exists():
        tool = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(file), "--ignore-formatted"]
        subprocess.run(place.java(*java, *tool), check=True, capture_output=True, text=True)
    return place.java(*java, "kafka.Kafka", str(file))


def ready(local: Local, quorum: Sequence[str]) -> None:
    """The brokers are registered, unfenced, and this one answers for its topics."""
    connect(local.ports["kafka"]).close()
    brokers = AdminClient({"bootstrap.servers": local.address("kafka"), "log_level": 0}).list_topics(timeout=5).brokers
    if len(brokers) < max(len(quorum), 1):
        raise NotReady(f"{len(brokers)} brokers are registered yet")


def broker(*quorum: str) -> Server:
    """A broker of a cluster whose controllers have these addresses, its own among them; without any, it is alone."""
    return Server(
        name="kafka",
        ports=("kafka", "kafka controller"),
        command=partial(command, quorum=quorum),
        ready=partial(ready, quorum=quorum),
    )


KAFKA = broker()
