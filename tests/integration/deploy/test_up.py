"""`playlog up`: one a data folder, finds its data again, leaves nothing running, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # pyright: ignore[reportPrivateImportUsage] (documented)

from deploy.local import instance
from deploy.local.configuration import Local
from tests.own_stack import own_environment, playlog_up


def playlog(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.commands", *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=120)


def write(local: Local, topic: str, value: bytes) -> None:
    admin = AdminClient({"bootstrap.servers": local.address("kafka")})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(30)
    producer = Producer({"bootstrap.servers": local.address("kafka"), "acks": "all"})
    producer.produce(topic, value)
    assert producer.flush(30) == 0


def read(local: Local, topic: str) -> bytes | None:
    consumer = Consumer(
        {"bootstrap.servers": local.address("kafka"), "group.id": "reader", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    try:
        message = consumer.poll(60)
        assert message is not None
        return message.value()
    finally:
        consumer.close()


def test_data_outlives_a_killed_up_and_only_one_runs_at_a_time(tmp_path: Path):
    environment = own_environment(tmp_path)
    with playlog_up(environment, "--servers") as local:
        write(local, "kept", b"still here")
        second = playlog(environment, "up", "--servers")
        assert second.returncode == 1
        assert "runs already" in second.stderr
        children = instance.noted(local)
        supervisor = children.pop(instance.SUPERVISOR)
        supervisor.kill()
        _, alive = psutil.wait_procs(children.values(), timeout=30)
        assert not alive

    with playlog_up(environment, "--servers") as local:
        assert read(local, "kept") == b"still here"
        assert playlog(environment, "status").returncode == 0
        down = playlog(environment, "down")
        assert "stopped" in down.stdout
        assert instance.noted(local) == {}
        assert playlog(environment, "status").returncode == 1
