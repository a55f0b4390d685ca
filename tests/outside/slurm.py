"""Makes a table of 200 tracks on a Slurm cluster of two nodes, one of which dies on the way.

    python slurm.py --effleurage PROGRAM

PROGRAM is the built `effleurage`. Needs root, and Debian's slurm-wlm and munge, which it starts
on this machine: one slurmctld, and two slurmd of one processor each. The array is submitted with
the script in `deploy`; a node is killed with all that runs on it; `--join` tells the gaps; the
array is submitted again. Then the folder is, to the byte, what one machine makes.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables

ROWS, TASKS = 200, 8
PATIENCE_SECONDS = 600
SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "effleurage.sbatch"
CONFIGURATION = """ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/d.%n.pid
SlurmctldLogFile={folder}/ctld.log
SlurmdLogFile={folder}/d.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmdTimeout=10
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port=17001 CPUs=1 RealMemory=1024
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port=17002 CPUs=1 RealMemory=1024
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


def run(*words, check=True):
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def wait_for(what, holds, seconds=PATIENCE_SECONDS):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not happen in {seconds} s")
        time.sleep(0.3)


def pid_in(file):
    try:
        return int(Path(file).read_text())
    except (OSError, ValueError):
        return None


def end(pid, how=signal.SIGTERM):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


class Cluster:
    """Slurm on this machine, as long as it is needed."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.munge = None

    def __enter__(self):
        (self.folder / "state").mkdir()
        host = run("hostname", "-s").stdout.strip()
        configuration = self.folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(host=host, folder=self.folder))
        os.environ["SLURM_CONF"] = str(configuration)
        self.start_munge()
        run("slurmctld", "-f", configuration)
        for node in ("n1", "n2"):
            self.start(node)
        return self

    def __exit__(self, *_):
        pids = [pid_in(self.folder / name) for name in ("d.n1.pid", "d.n2.pid", "ctld.pid")]
        for pid in filter(None, [*pids, self.munge]):
            end(pid)
            wait_for(f"the end of {pid}", lambda: not Path(f"/proc/{pid}").exists(), 60)

    def start_munge(self):
        if run("munge", "-n", check=False).returncode == 0:
            return
        for folder in ("/run/munge", "/var/log/munge", "/var/lib/munge"):
            Path(folder).mkdir(exist_ok=True)
            shutil.chown(folder, "munge", "munge")
        Path("/run/munge").chmod(0o755)
        run("runuser", "-u", "munge", "--", "munged")
        self.munge = pid_in("/run/munge/munged.pid")

    def start(self, node):
        (self.folder / f"spool.{node}").mkdir(exist_ok=True)
        run("slurmd", "-N", node, "-f", os.environ["SLURM_CONF"])
        wait_for(f"{node} is ready", lambda: self.state(node).startswith(("idle", "mix", "alloc")), 120)

    def state(self, node):
        return run("sinfo", "-h", "-n", node, "-o", "%T", check=False).stdout.strip()

    def submit(self, table, folder):
        log = self.folder / "job.%a.log"
        words = ("--parsable", "--no-requeue", f"--array=0-{TASKS - 1}", "-o", log, SCRIPT)
        return run("sbatch", *words, table, folder).stdout.strip()

    def tasks(self, job, states="PD,R,CG,CF"):
        return run("squeue", "-h", "-r", "-j", job, "-t", states, check=False).stdout.splitlines()

    def kill(self, node):
        """The node dies, with all that runs on it; how many tasks that were."""
        slurmd = pid_in(self.folder / f"d.{node}.pid")
        works = [pid for pid in processes() if of_node(pid, node)]
        steps = {parent(pid) for pid in works} - {None}
        steps = {pid for pid in steps if "slurmstepd" in command(pid)}
        for pid in [slurmd, *steps, *works]:
            end(pid, signal.SIGKILL)
        return len(steps)


def processes():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def of_node(pid, node):
    try:
        return f"SLURMD_NODENAME={node}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def parent(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effleurage", required=True)
    program = Path(parser.parse_args().effleurage).resolve()
    os.environ["PATH"] = f"{program.parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        table = tables.write(scratch, ROWS, "wav, mp3", 22_050)
        one, many = Path(scratch, "one"), Path(scratch, "many")
        batch = lambda folder, *flags: run(program, "batch", table, "-o", folder, *flags, check=False)
        with Cluster(scratch) as cluster:
            job = cluster.submit(table, many)
            made = lambda: len(tables.tracks(tables.content(many))) if many.exists() else 0
            wait_for("some tracks are made", lambda: made() >= 40)
            tasks = cluster.kill("n2")
            before = made()
            wait_for("the rest of the array ends", lambda: not cluster.tasks(job))
            after = made()
            gaps = batch(many, "--join")
            missing = gaps.stderr.count(" is missing")
            print(f"n2 killed with {tasks} task, {before} files there; {after} when the rest had ended")
            assert tasks == 1 and gaps.returncode == 1, (tasks, gaps.stderr)
            assert 0 < missing <= 2 * ROWS - after, (missing, after)
            cluster.start("n2")
            job = cluster.submit(table, many)
            wait_for("the array ends", lambda: not cluster.tasks(job))
            joined = batch(many, "--join", "--quiet")
            assert joined.returncode == 0, joined.stderr
        assert batch(one, "--quiet").returncode == 0
        assert tables.content(many) == tables.content(one), "the folders are not the same"
        files = len(tables.content(many))
        print(f"{files} files of {ROWS} tracks, the same to the byte as on one machine")
        sys.exit(0)


if __name__ == "__main__":
    main()
