#!/usr/bin/env python3
"""That the shipped model of requests for help is the one that its training makes."""

import pathlib
import subprocess
import tempfile
import unittest

TRAIN = "tools/train_health/train.py"
PARTS = "tools/train_health/sentence_parts.txt"
LINES = "docs/examples/labelled/health_lines.tsv"
SHIPPED = "src/classify/health_language/help_weights.tsv"


class TrainHealthTest(unittest.TestCase):

  def train(self, *words):
    return subprocess.run([TRAIN, *map(str, words)], check=False, capture_output=True)

  def test_training_makes_the_shipped_bytes(self):
    with tempfile.TemporaryDirectory() as folder:
      made = pathlib.Path(folder) / "weights"
      done = self.train(PARTS, LINES, made)
      self.assertEqual(0, done.returncode, done)
      self.assertEqual(pathlib.Path(SHIPPED).read_bytes(), made.read_bytes())

  def test_the_held_half_is_not_trained_on(self):
    with tempfile.TemporaryDirectory() as folder:
      lines = pathlib.Path(folder) / "lines"
      lines.write_text("".join(
          line if line.startswith("tune") else "held\tnot\t\t\t\tanother text altogether\n"
          for line in pathlib.Path(LINES).read_text(encoding="utf-8").splitlines(True)),
                       encoding="utf-8")
      made = pathlib.Path(folder) / "weights"
      self.assertEqual(0, self.train(PARTS, lines, made).returncode)
      self.assertEqual(pathlib.Path(SHIPPED).read_bytes(), made.read_bytes())

  def test_missing_words_are_told(self):
    done = self.train(PARTS)
    self.assertEqual(1, done.returncode)
    self.assertIn(b"usage", done.stderr)


if __name__ == "__main__":
  unittest.main()
