"""What a worker knows of the edge: how links to a video's media there are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """`media`: where a video's media are at a time in seconds since 1970, signed; None where there is no edge.

    Any cache that takes the same links will do: nginx, CloudFront, Akamai.
    """

    media: Callable[[str, float], str] | None
