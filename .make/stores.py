"""Compares two stores row by row and bit by bit, whatever order their rows were written in.   A.sqlite B.sqlite

Ids of rows, names of runs and times of the clock may differ; everything else must be equal.
"""

import sqlite3
import sys

QUERIES = {
    "scorer": "SELECT model_fingerprint, precision, options, labels FROM scorer ORDER BY 1, 2, 3",
    "run": "SELECT corpus, state, checksum FROM run ORDER BY 1, 2",
    "post": "SELECT key, hex(content_hash), text, knowledge, image, hex(picture_hash), posted_at, extra, "
            "repost_group, is_repost FROM post ORDER BY 1, 2",
    "entry": "SELECT e.file, e.record, e.line, e.key, e.state, hex(p.content_hash) FROM entry e "
             "LEFT JOIN post p ON p.id = e.post_id ORDER BY 1, 2, 3, 4",
    "prediction": "SELECT p.key, hex(p.content_hash), r.label, r.confidence, r.probabilities, r.text_image_similarity, "
                  "r.unknown_share, r.truncated FROM prediction r JOIN post p ON p.id = r.post_id ORDER BY 1, 2",
    "embedding": "SELECT p.key, hex(p.content_hash), e.space, hex(e.vector) FROM embedding e "
                 "JOIN post p ON p.id = e.post_id ORDER BY 1, 2, 3",
    "label": "SELECT p.key, hex(p.content_hash), l.source, l.label FROM label l JOIN post p ON p.id = l.post_id "
             "ORDER BY 1, 2, 3, 4",
    "fault": "SELECT file, line, key, stage, code, path, detail FROM fault ORDER BY 1, 2, 3, 4, 5",
}


def differences(one, other):
    """A sentence for each table that differs, with its first row that does; and the number of rows of each table."""
    found, counts = [], {}
    for table, query in QUERIES.items():
        rows = []
        for path in (one, other):
            store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            rows.append(store.execute(query).fetchall())
            store.close()
        counts[table] = len(rows[0])
        if len(rows[0]) != len(rows[1]):
            found.append(f"{table}: {len(rows[0])} rows and {len(rows[1])}")
        for left, right in zip(*rows):
            if left != right:
                found.append(f"{table}: {left} and {right}")
                break
    return found, counts


if __name__ == "__main__":
    found, counts = differences(*sys.argv[1:3])
    print(counts)
    print("\n".join(found) or "equal")
    sys.exit(1 if found else 0)
