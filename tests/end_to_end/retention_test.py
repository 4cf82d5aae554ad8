#!/usr/bin/env python3
"""What is past the time that the policy keeps it is listed, and erased when that is asked for."""

import datetime
import json
import os
import pathlib
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, POLICY, USAGE, InstallationTest)

DATA = os.path.abspath("docs/examples/data")


class RetentionTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    # The diary is kept for one day: whatever was collected in the samples' time is past it.
    policy = pathlib.Path(POLICY).read_text(encoding="utf-8")
    changed = policy.replace('retention: "your account is closed"', 'retention: "P1D"', 1)
    self.subrosa("policy", "set", self.write("policy.textproto", changed))
    self.ingest(f"{DATA}/wellness.ndjson")

  def lines(self, *words, **options):
    return self.subrosa("retention", "--format", "json", *words, **options).json()

  def test_what_is_past_due_is_listed_erased_and_then_gone(self):
    before = self.lines(expect=NO)["lines"]
    due = [line for line in before if line["past_due"]]
    self.assertEqual({"self-reflection"}, {line["purpose"] for line in due})
    kept = [line for line in before if line["purpose"] != "self-reflection"]

    ids = self.write("ids", "\n".join(self.consumers()) + "\nnobody\n")
    tried = self.lines("--apply", "--consumers", ids, "--dry-run")
    self.assertEqual(before, self.lines(expect=NO)["lines"])

    done = self.lines("--apply", "--consumers", ids, "--yes")

    self.assertEqual((True, False), (tried["dry_run"], done["dry_run"]))
    self.assertEqual(tried["erased"], done["erased"])
    self.assertGreater(done["erased"]["rows"], 0)
    self.assertEqual(1, done["erased"]["not_found"])
    self.assertEqual(kept, done["lines"])
    again = self.lines("--apply", "--consumers", ids, "--yes")
    self.assertEqual(0, again["erased"]["rows"])

  def consumers(self):
    records = pathlib.Path(f"{DATA}/wellness.ndjson").read_text(encoding="utf-8")
    return sorted({json.loads(line)["consumer"]
                   for line in records.splitlines() if line.strip()})

  def test_a_recipient_that_was_given_what_is_erased_is_to_be_told(self):
    now = datetime.datetime.now(datetime.timezone.utc)
    desk = {"id": "coach-desk", "name": "Coach Desk, Inc.", "role": "RECIPIENT_ROLE_THIRD_PARTY",
            "category": "coaching services",
            "contact": {"email": "privacy@coach.example",
                        "checkedOn": str(now.date() - datetime.timedelta(days=10))},
            "purpose": ["self-reflection"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
            "location": ["US"]}
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [desk]}))
    # Of one consumer, of whatever kind; a declaration stands though nothing allowed it.
    someone = self.consumers()[0]
    self.subrosa("share", "declare", "-", expect=NO, stdin=json.dumps(
        {"consumer": someone, "recipient": "coach-desk", "purpose": "self-reflection",
         "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "pseudonym": "p-1"}) + "\n")
    ids = self.write("ids", "\n".join(self.consumers()) + "\n")
    tried = self.lines("--apply", "--consumers", ids, "--dry-run")
    self.assertEqual("", self.subrosa("share", "due", "--format", "json").out)

    done = self.lines("--apply", "--consumers", ids, "--yes")

    self.assertEqual((1, 1), (tried["erased"]["notices"], done["erased"]["notices"]))
    due = self.subrosa("share", "due", "--format", "json").json_lines()
    self.assertEqual([("coach-desk", "part", ["p-1"])],
                     [(each["recipient"], each["reason"], each["pseudonyms"]) for each in due])
    self.assertLess(due[0]["collected_last_day"], str(now.date()))
    again = self.lines("--apply", "--consumers", ids, "--yes")
    self.assertEqual(0, again["erased"]["notices"])

  def test_an_error_at_the_second_consumer_leaves_the_first_erased_and_counted(self):
    first, second = self.due_consumers()[:2]
    ids = self.write("first", first + "\n")
    due = self.lines("--apply", "--consumers", ids, "--dry-run")["erased"]["rows"]
    self.database(f"""CREATE TRIGGER stop BEFORE DELETE ON record
                      WHEN (SELECT count(*) FROM record) <= {self.rows() - due}
                      BEGIN SELECT RAISE(ABORT, 'stopped'); END""")
    ids = self.write("both", f"{first}\n{second}\n")

    outcome = self.subrosa("retention", "--format", "json", "--apply", "--consumers", ids, "--yes",
                           expect=FAILED)

    done = outcome.json()
    self.assertEqual((1, due), (done["erased"]["consumers"], done["erased"]["rows"]))
    self.assertEqual([], done["lines"])
    self.assertNotIn(second, outcome.err)
    self.database("DROP TRIGGER stop")
    ids = self.write("first", first + "\n")
    gone = self.lines("--apply", "--consumers", ids, "--dry-run")
    self.assertEqual(0, gone["erased"]["rows"])

  def due_consumers(self):
    """Those of whom something is past due."""
    found = []
    for consumer in self.consumers():
      ids = self.write("one", consumer + "\n")
      if self.lines("--apply", "--consumers", ids, "--dry-run")["erased"]["rows"]:
        found.append(consumer)
      if len(found) == 2:
        break
    return found

  def database(self, statement):
    database = sqlite3.connect(self.home / "records.db")
    try:
      database.execute(statement)
      database.commit()
    finally:
      database.close()

  def rows(self):
    database = sqlite3.connect(self.home / "records.db")
    try:
      return database.execute("SELECT count(*) FROM record").fetchone()[0]
    finally:
      database.close()

  def test_it_erases_nothing_unless_all_is_said(self):
    ids = self.write("ids", "ada\n")
    for words in (["--apply"], ["--apply", "--yes"], ["--apply", "--consumers", ids],
                  ["--consumers", ids], ["--yes"], ["--dry-run"],
                  ["--apply", "--consumers", ids, "--yes", "--dry-run"]):
      self.subrosa("retention", *words, expect=USAGE)
    self.subrosa("retention", "--apply", "--yes", "--consumers", "nowhere", expect=FAILED)


if __name__ == "__main__":
  unittest.main(verbosity=2)
