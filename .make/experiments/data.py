"""What the trainings learn from: generated posts, and the vectors of several teachers."""
import csv
import json
import os
import shutil
import struct
import subprocess
import sys

import plan

STREAM_TEACHER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "measure", "stream_teacher.py")


class Sources:
    """Makes each file when it is first needed. While the laboratory only counts, the paths are enough."""

    def __init__(self, clfa, irony, minilm, folder, laboratory):
        self.clfa, self.irony = os.path.abspath(clfa), os.path.abspath(irony)
        self.minilm, self.folder, self.laboratory = minilm, folder, laboratory

    def made(self, name, make):
        """The path of `name`, made by `make(path)` under another name first."""
        path = f"{self.folder}/{name}"
        if not os.path.exists(path) and not self.laboratory.is_counting:
            print(f"making {path}", flush=True)
            scratch = f"{self.folder}/unfinished.{name}"
            shutil.rmtree(scratch, ignore_errors=True)
            make(scratch)
            os.rename(scratch, path)
        return path

    def corpus(self):
        return self.made("corpus", self.draw)

    def draw(self, path):
        run(self.irony, "-o", path, "--train", "6000", "--validation", "500", "--test", "2000", "--seed", "11", "--sound")
        for language in plan.LANGUAGES:
            other = f"{path}/{language}"
            run(self.irony, "-o", other, "--train", "0", "--validation", "0", "--test", "1000", "--seed", "12", "--language", language)
            rows = read(f"{other}/test.csv")
            for row in rows:
                row["image"] = f"{language}/{row['image']}"
            write(f"{path}/test-{language}.csv", rows)
        for name in ("train", "validation", "test"):
            rows = read(f"{path}/{name}.csv")
            for row in rows:
                # For trainings without pictures or texts: one picture, one word for all.
                row["blank"], row["nothing"] = rows[0]["image"], "post"
            write(f"{path}/{name}.csv", rows)
        rows = read(f"{path}/train.csv")
        for size in plan.SIZES:
            write(f"{path}/train-{size}.csv", rows[:size])
        write(f"{path}/taught.csv", rows + read(f"{path}/validation.csv"))

    def real(self, folder):
        """Two files: the rows of a corpus' train.csv without the last 400, and these, which choose epoch and learning rate."""
        def part(rows):
            return lambda path: write(path, rows)
        rows = [] if self.laboratory.is_counting else read(f"{folder}/train.csv")
        return (self.made("real-train.csv", part(rows[:-400])), self.made("real-validation.csv", part(rows[-400:])))

    def vocabulary(self):
        return self.made("vocab.txt", lambda path: run(
            self.irony, "vocabulary", "--from", f"{self.minilm}/vocab.txt", "--corpus", f"{self.corpus()}/train.csv", "-o", path))

    def teacher(self, name):
        return self.made(f"{name}.safetensors", getattr(self, f"teach_{name}"))

    def teach_minilm(self, path):
        self.teach(self.minilm, path)

    def teach_e5(self, path):
        self.teach(self.e5(), path)

    def teach(self, encoder, path, posts=None, column="seen"):
        run(self.clfa, "teach", posts or f"{self.corpus()}/taught.csv", "--teacher", encoder, "--text-column", "text",
            "--image-column", column, "--centre", "--whiten", "32", "-o", path)

    def teach_sound(self, path):
        """MiniLM's vectors for the texts and for the words of picture and sound, in one space."""
        rows, vectors = f"{path}.csv", f"{path}.described"
        join = (sys.executable, STREAM_TEACHER)
        run(*join, "rows", f"{self.corpus()}/taught.csv", "--image", "seen", "--stream", "sound=heard", "-o", rows)
        self.teach(self.minilm, vectors, rows, "described")
        run(*join, "join", vectors, "--stream", "sound", "-o", path)
        os.remove(rows)
        os.remove(vectors)

    def teach_random(self, path):
        """Vectors that know nothing: the same for equal texts, and for equal descriptions, otherwise at random."""
        import numpy
        ids, tensors = read_vectors(self.teacher("minilm"))
        random = numpy.random.default_rng(1)
        for name, vectors in tensors.items():
            _, groups = numpy.unique(vectors, axis=0, return_inverse=True)
            drawn = random.normal(size=(groups.max() + 1, vectors.shape[1])).astype("float32")
            tensors[name] = (drawn / numpy.linalg.norm(drawn, axis=1, keepdims=True))[groups.ravel()]
        write_vectors(path, ids, tensors)

    def teach_shuffled(self, path):
        """MiniLM's vectors, each picture's given to another post."""
        import numpy
        ids, tensors = read_vectors(self.teacher("minilm"))
        tensors["image"] = tensors["image"][numpy.random.default_rng(1).permutation(len(tensors["image"]))]
        write_vectors(path, ids, tensors)

    def e5(self):
        import encoders
        return self.made("e5-small", encoders.e5_small)

    def lexicon(self):
        return self.made("lexicon.tsv", self.write_lexicon)

    def write_lexicon(self, path):
        """The words that stand in texts of one mood only, in the training posts, with their polarity."""
        counts = {}
        for row in read(f"{self.corpus()}/train.csv"):
            # The mood of the text follows from that of the picture and the label.
            is_good = ("wonderful" in row["seen"]) == (row["label"] == "sincere")
            for word in set(row["text"].lower().split()):
                if word.isalpha():
                    good, bad = counts.get(word, (0, 0))
                    counts[word] = (good + is_good, bad + (not is_good))
        with open(path, "w", encoding="utf-8") as file:
            for word, (good, bad) in sorted(counts.items()):
                polarity = (good - bad) / (good + bad)
                if good + bad >= 20 and abs(polarity) > 0.5:
                    file.write(f"{word}\t{polarity:.3f}\n")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def read_vectors(path):
    """The ids and the float32 matrices of a teacher's safetensors file."""
    import numpy
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    head = json.loads(content[8:start])
    ids = head.pop("__metadata__")["ids"]
    tensors = {}
    for name, tensor in head.items():
        first, last = tensor["data_offsets"]
        tensors[name] = numpy.frombuffer(content[start + first:start + last], "<f4").reshape(tensor["shape"]).copy()
    return ids, tensors


def write_vectors(path, ids, tensors):
    head, data = {"__metadata__": {"ids": ids}}, b""
    for name, matrix in tensors.items():
        content = matrix.astype("<f4").tobytes()
        head[name] = {"dtype": "F32", "shape": list(matrix.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
