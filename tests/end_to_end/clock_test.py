#!/usr/bin/env python3
"""A clock that is ahead for a run, and years that pass: nothing that is open is lost by either, what
waits is seen, and who was erased is reached with their final certificate.
"""

import json
import os
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, POLICY, InstallationTest)

AHEAD = os.path.abspath("tests/end_to_end/clock_ahead.so")
ADA, LUZ = "c-000001", "c-000002"
CONTACT = "ada@mail.example"


@unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer's runtime comes first")
class ClockTest(InstallationTest):

  days_ahead = 0

  def environment(self):
    if self.days_ahead == 0:
      return super().environment()
    return super().environment() | {
        "LD_PRELOAD": AHEAD, "SUBROSA_CLOCK_AHEAD": str(self.days_ahead * 86400)}

  def setUp(self):
    super().setUp()
    self.vkey = self.subrosa("init", "--entity", "rosewater", "--policy", POLICY,
                             "--key-derivation", "interactive", "--format", "json").json()["vkey"]
    self.ingest(f"{DATA}/wellness.ndjson")

  def connect(self, script):
    (self.home / "connectors.textproto").write_text(
        'connector { id: "crm" kind: PARTY_KIND_STORE command { argument: "/bin/sh" '
        f'argument: "-c" argument: "{script}" }} }}\n')

  def receive(self, consumer=ADA):
    path = self.write("request.json", json.dumps({
        "kind": "REQUEST_KIND_DELETE", "consumer": consumer, "residence": "US-CA",
        "channel": "REQUEST_CHANNEL_FORM",
        "requester": {"kind": "REQUESTER_KIND_SELF", "contact": CONTACT},
        "receivedAt": "2026-11-20T17:00:00Z"}))
    ref = self.subrosa("request", "receive", path, "--format", "json").json()["reference"]
    self.subrosa("request", "authenticate", ref, "--account-login")
    return ref

  def continue_(self, *words, expect):
    return self.subrosa("erasure", "continue", *words, "--format", "json",
                        expect=expect).json_lines()

  def list(self, expect=NO):
    return self.subrosa("erasure", "list", "--format", "json", expect=expect).json_lines()

  def test_one_run_ten_years_ahead_loses_nothing(self):
    self.connect("exit 1")
    ref = self.receive()
    self.subrosa("request", "erase", ref, "--yes", expect=NO)
    other = self.receive(LUZ)
    self.subrosa("keys", "rotate")

    self.days_ahead = 3650
    refused = self.subrosa("keys", "retire", expect=FAILED)
    self.assertIn("--clock-is-right", refused.err)
    ids = self.write("ids", f"{LUZ}\n")
    late = self.subrosa("retention", "--apply", "--consumers", ids, "--yes", expect=FAILED)
    self.assertIn("--clock-is-right", late.err)
    (ahead,) = self.continue_(expect=NO)
    self.assertEqual(1, ahead["open"])
    self.assertIn("clock", ahead["clock_doubt"])
    later = self.receive(LUZ)

    self.days_ahead = 0
    for each in (ref, other, later):
      self.subrosa("request", "show", each)
    self.subrosa("show", LUZ, "--brief")
    # The store is asked again at once, and the request takes its answer.
    self.connect("exit 0")
    (back,) = self.continue_(expect=0)
    self.assertEqual((1, 0, None), (back["told"], back["open"], back["clock_doubt"]))
    self.subrosa("request", "complete", ref)
    self.subrosa("keys", "retire", expect=NO)
    self.subrosa("audit", "verify")

  def test_a_clock_that_an_officer_says_is_right_is_believed(self):
    self.subrosa("keys", "rotate")
    self.days_ahead = 1000
    self.subrosa("keys", "retire", expect=FAILED)
    done = self.subrosa("keys", "retire", "--clock-is-right", "--format", "json").json()
    self.assertEqual(1, len(done["epochs"]))
    self.subrosa("keys", "retire", expect=NO)

  def test_what_is_open_outlasts_its_years_and_what_waits_is_seen(self):
    ref = self.receive()
    self.subrosa("request", "erase", ref, "--yes", "--hold", expect=NO)
    moved = 0
    for self.days_ahead in (300, 600, 900, 1200):
      done = self.subrosa("keys", "retire", "--format", "json", expect=None).json()
      self.assertEqual([], done["kept_years"])
      moved += done["moved_erasures"]
      (progress,) = self.continue_(expect=NO)
      self.assertEqual((0, 1), (progress["open"], progress["waiting"]))
    self.assertGreaterEqual(moved, 1)
    self.assertIn("Ordered, and waiting", self.subrosa("erasure", "continue", expect=NO).out)

    (held,) = self.list()
    self.assertEqual(("held", ADA, "ca-ccpa/hold-deletion"),
                     (held["waits_for"], held["account"], held["held_by"]))
    self.assertTrue(self.subrosa("erasure", "list", expect=NO).out.startswith(f"held\t{ADA}\t"))
    self.subrosa("request", "show", ref)

    self.subrosa("erasure", "release", ADA, "--yes")
    self.subrosa("show", ADA, expect=NO)
    (interim,) = self.list()
    self.assertEqual(("interim", None), (interim["waits_for"], interim["account"]))

  def test_the_final_certificate_reaches_the_consumer_once(self):
    ref = self.receive()
    self.subrosa("request", "erase", ref, "--yes")
    self.subrosa("request", "complete", ref)
    self.subrosa("request", "close", ref, "--yes")
    self.subrosa("keys", "rotate")
    self.days_ahead = 40
    self.subrosa("keys", "retire")
    folder = self.work / "certificates"
    self.subrosa("erasure", "continue", "--certificates", folder, expect=FAILED)
    folder.mkdir()
    (progress,) = self.continue_(expect=NO)
    self.assertEqual((1, 1), (progress["final"], progress["for_officer"]))
    self.assertEqual("to-hand-out", self.list()[0]["waits_for"])

    # Nobody hears it, so that it was not handed out.
    with open("/dev/full", "w", encoding="utf-8") as full:
      self.subrosa("erasure", "continue", "--certificates", folder, stdout=full, expect=FAILED)
    given, progress = self.continue_("--certificates", folder, expect=0)

    self.assertEqual((CONTACT, 1, 0),
                     (given["contact"], progress["handed_out"], progress["for_officer"]))
    self.assertEqual([f"{given['certificate']}.txt"], [path.name for path in folder.iterdir()])
    verified = self.subrosa("verify", given["file"], "--key", self.vkey, "--consumer", ADA)
    self.assertIn("final", verified.out)
    self.assertEqual([], self.list(expect=0))
    (again,) = self.continue_("--certificates", folder, expect=0)
    self.assertEqual(0, again["handed_out"])

  def test_a_sql_store_deletes_what_hangs_on_a_row_and_keeps_its_journal_mode(self):
    lists = self.work / "lists.db"
    with sqlite3.connect(lists) as database:
      database.executescript(
          f"CREATE TABLE member(account TEXT PRIMARY KEY);"
          f"CREATE TABLE note(account TEXT REFERENCES member ON DELETE CASCADE, text TEXT);"
          f"INSERT INTO member VALUES('{ADA}'), ('{LUZ}');"
          f"INSERT INTO note VALUES('{ADA}', 'one'), ('{LUZ}', 'two');")
    database.close()
    (self.home / "connectors.textproto").write_text(
        f'connector {{ id: "lists" kind: PARTY_KIND_STORE sql {{ sqlite_file: "{lists}" '
        'statement: "DELETE FROM member WHERE account = $1" } }\n')

    self.subrosa("erase", ADA, "--yes")

    with sqlite3.connect(lists) as database:
      self.assertEqual([(LUZ, "two")], database.execute("SELECT * FROM note").fetchall())
      self.assertEqual([("delete",)], database.execute("PRAGMA journal_mode").fetchall())
    database.close()


if __name__ == "__main__":
  unittest.main()
