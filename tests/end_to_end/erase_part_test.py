#!/usr/bin/env python3
"""Plays the erasure of a part of what is held of a consumer: what was meant is gone, what stays is
read as before, and older copies that are put back bring nothing of it back.

Days do not pass in a test: where a key has to be due, its day is set back in the database.
"""

import shutil
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, NO, USAGE, InstallationTest)

WELLNESS = f"{DATA}/wellness.ndjson"
ADA, BEA = "c-000001", "c-000002"


class ErasePartTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(WELLNESS)
    self.before = self.copy(ADA)
    self.bea = self.copy(BEA)
    self.source, self.id = sorted(self.before)[0]

  def erase(self, *words, **options):
    return self.subrosa("erase", ADA, *words, "--format", "json", **options).json()

  def erase_record(self):
    return self.erase("--record", f"{self.source}/{self.id}", "--yes")

  def rest(self):
    return {key: record for key, record in self.before.items() if key != (self.source, self.id)}

  def sql(self, statement, database="keys.db"):
    connection = sqlite3.connect(self.home / database)
    try:
      with connection:
        return connection.execute(statement).fetchall()
    finally:
      connection.close()

  def kinds(self):
    return [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]

  def save(self, *names):
    for name in names:
      shutil.copy(self.home / f"{name}.db", self.folder / f"{name}.copy")

  def restore(self, *names):
    files = [word for name in names for word in (f"--{name}", self.folder / f"{name}.copy")]
    return self.subrosa("store", "restore", *files, "--yes", "--format", "json").json()

  def assert_sound(self):
    check = self.subrosa("store", "check", "--format", "json").json()
    self.assertTrue(check["sound"], check)
    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])

  def test_one_record_goes_and_the_others_stay(self):
    told = self.erase_record()

    self.assertEqual((True, 1, len(self.before) - 1, 0),
                     (told["erased"], told["rows"], told["resealed"], told["lost"]))
    self.assertEqual(self.rest(), self.copy(ADA))
    self.assertEqual(self.bea, self.copy(BEA))
    self.assertEqual(1, self.kinds().count("records-erased"))
    status = self.subrosa("keys", "status", "--format", "json").json()["versions"]
    self.assertEqual((0, 1, 0), (status["resealing"], status["waiting"], status["due"]))
    self.assert_sound()

  def test_a_dry_run_says_what_would_go_and_changes_nothing(self):
    plan = self.erase("--record", f"{self.source}/{self.id}", "--dry-run")

    self.assertEqual((False, 1, len(self.before) - 1),
                     (plan["erased"], plan["rows"], plan["resealed"]))
    self.assertEqual(self.before, self.copy(ADA))
    self.assertEqual([(1,)], self.sql("SELECT max(version) FROM consumer_key"))

  def test_what_is_not_held_is_no_erasure(self):
    self.subrosa("erase", ADA, "--purpose", "nobody-asked", "--yes", expect=NO)
    self.subrosa("erase", ADA, "--old-revisions", "--yes", expect=NO)
    self.subrosa("erase", "nobody", "--old-revisions", "--yes", expect=NO)

    self.assertEqual([(1,)], self.sql("SELECT max(version) FROM consumer_key"))

  def test_what_is_said_wrongly_is_refused(self):
    for words in (("--record", "no-id"), ("--record", "/7"), ("--category", "vibes"),
                  ("--purpose", "Not A Slug"), ("--collected-before", "yesterday"),
                  ("--old-revisions", "--receipt", self.work / "receipt")):
      with self.subTest(words):
        self.subrosa("erase", ADA, *words, "--yes", expect=USAGE)

  def test_all_that_was_collected_before_a_day_goes(self):
    told = self.erase("--collected-before", "2100-01-01", "--yes")

    self.assertEqual(0, told["resealed"])
    self.assertFalse(self.copy(ADA))
    self.assert_sound()

  def test_an_older_record_store_brings_nothing_back(self):
    self.save("records")
    self.erase_record()

    self.restore("records")

    self.assertEqual(self.rest(), self.copy(ADA))
    self.assert_sound()

  def test_older_copies_of_both_stores_bring_nothing_back(self):
    self.save("keys", "records")
    self.erase_record()

    self.assertEqual(1, self.restore("keys", "records")["rows_erased_again"])

    self.assertEqual(self.rest(), self.copy(ADA))
    # The key that older copies of the record store open with is to go again.
    self.assertEqual([(2,)], self.sql("SELECT max(version) FROM consumer_key"))
    self.assert_sound()

  def test_once_the_key_before_is_destroyed_an_older_record_store_gives_nothing(self):
    self.save("records")
    self.erase_record()
    self.sql("UPDATE part_erasure SET destroy_day = 20000")

    self.assertEqual(1, self.subrosa("keys", "retire", "--format", "json").json()["key_versions"])
    self.restore("records")

    self.assertFalse(self.copy(ADA))
    self.assertEqual(1, self.kinds().count("key-version-destroyed"))

  def test_a_renewed_key_opens_the_same_records(self):
    told = self.subrosa("keys", "renew", ADA, "--format", "json").json()

    self.assertEqual((0, len(self.before)), (told["rows"], told["resealed"]))
    self.assertEqual(self.before, self.copy(ADA))
    self.assert_sound()


if __name__ == "__main__":
  unittest.main()
