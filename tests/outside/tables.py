"""A table of many short tracks, and what is in a folder, for the checks of `batch`."""

import hashlib
from pathlib import Path

# The shortest of routines, for both legs.
CALF = Path(__file__).parent.parent.joinpath("batch", "calf.toml").read_text()
CALF = CALF.replace('legs = "left"', 'legs = "each"')



def write(folder, rows, formats, rate, longest=100):
    """A table of so many rows in `folder`, no two of the same length; its path."""
    Path(folder, "calf.toml").write_text(CALF)
    lines = [f"routine,total,voice,bed,rate,formats,note,name"]
    for n in range(rows):
        seconds = 70 + (longest - 70) * n / max(1, rows - 1)
        voice, bed = ("en", "es")[n % 2], ("", "pad", "rain")[n % 3]
        line = f'calf.toml,{seconds:.2f}s,{voice},{bed},{rate},"{formats}",{n:03},'
        lines.append(line + "{voice}/{note}-{bed}")
    table = Path(folder, "tracks.csv")
    table.write_text("\n".join(lines) + "\n")
    return table


def content(folder):
    """The SHA-256 of every file in `folder`, by its path there."""
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def tracks(found):
    """Those of these files that are no reports."""
    return {name: digest for name, digest in found.items() if not name.endswith(".jsonl")}
