"""Apache Cassandra 5.0: one node, on Java 17, without its start scripts."""

from __future__ import annotations

import struct

from deploy.local.configuration import Local
from deploy.local.probes import connect, receive
from deploy.local.program import NotReady
from deploy.local.server import Place, Server

# What conf/jvm17-server.options of the distribution opens and exports to unnamed modules.
EXPORTS = """
java.base/jdk.internal.misc java.base/jdk.internal.ref java.base/java.lang.ref java.base/sun.nio.ch
java.management.rmi/com.sun.jmx.remote.internal.rmi java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.sql/java.sql
""".split()
OPENS = """
java.base/java.lang java.base/java.lang.module java.base/java.lang.reflect java.base/java.io java.base/java.nio
java.base/java.util java.base/java.util.concurrent java.base/java.util.concurrent.atomic java.base/java.net
java.base/sun.nio.ch java.base/jdk.internal.loader java.base/jdk.internal.ref java.base/jdk.internal.reflect
java.base/jdk.internal.math java.base/jdk.internal.module java.base/jdk.internal.util.jar
jdk.management/com.sun.management.internal
""".split()

LOGGING = """\
<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="console"/></root>
</configuration>
"""

STARTUP, READY, QUERY, RESULT = 1, 2, 7, 8  # opcodes of the native protocol, version 4
ONE = 1  # consistency


def settings(local: Local, data: str) -> str:
    """cassandra.yaml. The commit log is mapped memory: a killed process loses nothing that it confirmed, a power
    cut ten seconds at most, which the views' owners write again from the log."""
    storage = local.ports["cassandra storage"]
    return f"""\
cluster_name: playlog
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
native_transport_port: {local.ports["cassandra"]}
storage_port: {storage}
ssl_storage_port: {storage + 1}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:{storage}"
data_file_directories: [{data}/data]
commitlog_directory: {data}/commitlog
saved_caches_directory: {data}/saved_caches
hints_directory: {data}/hints
cdc_raw_directory: {data}/cdc
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_segment_size: 8MiB
auto_snapshot: false
memtable_allocation_type: heap_buffers
concurrent_reads: 8
concurrent_writes: 8
file_cache_size: 32MiB
networking_cache_size: 16MiB
"""


def command(place: Place) -> list[str]:
    local, data = place.local, place.folder / "data"
    data.mkdir(exist_ok=True)
    configuration = place.write("cassandra.yaml", settings(local, str(data)))
    logging = place.write("logback.xml", LOGGING)
    return place.java(
        "-Xms128m",
        "-Xss512k",
        "-XX:MaxDirectMemorySize=128m",
        *(f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTS),
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENS),
        "-Djdk.attach.allowAttachSelf=true",
        "-Dio.netty.tryReflectionSetAccessible=true",
        f"-javaagent:{place.library}/jamm-0.4.0.jar",  # measures objects; the daemon does not start without
        f"-Dcassandra.config=file://{configuration}",
        f"-Dlogback.configurationFile={logging}",
        f"-Dcassandra.storagedir={data}",
        f"-Dcassandra.jmx.local.port={local.ports['cassandra jmx']}",
        "-Dcassandra-foreground=yes",
        "-Dcassandra.skip_wait_for_gossip_to_settle=0",  # a single node has nobody to wait for
        "-Dcassandra.ring_delay_ms=1",
        "-Dcassandra.initial_token=0",
        "-cp",
        f"{place.library}/*",
        "org.apache.cassandra.service.CassandraDaemon",
    )


def ready(local: Local) -> None:
    """The node answers a query (CQL native protocol, version 4, spoken by hand: a driver would take seconds)."""
    select = b"SELECT release_version FROM system.local"
    with connect(local.ports["cassandra"]) as connection:
        for opcode, body, expected in (
            (STARTUP, b"\0\x01\0\x0bCQL_VERSION\0\x053.0.0", READY),
            (QUERY, struct.pack(">I", len(select)) + select + struct.pack(">HB", ONE, 0), RESULT),
        ):
            connection.sendall(struct.pack(">BBHBI", 4, 0, 0, opcode, len(body)) + body)
            *_, answered, length = struct.unpack(">BBHBI", receive(connection, 9))
            receive(connection, length)
            if answered != expected:
                raise NotReady(f"opcode {opcode} was answered by {answered}, not {expected}")


CASSANDRA = Server(
    name="cassandra", ports=("cassandra", "cassandra storage", "cassandra jmx"), command=command, ready=ready
)
