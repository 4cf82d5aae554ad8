#!/usr/bin/env python3
"""Writes the seeds of certificate_fuzz into corpus/certificate, beside this file:
of the example in docs/formats."""
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "docs/formats/certificate_example.txt"


def main():
    certificate = EXAMPLE.read_bytes()
    statement = certificate.partition(b"----- opening -----\n")[0]
    final = (statement.replace(b", interim", b", final")
             .partition(b"  This certificate is interim")[0] + b"\n").replace(
                 b"account's.\n", b"account's.\n  Afterwards it destroyed each epoch of keys "
                 b"under which a backup could hold\n  them.\n")
    seeds = {
        "statement": b"s" + statement,
        "statement_final": b"s" + final,
        "statement_untold": b"s" + statement.replace(b"told 2026-11-26, no answer",
                                                     b"not told yet"),
        "statement_unrequested": b"s" + b"\n".join(
            b"Requested: not known to this log" if line.startswith(b"Requested") else line
            for line in statement.split(b"\n")),
        "statement_no_day": b"s" + statement.replace(b"closed from 2027-01-03",
                                                     b"no day is set yet"),
        "statement_cut": b"s" + statement[:400],
        "certificate": b"v" + certificate,
        "certificate_no_proof": b"v" + statement + b"----- opening -----\n",
        "edit_none": b"e",
        "edit_one": b"e\x00\x40\x01",
        "edit_back": b"e\x00\x40\x01\x00\x40\x01",
    }
    folder = HERE / "corpus/certificate"
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)


if __name__ == "__main__":
    main()
