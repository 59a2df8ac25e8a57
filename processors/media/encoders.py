"""Which encoders a machine has, and in which order a chunk is tried on them.

A hardware encoder is in every build and works only where its device and driver are, and a driver may crash: so each
is tried in a confined process, with the settings and the confinement that its work will have. What doesn't go there
isn't used. Scaling stays with the processor: PyAV's builds have no filter that scales on a device.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from processors.media import isolation
from processors.media.confined import Nothing, confined
from processors.media.jobs import TryJob
from processors.media.limits import Crashed, LimitExceeded, Limits
from processors.media.model import Unplayable, Way
from processors.media.tracks import FIRST_CODEC
from processors.media.video_codecs import FORMS, HARDWARE, PLAIN

CUDA = "cuda"
SOFTWARE = {FORMS[codec].encoder: TryJob(codec=codec, way=Way()) for codec in PLAIN}
DEVICE = {
    **{name: TryJob(codec=codec, way=Way(encoder=name)) for codec, (name, _) in HARDWARE.items()},
    CUDA: TryJob(codec=FIRST_CODEC, way=Way(decoder=CUDA)),
}
PATIENCE_S = 30.0  # that a driver has to answer
logger = logging.getLogger(__name__)


class GpuLost(RuntimeError):
    """No GPU of this worker encodes any more."""


async def refusals(names: Iterable[str] = (*SOFTWARE, *DEVICE)) -> dict[str, str]:
    """Of each encoder, and of the device that decodes, why it can't be used here; "" for those that can."""
    return {name: await _tried(name) for name in names}


async def _tried(name: str) -> str:
    if name in DEVICE and not isolation.devices():
        return f"no GPU: there is no {isolation.DEVICES}"
    try:
        async for _ in confined({**SOFTWARE, **DEVICE}[name], Nothing(), Limits(time_s=PATIENCE_S)):
            pass
    except (Crashed, LimitExceeded, Unplayable) as error:
        return str(error)
    return ""


class Encoders:
    """What a worker has."""

    def __init__(self, refused: Mapping[str, str]) -> None:
        """`refused`: what `refusals` says of devices; one that isn't named can't be used."""
        self.refused = refused

    @classmethod
    async def found(cls) -> Encoders:
        """Those of this machine; tried out, which takes seconds where there is a GPU."""
        encoders = cls({})
        await encoders.look()
        return encoders

    async def look(self) -> None:
        """Try the devices out, at first and whenever one failed at work; what is refused now isn't used any more."""
        before, self.refused = self.refused, await refusals(DEVICE)
        for name, why in self.refused.items():
            if before.get(name) != why:
                logger.info("%s %s", name, f"is not used: {why}" if why else "works here")

    def ways(self, codec: str) -> list[Way]:
        """How a chunk may be made, best first: by the device, by the usual encoder, by its plain code.

        A device that only decodes, as many of data centres do, decodes for the usual encoder.
        """
        usual, device = FORMS[codec].encoder, HARDWARE[codec][0] if codec in HARDWARE else ""
        best = Way(
            encoder=device if self._usable(device) else usual, decoder=CUDA if self._usable(CUDA) else ""
        )  # fmt: skip
        plain = [Way(encoder=PLAIN[codec][0])] if codec in PLAIN else []
        return [*([best] if best.device else []), Way(encoder=usual), *plain]

    @property
    def any_device(self) -> bool:
        """Whether a device encodes here."""
        return any(self._usable(name) for name, _ in HARDWARE.values())

    def told(self) -> str:
        """The order for each codec, for operators."""
        orders = [f"{codec} by {', then '.join(way.encoder for way in self.ways(codec))}" for codec in PLAIN]
        return "; ".join([*orders, *([f"decoded by {CUDA} where it can"] if self._usable(CUDA) else [])])

    def _usable(self, name: str) -> bool:
        return self.refused.get(name, "not tried") == ""
