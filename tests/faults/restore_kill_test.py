#!/usr/bin/env python3
"""What a kill at any moment leaves of a restore: the home as it was, or one that does not open
until the restore is finished (killing.py). Nobody erased comes back, no choice is forgotten, and
no row that was put before the copies is lost."""

import datetime
import json
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import DONE, FAILED  # pylint: disable=wrong-import-position
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

PEOPLE = 12
RECORDS_EACH = 20
ERASED, CHOSE, OTHER, LATE = "c-000001", "c-000002", "c-000003", "c-999999"


class RestoreKillTest(KillingTest):

  def setUp(self):
    super().setUp()
    sample = self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer",
                         RECORDS_EACH)
    self.ingest(sample)
    self.files = {name: self.folder / f"{name}.copy" for name in ("keys", "records")}
    self.subrosa("store", "backup", *self.words("records", "keys"))
    self.at_copies = {consumer: self.copy(consumer) for consumer in (ERASED, CHOSE, OTHER)}
    self.assertNotIn(None, self.at_copies.values())
    # All that the log knows and the copies do not.
    self.subrosa("erase", ERASED, "--yes")
    self.subrosa("consent", "record", self.write("choice.ndjson", json.dumps({
        "consumer": CHOSE,
        "kind": "CHOICE_KIND_OPT_OUT",
        "action": ["ACTION_USE"],
        "purpose": ["marketing-email"],
        "method": "button",
        "jurisdiction": "US-CA",
        "givenAt": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": {"kind": "ACTOR_KIND_SELF"},
    }) + "\n"))
    one = (self.work / sample).read_text(encoding="utf-8").splitlines()[0]
    self.ingest(self.write("late.ndjson", one.replace(ERASED, LATE) + "\n"))
    self.now = self.inventory()
    shutil.rmtree(self.template)
    shutil.copytree(self.home, self.template)

  def words(self, *names):
    return [word for name in names for word in (f"--{name}", self.files[name])]

  def assert_nobody_is_back(self, moment):
    self.assertIsNone(self.copy(ERASED), moment)
    self.assertIsNotNone(self.copy(CHOSE), moment)
    self.assert_parts_agree(moment)
    self.assert_log_sound(moment)

  def one_round(self, names):
    self.restore(self.template)
    words = ["store", "restore", *self.words(*names), "--yes"]
    moment, code = self.kill(*words)
    moment = f"{'+'.join(names)} {moment}"

    mark = self.home / "restoring"
    self.began += mark.exists()
    if mark.exists():
      refused = self.subrosa("inventory", expect=FAILED)
      self.assertIn("`subrosa store restore`", refused.err, moment)
      # Both ways of going on: without files, and with the same.
      again = ["store", "restore"] if self.random.random() < 0.5 else words
      self.subrosa(*again)
      self.assertFalse(mark.exists(), moment)
    elif code != DONE and self.inventory() == self.now:
      # It was stopped before it began.
      self.assert_nobody_is_back(moment)
      return code

    left = [path.name for path in self.home.iterdir()
            if ".restored" in path.name or ".offered" in path.name]
    self.assertEqual([], left, moment)
    self.assert_nobody_is_back(moment)
    shown = self.subrosa("consent", "show", CHOSE, "--format", "json").json()
    if "records" in names:
      self.assertTrue(shown["ask_again"], moment)
    # Of those who were held at the copies nobody else is missing, and no record of theirs.
    for consumer, records in self.at_copies.items():
      if consumer != ERASED:
        self.assertEqual(records, self.copy(consumer), f"{moment}: {consumer}")
    return code

  def test_a_killed_restore_is_finished_before_the_home_opens(self):
    self.began = 0
    for names in (("keys", "records"), ("records",), ("keys",)):
      self.restore(self.template)
      self.measure("store", "restore", *self.words(*names), "--yes")
      self.rounds(1 / 8, lambda names=names: self.one_round(names))
    print(f"{self.began} were stopped halfway")
    self.assertGreater(self.began, 0)


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
