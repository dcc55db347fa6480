"""Trainings: each is made once, scored on its test posts, and its figures are kept."""
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Run:
    """One training. `name` is unique; `posts` is how many posts all epochs together read."""
    name: str
    train: str
    validation: str
    tests: tuple
    flags: tuple
    posts: int
    score_flags: tuple = ()

    def identity(self):
        """Changes with anything that changes the result, but for the contents of the files."""
        text = json.dumps([self.train, self.validation, self.tests, self.flags, self.score_flags])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Laboratory:
    """Where trainings are made. While `is_counting`, it only notes what it would make."""

    # Posts per second until some are measured here: those of 76 trainings on an AMD EPYC with two virtual cores were 1,700.
    RATE = 1500.0

    def __init__(self, clfa, folder):
        self.clfa = os.path.abspath(clfa)
        self.folder = folder
        self.is_counting = False
        self.counted = []
        self.results = {}
        self.path = f"{folder}/results.jsonl"
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                for line in file:
                    if line.endswith("\n"):
                        result = json.loads(line)
                        self.results[result["name"]] = result
        done = [result for result in self.results.values() if result["seconds"] > 0]
        self.rate = sum(r["posts"] for r in done) / sum(r["seconds"] for r in done) if done else self.RATE
        self.rate_source = f"at the {self.rate:.0f} posts per second of {len(done)} trainings" if done else (
            f"if trainings read {self.rate:.0f} posts per second")

    def is_done(self, run):
        return self.results.get(run.name, {}).get("identity") == run.identity()

    def expected_seconds(self, run):
        return run.posts / self.rate

    def make(self, runs):
        """Makes the trainings that are not there yet; returns the results of all, in order."""
        if self.is_counting:
            self.counted += runs
            return [self.results.get(run.name) for run in runs]
        for number, run in enumerate(runs):
            if not self.is_done(run):
                began = time.monotonic()
                result = self.train(run)
                print(f"{run.name}: accuracy {result['tests'][0]['accuracy']:.3f} "
                      f"({number + 1} of {len(runs)}, {time.monotonic() - began:.0f} s)", flush=True)
        return [self.results[run.name] for run in runs]

    def train(self, run):
        model, store = f"{self.folder}/models/{run.name}", f"{self.folder}/stores/{run.name}.sqlite"
        os.makedirs(f"{self.folder}/models", exist_ok=True)
        os.makedirs(f"{self.folder}/stores", exist_ok=True)
        began = time.monotonic()
        if not os.path.exists(model):
            command = ["train", *run.train.split(), "--validation", run.validation, *run.flags, "-o", model]
            if os.path.exists(f"{model}.training"):
                if self.call(command + ["--resume"], check=False):
                    print(f"{run.name}: what was begun cannot be continued, so it begins again", flush=True)
                    shutil.rmtree(f"{model}.training")
            if not os.path.exists(model):
                self.call(command)
        seconds = time.monotonic() - began
        result = {"name": run.name, "identity": run.identity(), "posts": run.posts, "seconds": round(seconds, 1)}
        result.update(self.history(model))
        result["tests"] = [self.score(test, model, store, run.score_flags) for test in run.tests]
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
        self.results[run.name] = result
        shutil.rmtree(model)
        return result

    def history(self, model):
        """The validation figures of each epoch, and which epoch became the model."""
        with open(f"{model}/history.jsonl", encoding="utf-8") as file:
            epochs = [json.loads(line) for line in file]
        best = max((e for e in epochs if e.get("is_best")), key=lambda e: e["epoch"])
        return {"best": best, "epochs": [e["validation"] for e in epochs]}

    def score(self, test, model, store, flags):
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(store + ending):
                os.remove(store + ending)
        self.call(["score", test, "--model", model, "--store", store, "--precision", "f32", *flags])
        text = self.call(["evaluate", store, "--format", "json"], output=True)
        figures = {"test": test}
        for row in json.loads(text):
            if row.get("slice") in (None, "", "all") and not row.get("label"):
                figures[row["metric"]] = row["value"]
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(store + ending):
                os.remove(store + ending)
        return figures

    def call(self, arguments, check=True, output=False):
        """Runs clfa; its own words are shown where it fails."""
        done = subprocess.run([self.clfa, *arguments], capture_output=True, text=True)
        if check and done.returncode:
            raise SystemExit(f"clfa {' '.join(arguments)}\n{done.stderr[-2000:]}")
        return done.stdout if output else done.returncode
