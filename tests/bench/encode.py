"""The encode in figures: time beside ffmpeg and shaka-streamer, first segments, quality at seams, memory.

`make bench-encode` takes about half an hour and wants the machine for itself. Its last line is JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.encode_memory import hundred, large
from tests.bench.encode_ours import our_seconds, probed
from tests.bench.encode_peers import FFMPEG, ffmpeg_seconds, shaka_seconds
from tests.bench.encode_seams import seams
from tests.bench.film import film
from tests.bench.first_segment import first_segments
from tests.own_stack import own_environment, playlog_up

RUNS, LENGTH_S = 5, 120


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with playlog_up(own_environment(folder / "home")) as local:
            firsts = {
                length: first_segments(local, film(of), RUNS) for length, of in (("55", "trailer"), ("596", "film"))
            }
        print(f"{os.cpu_count()} cores; first playable segment after {firsts} s")
        clip = cut(film("film"), folder / "clip.mp4")
        times = beside(clip, RUNS)
        whole = beside(film("film"), 1)
        print(f"{LENGTH_S} s of film, {RUNS} runs in turn: {_table(times)}; all of it once: {_table(whole)}")
        at_seams, held, chunks = seams(clip, folder), large(folder), hundred(folder)
    print(f"VMAF of the lowest rung: whole {at_seams.whole:.2f}, in chunks {at_seams.chunked:.2f}")
    print(f"2160p: worker {held.parent} MB, confined {held.child} MB; 100 chunks, each tenth: {chunks[9::10]}")
    ours, ffmpeg, shaka = (statistics.median(times[who]) for who in ("playlog", "ffmpeg", "shaka-streamer"))
    figures = {
        "vs_ffmpeg": round(ours / ffmpeg, 3),
        "vs_shaka_streamer": round(ours / shaka, 3),
        "first_segment_s": {length: round(statistics.median(seen), 2) for length, seen in firsts.items()},
        "seam_mean": round(at_seams.mean, 3),
        "seam_worst": round(at_seams.worst, 3),
        "worker_mb_2160p": held.parent + held.child,
    }
    print(json.dumps(figures))


def beside(clip: Path, runs: int) -> dict[str, list[float]]:
    """Seconds of each, runs taken in turn."""
    about, planned = probed(clip)
    doers: dict[str, Callable[[Path], float]] = {
        "playlog": lambda folder: our_seconds(clip, folder),
        "ffmpeg": lambda folder: ffmpeg_seconds(clip, folder, about, planned),
        "shaka-streamer": lambda folder: shaka_seconds(clip, folder, planned),
    }
    times: dict[str, list[float]] = {who: [] for who in doers}
    for _ in range(runs):
        for who, do in doers.items():
            with tempfile.TemporaryDirectory() as folder:
                times[who].append(do(Path(folder)))
    return times


def cut(whole: Path, to: Path) -> Path:
    """The beginning of a film, not encoded anew."""
    command = [FFMPEG, "-i", str(whole), "-t", str(LENGTH_S), "-c", "copy", str(to)]
    subprocess.run(command, check=True, capture_output=True)
    return to


def _table(times: dict[str, list[float]]) -> str:
    return ", ".join(f"{who} {[round(t, 1) for t in seen]}" for who, seen in times.items())


if __name__ == "__main__":
    main()
