#!/usr/bin/env python3
"""Writes the seeds of classify_text_fuzz. Every value is made up.

usage: tests/fuzz/classify_text_seeds.py FOLDER
"""

import pathlib
import sys

SEEDS = {
    "numbers": "\x07SSN 219-09-9999, card 4111 1111 1111 1111, ring (206) "
    "555-0142 x12 or +49 30 901820, MBI 1EG4-TE5-MK73, born 03/15/1961",
    "codes": "\x03IBAN DE89 3704 0044 0532 0130 00 VIN 1M8GDM9AXKP042788 NPI "
    "1234567893 mac 00:1b:44:11:3a:b7 peer 2001:db8::8a2e:370:7334",
    "labels": '\x10{"mrn":"00471123","password":"Tr0ub4dor&3"} user id: jo_77, '
    "driver's license number D123-4567 passport X1234567",
    "contact": "\x20jo.doe+x@clinic.example.org https://a.example/p?uid=77#x "
    "www.b.example _ga=GA1.2.1033501218.1368477899 203.0.113.77",
    "address": "\x05Jo Doe\n12 Oak Street, Apt. 5\nSpringfield, WA 98101-2233\n"
    "she lives at Hauptstra\u00dfe 7, 10115 Berlin. Suite 201\n P.O. Box 7",
    "dates": "\x09on March 5th, 2024 at 10:15 pm; 5 March; 2024-03-05T10:15:00Z"
    " a 93-year-old, turned 40 on Sunday 47.60971, -122.33312",
    "unicode": "\x01\u202e\uff12\uff11\uff19-\u200b09-9999 j\u043e@clinic.example "
    "\u00e9\u0301\U0001f600 \u0661\u0662 call 555\u2011010\u20111234",
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SEEDS.items():
        (folder / name).write_bytes(text.encode())
    (folder / "no_utf8").write_bytes(b"\x02\xff\xfe a\xc3@b.co \xe2\x80 219-09-9999\x00")


if __name__ == "__main__":
    main()
