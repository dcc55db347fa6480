#!/usr/bin/env python3
"""A `clfa` for tests of what a real one does not do on demand: it fails, stops early or leaves records out.

`--misbehave KIND` says how; without it, every record comes back with a label that depends on its text alone.
"""

import hashlib
import json
import os
import signal
import sys
import time

END = {"end": True, "part": None, "scorer": {"labels": ["a", "b"]}, "clfa_stream": 1}


def answer(file, record, row):
    text = row.get("text") or ""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    confidence = 0.5 + int(digest[:8], 16) / 2**33
    line = {"file": file, "record": record, "line": record, "key": None if row.get("id") is None else str(row["id"]), "state": "scored",
            "content_hash": digest, "label": "ab"[int(digest[8], 16) % 2], "confidence": confidence,
            "probabilities": {"a": confidence, "b": 1 - confidence}, "text_image_similarity": None, "unknown_share": 0.0,
            "truncated": 0, "vectors": {"text": "AACAPwAAAEA="}}
    if not text:
        line = {"file": file, "record": record, "line": record, "key": None if row.get("id") is None else str(row["id"]), "state": "faulted", "stage": "row",
                "code": "nothing_to_score", "detail": "neither a text nor a picture"}
    return json.dumps(line, separators=(",", ":"))


def main():
    if "--version" in sys.argv:
        print("clfa 0 (fake)")
        return
    def flag(name):
        return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None

    how = flag("--misbehave")
    rows, part = [], None
    if flag("--part"):
        path, _, number = flag("--part").rpartition(":")
        listed = json.load(open(path))
        part = next(entry for entry in listed["parts"] if entry["number"] == int(number))
        first = part["first_record"]
        rows = ({"id": str(n), "text": f"post {n}"} for n in range(first, first + part["records"]))
        part = {"number": part["number"], "of": len(listed["parts"])}
    else:
        rows = stdin_rows()
    written = 0
    for row in rows:
        if written == 14 and how in ("fail", "once") and (how == "fail" or first_time(flag("--memory"))):
            sys.stdout.flush()
            print("clfa: the model is on fire", file=sys.stderr)
            sys.exit(1)
        if written == 14 and how == "stop":
            sys.stdout.flush()
            os._exit(0)
        if written == 14 and how == "killed":
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        if written == 14 and how == "skip":
            how = None
            continue
        if how == "slow":
            time.sleep(0.02)
        print(answer("posts", written + 1, row))
        written += 1
    counted = written + 1 if how == "miscount" else written
    print(json.dumps({**END, "read": counted, "written": counted, "faults": 0, "part": part}))


def first_time(memory):
    try:
        os.close(os.open(memory, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def stdin_rows():
    for line in sys.stdin:
        row = json.loads(line)
        if row.get("end") is True:
            return
        yield row
    print("clfa: the input ended without an end mark", file=sys.stderr)
    sys.exit(1)


main()
