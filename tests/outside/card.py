"""Looks at cards with programs that are not the program's own.

    python card.py --effleurage PROGRAM

PROGRAM is the built `effleurage`. Needs numpy, and the commands pdfinfo, pdffonts,
pdftotext, pdftoppm, rsvg-convert, xmllint and ffmpeg. Each card is written as SVG, PNG
and PDF; the three must be one picture, the PDF one page of the right size that says what
the plan says, and the SVG well-formed. Exits with 1 if anything is not as it should be.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import tools

# Millimetres: ISO 216 and ANSI/ASME Y14.1.
PAPERS = {"a4": (210, 297), "letter": (215.9, 279.4)}
CARDS = {
    "partner": ("partner",),
    "self-es": ("self", "--voice", "es"),
    "gentle": ("self-short", "--gentle", "--legs", "left"),
    "hostile": ("hostile.toml",),
}
HOSTILE = """name = "hostile"
title = '<&">]]> 🦵 עיסוי رجل ñandú'
for = "self"

[techniques.circles]
title = '<b>&amp;'
strokes_per_minute = 20
ticks = "X"
motion = "circle"
pressure = "light"
strokes_per_pass = 5

[[step]]
id = "one"
title = '{0}'
legs = "each"
zones = [{{ zone = "calf", technique = "circles", lasts = "30s" }}]
""".format("w" * 500)

TOLD_APART = 7
DOTS_PER_INCH = 50
# Edges are smoothed differently; a missing line or a letter elsewhere is far more.
LARGEST_MEAN, LARGEST_SPOT, SPOT = 0.02, 0.07, 8


def grey(path, shape):
    """The picture at `path` as numbers from 0 to 1, in `shape`."""
    height, width = shape
    scale = f"scale={width}:{height}:flags=area,format=gray"
    command = ("ffmpeg", "-v", "error", "-i", path, "-vf", scale, "-f", "rawvideo", "-")
    return np.frombuffer(tools.run(*command), np.uint8).reshape(shape) / 255


def unlike(one, other):
    """(mean difference, largest difference of a spot) of two pictures."""
    difference = one - other
    rows, columns = (side // SPOT * SPOT for side in difference.shape)
    spots = difference[:rows, :columns].reshape(rows // SPOT, SPOT, columns // SPOT, SPOT)
    return np.abs(difference).mean(), np.abs(spots.mean(axis=(1, 3))).max()


def pictures(card, folder, paper):
    """The three files of a card as pictures of one shape."""
    shape = tuple(round(side / 25.4 * DOTS_PER_INCH) for side in reversed(PAPERS[paper]))
    # Drawn large and made small, so that edges are smoothed alike.
    fine = str(6 * DOTS_PER_INCH)
    tools.run("pdftoppm", "-singlefile", "-png", "-r", fine, f"{card}.pdf", folder / "pdf")
    svg = ("rsvg-convert", "-d", fine, "-p", fine, "-o", folder / "svg.png", f"{card}.svg")
    tools.run(*svg)
    files = {"PNG": f"{card}.png", "PDF": folder / "pdf.png", "SVG": folder / "svg.png"}
    return {name: grey(path, shape) for name, path in files.items()}


def faults_of_pdf(path, paper, plan):
    """What is wrong with a PDF."""
    lines = tools.run("pdfinfo", path).decode().splitlines()
    info = dict(line.split(":", 1) for line in lines if ":" in line)
    if info["Pages"].strip() != "1":
        yield f"{info['Pages'].strip()} pages"
    size = [float(word) for word in info["Page size"].split() if word[0].isdigit()]
    wanted = [side / 25.4 * 72 for side in PAPERS[paper]]
    if not np.allclose(size, wanted, atol=0.01):
        yield f"a page of {size} points"
    if "CreationDate" in info or "ModDate" in info:
        yield "a date"
    for font in tools.run("pdffonts", path).decode().splitlines()[2:]:
        if font.split()[-5:-2] != ["yes", "no", "yes"]:
            yield f"a font that is not inside, or without letters: {font}"
    said = " ".join(tools.run("pdftotext", "-layout", path, "-").decode().split())
    for title in titles(plan):
        # The rest may stand on a line of its own.
        if title[:TOLD_APART] not in said:
            yield f"no {title!r} in its text"


def titles(plan):
    """The titles of a routine and of its steps."""
    yield plan["title"]
    for section in plan["sections"]:
        if section["id"].count(".") == 1 and section["kind"] == "lead-in":
            yield section["title"]


def faults(program, name, paper, folder):
    """What is wrong with a card."""
    card = folder / f"{name}-{paper}"
    flags = CARDS[name]
    for format in ("svg", "png", "pdf"):
        output = f"{card}.{format}"
        tools.run(program, "-q", "card", *flags, "--paper", paper, "-o", output, cwd=folder)
    plan = json.loads(tools.run(program, "-q", "plan", *flags, "--format", "json", cwd=folder))
    tools.run("xmllint", "--noout", "--nonet", f"{card}.svg")
    yield from faults_of_pdf(f"{card}.pdf", paper, plan)
    drawn = pictures(card, folder, paper)
    if not 0.03 < 1 - drawn["PNG"].mean() < 0.5:
        yield "nearly empty or nearly black"
    for other in ("PDF", "SVG"):
        mean, spot = unlike(drawn["PNG"], drawn[other])
        if mean > LARGEST_MEAN or spot > LARGEST_SPOT:
            yield f"PNG and {other} differ: {mean:.3f} in the mean, {spot:.3f} in a spot"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--effleurage", required=True, type=Path)
    program = parser.parse_args().effleurage.resolve()
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
        for name in CARDS:
            for paper in PAPERS:
                told = list(faults(program, name, paper, folder))
                found += len(told)
                print(f"{name:8} {paper:6}  {'; '.join(told) or 'good'}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
