#!/usr/bin/env python3
"""Writes the seeds of classify_table_fuzz. Every value is made up.

usage: tests/fuzz/classify_table_seeds.py FOLDER
"""

import pathlib
import sys

SEEDS = {
    "visits": "\x00patient_id\tdx_code\tphone\tnotes\np-1\tF33.1\t(509) 555-0142\tslept badly "
    "again, after the move\np-2\tB20\t(509) 555-0143\twalks each day now, and feels lighter\n",
    "every_value": "\x01email\tlmp_date\tcolour\njo@post.example\t2024-03-05\tred\n\t\t\nx\t1\n",
    "longer_rows": "\x00a\n1\t2\t3\n4\nF33.1\tE11.9\t8867-4\n",
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SEEDS.items():
        (folder / name).write_bytes(text.encode())
    (folder / "no_utf8").write_bytes(b"\x00\xff\t\xc3\n\x00\t\xfe\xff@b.example\n")


if __name__ == "__main__":
    main()
