"""Apicurio Registry 2.6: a schema registry with Confluent's interface, kept in a file database."""

from __future__ import annotations

from deploy.local.configuration import Local
from deploy.local.probes import ask
from deploy.local.program import NotReady
from deploy.local.server import Place, Server

COMPATIBILITY = "FULL_TRANSITIVE"  # every version reads every other: a log is kept for ever


def command(place: Place) -> list[str]:
    return place.java("-jar", str(next(place.library.glob("*-runner.jar"))))


def environment(place: Place) -> dict[str, str]:
    """WRITE_DELAY=0, or a schema that was acknowledged is lost when the process is killed."""
    return {
        "QUARKUS_HTTP_HOST": "127.0.0.1",
        "QUARKUS_HTTP_PORT": str(place.local.ports["registry"]),
        "REGISTRY_DATASOURCE_URL": f"jdbc:h2:file:{place.folder}/db;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0",
    }


def ready(local: Local) -> None:
    """The registry answers and refuses what is not FULL_TRANSITIVE; Apicurio's own default is to accept all."""
    config = f"http://{local.address('registry')}/apis/ccompat/v7/config"
    ask("PUT", config, {"compatibility": COMPATIBILITY})
    if ask("GET", config) != {"compatibilityLevel": COMPATIBILITY}:
        raise NotReady(f"the registry's compatibility is not {COMPATIBILITY} yet")


REGISTRY = Server(name="registry", ports=("registry",), command=command, ready=ready, environment=environment)
