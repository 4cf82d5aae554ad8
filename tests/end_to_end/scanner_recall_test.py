#!/usr/bin/env python3
"""What de-identified sets say of the scanner is what `subrosa evaluate` measures."""

import json
import os
import pathlib
import subprocess
import unittest

CHECKOUT = pathlib.Path(os.path.realpath(__file__)).parents[2]
TEXTS = pathlib.Path(os.environ.get("SUBROSA_DATA") or CHECKOUT / "../shared/data",
                     "pii_spans_dev.jsonl")
COMMITTED = pathlib.Path("src/exports/scanner_recall/scanner_recall.tsv")
PARTS = {"structured": "identifiers", "names": "names, organizations and places", "all": "all"}


class ScannerRecallTest(unittest.TestCase):

  @unittest.skipUnless(TEXTS.exists(), f"no outside data: {TEXTS}")
  def test_the_figures_are_those_that_are_measured_now(self):
    printed = subprocess.run(
        ["tools/subrosa/subrosa", "evaluate", "--names", "--split", "by-template", "--format",
         "json", TEXTS], check=True, capture_output=True, text=True).stdout
    held_out = [json.loads(line) for line in printed.splitlines()][1]
    self.assertEqual("held out", held_out["part"])
    measured = {f"measured\t{name}\t{held_out[part]['labelled']}\t{held_out[part]['covered']}"
                for part, name in PARTS.items()}

    committed = {line for line in COMMITTED.read_text(encoding="utf-8").splitlines()
                 if line.startswith("measured")}
    self.assertEqual(measured, committed, f"put what was measured into {COMMITTED}")


if __name__ == "__main__":
  unittest.main()
