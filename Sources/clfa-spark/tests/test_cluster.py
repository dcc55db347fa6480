"""The samples, broken.csv and 20,000 more posts on a real cluster whose processes are killed, against a local run.

CLFA names the program. Twenty times, at seeded moments, a clfa, a Python worker, an executor or a worker of the cluster is
killed. At the end a clfa is frozen until another host has scored its part.
"""

import csv
import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [HERE, os.environ.get("CLFA_SPARK", os.path.dirname(HERE)), f"{ROOT}/.make"]

import pyarrow.parquet as parquet
from pyspark.sql import SparkSession

import clfa_spark
import stores
from clfa_spark import output
from cluster import Cluster

os.environ["PYSPARK_PYTHON"] = sys.executable
CLFA = os.path.abspath(os.environ.get("CLFA", f"{ROOT}/.build/release/clfa"))
MODEL = f"{ROOT}/Samples/model"
ROWS, PART, SEED = 20_000, 200, 20
PICTURES = ["--images", f"{ROOT}/Samples"]
FLAGS = ["--precision", "f32", "--embeddings", "all"]


def write_posts(path):
    """Posts with the words and pictures of the samples: other ids, and a number at the end of each text."""
    with open(f"{ROOT}/Samples/posts.csv", newline="", encoding="utf-8") as file:
        samples = [row for row in csv.DictReader(file) if row["text"]]
    chance = random.Random(SEED)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "text", "image", "label"])
        for number in range(ROWS):
            row = chance.choice(samples)
            image = row["image"] if number % 2 else ""
            out.writerow([f"more-{number}", f"{row['text']} {number}", image, row["label"]])


def left_over():
    """Files of Spark and Java in the folders for temporary files, which other programs use, too.

    clfa and Python have a folder of their own for them here, TMPDIR.
    """
    ours = re.compile(r"\.?(lib)?(spark|pyspark|hsperf|blockmgr|pyarrow|zstd|snappy|lz4|artifacts)")
    found = {path for path in glob.glob("/tmp/*") + glob.glob("/tmp/.*") if ours.match(os.path.basename(path))}
    return found | set(glob.glob("/dev/shm/*")) | {
        path for path in glob.glob("/tmp/hsperfdata_*/*") if os.path.isfile(path)}


class Killer(threading.Thread):
    """Kills at seeded moments: when so many parts have come, and a little later."""

    def __init__(self, cluster, folder, total):
        super().__init__(daemon=True)
        self.cluster, self.folder, self.done = cluster, folder, {}
        chance = random.Random(SEED)
        kinds = ["clfa", "python", "executor", "worker"] * 5
        chance.shuffle(kinds)
        after = sorted(chance.sample(range(1, total * 3 // 4), len(kinds)))
        self.plan = [(parts, chance.uniform(0, 0.3), kind) for parts, kind in zip(after, kinds)]
        # Spark starts copies of slow tasks when no others wait.
        self.plan.append((total - 3, 0, "freeze"))
        self.finished = threading.Event()

    def run(self):
        for parts, delay, kind in self.plan:
            while len(os.listdir(f"{self.folder}/done")) < parts:
                if self.finished.wait(0.05):
                    return
            time.sleep(delay)
            self.strike(kind)

    def strike(self, kind):
        while not self.finished.is_set():
            victims = self.cluster.processes("clfa" if kind == "freeze" else kind)
            try:
                if victims and kind == "freeze":
                    return self.freeze(victims[0])
                if victims:
                    os.kill(victims[0], signal.SIGKILL)
                    self.done[kind] = self.done.get(kind, 0) + 1
                    return None
            except ProcessLookupError:
                pass  # It ended by itself; the next one, then.
            self.finished.wait(0.05)

    def freeze(self, victim):
        """Stops a clfa until its part is there, which only a speculative copy can do, or a minute has passed."""
        with open(f"/proc/{victim}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
        part = int(words[words.index(b"--part") + 1].rpartition(b":")[2])
        os.kill(victim, signal.SIGSTOP)
        deadline = time.monotonic() + 60
        while part not in output.done(self.folder) and time.monotonic() < deadline and not self.finished.wait(0.05):
            pass
        if part in output.done(self.folder):
            self.done["freeze"] = self.done.get("freeze", 0) + 1
        try:
            os.kill(victim, signal.SIGCONT)
        except ProcessLookupError:
            pass


class ClusterTests(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(dir=os.environ.get("SPARK_TEST_FOLDER"))
        self.addCleanup(shutil.rmtree, self.root)

    def clfa(self, *arguments, folder=None):
        ended = subprocess.run([CLFA, *arguments], capture_output=True, text=True, cwd=folder or self.root)
        self.assertEqual(ended.returncode, 0, f"clfa {' '.join(arguments)}: {ended.stderr[-3000:]}")
        return ended

    def test_a_cluster_under_attack_gives_the_store_of_a_local_run(self):
        more = f"{self.root}/more.csv"
        write_posts(more)
        corpus = [f"{ROOT}/Samples/posts.csv", f"{ROOT}/Samples/broken.csv", more]
        self.clfa("score", *corpus, "--model", MODEL, "--store", "local.sqlite", "--run", "posts", *PICTURES, *FLAGS)
        self.clfa("split", *corpus, "--rows", str(PART), "-o", "parts.json")
        with open(f"{self.root}/parts.json") as file:
            total = len(json.load(file)["parts"])
        before = left_over()
        for name in ("spark", "archives"):
            os.mkdir(f"{self.root}/{name}")
        for name, source in (("clfa", CLFA), ("model", MODEL)):
            folder, base = os.path.split(source)
            subprocess.run(["tar", "-C", folder, "-I", "gzip -1", "-cf",
                            f"{self.root}/archives/{name}.tar.gz", base], check=True)

        out, cluster = f"{self.root}/scored", Cluster(f"{self.root}/spark")
        killer = None
        try:
            cluster.wait(2)
            builder = SparkSession.builder.appName("test")
            for name, value in {
                **cluster.settings(), "spark.speculation": "true", "spark.speculation.interval": "100ms",
                "spark.speculation.quantile": "0.01", "spark.speculation.multiplier": "3",
                "spark.speculation.minTaskRuntime": "500ms", "spark.task.maxFailures": "100",
                "spark.archives": f"{self.root}/archives/clfa.tar.gz#program,{self.root}/archives/model.tar.gz#model",
            }.items():
                builder = builder.config(name, value)
            spark = builder.getOrCreate()
            try:
                spark.sparkContext.setLogLevel("OFF")
                os.makedirs(f"{out}/done")
                killer = Killer(cluster, out, total)
                killer.start()
                made = clfa_spark.score_parts(
                    spark, f"{self.root}/parts.json", f"model/{os.path.basename(MODEL)}", out,
                    program=f"program/{os.path.basename(CLFA)}", arguments=[*PICTURES, *FLAGS])
                killer.finished.set()
                killer.join()
                self.frame(spark)
            finally:
                spark.stop()
            self.submit(cluster)
        finally:
            if killer:
                killer.finished.set()
            survivors = cluster.stop()
        output.tidy(out)

        print(f"killed: {killer.done}; workers started again: {cluster.restarts}", file=sys.stderr)
        self.assertEqual({kind: killer.done.get(kind, 0) for kind in ("clfa", "python", "executor", "worker")},
                         {"clfa": 5, "python": 5, "executor": 5, "worker": 5})
        self.assertGreater(killer.done.get("freeze", 0), 0, "speculation never scored the part of a frozen clfa")
        self.assertEqual(survivors, [], "processes that were left")
        self.assertEqual(left_over() - before, set(), "temporary files that were left")
        self.assertEqual(self.files(f"{self.root}/spark/tmp"), [])
        self.assertEqual([name for name in self.files(out) if "partial" in name], [])
        self.assertEqual(len(made), total)

        lines = sorted(glob.glob(f"{out}/parts/*.jsonl.zst"))
        self.assertEqual(len(lines), total)
        random.Random(SEED).shuffle(lines)
        self.clfa("collect", "cluster.sqlite", *lines, "--run", "posts")
        found, counts = stores.differences(f"{self.root}/local.sqlite", f"{self.root}/cluster.sqlite")
        self.assertEqual(found, [])
        self.assertEqual(counts["entry"], sum(part["records"] for part in made))
        self.assertEqual(parquet.read_table(f"{out}/parquet").num_rows, counts["entry"])
        print(f"rows of both stores: {counts}", file=sys.stderr)

    def submit(self, cluster):
        """broken.csv by the command that docs/cluster.md shows: 30 entries, and its 19 faults."""
        self.clfa("split", f"{ROOT}/Samples/broken.csv", "--parts", "2", "-o", "broken.json")
        settings = [word for name, value in cluster.settings().items() for word in ("--conf", f"{name}={value}")
                    if name not in ("spark.executor.cores", "spark.task.cpus")]
        ended = subprocess.run(
            [f"{os.path.dirname(sys.executable)}/spark-submit", *settings, "--archives",
             f"{self.root}/archives/clfa.tar.gz#program,{self.root}/archives/model.tar.gz#model",
             os.path.join(os.path.dirname(clfa_spark.__file__), "job.py"), "--parts", "broken.json", "--output", "broken",
             "--program", f"program/{os.path.basename(CLFA)}", "--model", f"model/{os.path.basename(MODEL)}", "--cores", "1",
             "--", *PICTURES, *FLAGS], cwd=self.root, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr[-3000:])
        # spark-submit passes standard error of Python on to its standard output.
        self.assertIn("2 parts, 30 records, 19 faults", ended.stdout)
        self.clfa("collect", "broken.sqlite", *glob.glob(f"{self.root}/broken/parts/*"))
        self.clfa("score", f"{ROOT}/Samples/broken.csv", "--model", MODEL, "--store", "broken-local.sqlite", *PICTURES, *FLAGS)
        found, counts = stores.differences(f"{self.root}/broken-local.sqlite", f"{self.root}/broken.sqlite")
        self.assertEqual((found, counts["entry"], counts["fault"]), ([], 30, 19))

    def frame(self, spark):
        """The samples as a DataFrame with the bytes of their pictures: each answer equals the local run's."""
        with open(f"{ROOT}/Samples/posts.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        posts = []
        for row in rows:
            path = f"{ROOT}/Samples/{row['image']}"
            if row["image"] and os.path.exists(path):
                with open(path, "rb") as file:
                    posts.append((row["id"], row["text"], bytearray(file.read())))
        frame = spark.createDataFrame(posts, "id string, body string, photo binary").repartition(2)
        columns = {"id": "id", "text": "body", "image": "photo"}
        scored = clfa_spark.score(frame, MODEL, program=CLFA, columns=columns, arguments=FLAGS)
        found = {row.id: row.clfa for row in scored.collect()}
        self.assertEqual(len(found), len({post[0] for post in posts}))
        local = self.clfa(
            "query", "local.sqlite", "--format", "jsonl", "--sql",
            "SELECT key, label, confidence, probabilities FROM scored WHERE file = 'posts.csv' AND state = 'scored'")
        checked = 0
        for line in local.stdout.splitlines():
            row = json.loads(line)
            answer = found.get(row["key"])
            if answer is not None and answer.state == "scored":
                self.assertEqual((answer.label, answer.confidence), (row["label"], row["confidence"]), row["key"])
                checked += 1
        self.assertGreater(checked, 590)
        clfa_spark.score_frame(frame, MODEL, f"{self.root}/lake", program=CLFA, columns=columns, arguments=FLAGS)
        self.clfa("collect", "lake.sqlite", *glob.glob(f"{self.root}/lake/parts/*"))
        collected = self.clfa("query", "lake.sqlite", "--format", "jsonl", "--sql",
                              "SELECT key, label, confidence FROM scored WHERE state = 'scored'")
        for row in map(json.loads, collected.stdout.splitlines()):
            self.assertEqual((found[row["key"]].label, found[row["key"]].confidence), (row["label"], row["confidence"]))
            checked -= 1
        self.assertEqual(checked, 0)

    @staticmethod
    def files(folder):
        return sorted(f"{place}/{name}" for place, _, names in os.walk(folder) for name in names)


if __name__ == "__main__":
    unittest.main()
