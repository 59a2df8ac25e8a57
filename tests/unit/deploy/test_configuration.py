"""Ports, heaps and folders come from the environment; what can't be used is refused by name."""

from pathlib import Path

import pytest

from deploy.local.configuration import Local, settings_here


def test_defaults_find_each_other():
    local = Local.from_environment({})
    assert local.home == Path(".playlog").absolute()
    assert local.settings().kafka == "127.0.0.1:19092"
    assert local.settings().registry == "http://127.0.0.1:19081/apis/ccompat/v7"


def test_a_moved_server_is_found_by_every_process():
    local = Local.from_environment({"PLAYLOG_KAFKA_PORT": "29092", "PLAYLOG_S3_PORT": "29071"})
    assert local.environment()["PLAYLOG_KAFKA"] == "127.0.0.1:29092"
    assert local.environment()["PLAYLOG_S3_PUBLIC"] == "http://127.0.0.1:29071"
    assert Local.from_environment(local.environment()).ports == local.ports


def test_the_store_lets_in_the_page_where_it_is():
    local = Local.from_environment({"PLAYLOG_PORT": "9000"})
    assert local.origins == (r"http://127\.0\.0\.1:9000", "http://localhost:9000")


def test_a_named_server_goes_before_this_machines():
    settings = settings_here({"PLAYLOG_KAFKA": "broker:9092", "PLAYLOG_CASSANDRA_PORT": "29042"})
    assert settings.kafka == "broker:9092"
    assert settings.cassandra == "127.0.0.1:29042"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PLAYLOG_PORT", "http"),
        ("PLAYLOG_KAFKA_PORT", "80"),
        ("PLAYLOG_S3_PORT", "70000"),
        ("PLAYLOG_OPENSEARCH_PORT", "9300"),
        ("PLAYLOG_KAFKA_HEAP", "lots"),
    ],
)
def test_an_unusable_value_names_its_setting(setting: str, value: str):
    with pytest.raises(ValueError, match=f"{setting} is .*{value}.*: give"):
        Local.from_environment({setting: value})
