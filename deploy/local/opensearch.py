"""OpenSearch 2.19, carried by codelibs' runner: the server's own classes with their modules on the class path."""

from __future__ import annotations

from deploy.local.configuration import Local
from deploy.local.probes import ask
from deploy.local.server import Place, Server


def settings(local: Local) -> str:
    """opensearch.yml; a single node elects itself at once instead of waiting for others."""
    return f"""\
network.host: 127.0.0.1
transport.port: {local.ports["opensearch transport"]}
discovery.type: single-node
action.destructive_requires_name: true
cluster.routing.allocation.disk.threshold_enabled: false
"""


def command(place: Place) -> list[str]:
    configuration = place.folder / "node_1" / "config"  # where the runner looks for its first node's
    configuration.mkdir(parents=True, exist_ok=True)
    (configuration / "opensearch.yml").write_text(settings(place.local))
    return place.java(
        "-Dlog4j2.disable.jmx=true",
        "-Djava.locale.providers=CLDR,SPI",  # the small runtime lacks Thai: no index could be made
        "-cp",
        f"{place.library}/*",
        "org.codelibs.opensearch.runner.OpenSearchRunner",
        "-basePath",
        str(place.folder),
        "-numOfNode",
        "1",
        "-baseHttpPort",
        str(place.local.ports["opensearch"] - 1),  # the first node takes the next one
        "-clusterName",
        "playlog",
        "-printOnFailure",
    )


def ready(local: Local) -> None:
    """A document can be indexed and read: a green cluster may still be unable to make any index."""
    base = f"http://{local.address('opensearch')}"
    index = f"{base}/playlog-readiness"
    ask("PUT", f"{index}/_doc/1?timeout=4s", {"title": "ready"})
    ask("GET", f"{index}/_doc/1")
    ask("DELETE", index)


OPENSEARCH = Server(name="opensearch", ports=("opensearch", "opensearch transport"), command=command, ready=ready)
