"""Builds the image of deploy/Containerfile and runs it as deploy/job.yaml does.

    python container.py --sources APT --target FOLDER

APT is the list of sources from which the images are made that a registry has elsewhere, and
FOLDER has what cargo built already, so that little is built again. Needs root, mmdebstrap,
buildah, cargo, and kubernetes-validate from PyPI beside this Python. Exits with 1 if anything is
not as it should be.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import run

PROJECT = Path(__file__).parents[2]
JOB = PROJECT / "deploy" / "job.yaml"
SUITE = "bookworm"
# Whose number job.yaml's image has.
NOBODY = 65_534
TABLE = "routine,total,voice,formats\nself-short,,en,mp3\nself-short,7m,es,opus\nself-short,8m,,flac\n"
SHARES = 2
# What whoever runs a container puts there.
MOUNTED = ("etc/hosts", "table", "tracks")


class Checks:
    def __init__(self):
        self.made = self.missed = 0

    def expect(self, holds, what, detail=""):
        self.made += 1
        self.missed += not holds
        print(f"{'ok  ' if holds else 'MISS'}  {what}", "" if holds else f"  {detail}", flush=True)


def job(checks):
    """What Kubernetes' own schema says of the job, and of one with a slip in it."""
    validate = Path(sys.executable).with_name("kubernetes-validate")
    told = subprocess.run([validate, "--strict", JOB], capture_output=True, text=True)
    checks.expect(told.returncode == 0, "job.yaml is one of Kubernetes", told.stderr)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as slipped:
        slipped.write(JOB.read_text().replace("completionMode", "completionsMode"))
        slipped.flush()
        told = subprocess.run([validate, "--strict", slipped.name], capture_output=True, text=True)
        checks.expect(told.returncode != 0, "and a slip in it is one")


class Images:
    """Images in a folder of their own, without a registry."""

    def __init__(self, scratch):
        self.scratch = scratch
        roots = ("--root", scratch / "images", "--runroot", scratch / "running")
        self.buildah = ("buildah", *roots, "--storage-driver", "vfs")

    def run(self, *words):
        return run(*self.buildah, *words).decode()

    def debian(self, name, sources, *packages):
        """A bare Debian with these packages."""
        tar = self.scratch / f"{name}.tar"
        packages = [f"--include={','.join(packages)}"] if packages else []
        run("mmdebstrap", "--quiet", "--variant=minbase", *packages, SUITE, tar, sources)
        container = self.run("from", "scratch").strip()
        self.run("add", "--quiet", container, tar, "/")
        places = "/root/.cargo/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.run("config", "--env", f"PATH={places}", container)
        self.run("commit", "--quiet", "--rm", container, name)
        tar.unlink()
        return f"localhost/{name}"

    def build(self, rust, base, commit, target):
        """The image of the Containerfile; Rust is that of this machine."""
        volumes = [f"{Path.home() / name}:/root/{name}" for name in (".rustup", ".cargo")]
        # What is in a volume is not in the image; the program is to be.
        built = (target / "release").glob("*/")
        volumes += [f"{path}:/source/target/release/{path.name}" for path in built]
        volumes = [word for volume in volumes for word in ("--volume", volume)]
        images = ("--build-arg", f"RUST={rust}", "--build-arg", f"BASE={base}")
        told = ("--build-arg", f"COMMIT={commit}", "--file", PROJECT / "deploy/Containerfile")
        self.run(
            *("bud", "--quiet", "--isolation", "chroot", *volumes, *images, *told),
            *("--tag", "effleurage", PROJECT),
        )


def files(root):
    return set(root.rglob("*"))


def used(checks, images, commit):
    """Two pods make their shares, and a third puts them together."""
    table, tracks = images.scratch / "table", images.scratch / "tracks"
    table.mkdir()
    (table / "tracks.csv").write_text(TABLE)
    tracks.mkdir()
    os.chown(tracks, NOBODY, NOBODY)
    container = images.run("from", "localhost/effleurage").strip()
    about = json.loads(images.run("inspect", container))["OCIv1"]["config"]
    checks.expect(about["User"] == f"{NOBODY}:{NOBODY}", "it runs as nobody", about)
    program = about["Entrypoint"]
    root = Path(images.run("mount", container).strip())
    before = files(root)
    batch = ("batch", "/table/tracks.csv", "-o", "/tracks", "--jobs", "1", "--memory", "400M")
    volumes = ("--volume", f"{table}:/table:ro", "--volume", f"{tracks}:/tracks")
    within = ("run", "--isolation", "chroot", *volumes)

    def pod(*words, index=None):
        share = () if index is None else ("--env", f"JOB_COMPLETION_INDEX={index}")
        return images.run(*within, *share, container, "--", *program, *words)

    told = pod("--version", "-v")
    checks.expect(commit in told, "it tells of which commit it is", told)
    voices = pod("voice", "list", "-q")
    checks.expect("pt-BR" in voices, "every voice is at hand", voices)
    for index in range(SHARES):
        pod(*batch, "--shards", str(SHARES), "--quiet", index=index)
    pod(*batch, "--join", "--quiet")
    rows = [json.loads(line) for line in (tracks / "report.jsonl").read_text().splitlines()]
    made = sorted(path.suffix for path in tracks.iterdir() if path.suffix != ".jsonl")
    checks.expect(made == [".flac", ".mp3", ".opus"], "two shares are all tracks", made)
    checks.expect(len(rows) >= len(made), "and one report", rows)
    written = [str(path.relative_to(root)) for path in files(root) - before]
    elsewhere = [path for path in written if path not in MOUNTED and not path.startswith("tmp/")]
    # A read-only root, as job.yaml has it, refuses nothing then.
    checks.expect(not elsewhere, "nothing is written but tracks and /tmp", elsewhere)


def main():
    parser = argparse.ArgumentParser()
    for name in ("sources", "target"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    commit = run("git", "-C", PROJECT, "rev-parse", "HEAD").decode().strip()
    checks = Checks()
    job(checks)
    with tempfile.TemporaryDirectory() as folder:
        images = Images(Path(folder))
        target = images.scratch / "target"
        for name in ("deps", "build", ".fingerprint"):
            shutil.copytree(given.target / "release" / name, target / "release" / name)
        base = images.debian("base", given.sources)
        rust = images.debian("rust", given.sources, "gcc", "libc6-dev", "ca-certificates")
        images.build(rust, base, commit, target)
        used(checks, images, commit)
        images.run("rm", "--all")
    print(f"{checks.made} checks, {checks.missed} misses")
    sys.exit(1 if checks.missed or not checks.made else 0)


if __name__ == "__main__":
    main()
