"""One `clfa stream`: its start, its lines, and the proof that none is missing."""

import collections
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any, Dict, Iterator, List, Optional, Sequence

BLOCK = 1 << 20


class StreamFailed(RuntimeError):
    """A `clfa stream` that failed, or that left records out. The message has its last words."""


class Stream:
    """A running `clfa stream`. Use it in a `with` statement: whatever happens, its process is gone at the end.

    The process ends without this class, too, when the Python process is killed: its output is then a closed pipe.
    """

    def __init__(self, command: Sequence[str], *, fed: bool = False, folder: Optional[str] = None) -> None:
        """Starts `command`. `fed`: records come from `write`; otherwise the program reads its files."""
        self.command = list(command)
        self.started = time.monotonic()
        #: Seconds from the start to the first line.
        self.first_line: Optional[float] = None
        #: The members of the last line, once `blocks` is exhausted.
        self.end: Dict[str, Any] = {}
        #: That line as it came, without its line feed.
        self.end_line = b""
        self.records = 0
        self._words: "collections.deque[bytes]" = collections.deque(maxlen=20)
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, cwd=folder, bufsize=0)
        except OSError as error:
            raise StreamFailed(f"cannot start {self.command[0]} on {os.uname().nodename}: {error}") from error
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass  # A pipe to a process that is gone.

    def write(self, data: bytes) -> None:
        """Writes all of `data` to the program. A program that is gone is an error with its last words."""
        view = memoryview(data)
        try:
            while view:
                view = view[self.process.stdin.write(view):]
        except OSError as error:
            raise self.failure(f"it read no further ({error.strerror})") from error

    def close_input(self) -> None:
        """Ends the program's input. Without the end mark before it, the program reports an error."""
        try:
            self.process.stdin.close()
        except OSError as error:
            raise self.failure(f"it read no further ({error.strerror})") from error

    def blocks(self) -> Iterator[List[bytes]]:
        """The lines of the records, many at a time, without line feeds.

        The last line is `end`. It raises `StreamFailed` if that is missing or counts other records than there were, if
        the program fails, and if it writes anything behind it: an output that merely stops is never complete.
        """
        rest: List[bytes] = []
        last: Optional[bytes] = None
        while True:
            data = self.process.stdout.read(BLOCK)
            if not data:
                break
            if self.first_line is None:
                self.first_line = time.monotonic() - self.started
            if b"\n" not in data:
                rest.append(data)
                continue
            rest.append(data)
            *lines, tail = b"".join(rest).split(b"\n")
            rest = [tail] if tail else []
            if last is not None:
                lines.insert(0, last)
            last = lines.pop()
            if lines:
                self.records += len(lines)
                yield lines
        self._finish(last, b"".join(rest))

    def _finish(self, last: Optional[bytes], rest: bytes) -> None:
        status = self.process.wait()
        self._listener.join()
        came = self.records + (last is not None)
        if status != 0:
            how = f"signal {-status}" if status < 0 else f"exit code {status}"
            raise self.failure(f"it ended with {how} after {came} lines")
        end: Any = None
        if last is not None and not rest:
            try:
                end = json.loads(last)
            except ValueError:
                pass  # Not a line of clfa.
        if not isinstance(end, dict) or end.get("end") is not True:
            raise self.failure(f"its output stopped without an end line after {came} lines")
        if end.get("written") != self.records or end.get("read") != self.records:
            raise self.failure(
                f"it says that it read {end.get('read')} records and wrote {end.get('written')}, "
                f"but {self.records} came")
        self.end, self.end_line = end, last

    def failure(self, what: str) -> StreamFailed:
        """An error with the program's last words, once it has said them."""
        if self.process.poll() is None:
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._listener.join()
        words = b"\n".join(self._words).decode("utf-8", "replace")
        said = f"; its last words:\n{words}" if words else "; it said nothing"
        return StreamFailed(f"clfa stream on {os.uname().nodename}: {what}{said}")

    def _listen(self) -> None:
        """Keeps the last lines of standard error, and passes all on to the executor's log."""
        for line in self.process.stderr:
            line = line.rstrip(b"\n")
            self._words.append(line[:2000])
            print(line.decode("utf-8", "replace"), file=sys.stderr, flush=True)
