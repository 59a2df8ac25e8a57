"""Write CMAF fragments (ISO 23000-19; boxes of ISO 14496-12): one `moof` and `mdat` for each group of pictures.

libavformat's muxer could do it, but it ties a sample's duration to the encoder's decode times: with a variable
frame rate and B frames the timeline would drift at chunk seams. Here a fragment starts exactly at its first
picture and every sample lasts as long as it is shown; decode order shows in signed composition offsets.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

SYNC_SAMPLE, OTHER_SAMPLE = 0x02000000, 0x01010000
DEFAULT_BASE_IS_MOOF, DEFAULT_FLAGS = 0x020000, 0x20
DATA_OFFSET, FIRST_FLAGS, DURATION, SIZE, COMPOSITION = 0x1, 0x4, 0x100, 0x200, 0x800
SEGMENT_TYPE = struct.pack(">I4s4sI8s", 24, b"styp", b"cmfs", 0, b"cmfscmff")
TRACK = 1


class Sample(NamedTuple):
    """A coded picture or audio frame: when it is shown, for how long (ticks), its bytes as MP4 stores them."""

    start: int
    duration: int
    data: bytes


def fragment(sequence: int, samples: Sequence[Sample], all_sync: bool = False) -> bytes:
    """A movie fragment of samples in decode order, the first a sync sample that is also shown first.

    `all_sync`: every sample can be decoded by itself, as in audio.
    """
    header = len(_moof(sequence, samples, all_sync, 0))
    payload = b"".join(sample.data for sample in samples)
    return _moof(sequence, samples, all_sync, header + 8) + _box(b"mdat", payload)


def segment(fragments: Sequence[bytes]) -> bytes:
    """Fragments as one media segment."""
    return SEGMENT_TYPE + b"".join(fragments)


def length_prefixed(annex_b: bytes) -> bytes:
    """H.264 from start codes (Annex B) to four-byte lengths (ISO 14496-15)."""
    units = (unit.rstrip(b"\x00") for unit in annex_b.split(b"\x00\x00\x01"))
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit)


def _moof(sequence: int, samples: Sequence[Sample], all_sync: bool, data_offset: int) -> bytes:
    usual = SYNC_SAMPLE if all_sync else OTHER_SAMPLE
    track = _box(b"tfhd", struct.pack(">III", DEFAULT_BASE_IS_MOOF | DEFAULT_FLAGS, TRACK, usual))
    time = _box(b"tfdt", struct.pack(">IQ", 1 << 24, samples[0].start))
    run = _box(b"trun", _run(samples, all_sync, data_offset))
    return _box(b"moof", _box(b"mfhd", struct.pack(">II", 0, sequence)) + _box(b"traf", track + time + run))


def _run(samples: Sequence[Sample], all_sync: bool, data_offset: int) -> bytes:
    """Decode times follow from the durations; the composition offset leads from there to when it is shown."""
    if all_sync:
        head = struct.pack(">IIi", DATA_OFFSET | DURATION | SIZE, len(samples), data_offset)
        return head + b"".join(struct.pack(">II", s.duration, len(s.data)) for s in samples)
    flags = 1 << 24 | DATA_OFFSET | FIRST_FLAGS | DURATION | SIZE | COMPOSITION
    rows = [struct.pack(">IIiI", flags, len(samples), data_offset, SYNC_SAMPLE)]
    decode_time = samples[0].start
    for sample in samples:
        rows.append(struct.pack(">IIi", sample.duration, len(sample.data), sample.start - decode_time))
        decode_time += sample.duration
    return b"".join(rows)


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload
