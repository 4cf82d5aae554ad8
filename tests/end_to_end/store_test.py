#!/usr/bin/env python3
"""Backs up the stores of a home in use, builds homes from the copies, and checks copies and homes."""

import datetime
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, DONE, FAILED, NO, PATIENCE_SECONDS, USAGE, InstallationTest, counts, counts_of)

WELLNESS = f"{DATA}/wellness.ndjson"
HELD = 480
BUSY = "whose log is being sequenced"


class StoreTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.backups = self.folder / "backups"
    self.backups.mkdir()
    self.init()

  def back_up(self, name, *stores):
    """Copies of both stores, or of those that are named, and what was said of them."""
    files = {store: self.backups / f"{store}.{name}" for store in stores or ("records", "keys")}
    words = [word for store, file in files.items() for word in (f"--{store}", file)]
    said = self.subrosa("store", "backup", *words, "--format", "json").json()
    return files, said["copies"]

  def check(self, *words, expect=DONE, **options):
    return self.subrosa("store", "check", *words, "--format", "json", expect=expect,
                        **options).json()

  def check_copies(self, files, **options):
    return self.check(*(word for store, file in files.items() for word in (f"--{store}", file)),
                      **options)

  def copy_log(self, to):
    """Copies the log's files as one may while it grows: the checkpoint first, the others twice,
    since one that is not full yet may vanish for one that is."""
    to.mkdir()
    shutil.copy(self.home / "log" / "checkpoint", to)
    for _ in range(2):
      for folder, _, names in os.walk(self.home / "log" / "tile"):
        copied = to / os.path.relpath(folder, self.home / "log")
        copied.mkdir(parents=True, exist_ok=True)
        for name in names:
          try:
            shutil.copy(os.path.join(folder, name), copied)
          except FileNotFoundError:
            pass

  def put_in_place(self, files):
    for store, file in files.items():
      for suffix in ("-wal", "-shm"):
        (self.home / f"{store}.db{suffix}").unlink(missing_ok=True)
      shutil.copy(file, self.home / f"{store}.db")

  def build_home(self, name, files, keyring, policy, log):
    """Another home, of copies of all parts."""
    self.home = self.folder / name
    self.home.mkdir(mode=0o700)
    shutil.copy(keyring, self.home / "keyring")
    shutil.copy(policy, self.home / "policy.textproto")
    shutil.copytree(log, self.home / "log")
    self.put_in_place(files)

  def restore(self):
    """Restores; a copy that was made while someone was at the log says so for some seconds."""
    while True:
      outcome = self.subrosa("store", "restore", "--format", "json", expect=None)
      if outcome.exit != FAILED or BUSY not in outcome.err:
        self.assertEqual(DONE, outcome.exit, outcome)
        return outcome.json()

  def execute(self, store, sql):
    database = sqlite3.connect(self.home / f"{store}.db")
    try:
      found = database.execute(sql).fetchone()
      database.commit()
      return found
    finally:
      database.close()

  def test_copies_that_are_made_while_records_come_in_restore_to_a_beginning_of_them(self):
    path = self.sample("many.ndjson", "--consumers", 3000, "--records-per-consumer", 4)
    total = 12000
    log = self.backups / "log"
    with subprocess.Popen(self.arguments("ingest", path), cwd=self.work, env=self.environment(),
                          stdout=subprocess.DEVNULL) as ingest:
      while not (self.home / "log" / "tile").exists():
        self.assertIsNone(ingest.poll())
      files, copies = self.back_up("busy")
      # In the order that docs/operations/backups.md gives: the keyring, the checkpoint, its tiles.
      keyring = shutil.copy(self.home / "keyring", self.backups / "keyring")
      policy = shutil.copy(self.home / "policy.textproto", self.backups / "policy.textproto")
      self.copy_log(log)
      self.assertEqual(DONE, ingest.wait(timeout=PATIENCE_SECONDS))
    self.assertEqual(["records", "keys"], [copy["store"] for copy in copies])
    self.assertLessEqual(copies[0]["log_size"], copies[1]["log_size"])
    self.assertTrue(self.check_copies(files)["sound"])
    key = self.subrosa("audit", "status", "--format", "json").json()["keys"][0]["vkey"]
    self.subrosa("audit", "verify", "--log", log, "--key", key)

    self.build_home("rebuilt", files, keyring, policy, log)
    refused = self.subrosa("inventory", expect=None)
    self.assertIn(refused.exit, (DONE, FAILED), refused)
    if refused.exit == FAILED:
      self.assertRegex(refused.err, "(key|record) store.*: an older copy: ")
    self.restore()

    held = self.inventory()["total"]["records"]
    self.assertGreater(held, 0)
    checked = self.check()
    self.assertEqual({"consumers": 0, "rows": 0, "swept": False}, checked["orphans"])
    self.assertEqual((held, 0), (checked["opened"]["rows"], checked["opened"]["lost"]))
    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])
    self.assertEqual(counts(added=total - held, unchanged=held), counts_of(self.ingest(path)))

  def test_copies_of_a_home_at_rest_open_as_they_are(self):
    self.ingest(WELLNESS)
    before = self.inventory()
    files, copies = self.back_up("quiet")
    keyring, policy, log = (self.home / name for name in ("keyring", "policy.textproto", "log"))

    for copy in copies:
      self.assertEqual(os.path.getsize(copy["file"]), copy["bytes"])
      self.assertEqual(0, copy["waiting"])
      self.assertEqual(0o600, stat.S_IMODE(os.stat(copy["file"]).st_mode))
    self.assertEqual({path.name for path in files.values()},
                     {path.name for path in self.backups.iterdir()})
    self.build_home("rebuilt", files, keyring, policy, log)

    self.assertEqual(before, self.inventory())

  def test_an_older_copy_of_one_store_is_refused_and_named(self):
    self.ingest(WELLNESS)
    files, _ = self.back_up("old")
    self.subrosa("erase", "c-000001", "--yes")
    whole = self.folder / "whole"
    shutil.copytree(self.home, whole)
    for store, name in (("keys", "key store"), ("records", "record store")):
      with self.subTest(store=store):
        shutil.rmtree(self.home)
        shutil.copytree(whole, self.home)
        self.put_in_place({store: files[store]})

        refused = self.subrosa("inventory", expect=FAILED)
        checked = self.check(expect=NO)

        self.assertRegex(refused.err, rf"^subrosa: error: {name}( and log)?: an older copy: ")
        self.assertIn(f"{store}.db (behind): ", "\n".join(checked["faults"]))
        self.subrosa("store", "backup", "--keys", self.backups / "none", expect=FAILED)

  def test_a_flipped_byte_in_the_middle_of_a_copy_or_a_home_is_found(self):
    self.ingest(WELLNESS)
    files, _ = self.back_up("good")
    self.assertEqual((HELD, 0), tuple(
        self.check_copies(files)["opened"][name] for name in ("rows", "lost")))
    envelope = self.execute(
        "records", f"SELECT substr(envelope, 60, 40) FROM record WHERE row = {HELD // 2}")[0]
    for store, sql in (("records", envelope),
                       ("keys", self.execute("keys", "SELECT wrapped FROM consumer_key")[0])):
      for path in (files[store], self.home / f"{store}.db"):
        with self.subTest(path=path):
          content = bytearray(path.read_bytes())
          content[content.index(sql) + 20] ^= 1
          path.write_bytes(content)

          checked = self.check_copies(files, expect=NO) if path == files[store] else \
              self.check(expect=NO)

          self.assertFalse(checked["sound"])
          self.assertGreater(checked["fault_count"], 0)

  def test_a_flipped_byte_in_the_structure_is_found_without_a_passphrase(self):
    self.ingest(WELLNESS)
    files, _ = self.back_up("good", "records")
    content = bytearray(files["records"].read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    # The kind of a page of a table or an index.
    at = next(at for at in range(middle, len(content), 4096) if content[at] in (2, 5, 10, 13))
    content[at] ^= 1
    files["records"].write_bytes(content)

    for words in ([], ["--quick"]):
      outcome = self.run_command(
          [self.arguments()[0], "store", "check", "--records", files["records"], *words],
          expect=NO)
      self.assertIn("faults:\n", outcome.out)

  def test_rows_that_lead_to_nobody_are_found_and_swept_and_the_log_agrees(self):
    self.ingest(WELLNESS)
    self.execute("records", "UPDATE record SET data_ref = zeroblob(16) WHERE row <= 7")

    found = self.check(expect=NO)
    swept = self.check("--sweep")

    self.assertEqual({"consumers": 1, "rows": 7, "swept": False}, found["orphans"])
    self.assertEqual({"consumers": 1, "rows": 7, "swept": True}, swept["orphans"])
    self.assertEqual({"consumers": 0, "rows": 0, "swept": False}, self.check()["orphans"])
    verified = self.subrosa("audit", "verify", "--format", "json").json()
    self.assertTrue(verified["sound"], verified)
    self.assertEqual(HELD - 7, verified["rows"])

  def test_numbers_that_are_wrong_are_found_and_counted_anew(self):
    self.ingest(WELLNESS)
    received = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
    for residence in ("US-CA", "US-WA", "US-CA"):
      self.subrosa("request", "receive", self.write("request.json", json.dumps({
          "kind": "REQUEST_KIND_ACCESS", "consumer": "c-1", "residence": residence,
          "channel": "REQUEST_CHANNEL_FORM", "receivedAt": f"{received:%Y-%m-%dT%H:%M:%SZ}",
          "requester": {"kind": "REQUESTER_KIND_SELF", "contact": "c@rosewater.example"}})))
    counted = ("report", "requests", "--year", received.year, "--format", "json")
    tally = self.subrosa(*counted).out
    self.assertIn('"received":3', tally)
    self.assertTrue(self.check()["sound"])
    self.execute("records", "UPDATE record_count SET records = records - 1")
    self.execute("records", "UPDATE request_count SET requests = requests + 4")

    found = self.check(expect=NO)
    self.assertIn('"received":11', self.subrosa(*counted).out)
    recounted = self.check("--recount")

    self.assertEqual(2, found["fault_count"], found)
    for fault in found["faults"]:
      self.assertRegex(fault, r"^records\.db: want re(cord|quest)s counted as .* --recount ")
    self.assertEqual(HELD, found["counts"]["records"])
    self.assertTrue(recounted["counts"]["recounted"])
    self.assertTrue(recounted["sound"])
    self.assertTrue(self.check()["sound"])
    self.assertEqual(tally, self.subrosa(*counted).out)

  def test_a_restore_sweeps_the_rows_that_an_older_record_store_brings_back(self):
    self.ingest(WELLNESS)
    files, _ = self.back_up("old", "records")
    self.subrosa("erase", "c-000001", "--yes")
    # The key store knows for thirty days whose rows these are; then it does not.
    self.execute("keys", "DELETE FROM due_deletion")

    restored = self.subrosa("store", "restore", "--records", files["records"], "--yes",
                            "--format", "json").json()

    self.assertEqual(80, restored["rows_swept"])
    self.assertEqual((HELD - 80,), self.execute("records", "SELECT count(*) FROM record"))
    self.assertTrue(self.check()["sound"])
    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])

  def test_a_copy_in_words_says_from_when_on_an_erasure_holds_in_it(self):
    outcome = self.subrosa("store", "backup", "--keys", "keys.copy", "--records", "records.copy")

    self.assertRegex(outcome.out, r"^records\.copy: the record store, .*\n  an erasure made from "
                     r"now on holds in this copy as soon as it holds in every key store: ")
    self.assertRegex(outcome.out, r"\nkeys\.copy: the key store, .*, epoch 1;\n  .* once the "
                     r"object of epoch 1 is destroyed \(`subrosa keys rotate`; 30 days later, ")
    self.assertEqual(4, len(outcome.out.splitlines()))
    said = self.subrosa("store", "check", "--keys", "keys.copy").out
    self.assertRegex(said, r"^key store     keys\.copy, .* MB, version \d+, knows a log of ")
    self.assertTrue(said.endswith("\nNothing is wrong.\n"), said)

  def test_a_restore_tells_a_record_store_that_was_copied_amid_a_step_of_the_log(self):
    self.ingest(WELLNESS)
    told = self.execute("records", "SELECT log_size, log_root FROM outbox_state")
    self.execute("records", "UPDATE outbox_state SET log_size = 0, log_root = x''")

    self.assertIn("records.db (behind): ", "\n".join(self.check(expect=NO)["faults"]))
    self.subrosa("store", "restore", "--dry-run")
    self.assertIn("records.db (behind): ", "\n".join(self.check(expect=NO)["faults"]))
    self.restore()

    self.assertTrue(self.check()["sound"])
    self.assertEqual(told, self.execute("records", "SELECT log_size, log_root FROM outbox_state"))

  def test_nothing_is_replaced(self):
    taken = self.write("taken", "precious")

    self.refuse("store", "backup", "--keys", "keys.copy", "--records", taken, exit_code=FAILED,
                error=f"subrosa: error: {taken}: want a name that is free, got one that is taken\n")

    self.assertEqual(b"precious", taken.read_bytes())
    self.assertEqual([taken], list(self.work.iterdir()))

  def test_a_wrong_call_does_nothing(self):
    for words in (["backup"], ["backup", "--keys", "one", "--records", "one"],
                  ["check", "--sweep", "--quick"], ["check", "--sweep", "--keys", "one"],
                  ["check", "--recount", "--quick"]):
      outcome = self.subrosa("store", *words, expect=USAGE)
      self.assertIn(f"subrosa: error: store {words[0]}: --", outcome.err)
    outcome = self.run_command([self.arguments()[0], "store", "check", "--sweep"], expect=USAGE)
    self.assertIn("--sweep: want a home, and --passphrase-file", outcome.err)
    self.assertEqual([], list(self.work.iterdir()))

  def test_what_is_not_there_is_an_error(self):
    self.subrosa("store", "check", "--keys", "none", expect=FAILED)
    self.subrosa("store", "backup", "--keys", "none/keys", expect=FAILED)
    self.subrosa("store", "backup", "--keys", "keys", "--home", "none", expect=FAILED)
    self.subrosa("store", "check", "--home", "none", expect=FAILED)


if __name__ == "__main__":
  unittest.main(verbosity=2)
