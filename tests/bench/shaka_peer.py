"""Run shaka-streamer with our x264 settings, which its own configuration can't say. Runs in its environment.

`python shaka_peer.py JSON`: its preset `slow` becomes `veryfast`, and a bit rate becomes a quality with that cap.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from streamer.controller_node import ControllerNode  # pyright: ignore[reportMissingImports]
from streamer.node_base import NodeBase, ProcessStatus  # pyright: ignore[reportMissingImports]

asked = json.loads(sys.argv[1])
create: Any = NodeBase._create_process


def with_our_settings(node: Any, arguments: list[str], *rest: Any, **named: Any) -> Any:
    said: list[str] = []
    values = iter(arguments)
    for value in values:
        if value == "-preset":
            said += [value, next(values) and "veryfast"]
        elif value == "-b:v":
            cap = next(values)
            said += ["-crf", asked["crf"], "-maxrate", cap, "-bufsize", asked["caps"][cap]]
        else:
            said.append(value)
    return create(node, said, *rest, **named)


NodeBase._create_process = with_our_settings
with ControllerNode() as controller:
    controller.start(asked["output"], asked["input"], asked["pipeline"], asked["bitrates"])
    while (status := controller.check_status()) == ProcessStatus.RUNNING:
        time.sleep(0.05)
sys.exit(status != ProcessStatus.FINISHED)
