#!/usr/bin/env python3
"""Writes the seeds of classify_names_fuzz: the first byte says how to cut."""

import os
import sys

SEEDS = {
    "letter": b"\x0fDear Ms. Keller,\nyour visit at Lakeside Clinic is on Monday.\nRegards,\nDr. J. O'Neill\n",
    "lower": b"\x4fmy name is anna and i moved to new york with peter",
    "letters_beyond_ascii": "\x3fPatient: Žarko Đoković (Łódź) – «Élodie» wohnt in Köln".encode(),
    "other_scripts": "\x2fИван живет в Москве. 山田太郎は東京にいる".encode(),
    "organizations": b"\x1eBaker & Sons, Inc. sued the University of Utah and St. Mary's Hospital.",
    "joined": b"\x0fMaria de la Cruz-Lopez van der Berg of Stone, Reed and Hall LLC",
    "shouted": b"\x0fPATIENT NAME: MARIA LOPEZ\r\nPAST MEDICAL HISTORY: HYPERTENSION",
    "handles": b"\x0fRT @anna: #Paris with @Ben !! http://example.com/Anna",
    "no_text": bytes(range(256)),
    "cut_character": b"\x77Anna \xe2\x80 Ben \xc3 Carl \xf0\x9f\x98 Dora \xe2",
}


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "classify_names")
    os.makedirs(folder, exist_ok=True)
    for name, seed in SEEDS.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(seed)


if __name__ == "__main__":
    sys.exit(main())
