"""Walks a WAV file byte by byte, from the specification alone.

After "Multimedia Programming Interface and Data Specifications 1.0" (IBM and
Microsoft, 1991) for RIFF, and "Multiple channel audio data and WAVE files"
(Microsoft, 2001) for WAVE_FORMAT_EXTENSIBLE.
"""

import struct
from dataclasses import dataclass

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
# The sub-formats share everything after their first two bytes.
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
FRONT_LEFT = 1


class Malformed(Exception):
    """The bytes are not what the specification asks for."""


@dataclass
class Wave:
    """What the header says."""

    kind: int
    channels: int
    rate: int
    bits: int
    mask: int | None
    data_at: int
    data_bytes: int
    frames: int


# What stands behind the sound of a track, in this order.
BEHIND = [b"cue ", b"LIST", b"LIST", b"effl"]


@dataclass(frozen=True)
class Marker:
    """A named stretch of a track, in frames."""

    at: int
    frames: int
    label: str


def demand(holds, what):
    if not holds:
        raise Malformed(what)


def walk(file):
    """The Wave in `file` (bytes); raises Malformed at the first fault."""
    chunks = list(walk_chunks(file))
    names = [name for name, _, _ in chunks]
    demand(names.count(b"fmt ") == 1, f"fmt chunks: {names}")
    demand(names.count(b"data") == 1, f"data chunks: {names}")
    demand(names.index(b"fmt ") < names.index(b"data"), "data comes before fmt")
    places = {name: (start, size) for name, start, size in chunks}
    start, size = places[b"fmt "]
    return read_format(file[start : start + size], *places[b"data"])


def walk_chunks(file):
    """Yields (name, first byte, size) of each chunk, and checks every length."""
    demand(len(file) >= 12, "shorter than a RIFF header")
    riff, size, wave = struct.unpack_from("<4sI4s", file)
    demand((riff, wave) == (b"RIFF", b"WAVE"), "not RIFF … WAVE")
    demand(size == len(file) - 8, f"RIFF size {size}, file {len(file)} - 8")
    at = 12
    while at < len(file):
        demand(at + 8 <= len(file), f"{len(file) - at} stray bytes at {at}")
        name, size = struct.unpack_from("<4sI", file, at)
        end = at + 8 + size
        demand(end + size % 2 <= len(file), f"{name} at {at} ends beyond the file")
        if size % 2:
            demand(file[end] == 0, f"the padding of {name} is not zero")
        yield name, at + 8, size
        at = end + size % 2


def read_format(fmt, data_at, data_bytes):
    demand(len(fmt) in (16, 18, 40), f"fmt has {len(fmt)} bytes")
    kind, channels, rate, byte_rate, align, bits = struct.unpack_from("<HHIIHH", fmt)
    demand(align == channels * bits // 8, f"block align {align}")
    demand(byte_rate == rate * align, f"byte rate {byte_rate}")
    demand(data_bytes % align == 0, "data ends within a frame")
    mask = None
    if kind == EXTENSIBLE:
        kind, mask = read_extension(fmt, bits, channels)
    demand(kind in (PCM, FLOAT), f"format {kind}")
    demand((kind == FLOAT) == (bits == 32), f"{bits} bits as format {kind}")
    frames = data_bytes // align
    return Wave(kind, channels, rate, bits, mask, data_at, data_bytes, frames)


def read_extension(fmt, bits, channels):
    demand(len(fmt) == 40, f"an extensible fmt of {len(fmt)} bytes")
    extra, valid, mask, kind = struct.unpack_from("<HHIH", fmt, 16)
    demand(extra == 22, f"extension of {extra} bytes")
    demand(valid == bits, f"{valid} valid bits of {bits}")
    demand(fmt[26:] == GUID_TAIL, "unknown sub-format")
    demand(mask.bit_count() == channels, f"mask {mask:#x} for {channels} channels")
    demand(not (channels == 1 and mask == FRONT_LEFT), "mono is marked as front left")
    return kind, mask


def markers(file):
    """The Markers of `file` (bytes), from its cue points and their labels and regions."""
    chunks = list(walk_chunks(file))
    names = [name for name, _, _ in chunks]
    behind = names[names.index(b"data") + 1 :]
    demand(behind == BEHIND, f"behind the sound stand {behind}")
    (_, start, size), (_, adtl, adtl_size) = chunks[-4:-2]
    (count,) = struct.unpack_from("<I", file, start)
    demand(size == 4 + 24 * count, f"{count} cue points in {size} bytes")
    demand(file[adtl : adtl + 4] == b"adtl", "labels do not follow the cue points")
    labels, regions = {}, {}
    for name, at, length in walk_list(file, adtl + 4, adtl + adtl_size):
        (point,) = struct.unpack_from("<I", file, at)
        if name == b"labl":
            demand(file[at + length - 1] == 0, "a label without its zero")
            labels[point] = file[at + 4 : at + length - 1].decode()
        else:
            demand((name, length) == (b"ltxt", 20), f"{name} among the labels")
            regions[point] = struct.unpack_from("<I", file, at + 4)[0]
    found = []
    for n in range(count):
        point, order, kind, _, _, offset = struct.unpack_from("<II4sIII", file, start + 4 + 24 * n)
        demand(kind == b"data" and order == offset, f"cue point {point} is not in the sound")
        found.append(Marker(offset, regions[point], labels[point]))
    return found


def walk_list(file, at, end):
    """Yields (name, first byte, size) of each chunk of a list."""
    while at < end:
        name, size = struct.unpack_from("<4sI", file, at)
        demand(at + 8 + size <= end, f"{name} at {at} ends beyond its list")
        yield name, at + 8, size
        at += 8 + size + size % 2
