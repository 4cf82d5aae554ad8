#!/usr/bin/env python3
"""What a kill at any moment leaves of a rotation of keys, or of an epoch's retirement
(killing.py)."""

import shutil
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import (  # pylint: disable=wrong-import-position
    DONE, NO, counts, counts_of)
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

PEOPLE = 40
RECORDS_EACH = 3
TOTAL = PEOPLE * RECORDS_EACH


class KeyKillTest(KillingTest):

  def setUp(self):
    super().setUp()
    self.records = self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer",
                               RECORDS_EACH)
    self.ingest(self.records)
    self.full = self.folder / "full"

  def keep(self):
    shutil.copytree(self.home, self.full)
    self.before = self.inventory()

  def keys(self, *words, **options):
    return self.subrosa("keys", *words, "--format", "json", **options).json()

  def states(self):
    return [epoch["state"] for epoch in self.keys("status")["epochs"]]

  def assert_everybody_is_there(self, moment):
    self.assertEqual(self.before, self.inventory(), moment)
    # Each is found, none is made anew, and each key opens what it sealed.
    self.assertEqual(counts(unchanged=TOTAL), counts_of(self.ingest(self.records)), moment)

  def test_after_a_killed_rotation_everybody_is_found_and_it_can_be_finished(self):
    self.keep()
    self.measure("keys", "rotate")

    def one_round():
      self.restore(self.full)
      moment, code = self.kill("keys", "rotate")

      check = self.keys("verify", expect=None)
      self.assertLessEqual({finding["finding"] for finding in check["findings"]},
                           {"object-orphaned"}, moment)
      self.assert_everybody_is_there(moment)
      erased = f"c-{self.random.randint(1, PEOPLE):06}"
      amid = "DECRYPT_ONLY" in self.states()
      if amid:
        self.subrosa("erase", erased, "--yes")

      rotated = self.keys("rotate")

      self.assertEqual(amid, rotated["interrupted"], moment)
      epochs = self.keys("status")["epochs"]
      self.assertEqual([0] * (len(epochs) - 1) + [PEOPLE - amid],
                       [epoch["consumers"] for epoch in epochs], moment)
      self.assertEqual(["SCHEDULED"] * (len(epochs) - 1) + ["ENABLED"], self.states(), moment)
      check = self.keys("verify")
      self.assertEqual((PEOPLE - amid, PEOPLE - amid),
                       (check["consumer_keys"], check["directory_entries"]), moment)
      if amid:
        self.assertIsNone(self.copy(erased), moment)
        self.assertEqual(counts(unchanged=TOTAL - RECORDS_EACH, rejected=RECORDS_EACH),
                         counts_of(self.ingest(self.records, expect=NO)), moment)
      else:
        self.assert_everybody_is_there(moment)
      self.assertEqual(len(epochs), self.count_leaves("epoch-opened", moment), moment)
      return code

    self.rounds(0.3, one_round)

  def test_after_a_killed_retirement_it_can_be_finished_and_is_told_once(self):
    self.keys("rotate")
    database = sqlite3.connect(self.home / "keys.db")
    # As if the days had passed.
    database.execute("UPDATE epoch SET destroy_day = 20000 WHERE epoch = 1")
    database.commit()
    database.close()
    self.keep()
    self.measure("keys", "retire")

    def one_round():
      self.restore(self.full)
      moment, code = self.kill("keys", "retire")

      self.assertIn(self.states()[0], ("SCHEDULED", "DESTROYED"), moment)
      self.assert_everybody_is_there(moment)
      self.assertIn(self.subrosa("keys", "retire", expect=None).exit, (DONE, NO), moment)

      self.assertEqual(["DESTROYED", "ENABLED"], self.states(), moment)
      self.assertEqual(1, self.count_leaves("epoch-retired", moment), moment)
      self.assertTrue(self.keys("verify")["sound"], moment)
      self.assert_everybody_is_there(moment)
      return code

    self.rounds(0.2, one_round)


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
