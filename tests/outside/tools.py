"""What ffmpeg, ffprobe and SoX say of a file, and how programs are started."""

import json
import re
import subprocess
from dataclasses import dataclass

# Nothing here takes a tenth of it; what does is stuck.
LONGEST_SECONDS = 600


def run(*command, **options):
    """Runs `command` without input; its output as bytes. Fails loudly."""
    words = [str(word) for word in command]
    options = {"stdin": subprocess.DEVNULL, "timeout": LONGEST_SECONDS, **options}
    done = subprocess.run(words, capture_output=True, **options)
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{told}")
    return done.stdout


@dataclass(frozen=True)
class Shape:
    """What two readers must agree on."""

    rate: int
    channels: int
    bits: int
    frames: int


def ffprobe(path):
    entries = "stream=sample_rate,channels,bits_per_sample,duration_ts"
    told = run("ffprobe", "-v", "error", "-of", "json", "-show_entries", entries, path)
    (stream,) = json.loads(told)["streams"]
    keys = ("sample_rate", "channels", "bits_per_sample", "duration_ts")
    return Shape(*(int(stream[key]) for key in keys))


def chapters(path):
    """The chapters of a file; their starts are in frames."""
    told = run("ffprobe", "-v", "error", "-of", "json", "-show_chapters", path)
    return json.loads(told)["chapters"]


def soxi(path):
    return Shape(*(int(run("soxi", flag, path)) for flag in ("-r", "-c", "-b", "-s")))


def meter(path, speakers=True):
    """(integrated loudness in LUFS, true peak in dBTP); mono counts on two speakers, or as a file
    of one channel."""
    graph = f"ebur128=peak=true:dualmono={str(speakers).lower()}:framelog=verbose"
    words = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", graph, "-f", "null", "-"]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    summary = done.stderr.decode(errors="replace").rsplit("Summary:", 1)[1]
    number = r":\s+(-?inf|-?[0-9.]+)"
    loudness = re.search("I" + number + " LUFS", summary)
    peak = re.search("Peak" + number + " dBFS", summary)
    return float(loudness[1]), float(peak[1])
