"""The forms in which sound is encoded, and their encoders: AAC for every player, Opus for DASH."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import av
from av.audio.codeccontext import AudioCodecContext

from processors.media.boxes import timescale
from processors.media.model import Track
from processors.media.sink import Sink

RATE = 48_000  # samples a second, of all that is made
MUXER = {"movflags": "cmaf+frag_custom+empty_moov+skip_trailer+skip_sidx"}
PRE_SKIP_AT = 6  # in `dOps`, behind the name, the version and the number of channels (Opus in ISOBMFF, 4.3.2)


class Form(NamedTuple):
    """An encoder and how it is fed: `frame` samples a packet; `lead` samples of silence fill up its priming."""

    encoder: str
    layout: str
    sample_format: str
    bit_rate: int
    frame: int
    lead: int


FORMS = {
    ("aac", 2): Form("aac", "stereo", "fltp", 128_000, 1024, 0),  # its priming is one packet
    ("aac", 6): Form("aac", "5.1", "fltp", 384_000, 1024, 0),
    ("opus", 2): Form("libopus", "stereo", "flt", 112_000, 960, 960 - 312),
}


def form_of(track: Track) -> Form:
    """How a track of sound is encoded."""
    return FORMS[track.codec, track.channels]


def opened_encoder(form: Form) -> tuple[AudioCodecContext, bytes]:
    """An open encoder and its initialisation segment, which says nothing of priming: the packet is left out."""
    sink = Sink()
    muxer = av.open(sink, "w", format="mp4", options=MUXER)
    codec = muxer.add_stream(form.encoder, rate=RATE).codec_context
    assert isinstance(codec, AudioCodecContext)
    codec.layout, codec.format = form.layout, form.sample_format
    codec.bit_rate, codec.time_base = form.bit_rate, Fraction(1, RATE)
    muxer.start_encoding()
    init = without_pre_skip(sink.taken())
    assert timescale(init) == RATE
    return codec, init


def without_pre_skip(init: bytes) -> bytes:
    """The initialisation segment with an Opus pre-skip of 0."""
    at = init.find(b"dOps")
    return init if at < 0 else init[: at + PRE_SKIP_AT] + b"\0\0" + init[at + PRE_SKIP_AT + 2 :]
