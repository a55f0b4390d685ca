"""Installs what is given to people, uses it, and takes it away again.

    python installed.py --effleurage PROGRAM --deb PACKAGE --static PROGRAM --sources APT

PROGRAM is the `effleurage` of this machine, PACKAGE its Debian package, the static PROGRAM
one for machines that have nothing, and APT the list of sources from which a bare Debian is
made. Needs root, mmdebstrap and mount. Exits with 1 if anything is not as it should be.
"""

import argparse
import contextlib
import filecmp
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import run

# Whose number stands for a person without rights.
NOBODY = "65534:65534"
VOICES = ["en", "en-m", "es", "fr", "it", "pt-BR"]
TRACK = ("render", "partner", "--no-cache")
# Where a system notes that packages came and went.
NOTES = ("var/lib/dpkg", "var/lib/apt", "var/log", "var/cache", "proc", "home")


class Checks:
    def __init__(self):
        self.made = self.missed = 0

    def expect(self, holds, what, detail=""):
        self.made += 1
        self.missed += not holds
        print(f"{'ok  ' if holds else 'MISS'}  {what}", "" if holds else f"  {detail}", flush=True)


def inside(root, *words, user=None):
    """Runs a program of `root` as if there were nothing else."""
    person = ["--userspec", user] if user else []
    home = ["env", "-i", "HOME=/home", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=dumb"]
    within = ["sh", "-c", 'cd /home && exec "$@"', "sh"]
    return run("chroot", *person, root, *home, *within, *words)


def files(root):
    """Every path below `root`, but for notes, and what it is."""
    told = {}
    for folder, inside_of_it, names in os.walk(root):
        kept = [name for name in inside_of_it if relative(root, folder, name) not in NOTES]
        inside_of_it[:] = kept
        for name in kept + names:
            about = os.lstat(os.path.join(folder, name))
            size = 0 if stat.S_ISDIR(about.st_mode) else about.st_size
            told[relative(root, folder, name)] = (about.st_mode, size)
    return told


def relative(root, folder, name):
    return os.path.relpath(os.path.join(folder, name), root)


def suite():
    """The Debian of this machine: the program needs its libraries, or later ones."""
    with open("/etc/os-release") as about:
        told = dict(line.strip().split("=", 1) for line in about if "=" in line)
    return told["VERSION_CODENAME"].strip('"')


@contextlib.contextmanager
def processes(root):
    """`/proc`, as every running system has it."""
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(root / "proc")], check=True)


def debian(checks, scratch, package, sources, track):
    """The package on a Debian that has nothing but what every Debian has."""
    root = scratch / "debian"
    run("mmdebstrap", "--quiet", "--variant=apt", suite(), root, sources)
    (root / "home").chmod(0o777)
    shutil.copy(package, root / "home" / "effleurage.deb")
    before = files(root)
    with processes(root):
        inside(root, "dpkg", "-i", "/home/effleurage.deb")
        new = sorted(set(files(root)) - set(before))
        checks.expect("usr/bin/effleurage" in new, "the program is there")
        foreign = [name for name in new if not name.startswith("usr/")]
        checks.expect(not foreign, "nothing is written but below /usr", foreign)
        used(checks, root, track)
        for shell, place in {
            "bash": "usr/share/bash-completion/completions/effleurage",
            "zsh": "usr/share/zsh/vendor-completions/_effleurage",
            "fish": "usr/share/fish/vendor_completions.d/effleurage.fish",
        }.items():
            script = inside(root, "effleurage", "completions", shell)
            checks.expect((root / place).read_bytes() == script, f"completions for {shell}")
        pages = {path.name for path in (root / "usr/share/man/man1").glob("effleurage*")}
        listed = {f"effleurage-{page}.1.gz" for page in pages_of_the_manual(root)}
        checks.expect(pages == listed | {"effleurage.1.gz"}, f"{len(pages)} pages of the manual")
        complete = "source /usr/share/bash-completion/completions/effleurage; complete -p effleurage"
        checks.expect(b"_effleurage" in inside(root, "bash", "-c", complete), "bash takes them")
        inside(root, "dpkg", "--purge", "effleurage")
    after = files(root)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    checks.expect(not changed, "it is removed without a trace", changed)


def pages_of_the_manual(root):
    told = inside(root, "effleurage", "man", "--help").decode()
    return told.split("[possible values:")[1].split("]")[0].replace(",", " ").split()


def used(checks, root, track):
    """What a person does with it first."""
    inside(root, "effleurage", *TRACK, "-q", user=NOBODY)
    same = filecmp.cmp(track, root / "home/partner.wav", shallow=False)
    checks.expect(same, "`effleurage render partner` makes the same track as here")
    checks.expect(inside(root, "effleurage", "verify", "partner.wav") != b"", "and verifies it")
    told = inside(root, "effleurage", "voice", "list", user=NOBODY).decode()
    names = [line for line in told.splitlines() if line and not line.startswith(" ")]
    checks.expect(sorted(names) == VOICES, "every voice is at hand", names)
    for voice in VOICES[1:]:
        name = f"{voice}.flac"
        inside(root, "effleurage", "render", "self-short", "--voice", voice, "-o", name, "-q")
        checks.expect((root / "home" / name).stat().st_size > 1_000_000, f"a track in {voice}")
    told = inside(root, "effleurage", "--version", "-v").decode()
    found = "en-m, fr, it, pt-BR in /usr/share/effleurage/voices"
    checks.expect(found in told, "it tells where its voices are", told)


def alone(checks, scratch, program, track):
    """A folder with one program and nothing else: no libraries, no shell, no /proc."""
    root = scratch / "nothing"
    (root / "home").mkdir(parents=True)
    shutil.copy(program, root / "effleurage")
    words = ["env", "-i", shutil.which("chroot"), "--userspec", NOBODY, root, "/effleurage"]
    (root / "home").chmod(0o777)
    run(*words, *TRACK, "-q", "-o", "/home/partner.wav")
    same = filecmp.cmp(track, root / "home/partner.wav", shallow=False)
    checks.expect(same, "alone in an empty folder, the static program makes the same track")
    run(*words, "render", "self-short", "--voice", "es", "-q", "-o", "/home/es.mp3")
    checks.expect(run(*words, "verify", "/home/partner.wav") != b"", "and verifies it")
    told = run(*words, "--version", "-v").decode()
    checks.expect("musl" in told and "en, es" in told, "and tells what it is", told)


def main():
    parser = argparse.ArgumentParser()
    for name in ("effleurage", "deb", "static", "sources"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        track = scratch / "partner.wav"
        run(given.effleurage.resolve(), *TRACK, "-q", "-o", track)
        alone(checks, scratch, given.static, track)
        debian(checks, scratch, given.deb, given.sources, track)
    print(f"{checks.made} checks, {checks.missed} misses")
    sys.exit(1 if checks.missed or not checks.made else 0)


if __name__ == "__main__":
    main()
