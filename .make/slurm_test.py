"""Runs Samples/cluster/array.sbatch on a real Slurm of this machine, whose processes are killed.   PROGRAM FOLDER

munged, slurmctld and two slurmd run on loopback addresses below FOLDER, apart from a Slurm that the machine may have. The
samples, broken.csv and 2,000 more posts are scored in parts; clfas are killed, running tasks are put back into the queue, a
slurmd is killed, and all processes of a node are. The store of `clfa collect`, which waits for the array, must equal that of a local run.
"""

import csv
import glob
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, f"{ROOT}/.make")

import stores

CLFA, FOLDER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
NODES = {"n1": "127.0.0.2", "n2": "127.0.0.3"}
FLAGS = ["--images", f"{ROOT}/Samples", "--precision", "f32", "--embeddings", "all"]
ROWS, SEED = 2_000, 20
MARK = f"CLFA_SLURM_TEST={FOLDER}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(what, holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"slurm-test: waited {seconds} s for {what}; the logs are in {FOLDER}")
        time.sleep(0.1)


class Slurm:
    """munged, slurmctld and a slurmd for each node, all in the foreground."""

    def __init__(self):
        host = socket.gethostname().partition(".")[0]
        for name in ("state", "spool", "munge"):
            os.makedirs(f"{FOLDER}/{name}")
        os.chmod(f"{FOLDER}/munge", 0o711)
        with open(f"{FOLDER}/munge/key", "wb") as file:
            file.write(os.urandom(128))
        os.chmod(f"{FOLDER}/munge/key", 0o400)
        nodes = "\n".join(
            f"NodeName={name} NodeHostname={host} NodeAddr={address} Port={free_port()} CPUs=1 RealMemory=1000"
            for name, address in NODES.items())
        with open(f"{FOLDER}/slurm.conf", "w") as file:
            file.write(f"""ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={FOLDER}/munge/socket,cred_expire=5
StateSaveLocation={FOLDER}/state
SlurmdSpoolDir={FOLDER}/spool/%n
SlurmctldPidFile={FOLDER}/slurmctld.pid
SlurmdPidFile={FOLDER}/%n.pid
SlurmctldLogFile={FOLDER}/slurmctld.log
SlurmdLogFile={FOLDER}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=1,sched_min_interval=100000
SlurmdTimeout=5
KillWait=2
ReturnToService=2
MpiDefault=none
{nodes}
PartitionName=test Nodes=n1,n2 Default=YES State=UP MaxTime=INFINITE
""")
        self.environment = {**os.environ, "SLURM_CONF": f"{FOLDER}/slurm.conf", "CLFA": CLFA,
                            "CLFA_SLURM_TEST": FOLDER}
        self.processes = {}
        munge = f"{FOLDER}/munge"
        self.launch("munged", "--foreground", "--force", f"--key-file={munge}/key", f"--socket={munge}/socket",
                    f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        wait("munged", lambda: os.path.exists(f"{munge}/socket"))
        self.launch("slurmctld", "-D", "-i")
        for name in NODES:
            self.node(name)
        wait("the nodes", lambda: self.ask("sinfo", "-h", "-o", "%t %D") == "idle 2")

    def launch(self, program, *arguments, name=None):
        """Starts a daemon; its processes know the node that they belong to."""
        path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if path is None:
            sys.exit(f"slurm-test: no {program}; .make/deps slurm-wlm munge installs it")
        with open(f"{FOLDER}/{name or program}.out", "ab") as log:
            self.processes[name or program] = subprocess.Popen(
                [path, *arguments], env={**self.environment, "SLURMD_NODENAME": name or program}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def node(self, name):
        self.launch("slurmd", "-D", "-N", name, name=name)

    def ask(self, *command):
        ended = subprocess.run(command, env=self.environment, capture_output=True, text=True, cwd=FOLDER)
        if ended.returncode != 0 and command[0] == "sbatch":
            sys.exit(f"slurm-test: {' '.join(command)}: {ended.stderr}")
        return ended.stdout.strip()

    def stop(self):
        """Stops the daemons, and returns the processes of this test that are left."""
        for name in [*NODES, "slurmctld", "munged"]:
            process = self.processes.get(name)
            if process is not None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        left = ours()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return left


def ours(word=None, node=None):
    """The processes of this test: those with `word` among their arguments, and those of a node."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    variables = file.read().split(b"\0")
                mine = MARK.encode() in variables and (node is None or f"SLURMD_NODENAME={node}".encode() in variables)
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read().decode("utf-8", "replace").split("\0")
                with open(f"/proc/{entry}/stat") as file:
                    state = file.read().rpartition(")")[2].split()[0]
            except OSError:
                continue  # It has just ended.
            if mine and state != "Z" and (word is None or word in words):
                found.append(int(entry))
    return sorted(found)


def write_posts(path):
    with open(f"{ROOT}/Samples/posts.csv", newline="", encoding="utf-8") as file:
        samples = [row for row in csv.DictReader(file) if row["text"]]
    chance = random.Random(SEED)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "text", "image", "label"])
        for number in range(ROWS):
            row = chance.choice(samples)
            out.writerow([f"more-{number}", f"{row['text']} {number}", row["image"] if number % 2 else "", row["label"]])


def clfa(*arguments):
    ended = subprocess.run([CLFA, *arguments], cwd=FOLDER, capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"slurm-test: clfa {' '.join(arguments)}: {ended.stderr}")


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    write_posts(f"{FOLDER}/more.csv")
    corpus = [f"{ROOT}/Samples/posts.csv", f"{ROOT}/Samples/broken.csv", f"{FOLDER}/more.csv"]
    model = f"{ROOT}/Samples/model"
    clfa("score", *corpus, "--model", model, "--store", "local.sqlite", *FLAGS)
    clfa("split", *corpus, "--rows", "100", "-o", "parts.json")
    with open(f"{FOLDER}/parts.json") as file:
        total = len(json.load(file)["parts"])

    slurm, chance, done = Slurm(), random.Random(SEED), {"clfa": 0, "requeue": 0, "slurmd": 0, "node": 0}
    hit = []  # A task that is put back more than three times fails for good.
    try:
        options = ["--parsable", "--cpus-per-task=1", "--mem=0"]
        job = slurm.ask("sbatch", *options, f"--array=1-{total}", f"{ROOT}/Samples/cluster/array.sbatch",
                        f"{FOLDER}/parts.json", model, f"{FOLDER}/scored", *FLAGS)
        collect = slurm.ask("sbatch", *options, f"--dependency=afterok:{job}", f"{ROOT}/Samples/cluster/collect.sbatch",
                            f"{FOLDER}/scored", f"{FOLDER}/cluster.sqlite")
        plan = ["clfa", "requeue"] * 4 + ["slurmd"]
        chance.shuffle(plan)
        plan.append("node")  # Slurm needs seconds to miss it, in which the other node scores many parts.
        for place, kind in enumerate(plan):
            wait(f"{place + 1} parts", lambda: len(parts()) > place)
            time.sleep(chance.uniform(0, 0.3))
            strike(slurm, kind, job, hit)
            done[kind] += 1
        state = "%T"
        wait("the end of the jobs", lambda: slurm.ask("squeue", "-h", "-j", f"{job},{collect}", "-o", state) == "", 300)
    finally:
        left = slurm.stop()
    print(f"killed and put back: {done}")
    if left:
        sys.exit(f"slurm-test: processes were left: {left}")
    partial = [name for name in os.listdir(f"{FOLDER}/scored") if name.endswith(".partial")]
    if partial or len(parts()) != total:
        sys.exit(f"slurm-test: {len(parts())} of {total} parts, partial files: {partial}")
    if not os.path.exists(f"{FOLDER}/cluster.sqlite"):
        sys.exit("slurm-test: the job of collect.sbatch made no store: " + logs("clfa-collect-*.log"))
    found, counts = stores.differences(f"{FOLDER}/local.sqlite", f"{FOLDER}/cluster.sqlite")
    if found:
        sys.exit("slurm-test: the stores differ:\n" + "\n".join(found))
    print(f"{total} parts; equal stores, with rows: {counts}")
    shutil.rmtree(FOLDER)


def parts():
    return glob.glob(f"{FOLDER}/scored/part-*.jsonl.zst")


def logs(pattern):
    return "".join(open(path, errors="replace").read() for path in glob.glob(f"{FOLDER}/{pattern}"))


def strike(slurm, kind, job, hit):
    """Kills something, or puts a running task back; each task is hit once."""
    if kind == "slurmd":
        name = random.Random(SEED).choice(list(NODES))
        slurm.processes[name].kill()
        slurm.processes[name].wait()
        time.sleep(1)
        slurm.node(name)
        return
    if kind == "node":
        wait("a task on n1", lambda: ours("--with-posts", "n1"))
        for pid in ours(node="n1"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # It ended with its parent.
        slurm.processes["n1"].wait()
        wait("Slurm to see that n1 is lost", lambda: "down" in slurm.ask("sinfo", "-h", "-n", "n1", "-o", "%t"))
        slurm.node("n1")
        return

    def succeeds():
        for task in slurm.ask("squeue", "-h", "-j", job, "-t", "R", "-r", "-o", "%K").split():
            if task in hit:
                continue
            victims = ours(f"{FOLDER}/parts.json:{task}")
            try:
                if kind == "requeue":
                    slurm.ask("scontrol", "requeue", f"{job}_{task}")
                elif victims:
                    os.kill(victims[0], signal.SIGKILL)
                else:
                    continue
            except ProcessLookupError:
                continue  # It ended by itself; the next one, then.
            hit.append(task)
            return True
        return False

    wait(f"a task for {kind}", succeeds)


if __name__ == "__main__":
    main()
