"""Checks copies for phones, and what is written beside a track, with other programs.

    python copies.py --effleurage PROGRAM

PROGRAM is the built `effleurage`. Needs numpy and scipy, and the commands flac, ffmpeg
and ffprobe. Each copy is decoded by ffmpeg and compared with the WAV file of the same
rate: frames, offset by cross-correlation, what the encoder changed, peaks; its chapters
with the plan's sections. Captions and chapters are read back by ffmpeg. `effleurage verify` must find
nothing in any copy, nor in those that ffmpeg makes, and find what is too soft. Prints a table
and exits with 1 if anything is not as it should be.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.signal import correlate

import tools

# Routine, rate, channels, bits, flags.
TRACKS = (
    ("partner", 44_100, 1, 16, ()),
    ("self", 44_100, 2, 16, ()),
    ("self-short", 44_100, 1, 24, ("--bed", "rain")),
    ("self-short", 48_000, 2, 24, ()),
    ("self-short", 22_050, 1, 16, ("--voice", "es")),
    ("self-short", 11_025, 2, 16, ()),
    ("self-short", 8_000, 1, 16, ()),
)
# Rates that MP3 does not hold, and Opus has always the same.
FLAC_TRACKS = (("self-short", 96_000, 1, 24, ()), ("self-short", 192_000, 1, 16, ()))
# Made again, on one thread.
AGAIN = ("self-short", 48_000, 2, 24, ())
# What ffmpeg makes copies with.
OTHERS = (
    ("flac", "-c:a", "flac"),
    ("m4a", "-c:a", "alac"),
    ("mp3", "-c:a", "libmp3lame", "-q:a", "2"),
    ("opus", "-c:a", "libopus", "-b:a", "64k"),
)
TEXTS = ("labels", "vtt", "lrc", "chapters", "csv", "json", "cue")

OPUS_RATE = 48_000
PRE_SKIP_SECONDS = 312 / OPUS_RATE
REACH = 4_096
HIGHEST_PEAK_DBTP = -1.0
# By how much the sound must be louder than what the encoder changed of it: some decibels
# less than it is, so that a new version of an encoder may be a little other.
LEAST_DB = {"mp3": 30, "opus": 20}


class Bench:
    """Keeps the verdicts."""

    def __init__(self, program):
        self.program = Path(program).resolve()
        self.checks, self.misses, self.rows = 0, [], []

    def expect(self, holds, what):
        self.checks += 1
        if not holds:
            self.misses.append(what)

    def run(self, *words, **options):
        return tools.run(self.program, *words, **options)


def decoded(path, channels):
    """All channels as ffmpeg gives them, in frames; no rate is changed."""
    command = ("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "f32le", "-")
    raw = tools.run(*command)
    return np.frombuffer(raw, "<f4").reshape(-1, channels)


def offset(original, copy):
    """By how many frames `copy` is late, found at its loudest place."""
    middle = int(np.argmax(np.convolve(original**2, np.ones(64), "same")))
    start = min(max(middle - 2 * REACH, REACH), len(original) - 5 * REACH)
    part = original[start : start + 4 * REACH]
    around = copy[start - REACH : start + 5 * REACH]
    return int(np.argmax(correlate(around, part, "valid", "fft"))) - REACH


def fidelity(original, copy):
    changed = np.sum((original - copy) ** 2, dtype=float)
    return 10 * np.log10(np.sum(original**2, dtype=float) / max(changed, 1e-12))


def chapters_of_plan(plan):
    """(start in frames, title): each step, and each zone with the words before it."""
    found, leads_in, step = [], None, None
    for section in plan["sections"]:
        first = section["id"].split(".")[0]
        if first != step:
            found.append((section["at"], section["title"]))
            step, leads_in = first, None
        elif section["kind"] == "zone":
            at = section["at"] if leads_in is None else leads_in
            found.append((at, section["title"]))
            leads_in = None
        elif section["kind"] == "lead-in":
            leads_in = section["at"] if leads_in is None else leads_in
        else:
            leads_in = None
    return found


def chapters_of_file(path):
    """(start, end, title), in seconds."""
    told = tools.run("ffprobe", "-v", "error", "-of", "json", "-show_chapters", path)
    chapters = json.loads(told)["chapters"]
    return [(float(c["start_time"]), float(c["end_time"]), c["tags"]["title"]) for c in chapters]


def check_chapters(bench, what, path, plan, tolerance):
    """`tolerance` is in seconds. Comments tell no end of the last; ffmpeg takes that of the
    stream, to which it counts what an encoder puts before the sound."""
    planned, rate = chapters_of_plan(plan), plan["sample_rate"]
    ends = [at for at, _ in planned[1:]] + [plan["frames"]]
    found = chapters_of_file(path)
    same = [title for _, _, title in found] == [title for _, title in planned]
    bench.expect(same, f"{what}: chapters are {[title for *_, title in found]}")
    for (start, end, title), (at, _), last in zip(found, planned, ends):
        late = PRE_SKIP_SECONDS if path.suffix == ".opus" and last == ends[-1] else 0
        near = abs(start - at / rate) <= tolerance and abs(end - late - last / rate) <= tolerance
        bench.expect(near, f"{what}: {title} is {start} to {end}, planned {at} to {last}")
    return len(found)


def check_copy(bench, track, path, wave, plan):
    """Decodes one copy and compares it with the WAV file of its rate."""
    _, _, channels, _, _ = track
    kind = path.suffix[1:]
    what = f"{' '.join(map(str, track))} {kind}"
    copy = decoded(path, channels)
    bench.expect(len(copy) == plan["frames"], f"{what}: {len(copy)} of {plan['frames']} frames")
    late = offset(wave[:, 0], copy[:, 0])
    bench.expect(late == 0, f"{what}: {late} frames late")
    chapters = check_chapters(bench, what, path, plan, 0.000_51)
    row = [what, len(copy) - plan["frames"], late, f"{path.stat().st_size / 1e6:.2f} MB", chapters]
    if kind in ("flac", "m4a"):
        if kind == "flac":
            tools.run("flac", "--totally-silent", "--test", path)
        bench.expect(np.array_equal(copy, wave), f"{what}: other samples than the WAV file")
        return bench.rows.append([*row, "same samples"])
    kept = min(fidelity(wave[:, n], copy[: len(wave), n]) for n in range(channels))
    bench.expect(kept >= LEAST_DB[kind], f"{what}: only {kept:.1f} dB above what was changed")
    _, peak = tools.meter(path)
    bench.expect(peak <= HIGHEST_PEAK_DBTP, f"{what}: the true peak is {peak} dBTP")
    bench.rows.append([*row, f"{kept:.1f} dB, peak {peak} dBTP"])


def words(track, rate):
    routine, _, _, _, flags = track
    return (routine, "--rate", rate, *flags)


def plan_of(bench, track, rate):
    return json.loads(bench.run("plan", *words(track, rate), "--format", "json"))


def check_track(bench, track, kinds, home):
    _, rate, channels, bits, _ = track
    path = home / "track.wav"
    also = ",".join((*TEXTS, *kinds))
    shape = ("--bits", bits, "--channels", channels)
    arguments = ("render", *words(track, rate), *shape, "-q")
    bench.run(*arguments, "-o", path, "--also", also)
    plan = plan_of(bench, track, rate)
    for kind in kinds:
        if kind == "opus" and rate != OPUS_RATE:
            own = home / "opus.wav"
            bench.run("render", *words(track, OPUS_RATE), *shape, "-q", "-o", own)
            wave, own_plan = decoded(own, channels), plan_of(bench, track, OPUS_RATE)
        else:
            wave, own_plan = decoded(path, channels), plan
        check_copy(bench, track, path.with_suffix(f".{kind}"), wave, own_plan)
    for copy in (path.with_suffix(f".{kind}") for kind in kinds):
        check_verified(bench, track, copy)
    if track == TRACKS[0]:
        check_others(bench, track, path)
    check_texts(bench, track, path, plan)
    if track == AGAIN:
        check_again(bench, arguments, home, kinds)


def check_verified(bench, track, copy):
    """`verify` finds nothing in a copy, by the plan of the track beside it."""
    told = subprocess.run([bench.program, "verify", copy], capture_output=True, text=True)
    what = f"{' '.join(map(str, track))} {copy.name}: {told.stdout} {told.stderr}"
    bench.expect(told.returncode == 0, what)


def check_others(bench, track, path):
    """Nor does it in what another program makes of the track; but in one that is too soft."""
    for words in OTHERS:
        copy = path.with_suffix(f".{words[0]}")
        kept = copy.read_bytes()
        encode = ("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, *words[1:])
        tools.run(*encode, copy)
        check_verified(bench, track, copy)
        tools.run(*encode, "-af", "volume=-1.5dB", copy)
        told = subprocess.run([bench.program, "verify", copy], capture_output=True, text=True)
        soft = told.returncode == 1 and "dB too soft" in told.stdout
        bench.expect(soft, f"{copy.name}, 1.5 dB softer: {told.stdout}")
        copy.write_bytes(kept)


def check_again(bench, arguments, home, kinds):
    """The same bytes on one thread, and where a copy is made instead of the track."""
    one_thread = {**os.environ, "RAYON_NUM_THREADS": "1"}
    for kind in kinds:
        again = home / f"again.{kind}"
        bench.run(*arguments, "-o", again, env=one_thread)
        same = again.read_bytes() == (home / f"track.{kind}").read_bytes()
        bench.expect(same, f"{' '.join(map(str, arguments))}: another {kind}")


def check_texts(bench, track, path, plan):
    what, rate = " ".join(map(str, track)), plan["sample_rate"]
    for kind in ("csv", "json"):
        planned = bench.run("plan", *words(track, rate), "--format", kind)
        same = path.with_suffix(f".{kind}").read_bytes() == planned
        bench.expect(same, f"{what}: {kind} is not the plan's")
    check_captions(bench, what, path.with_suffix(".vtt"), plan)
    named = path.with_suffix(".mka")
    text = path.with_name("track.chapters.txt")
    tools.run(
        *("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", path, "-i", text),
        *("-map_metadata", "1", "-map_chapters", "1", "-c:a", "copy", named),
    )
    check_chapters(bench, f"{what} chapters.txt", named, plan, 0.000_001)
    check_labels(bench, what, path.with_name("track.labels.txt"), plan)


def check_captions(bench, what, path, plan):
    """ffmpeg finds every prompt, to the millisecond."""
    told = tools.run(
        *("ffprobe", "-v", "error", "-of", "json"),
        *("-show_entries", "packet=pts_time,duration_time", path),
    )
    found = [(float(p["pts_time"]), float(p["duration_time"])) for p in json.loads(told)["packets"]]
    voice = [event for event in plan["events"] if event["track"] == "voice"]
    bench.expect(len(found) == len(voice), f"{what}: {len(found)} captions of {len(voice)}")
    rate = plan["sample_rate"]
    for (at, lasts), event in zip(found, voice):
        end = (event["at"] + event["frames"]) / rate
        near = abs(at - event["at"] / rate) <= 0.000_51 and abs(at + lasts - end) <= 0.000_51
        bench.expect(near, f"{what}: the caption at {at} for {lasts} is not {event}")


def check_labels(bench, what, path, plan):
    """Every label is a section or a prompt, to the frame."""
    rate = plan["sample_rate"]
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    found = sorted((round(float(a) * rate), round(float(b) * rate), text) for a, b, text in lines)
    place = lambda event: (event["at"], event["at"] + event["frames"])
    voice = [event for event in plan["events"] if event["track"] == "voice"]
    planned = [(*place(section), section["title"]) for section in plan["sections"]]
    planned += [(*place(event), f"“{event['text']}”") for event in voice]
    bench.expect(found == sorted(planned), f"{what}: labels are not the plan's")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--effleurage", required=True, type=Path)
    return parser.parse_args()


def main():
    bench = Bench(arguments().effleurage)
    for tracks, kinds in ((TRACKS, ("flac", "mp3", "opus", "m4a")), (FLAC_TRACKS, ("flac", "m4a"))):
        for track in tracks:
            with tempfile.TemporaryDirectory() as home:
                check_track(bench, track, kinds, Path(home))
    for row in [["copy", "frames off", "late", "size", "chapters", "kept"], *bench.rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, (52, 10, 5, 9, 9, 40))))
    print(*bench.misses, sep="\n")
    print(f"{bench.checks} checks, {len(bench.misses)} misses")
    return 1 if bench.misses else 0


if __name__ == "__main__":
    sys.exit(main())
