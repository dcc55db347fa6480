"""`score` and `score_parts` on a local Spark, with a program that misbehaves."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.environ.get("CLFA_SPARK", os.path.dirname(HERE)))
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ["PYSPARK_PYTHON"] = sys.executable

import pyarrow as pa
import pyarrow.parquet as parquet
from pyspark.sql import SparkSession

import clfa_spark
from clfa_spark import output, setup

FAKE = os.path.join(HERE, "fake_clfa.py")


def session(folder, **settings):
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name, value in {"spark.local.dir": folder, "spark.sql.warehouse.dir": folder, **settings}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp()
        cls.spark = session(cls.root)
        cls.spark.sparkContext.setLogLevel("OFF")
        cls.model = os.path.join(cls.root, "model")
        os.mkdir(cls.model)

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()
        shutil.rmtree(cls.root)

    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=self.root)
        self.said = []

    def frame(self, rows=1000, partitions=2):
        posts = [(n, f"post {n}", b"\xff\xd8" + bytes([n % 256]), n * 0.5) for n in range(rows)]
        return self.spark.createDataFrame(
            self.spark.sparkContext.parallelize(posts, partitions), "id long, body string, photo binary, weight double")

    def score(self, frame, *arguments, **options):
        options.setdefault("columns", {"id": "id", "text": "body", "image": "photo"})
        return clfa_spark.score(frame, self.model, program=FAKE, arguments=arguments, **options)

    def parts(self, sizes):
        """A parts.json for the fake program."""
        path, first, listed = os.path.join(self.folder, "parts.json"), 1, []
        for number, records in enumerate(sizes, 1):
            listed.append({"number": number, "file": 0, "first_record": first, "records": records})
            first += records
        with open(path, "w") as file:
            json.dump({"clfa_parts": 1, "files": [], "parts": listed}, file)
        return path

    def run_parts(self, parts, *arguments):
        return clfa_spark.score_parts(self.spark, parts, self.model, os.path.join(self.folder, "out"), program=FAKE,
                                      arguments=arguments, say=self.said.append, seconds=0.1)

    # A DataFrame

    def test_every_row_has_its_answer(self):
        rows = self.score(self.frame()).collect()
        self.assertEqual([row.id for row in rows], list(range(1000)))
        self.assertEqual(rows[0].asDict().keys(), {"id", "body", "weight", "clfa"})
        again = {row.id: row.clfa for row in self.score(self.frame(partitions=7)).collect()}
        self.assertEqual(again, {row.id: row.clfa for row in rows})
        answer = rows[3].clfa
        self.assertEqual(answer.state, "scored")
        self.assertEqual(answer.probabilities[answer.label],
                         answer.confidence if answer.label == "a" else 1 - answer.confidence)
        self.assertEqual(answer.vectors, {"text": [1.0, 2.0]})

    def test_a_fault_is_a_row(self):
        frame = self.spark.createDataFrame([("1", "one"), ("2", None), ("3", "three")], "id string, text string")
        rows = self.score(frame, columns=None).orderBy("id").collect()
        self.assertEqual([(row.id, row.clfa.state) for row in rows],
                         [("1", "scored"), ("2", "faulted"), ("3", "scored")])
        self.assertEqual((rows[1].clfa.code, rows[1].clfa.label), ("nothing_to_score", None))

    def test_partitions_without_rows_need_no_program(self):
        self.assertEqual(self.score(self.frame(rows=0)).count(), 0)
        self.assertEqual(self.score(self.frame(rows=1, partitions=3)).count(), 1)

    def test_rows_are_not_lost_when_the_program_fails(self):
        """`RDD.pipe` gives the 14 lines that came, and no error."""
        lines = self.spark.sparkContext.parallelize([f'{{"id":"{n}","text":"{n}"}}' for n in range(1000)], 1)
        lost = lines.pipe(f"{sys.executable} {FAKE} stream --misbehave fail").collect()
        self.assertEqual(len(lost), 14)
        for how, words in [("fail", "the model is on fire"), ("stop", "without an end line"), ("killed", "signal 9"),
                           ("miscount", "wrote 501, but 500 came"), ("skip", "500 rows went in and 499 came out")]:
            with self.assertRaises(Exception) as caught:
                self.score(self.frame(), "--misbehave", how).collect()
            self.assertIn(words, str(caught.exception), how)

    def test_columns_are_checked_before_anything_runs(self):
        with self.assertRaisesRegex(clfa_spark.SetupError, "has no column words for text; it has id, body"):
            self.score(self.frame(), columns={"text": "words"})
        with self.assertRaisesRegex(clfa_spark.SetupError, "name a column for text"):
            self.score(self.frame(), columns={"id": "id"})
        with self.assertRaisesRegex(clfa_spark.SetupError, "/no/such/model|is not a folder"):
            clfa_spark.score(self.frame(), "/no/such/model", program=FAKE, columns={"text": "body"})
        with self.assertRaisesRegex(clfa_spark.SetupError, "clfa-nowhere is not on the executor"):
            clfa_spark.score(self.frame(), self.model, program="clfa-nowhere", columns={"text": "body"})

    def test_an_executor_runs_one_program(self):
        def threads(master, **conf):
            return setup.threads_of(SimpleNamespace(
                conf=SimpleNamespace(get=lambda name, default: conf.get(name.split(".")[1], default)),
                sparkContext=SimpleNamespace(master=master)))

        self.assertEqual(threads("local[4]"), 1)
        self.assertEqual(threads("yarn", executor="8", task="8"), 8)
        with self.assertRaisesRegex(clfa_spark.SetupError, "spark.task.cpus is 1 and spark.executor.cores is 8"):
            threads("yarn", executor="8")
        with self.assertRaisesRegex(clfa_spark.SetupError, "spark.executor.cores is not set"):
            threads("spark://127.0.0.1:7077", task="2")

    def run_frame(self, frame, *arguments):
        return clfa_spark.score_frame(
            frame, self.model, os.path.join(self.folder, "out"), name="lake", program=FAKE, arguments=arguments,
            columns={"id": "id", "text": "body", "image": "photo"}, say=self.said.append, seconds=0.1)

    def test_a_frame_becomes_parts(self):
        made = self.run_frame(self.frame(rows=100, partitions=3))
        self.assertEqual([part["records"] for part in made], [33, 33, 34])
        table = parquet.read_table(os.path.join(self.folder, "out", "parquet")).sort_by("record").to_pylist()
        self.assertEqual([(row["file"], row["record"], row["key"]) for row in table],
                         [("lake", n + 1, str(n)) for n in range(100)])
        with pa.input_stream(os.path.join(self.folder, "out", "parts", "part-00002.jsonl.zst"), compression="zstd") as file:
            end = json.loads(file.read().splitlines()[-1])
        self.assertEqual({**end["part"], "parts": None}, {
            "number": 2, "of": 3, "parts": None, "file": "lake", "first_record": 34, "records": 33})
        self.assertEqual(end["files"], [{"name": "lake", "records": 33}])
        times = self.times()
        self.run_frame(self.frame(rows=100, partitions=3))
        self.assertEqual(self.times(), times)
        with self.assertRaisesRegex(clfa_spark.SetupError, "parts of another job: parts differ"):
            self.run_frame(self.frame(rows=100, partitions=2))

    def test_a_frame_that_changes_is_an_error(self):
        from pyspark.sql import functions
        frame = self.frame(rows=100).withColumn("id", functions.rand())
        changing = frame.withColumn("id", functions.udf(lambda _: os.urandom(4).hex())("id"))
        with self.assertRaises(Exception) as caught:
            self.run_frame(changing)
        self.assertIn("or their ids differ", str(caught.exception))
        self.assertEqual(self.partials(), [])

    # Parts

    def test_parts_come_whole_and_once(self):
        parts = self.parts([40, 1, 300])
        made = self.run_parts(parts)
        self.assertEqual([(part["part"], part["records"]) for part in made], [(1, 40), (2, 1), (3, 300)])
        out = os.path.join(self.folder, "out")
        self.assertEqual(parquet.read_table(os.path.join(out, "parquet")).num_rows, 341)
        with pa.input_stream(os.path.join(out, "parts", "part-00003.jsonl.zst"), compression="zstd") as file:
            lines = file.read().splitlines()
        self.assertEqual(len(lines), 301)
        self.assertEqual(json.loads(lines[-1])["part"], {"number": 3, "of": 3})
        self.assertEqual(self.partials(), [])
        self.assertTrue(any("of 3 parts, 341 records" in words for words in self.said), self.said)

    def test_parts_that_are_there_are_not_scored_again(self):
        parts = self.parts([40, 50, 30])
        self.run_parts(parts)
        out = os.path.join(self.folder, "out")
        os.unlink(os.path.join(out, "done", "part-00002.json"))
        with open(os.path.join(out, "parts", ".part-00002.other-host-1.partial"), "w") as file:
            file.write("an attempt that was killed")
        times = self.times()
        made = self.run_parts(parts)
        self.assertEqual([part["part"] for part in made], [1, 2, 3])
        self.assertEqual({name for name, time in self.times().items() if times.get(name) != time},
                         {"done/part-00002.json"})
        self.assertEqual(self.partials(), [])
        with self.assertRaisesRegex(clfa_spark.SetupError, "parts of another job: arguments differ"):
            self.run_parts(parts, "--embeddings", "none")

    def test_a_failed_part_leaves_nothing(self):
        parts = self.parts([10, 300])
        with self.assertRaises(Exception) as caught:
            self.run_parts(parts, "--misbehave", "fail")
        self.assertIn("the model is on fire", str(caught.exception))
        self.assertEqual(self.partials(), [])
        self.assertNotIn(2, output.done(os.path.join(self.folder, "out")))

    def test_a_part_with_other_counts_is_an_error(self):
        with self.assertRaises(Exception) as caught:
            self.run_parts(self.parts([30]), "--misbehave", "skip")
        self.assertIn("part 1 has 30 records and 29 came back", str(caught.exception))

    def test_a_list_of_parts_is_one(self):
        path = os.path.join(self.folder, "posts.csv")
        with open(path, "w") as file:
            file.write("id,text\n")
        with self.assertRaisesRegex(clfa_spark.SetupError, "is not a list of parts"):
            self.run_parts(path)

    def partials(self):
        return [name for _, _, names in os.walk(self.folder) for name in names if "partial" in name]

    def times(self):
        out = os.path.join(self.folder, "out")
        return {f"{kind}/{name}": os.stat(os.path.join(out, kind, name)).st_mtime_ns
                for kind in output.FOLDERS for name in os.listdir(os.path.join(out, kind)) if not name.startswith(".")}


class PythonTests(unittest.TestCase):
    def test_an_executor_without_pyarrow_is_named(self):
        """In a process of its own: the executors' Python is set when Spark starts."""
        with tempfile.TemporaryDirectory() as root:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", f"{root}/bare"], check=True)
            code = (f"import sys; sys.path.insert(0, {HERE!r})\n"
                    "import test_spark, clfa_spark, os\n"
                    f"os.environ['PYSPARK_PYTHON'] = '{root}/bare/bin/python'\n"
                    f"spark = test_spark.session({root!r})\n"
                    "frame = spark.range(3).selectExpr('id', 'string(id) AS text')\n"
                    f"clfa_spark.score(frame, '/', program=test_spark.FAKE).collect()\n")
            ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                   env={**os.environ, "PYSPARK_DRIVER_PYTHON": sys.executable})
            self.assertIn("bare/bin/python", ended.stderr)
            self.assertRegex(ended.stderr, "SetupError: the Python of executor .* has no pyarrow: install it there")


if __name__ == "__main__":
    unittest.main()
