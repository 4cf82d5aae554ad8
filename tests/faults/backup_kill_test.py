#!/usr/bin/env python3
"""What a kill at any moment leaves of a backup: whole copies or none (killing.py)."""

import os
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import DONE  # pylint: disable=wrong-import-position
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

PEOPLE = 24
RECORDS_EACH = 50


class BackupKillTest(KillingTest):

  def setUp(self):
    super().setUp()
    self.ingest(self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer",
                            RECORDS_EACH))
    self.before = self.inventory()
    self.backups = self.folder / "backups"
    self.backups.mkdir()
    self.files = {name: self.backups / name for name in ("records", "keys")}
    self.words = ["store", "backup"]
    for name, path in self.files.items():
      self.words += [f"--{name}", path]

  def clear(self):
    shutil.rmtree(self.backups)
    self.backups.mkdir()

  def assert_whole(self, name, moment):
    checked = self.subrosa("store", "check", f"--{name}", self.files[name], "--format",
                           "json").json()
    self.assertTrue(checked["sound"], moment)
    if name == "records":
      self.assertEqual(PEOPLE * RECORDS_EACH, checked["opened"]["rows"], moment)

  def test_a_killed_backup_leaves_whole_copies_or_none(self):
    self.measure(*self.words)

    def one_round():
      self.clear()
      moment, code = self.kill(*self.words)

      # Nothing has another name either, and the records come first.
      left = sorted(os.listdir(self.backups))
      self.assertIn(left, ([], ["records"], ["keys", "records"]), moment)
      if code == DONE:
        self.assertEqual(["keys", "records"], left, moment)
      for name in left:
        self.assert_whole(name, moment)
      self.assertEqual(self.before, self.inventory(), moment)
      return code

    self.rounds(1, one_round)


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
