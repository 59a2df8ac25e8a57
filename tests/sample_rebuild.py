"""Rebuilds a processor of the sample in a process of its own: `python -m tests.sample_rebuild NAME [OPTION …]`."""

from __future__ import annotations

import logging
import sys

from streams.rebuild_commands import rebuild
from streams.settings import Settings
from tests.sample import platform

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    rebuild.main(obj=platform(Settings.from_environment()))
