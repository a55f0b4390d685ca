"""Reads what a track is called, its cover and its loudness with other programs.

    python tags.py --effleurage PROGRAM

PROGRAM is the built `effleurage`. Needs mutagen, and the commands ffmpeg, ffprobe, mediainfo
and exiftool. One session is made in every format, with every tag, a cover and, for broadcasters,
its loudness; each field is read back by each program that can. Prints one table, formats by
fields, and exits with 1 if anything is not as it was asked for.
"""

import argparse
import base64
import json
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import mutagen
from mutagen.flac import Picture

import tools

ROUTINE = "self-short"
VOICE = "es"
ASKED = {
    "title": "{title}, {minutes} min",
    "artist": "Clínica Ñandú",
    "album": "Piernas & más",
    "track": "3/12",
    "year": "2026",
    "genre": "Relaxation",
    "comment": "Tarde, {length}: “sin prisa”",
    "copyright": "2026 Clínica Ñandú",
    "language": "es-MX",
}
FORMATS = ("wav", "flac", "mp3", "opus", "m4a", "m4b")
FIELDS = (*ASKED, "cover", "chapters")
# Where ffprobe and mediainfo show a field; exiftool and mutagen call it otherwise in each
# format, so there all values that they show are looked through.
FFPROBE = {
    "artist": ("artist",),
    "title": ("title",),
    "album": ("album",),
    "track": ("track",),
    "year": ("date",),
    "genre": ("genre",),
    "comment": ("comment", "description"),
    "copyright": ("copyright",),
    "language": ("language",),
}
MEDIAINFO = {
    "title": ("Title", "Track"),
    "artist": ("Performer",),
    "album": ("Album",),
    "track": ("Track_Position",),
    "year": ("Recorded_Date",),
    "genre": ("Genre",),
    "comment": ("Comment", "Description"),
    "copyright": ("Copyright",),
    "language": ("Language", "LANGUAGE"),
}
MEDIAINFO_BEXT = {
    "integrated": "LoudnessValue",
    "range": "LoudnessRange",
    "peak": "MaxTruePeakLevel",
    "momentary": "MaxMomentaryLoudness",
    "short-term": "MaxShortTermLoudness",
}
# What a program does not show of a format: MediaInfo looks for no chapters in ID3.
SILENT = {("mp3", "chapters", "mediainfo")}
# So far from ffmpeg's meter, in LU or dB.
LOUDNESS_TOLERANCE, RANGE_TOLERANCE = 0.11, 1.0


def wanted(plan):
    """The value of each field."""
    seconds = round(plan["frames"] / plan["sample_rate"])
    words = {
        "title": plan["title"],
        "minutes": str((seconds + 30) // 60),
        "length": f"{seconds // 60}:{seconds % 60:02}",
    }
    fill = lambda text: re.sub(r"\{(\w+)\}", lambda field: words[field[1]], text)
    return {key: fill(text) for key, text in ASKED.items()}


def same(field, found, expected):
    """Whether a program's text says what is expected; numbers and languages may be written
    otherwise."""
    found = str(found).strip()
    if field == "track":
        numbers = [int(number) for number in re.findall(r"\d+", found)]
        return numbers[:1] == [3] and numbers[1:] in ([], [12])
    if field == "language":
        return found.lower() in ("es-mx", "spa", "es", "spanish", "spanish (mx)")
    return found == expected


def flat(value):
    """All texts in what a program shows, however deep."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in flat(inner)]
    if isinstance(value, (list, tuple)):
        return [text for inner in value for text in flat(inner)]
    return [str(value)]


def ffprobe(path):
    shown = ("-show_format", "-show_streams", "-show_chapters")
    told = json.loads(tools.run("ffprobe", "-v", "error", "-of", "json", *shown, path))
    tags = {}
    audio = [stream for stream in told["streams"] if stream["codec_type"] == "audio"]
    for part in (*audio, told["format"]):
        tags.update({key.lower(): value for key, value in part.get("tags", {}).items()})
    found = {field: [tags[key] for key in keys if key in tags] for field, keys in FFPROBE.items()}
    pictures = [s for s in told["streams"] if s.get("disposition", {}).get("attached_pic")]
    found["cover"] = [f"{p['width']}x{p['height']}" for p in pictures]
    found["chapters"] = [len(told["chapters"])] if told["chapters"] else []
    return found


def mediainfo(path):
    told = json.loads(tools.run("mediainfo", "--Output=JSON", path))["media"]["track"]
    general = [track for track in told if track["@type"] in ("General", "Audio")]
    shown = lambda keys: [t[key] for t in general for key in keys if key in t]
    extra = [track.get("extra", {}) for track in general]
    found = {}
    for field, keys in MEDIAINFO.items():
        found[field] = shown(keys) + [e[key] for e in extra for key in keys if key in e]
    found["cover"] = ["yes"] if any(t.get("Cover") == "Yes" for t in general) else []
    menus = [t.get("extra", {}) for t in told if t["@type"] == "Menu"]
    found["chapters"] = [len(menus[0])] if menus else []
    return found


def exiftool(path):
    (told,) = json.loads(tools.run("exiftool", "-j", "-G1", "-ee", "-a", path))
    texts = {key.split(":")[-1].lower(): value for key, value in told.items()}
    everything = [text for value in told.values() for text in flat(value)]
    found = {field: everything for field in ASKED}
    pictures = [key for key in texts if key in ("picture", "coverart", "metadatablockpicture")]
    found["cover"] = ["yes"] if pictures else []
    found["chapters"] = []
    return found


def of_mutagen(path):
    file = mutagen.File(path)
    tags = file.tags or {}
    texts = []
    for key, value in tags.items():
        texts += flat(getattr(value, "text", value)) if not isinstance(value, bytes) else []
        if key == "trkn":
            texts.append("/".join(map(str, value[0])))
        if isinstance(value, list) and value and isinstance(value[0], bytes):
            texts.append(bytes(value[0]).decode(errors="replace"))
    found = {field: texts for field in ASKED}
    found["cover"] = cover_of_mutagen(file, tags)
    keys = [key.upper() for key in tags.keys()]
    chapters = [key for key in keys if key.startswith("CHAP") and not key.endswith("NAME")]
    chapters = chapters or getattr(file, "chapters", None)
    found["chapters"] = [len(chapters)] if chapters else []
    return found


def cover_of_mutagen(file, tags):
    """The bytes of the picture."""
    pictures = [picture.data for picture in getattr(file, "pictures", [])]
    pictures += [frame.data for key, frame in tags.items() if key.startswith("APIC")]
    pictures += [bytes(picture) for picture in tags.get("covr", [])]
    blocks = tags.get("metadata_block_picture", []) if "metadata_block_picture" in tags else []
    pictures += [Picture(base64.b64decode(block)).data for block in blocks]
    return [hash(picture) for picture in pictures]


READERS = {
    "ffprobe": ffprobe,
    "mediainfo": mediainfo,
    "exiftool": exiftool,
    "mutagen": of_mutagen,
}


def bext(path):
    """The values of the chunk, read by the layout of EBU Tech 3285."""
    data = path.read_bytes()
    at = data.index(b"bext") + 8
    (version,) = struct.unpack_from("<H", data, at + 346)
    (time,) = struct.unpack_from("<Q", data, at + 338)
    values = struct.unpack_from("<5h", data, at + 412)
    names = ("integrated", "range", "peak", "momentary", "short-term")
    return version, time, dict(zip(names, (value / 100 for value in values)))


def metered(path):
    """What ffmpeg's meter says of the file."""
    graph = "ebur128=peak=true:framelog=verbose:metadata=1,ametadata=print:file=-"
    words = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", graph, "-f", "null", "-"]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    lines = done.stdout.decode()
    values = lambda key: re.findall(rf"lavfi\.r128\.{key}=(-?[\d.]+)", lines)
    highest = lambda key: max(float(value) for value in values(key))
    summary = done.stderr.decode(errors="replace").rsplit("Summary:", 1)[1]
    number = lambda key, unit: float(re.search(rf"{key}:\s+(-?[\d.]+) {unit}", summary)[1])
    return {
        "integrated": number("I", "LUFS"),
        "range": number("LRA", "LU"),
        "peak": number("Peak", "dBFS"),
        "momentary": highest("M"),
        "short-term": highest("S"),
    }


def check_broadcast(path, misses):
    version, time, told = bext(path)
    if (version, time) != (2, 0):
        misses.append(f"bext: version {version}, time {time}")
    heard = metered(path)
    row = []
    for key, value in told.items():
        tolerance = RANGE_TOLERANCE if key == "range" else LOUDNESS_TOLERANCE
        row.append(f"{key} {value:.2f} (ffmpeg {heard[key]:.1f})")
        if abs(value - heard[key]) > tolerance:
            misses.append(f"bext: {key} is {value}, ffmpeg hears {heard[key]}")
    info, *others = json.loads(tools.run("mediainfo", "--Output=JSON", path))["media"]["track"]
    shown = next(track["extra"] for track in others if track["@type"] == "Audio")
    for name, key in MEDIAINFO_BEXT.items():
        if float(shown[key]) != told[name]:
            misses.append(f"bext: mediainfo shows {key} {shown[key]}, not {told[name]}")
    if not str(info.get("Producer", "")).startswith("effleurage"):
        misses.append(f"bext: mediainfo shows the originator {info.get('Producer')!r}")
    history = tools.run("exiftool", "-s3", "-CodingHistory", path).decode()
    if not history.startswith("A=PCM,F=44100,W=16,M=mono,T=effleurage"):
        misses.append(f"bext: exiftool shows the coding history {history!r}")
    return ", ".join(row)


def check_same_samples(home, misses):
    """ffmpeg decodes the M4A to the very samples of the WAV file."""
    samples = lambda name, code: tools.run(
        "ffmpeg", "-nostdin", "-v", "error", "-i", home / name, "-map", "0:a", "-f", code, "-"
    )
    for name in ("track.m4a", "track.m4b"):
        if samples(name, "s16le") != samples("track.wav", "s16le"):
            misses.append(f"{name}: other samples than the WAV file")


def check(program, home):
    misses = []
    picture = home / "cover.png"
    tools.run(program, "-q", "card", ROUTINE, "--voice", VOICE, "--paper", "square", "-o", picture)
    flags = [word for key, text in ASKED.items() for word in (f"--{key}", text)]
    tools.run(
        *(program, "-q", "render", ROUTINE, "--voice", VOICE, *flags, "--cover", picture),
        *("--broadcast", "-o", home / "track.wav", "--also", ",".join(FORMATS[1:])),
    )
    plan = ("plan", ROUTINE, "--voice", VOICE, "--format", "json")
    values = wanted(json.loads(tools.run(program, "-q", *plan)))
    cover = hash(picture.read_bytes())
    rows = []
    for kind in FORMATS:
        read = {name: reader(home / f"track.{kind}") for name, reader in READERS.items()}
        for field in FIELDS:
            row = [kind, field]
            for name, found in read.items():
                good = verdict(field, found[field], values.get(field), cover)
                expected = is_expected(kind, field, name)
                if expected and not good:
                    misses.append(f"{kind}: {name} shows {field} as {found[field][:40]}")
                row.append("yes" if good else "-" if not expected else "NO")
            rows.append(row)
    loudness = check_broadcast(home / "track.wav", misses)
    check_same_samples(home, misses)
    return rows, loudness, misses


def verdict(field, found, expected, cover):
    if field == "cover":
        return any(value in ("yes", "1400x1400", cover) for value in found)
    if field == "chapters":
        return any(value > 1 for value in found)
    return any(same(field, text, expected) for text in found)


def is_expected(kind, field, reader):
    """Whether a program can show a field of a format."""
    if (kind, field, reader) in SILENT:
        return False
    if field == "cover":
        return kind != "wav"
    if field == "chapters":
        # A WAV file has markers, which are looked at elsewhere.
        return kind != "wav" and reader != "exiftool"
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--effleurage", required=True, type=Path)
    program = parser.parse_args().effleurage.resolve()
    with tempfile.TemporaryDirectory() as home:
        rows, loudness, misses = check(program, Path(home))
    for row in [["format", "field", *READERS], *rows]:
        print("".join(str(cell).ljust(11) for cell in row).rstrip())
    print(f"bext: {loudness}")
    print(*misses, sep="\n")
    print(f"{len(rows) * len(READERS)} looks, {len(misses)} misses")
    sys.exit(1 if misses else 0)


if __name__ == "__main__":
    main()
