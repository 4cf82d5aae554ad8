#!/usr/bin/env python3
"""Plays a restore from one end to the other: records are put, copies of the stores are made, a
consumer is erased, the copies come back. Nobody who was erased does."""

import shutil
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, USAGE, InstallationTest, counts_of)

WELLNESS = f"{DATA}/wellness.ndjson"
ERASED, OTHER = "c-000001", "c-000002"


class RestoreTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init(self.californian_policy())
    self.ingest(WELLNESS)
    self.before = self.inventory()
    self.other = self.copy(OTHER)
    self.copies = {}
    for name in ("keys", "records"):
      self.copies[name] = self.folder / f"{name}.copy"
      shutil.copy(self.home / f"{name}.db", self.copies[name])
    self.receipt = self.work / "erasure.tlog-proof"
    self.subrosa("erase", ERASED, "--yes", "--receipt", self.receipt)
    self.after = self.inventory()
    self.assertNotEqual(self.before, self.after)

  def put_back(self, *names):
    for name in names:
      for suffix in ("-wal", "-shm"):
        (self.home / f"{name}.db{suffix}").unlink(missing_ok=True)
      shutil.copy(self.copies[name], self.home / f"{name}.db")

  def restore(self, *words, **options):
    return self.subrosa("store", "restore", *words, "--format", "json", **options).json()

  def files(self, *names):
    return [word for name in names for word in (f"--{name}", self.copies[name])]

  def assert_erased(self):
    """The erased one is gone, stays out, and the log, the receipt and the rows agree."""
    self.assertIsNone(self.copy(ERASED))
    again = counts_of(self.ingest(WELLNESS, expect=NO))
    self.assertEqual(0, again["added"] + again["revised"])
    self.assertGreater(again["rejected"], 0)
    self.assertEqual(self.other, self.copy(OTHER))
    self.assertEqual(self.after, self.inventory())
    verified = self.subrosa("audit", "verify", "--format", "json").json()
    self.assertTrue(verified["sound"], verified)
    self.assertTrue(self.subrosa("audit", "status", "--format", "json").json()["agree"])

  def test_an_older_key_store_is_refused_until_it_is_restored(self):
    self.put_back("keys")
    refused = self.subrosa("inventory", expect=FAILED)
    self.assertIn("`subrosa store restore`", refused.err)

    report = self.restore()

    self.assertEqual((1, 1), (report["erasures_since"], report["erased_again"]))
    self.assertLess(report["keys_log_size"], report["log_size"])
    self.assert_erased()

  def test_both_older_stores_together_bring_nobody_back(self):
    report = self.restore(*self.files("keys", "records"), "--yes")

    self.assertEqual(1, report["erased_again"])
    self.assert_erased()

  def test_an_older_record_store_brings_no_rows_that_open(self):
    report = self.restore(*self.files("records"), "--yes")

    self.assertEqual(0, report["erased_again"])
    self.assertGreater(report["rows_back"], 0)
    self.assertIsNone(self.copy(ERASED))

  def test_what_is_put_after_a_restore_is_held_and_in_the_log(self):
    self.restore(*self.files("keys", "records"), "--yes")
    path = self.write("new.ndjson", (self.work / WELLNESS).read_text(encoding="utf-8")
                      .replace(ERASED, "c-900001"))

    self.assertGreater(counts_of(self.ingest(path))["added"], 0)

    self.assertIsNotNone(self.copy("c-900001"))
    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])

  def test_the_receipt_of_an_erasure_still_verifies(self):
    key = self.subrosa("audit", "status", "--format", "json").json()["keys"][0]["vkey"]
    self.restore(*self.files("keys", "records"), "--yes")

    self.subrosa("verify", self.receipt, "--key", key, "--consumer", ERASED)
    self.subrosa("verify", self.receipt, "--key", key, "--consumer", OTHER, expect=NO)

  def test_a_dry_run_changes_nothing(self):
    self.put_back("keys")

    planned = self.restore("--dry-run")

    self.assertFalse(planned["restored"])
    self.assertEqual(1, planned["erased_again"])
    self.subrosa("inventory", expect=FAILED)
    self.assertEqual({**planned, "restored": True}, self.restore())
    self.assert_erased()

  def test_stores_are_replaced_only_when_asked_to(self):
    outcome = self.subrosa("store", "restore", *self.files("keys"), expect=USAGE)

    self.assertIn("--yes", outcome.err)
    self.assertEqual(self.after, self.inventory())

  def test_copies_of_another_installation_are_refused(self):
    mine = self.home
    self.home = self.folder / "other"
    self.init()
    shutil.copy(self.home / "keys.db", self.copies["keys"])
    self.home = mine

    outcome = self.subrosa("store", "restore", *self.files("keys"), "--yes", expect=FAILED)

    self.assertRegex(outcome.err, "^subrosa: error: restore: nothing was replaced: ")
    self.assert_erased()

  def test_a_file_that_is_no_copy_of_the_store_replaces_nothing(self):
    noise = self.folder / "noise"
    noise.write_bytes(b"n" * 4096)
    for keys, records in ((self.copies["records"], self.copies["keys"]),
                          (noise, self.copies["records"]),
                          (self.copies["keys"], self.folder / "nowhere")):
      outcome = self.subrosa("store", "restore", "--keys", keys, "--records", records, "--yes",
                             expect=FAILED)

      self.assertRegex(outcome.err, "^subrosa: error: restore: nothing was replaced: ")
      self.assertEqual(self.after, self.inventory())
    self.assert_erased()

  def test_a_dry_run_of_copies_changes_nothing(self):
    planned = self.restore("--dry-run", *self.files("keys", "records"))

    self.assertFalse(planned["restored"])
    self.assertEqual(1, planned["erased_again"])
    self.assertEqual(self.after, self.inventory())
    done = self.restore(*self.files("keys", "records"), "--yes")
    self.assertEqual({**planned, "restored": True}, done)
    self.assert_erased()

  def test_a_restore_says_so_in_the_log(self):
    self.restore(*self.files("keys", "records"), "--yes")
    self.inventory()
    kinds = [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]

    self.assertIn("keys-restored", kinds)

  def test_the_status_says_that_a_restore_was_stopped_and_what_finishes_it(self):
    self.assertFalse(self.subrosa("audit", "status", "--format", "json").json()["restore_begun"])
    # It puts the key store back, and fails at the record store.
    database = sqlite3.connect(self.copies["records"])
    database.execute("CREATE TRIGGER stop BEFORE UPDATE ON outbox_state "
                     "BEGIN SELECT RAISE(ABORT, 'stopped'); END")
    database.commit()
    database.close()
    self.subrosa("store", "restore", *self.files("keys", "records"), "--yes", expect=FAILED)
    database = sqlite3.connect(self.home / "records.db")
    database.execute("DROP TRIGGER stop")
    database.commit()
    database.close()
    self.subrosa("inventory", expect=FAILED)

    told = self.subrosa("audit", "status", expect=NO)
    self.assertIn("run `subrosa store restore` again", told.out)
    status = self.subrosa("audit", "status", "--format", "json", expect=NO).json()
    self.assertTrue(status["restore_begun"])

    self.restore()
    self.assert_erased()
    self.assertNotIn("restore", self.subrosa("audit", "status").out)

  def test_no_row_of_the_erased_one_is_left(self):
    """Rows that came back go with the next opening: they are due for deletion."""
    self.restore(*self.files("keys", "records"), "--yes")
    self.inventory()
    database = sqlite3.connect(f"file:{self.home}/records.db?mode=ro", uri=True)
    try:
      rows = database.execute("SELECT count(*) FROM record").fetchone()[0]
    finally:
      database.close()

    self.assertEqual(self.after["total"]["records"], rows)


if __name__ == "__main__":
  unittest.main(verbosity=2)
