#!/usr/bin/env python3
"""Compares scoring on a Spark cluster of this machine with `clfa score`, in turn.   CORPUS --model MODEL [--images FOLDER]

Run it with the Python of `make spark-test`, on a machine without other work:

    .make/measure/posts.py 180000 -o posts.csv --pictures 0.5
    .build/spark-venv/bin/python .make/measure/spark.py posts.csv --model Samples/model --images Samples --cores 2

Each round runs `clfa score` (without vectors), then one executor with as many cores; with --scaling, one executor of one
core, then two. Rows a second count from the end of the start-up: for `clfa score` as its summary says, for Spark from the
first line of the first part to the end of the last part, so the start of clfa for every further part counts. `clfa
score` writes a store; Spark writes parts, from which `clfa collect` makes one.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{ROOT}/Sources/clfa-spark", f"{ROOT}/Sources/clfa-spark/tests"]
os.environ["PYSPARK_PYTHON"] = sys.executable

from pyspark.sql import SparkSession

import clfa_spark
from cluster import HOSTS, Cluster


def score(options, cores, folder):
    """Rows a second beyond start-up, and the seconds of the start-up."""
    ended = subprocess.run(
        [options.program, "score", options.corpus, "--model", options.model, "--store", f"{folder}/posts.sqlite", "--threads",
         str(cores), "--progress", "json", *options.flags], capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(ended.stderr)
    summaries = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    last = next(line for line in reversed(summaries) if "startup_seconds" in line)
    return last["rows_per_second"], last["startup_seconds"]


def spark(options, workers, cores, folder):
    """Rows a second beyond start-up, and the seconds from the start of the session to the first line of a part."""
    parts = f"{folder}/parts.json"
    subprocess.run([options.program, "split", options.corpus, "--parts", str(options.parts), "-o", parts], check=True)
    cluster = Cluster(f"{folder}/spark", HOSTS[:workers], cores)
    try:
        cluster.wait(workers)
        started = time.time()
        builder = SparkSession.builder.appName("measure")
        for name, value in cluster.settings().items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            session.sparkContext.setLogLevel("OFF")
            made = clfa_spark.score_parts(session, parts, options.model, f"{folder}/scored", program=options.program,
                                          arguments=options.flags, table=options.table, say=lambda words: None)
        finally:
            session.stop()
    finally:
        cluster.stop()
    first = min(part["started"] + part["start_seconds"] for part in made)
    last = max(part["started"] + part["seconds"] for part in made)
    return sum(part["records"] for part in made) / (last - first), first - started


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--model", required=True)
    parser.add_argument("--images")
    parser.add_argument("--program", default=f"{ROOT}/.build/release/clfa")
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--parts", type=int, default=4, help="how many parts the corpus is divided into (4)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", action="store_true", help="write Parquet, too")
    parser.add_argument("--scaling", action="store_true", help="two executors of one core against one")
    parser.add_argument("--precision", default="auto")
    options = parser.parse_args()
    options.corpus, options.model = os.path.abspath(options.corpus), os.path.abspath(options.model)
    options.program = os.path.abspath(options.program)
    options.flags = ["--precision", options.precision, "--embeddings", "none"]
    if options.images:
        options.flags += ["--images", os.path.abspath(options.images)]
    kinds = {"one executor of one core": lambda folder: spark(options, 1, 1, folder),
             "two executors of one core": lambda folder: spark(options, 2, 1, folder)} if options.scaling else {
        "clfa score": lambda folder: score(options, options.cores, folder),
        "Spark, one executor": lambda folder: spark(options, 1, options.cores, folder)}
    ratios = []
    for number in range(1, options.rounds + 1):
        rates = []
        for name, run in kinds.items():
            folder = tempfile.mkdtemp()
            try:
                rate, start = run(folder)
            finally:
                shutil.rmtree(folder)
            rates.append(rate)
            print(f"round {number}, {name}: {rate:,.1f} rows/s, start-up {start:.1f} s", flush=True)
        ratios.append(rates[1] / rates[0])
    print(f"second to first: median {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
