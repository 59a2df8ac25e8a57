"""Which form of encoder this is: what `playlog reencode --older-than-encoder` asks for."""

from __future__ import annotations

ENCODER_VERSION = 2  # raise it where old videos would gain by another encode: a better ladder, settings, an encoder
