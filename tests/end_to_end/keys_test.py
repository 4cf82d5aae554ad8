#!/usr/bin/env python3
"""Epochs of keys, as the officer has them: rotated, retired, verified, and what copies made before
open then.

Days do not pass in a test: where an epoch has to be due, its day is set back in the database.
"""

import datetime
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, DONE, FAILED, NO, PATIENCE_SECONDS, InstallationTest, counts, counts_of)

WELLNESS = f"{DATA}/wellness.ndjson"
PEOPLE = [f"c-{number:06}" for number in range(1, 7)]
ERASED = "c-000004"
BACKUP_DAYS = 7


def day(offset=0):
  today = datetime.datetime.now(datetime.timezone.utc).date()
  return str(today + datetime.timedelta(days=offset))


class KeysTest(InstallationTest):

  def setUp(self):
    super().setUp()
    # A test that begins just before midnight may end on the next day.
    self.today = day()
    self.subrosa("init", "--entity", "rosewater", "--policy", self.californian_policy(),
                 "--key-derivation", "interactive", "--key-backup-days", BACKUP_DAYS)
    self.ingest(WELLNESS)

  def keys(self, *words, **options):
    return self.subrosa("keys", *words, "--format", "json", **options).json()

  def sql(self, statement, database="keys.db"):
    connection = sqlite3.connect(self.home / database)
    try:
      with connection:
        return connection.execute(statement).fetchall()
    finally:
      connection.close()

  def make_due(self, epoch):
    self.sql(f"UPDATE epoch SET destroy_day = 20000 WHERE epoch = {epoch}")

  def states(self):
    return [epoch["state"] for epoch in self.keys("status")["epochs"]]

  def held(self):
    return {name: len(self.copy(name) or {}) for name in PEOPLE}

  def leaves(self, kind):
    return [leaf for leaf in self.subrosa("audit", "export").json_lines() if leaf["kind"] == kind]


class RotationTest(KeysTest):

  def test_a_new_home_says_that_no_erasure_holds_in_backups_yet(self):
    status = self.subrosa("keys", "status").out

    self.assertRegex(status, rf"(?m)^ +1  ENABLED +{self.today} +6  new keys go into it$")
    self.assertIn("Later erasures hold in no backup yet.", status)
    self.assertIn(f"before that hold from {day(BACKUP_DAYS + 1)} on.\n", status)

  def test_after_a_rotation_everybody_is_found_and_the_log_has_a_leaf(self):
    before = {name: self.copy(name) for name in PEOPLE}

    told = self.subrosa("keys", "rotate").out

    self.assertRegex(told, r"^Rotated out of epoch 1 into epoch 2: 6 keys and 6 directory entries\."
                           r"\nThe log says so\.\n")
    self.assertIn(f"hold in every backup from {day(BACKUP_DAYS + 1)} on,\n", told)
    self.assertEqual(before, {name: self.copy(name) for name in PEOPLE})
    self.assertEqual(["SCHEDULED", "ENABLED"], self.states())
    self.assertEqual([1, 2], [leaf["numbers"]["epoch"] for leaf in self.leaves("epoch-opened")])
    self.assertEqual(counts(unchanged=480), counts_of(self.ingest(WELLNESS)))
    self.assertTrue(self.keys("verify")["sound"])
    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])

  def test_who_was_erased_is_refused_after_a_rotation_too(self):
    self.subrosa("erase", ERASED, "--yes")
    self.subrosa("keys", "rotate")

    again = self.ingest(WELLNESS, expect=NO)

    self.assertEqual(counts(unchanged=400, rejected=80), counts_of(again))
    self.assertIsNone(self.copy(ERASED))

  def test_a_dry_run_says_what_would_be_done_and_changes_nothing(self):
    text = self.subrosa("keys", "rotate", "--dry-run").out
    plan = self.keys("rotate", "--dry-run")

    self.assertIn("of 6 consumers into it, out of epoch 1.\n", text)
    self.assertTrue(text.endswith("Dry run: nothing was changed.\n"), text)
    self.assertEqual({"rotated": False, "interrupted": False, "from_epoch": 1, "to_epoch": None,
                      "consumers": 6, "holds_from": day(BACKUP_DAYS + 1)}, plan)
    self.assertEqual(["ENABLED"], self.states())
    self.assertEqual(1, len(self.leaves("epoch-opened")))

  def test_a_terminal_is_shown_how_far_it_is(self):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(self.arguments("keys", "rotate"), cwd=self.work,
                               env=self.environment(), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    out, _ = process.communicate(timeout=PATIENCE_SECONDS)
    shown = os.read(ours, 10000).decode()
    os.close(ours)

    self.assertEqual(DONE, process.returncode)
    self.assertIn("keys: 100 %", shown)
    self.assertNotIn(b"%", out)

  def test_a_days_policy_counts_for_the_rotations_that_follow(self):
    self.keys("rotate")
    self.assertEqual({"changed": True, "key_backup_days": 90},
                     self.keys("policy", "--backup-days", 90))
    self.keys("rotate")

    status = self.keys("status")

    self.assertEqual([day(BACKUP_DAYS + 1), day(91)],
                     [epoch["destroy_not_before"] for epoch in status["epochs"][:2]])
    self.assertEqual({"changed": False, "key_backup_days": 90}, self.keys("policy"))

  def test_two_officers_who_rotate_at_once_do_no_harm(self):
    before = self.held()
    processes = [
        subprocess.Popen(self.arguments("keys", "rotate"), cwd=self.work, env=self.environment(),
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
    for process in processes:
      _, err = process.communicate(timeout=PATIENCE_SECONDS)
      if process.returncode != DONE:
        # A reader kept the journal, or the lock was held for long.
        self.assertRegex(err, b"journal could not be emptied|database is locked")

    self.keys("rotate")
    self.assertEqual(before, self.held())
    self.assertTrue(self.keys("verify")["sound"])


class RetirementTest(KeysTest):

  def test_nothing_is_retired_before_its_day(self):
    self.assertIn("`subrosa keys rotate` comes first",
                  self.subrosa("keys", "retire", expect=NO).out)
    self.keys("rotate")

    for words in ([], ["--dry-run"]):
      self.assertEqual(f"Nothing is due; the next epoch is on {day(BACKUP_DAYS + 1)}.\n",
                       self.subrosa("keys", "retire", *words, expect=NO).out)

    self.assertEqual(["SCHEDULED", "ENABLED"], self.states())

  def test_the_key_of_evidence_is_destroyed_when_its_year_is_over(self):
    # No command keeps evidence yet.
    for year in (2020, 2099):
      self.sql(f"INSERT INTO evidence_key VALUES(1, {year}, 1, zeroblob(97))")
    self.assertEqual([2020, 2099], self.keys("status")["evidence_years"])
    self.assertIn("Evidence is kept until the ends of 2020, 2099.",
                  self.subrosa("keys", "status").out)
    self.assertIn("the key of the evidence of 2020",
                  self.subrosa("keys", "retire", "--dry-run").out)

    self.assertEqual([{"year": 2020, "items": 0}], self.keys("retire")["evidence"])

    self.assertEqual([2099], self.keys("status")["evidence_years"])
    self.assertEqual([{"year": 2020, "items": 0}],
                     [leaf["numbers"] for leaf in self.leaves("evidence-keys-destroyed")])
    self.subrosa("keys", "retire", expect=NO)
    self.assertEqual(["evidence-key-does-not-open"],
                     [each["finding"] for each in self.keys("verify", expect=NO)["findings"]])

  def test_an_erasure_holds_in_a_copy_from_before_once_its_epoch_is_retired(self):
    copy = self.folder / "copy"
    shutil.copytree(self.home, copy)
    restore = ["store", "restore", "--dry-run", "--home", copy]

    def give_copy_what_is_never_restored():
      shutil.copy(self.home / "keyring", copy / "keyring")
      shutil.rmtree(copy / "log")
      shutil.copytree(self.home / "log", copy / "log")

    self.subrosa("erase", ERASED, "--yes")
    self.keys("rotate")
    give_copy_what_is_never_restored()
    # It opens, and has the key of whoever was erased.
    self.assertEqual(1, self.subrosa(*restore, "--format", "json").json()["erased_again"])
    self.make_due(1)

    told = self.subrosa("keys", "retire").out

    self.assertIn("Destroyed epoch 1: ", told)
    self.assertIn("\nAssurance C: ", told)
    self.assertRegex(told, r"Erasures before \S+ hold in every backup, since ")
    give_copy_what_is_never_restored()
    for words in (["show", ERASED, "--brief", "--home", copy], restore):
      self.assertIn("closed for good", self.subrosa(*words, expect=FAILED).err)

  def test_the_evidence_is_in_the_log_and_everybody_is_there(self):
    before = self.held()
    self.keys("rotate")
    self.make_due(1)

    retired = self.keys("retire")

    self.assertTrue(retired["retired"])
    self.assertEqual([(1, "C", "keyring")], [
        (epoch["epoch"], epoch["assurance"], epoch["provider"]) for epoch in retired["epochs"]])
    leaves = self.leaves("epoch-retired")
    self.assertEqual([{"epoch": 1, "assurance": 3}], [leaf["numbers"] for leaf in leaves])
    self.assertIn(retired["epochs"][0]["facts"], leaves[0]["text"])
    self.assertEqual([("", "", "")], self.sql(
        "SELECT CAST(working_key AS TEXT), CAST(inner_key AS TEXT),"
        " CAST(suppression_key AS TEXT) FROM epoch WHERE epoch = 1"))
    self.assertEqual(before, self.held())
    self.assertTrue(self.keys("verify")["sound"])
    status = self.keys("status")["epochs"][0]
    self.assertEqual(("DESTROYED", self.today), (status["state"], status["destroyed"]))

  def test_a_dry_run_destroys_nothing(self):
    self.keys("rotate")
    self.make_due(1)

    self.assertIn("  epoch 1, due since ", self.subrosa("keys", "retire", "--dry-run").out)
    plan = self.keys("retire", "--dry-run")

    self.assertEqual((False, [1]), (plan["retired"], [each["epoch"] for each in plan["epochs"]]))
    self.assertEqual("SCHEDULED", self.states()[0])
    self.assertTrue(self.keys("verify")["sound"])

  def test_an_old_keyring_that_was_put_back_is_found_and_its_epoch_destroyed_again(self):
    self.keys("rotate")
    old = (self.home / "keyring").read_bytes()
    self.make_due(1)
    self.keys("retire")
    (self.home / "keyring").write_bytes(old)

    self.assertIn("THERE AGAIN", self.subrosa("keys", "status").out)
    found = self.keys("verify", expect=NO)
    self.assertEqual([("object-back", 1)],
                     [(each["finding"], each["count"]) for each in found["findings"]])
    self.assertIn("come back", self.subrosa("keys", "retire").out)

    self.assertTrue(self.keys("verify")["sound"])


  def test_a_keyring_from_before_a_rotation_is_told_apart_from_a_closed_copy(self):
    old = (self.home / "keyring").read_bytes()
    self.keys("rotate")
    (self.home / "keyring").write_bytes(old)

    refused = self.subrosa("keys", "status", expect=FAILED)

    self.assertIn("put back the newest copy of the keyring", refused.err)


class VerificationTest(KeysTest):

  def test_a_key_that_was_deleted_by_hand_is_found_and_nobody_named(self):
    self.sql("DELETE FROM consumer_key WHERE row = 2")

    text = self.subrosa("keys", "verify", expect=NO)
    found = self.keys("verify", expect=NO)

    self.assertIn("Found:\n  1 directory entries lead to keys that are not there", text.out)
    self.assertFalse(found["sound"])
    self.assertEqual([("entry-without-key", 1)],
                     [(each["finding"], each["count"]) for each in found["findings"]])
    self.assertNotIn("c-00000", text.out + text.err)
    self.assertIsNone(re.search(r"[0-9a-f]{16}", text.out))

  def test_a_key_that_was_changed_is_found(self):
    self.sql("UPDATE consumer_key SET wrapped = zeroblob(length(wrapped)) WHERE row = 1")

    found = self.keys("verify", expect=NO)

    self.assertEqual(["key-does-not-open"], [each["finding"] for each in found["findings"]])


if __name__ == "__main__":
  unittest.main(verbosity=2)
