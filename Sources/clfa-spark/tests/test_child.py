"""What a stream must say before its records count."""

import os
import sys
import unittest

sys.path.insert(0, os.environ.get("CLFA_SPARK", os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from clfa_spark.child import Stream, StreamFailed

FAKE = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fake_clfa.py"), "stream"]


def run(*arguments, rows=1000, marked=True):
    """The number of lines that a stream of `rows` gives."""
    with Stream([*FAKE, *arguments], fed=True) as stream:
        for number in range(rows):
            stream.write(b'{"id":"%d","text":"post %d"}\n' % (number, number))
        if marked:
            stream.write(b'{"end":true}\n')
        stream.close_input()
        count = sum(len(lines) for lines in stream.blocks())
        return count, stream


class ChildTests(unittest.TestCase):
    def test_every_record_comes_back(self):
        count, stream = run()
        self.assertEqual((count, stream.end["written"]), (1000, 1000))
        self.assertEqual(run(rows=0)[0], 0)

    def test_a_failure_is_an_error_with_the_last_words(self):
        for how, words in [("fail", "the model is on fire"), ("killed", "signal 9")]:
            with self.assertRaises(StreamFailed) as caught:
                run("--misbehave", how)
            self.assertIn(words, str(caught.exception))

    def test_the_end_of_the_output_is_not_an_end(self):
        with self.assertRaises(StreamFailed) as caught:
            run("--misbehave", "stop")
        self.assertIn("without an end line after 14 lines", str(caught.exception))

    def test_the_end_of_the_input_is_not_an_end(self):
        with self.assertRaises(StreamFailed) as caught:
            run(marked=False)
        self.assertIn("the input ended without an end mark", str(caught.exception))

    def test_a_count_that_differs_is_an_error(self):
        with self.assertRaises(StreamFailed) as caught:
            run("--misbehave", "miscount")
        self.assertIn("wrote 1001, but 1000 came", str(caught.exception))

    def test_a_program_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(StreamFailed, "cannot start /no/such/clfa"):
            Stream(["/no/such/clfa", "stream"])

    def test_no_process_is_left(self):
        with Stream([*FAKE, "--misbehave", "slow"], fed=True) as stream:
            stream.write(b'{"id":"1","text":"one"}\n' * 500)
        self.assertEqual(stream.process.poll(), -9)


if __name__ == "__main__":
    unittest.main()
