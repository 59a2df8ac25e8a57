"""A data folder has one `playlog up`; ports, keys and the page are looked after before anything starts."""

import os
import socket
from pathlib import Path

import pytest

from deploy.local import instance
from deploy.local.configuration import Local
from deploy.local.keys import secrets
from deploy.local.port_check import PortsTaken, check_ports
from deploy.local.supervisor import how_it_ended, restart_delay


@pytest.fixture
def local(tmp_path: Path) -> Local:
    return Local.from_environment({"PLAYLOG_HOME": str(tmp_path / "home")})


def test_a_second_up_is_refused_with_what_to_do(local: Local):
    with instance.only_instance(local):
        refused = pytest.raises(instance.AlreadyRunning, match=f"pid {os.getpid()}.*\n.*\n.*`playlog down`")
        with refused, instance.only_instance(local):
            pass
        assert instance.process(local, instance.SUPERVISOR) is not None


def test_another_may_start_once_the_first_has_ended(local: Local):
    for _ in range(2):
        with instance.only_instance(local):
            pass
    assert instance.names(local) == []


def test_a_pid_that_is_used_again_is_not_taken_for_the_old_process(local: Local):
    local.run.mkdir(parents=True)
    (local.run / "kafka.pid").write_text(f"{os.getpid()} 12345.0\n")
    assert instance.process(local, "kafka") is None


def test_ready_ends_with_the_supervisor(local: Local):
    with instance.only_instance(local):
        instance.say_ready(local)
        assert instance.is_ready(local)
    assert not instance.is_ready(local)


def test_a_taken_port_names_its_setting(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        local = Local.from_environment({"PLAYLOG_KAFKA_PORT": str(port)})
        with pytest.raises(PortsTaken, match=rf"port {port} \(kafka\) is in use.*set PLAYLOG_KAFKA_PORT"):
            check_ports(local, ["kafka"])


def test_keys_are_made_once_and_only_their_owner_may_read_them(local: Local):
    first = secrets(local)
    assert secrets(local) == first
    private = Path(first["PLAYLOG_JWT_PRIVATE_KEY"])
    assert private.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert private.stat().st_mode & 0o077 == 0


def test_restarts_are_further_and_further_apart():
    assert [restart_delay(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_an_end_is_told_in_words():
    assert how_it_ended(-9) == "was ended by SIGKILL"
    assert how_it_ended(3) == "ended with code 3"
