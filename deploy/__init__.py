"""How the platform is run."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # where `topics/` and `schemas/` lie
