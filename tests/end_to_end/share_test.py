#!/usr/bin/env python3
"""Sharing through the command: granted, opened with age, declared, listed, revoked, denied."""

import datetime
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest, ndjson, record)

NOW = datetime.datetime.now(datetime.timezone.utc)
CHECKED = str(NOW.date() - datetime.timedelta(days=10))
HERE = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")

POLICY = """
entity: "rosewater" name: "Rosewater" contact_email: "privacy@rosewater.example"
pack: [ "wa-mhmda", "nv-sb370" ]
residence_unless_known: "US-WA"
purpose {
  id: "coaching-you-booked" title: "Coaching that you booked"
  action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
  category: HEALTH_CATEGORY_CONDITIONS
  need: NEED_SERVICE need_reason: "the coaching session that the consumer books"
}
purpose {
  id: "research" title: "Research"
  action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
  category: HEALTH_CATEGORY_CONDITIONS
  need: NEED_NONE
}
"""

# Nothing of it may stand in any file of the home, in a log or in an error.
CANARIES = ("canary-consumer", "canary-record", "canary-note", "canary-why")


class ShareTest(InstallationTest):
  """A home with one recipient, and one consumer of whom two records are held."""

  def setUp(self):
    super().setUp()
    policy = self.write("policy.textproto", POLICY)
    self.subrosa("init", "--entity", "rosewater", "--policy", policy,
                 "--key-derivation", "interactive")
    self.identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True)
    key = re.search(r"age1\w+", self.identity.read_text(encoding="utf-8"))[0]
    desk = {"id": "coach-desk", "name": "Coach Desk, Inc.", "role": "RECIPIENT_ROLE_THIRD_PARTY",
            "category": "coaching services",
            "contact": {"email": "privacy@coach.example", "checkedOn": CHECKED},
            "purpose": ["coaching-you-booked", "research"],
            "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"], "location": ["US"],
            "ageRecipient": key}
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [desk]}))
    mood = {"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": 3,
            "note": "canary-note"}
    self.ingest(self.write("records.ndjson", ndjson(
        *(record("canary-consumer", f"canary-record-{number}", purpose="coaching-you-booked",
                 basis="BASIS_NECESSARY", payload=mood) for number in (1, 2)))))

  def share(self, *words, **options):
    return self.subrosa("share", *words, "--format", "json", **options).json()

  def grant(self, output, *words, **options):
    return self.share("grant", "canary-consumer", "--recipient", "coach-desk", "--purpose",
                      "coaching-you-booked", "--output", output, *words, **options)

  def open(self, path):
    """What the recipient reads with a tool of its own."""
    done = subprocess.run(["age", "--decrypt", "-i", self.identity, path], check=True,
                          capture_output=True, cwd=self.work)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]

  def recipients(self):
    return self.share("list", "canary-consumer")["recipients"]

  def test_the_recipient_opens_what_it_was_given_under_names_of_its_own(self):
    tried = self.share("grant", "canary-consumer", "--recipient", "coach-desk", "--purpose",
                       "coaching-you-booked", "--dry-run")
    self.assertEqual((False, 2), (tried["granted"], tried["records"]))
    self.assertEqual([], self.recipients())

    first = self.grant("first.age")
    again = self.grant("again.age")

    self.assertEqual((True, 2, "share"), (first["granted"], first["records"], first["action"]))
    self.assertIn("wa-mhmda/share", first["rules"])
    given = self.open("first.age")
    self.assertEqual(["canary-note"] * 2, [each["payload"]["note"] for each in given])
    self.assertEqual({first["pseudonym"]}, {each["consumer"] for each in given})
    self.assertNotIn("canary-consumer", json.dumps(given))
    self.assertNotIn("canary-record", json.dumps(given))
    # Within a year the names stay, so that the recipient can join what it gets.
    key = lambda each: each["id"]
    self.assertEqual(sorted(given, key=key), sorted(self.open("again.age"), key=key))
    self.assertEqual(first["pseudonym"], again["pseudonym"])

    listed = self.recipients()
    self.assertEqual(["privacy@coach.example"], [each["contact"] for each in listed])
    self.assertEqual((2, 4), (listed[0]["disclosures"], listed[0]["records"]))
    told = self.subrosa("share", "list", "--recipient", "coach-desk", "--format", "json")
    self.assertEqual(["canary-consumer"], [each["consumer"] for each in told.json_lines()])
    self.assertEqual("", self.subrosa("share", "list", "--recipient", "nobody").out)
    self.subrosa("audit", "verify")

  def test_what_may_not_be_given_is_denied_with_its_rule_and_leaves_nothing(self):
    outcome = self.subrosa("share", "grant", "canary-consumer", "--recipient", "coach-desk",
                           "--purpose", "research", "--output", "denied.age", expect=NO)
    self.assertIn("wa-mhmda/share", outcome.err)
    for words in (["canary-consumer", "--recipient", "nobody", "--purpose", "research"],
                  ["somebody", "--recipient", "coach-desk", "--purpose", "coaching-you-booked"],
                  ["canary-consumer", "--recipient", "coach-desk", "--purpose",
                   "coaching-you-booked", "--category", "medication"]):
      self.subrosa("share", "grant", *words, "--output", "denied.age", expect=NO)
    self.assertFalse((self.work / "denied.age").exists())
    self.write("taken.age", "mine")
    self.subrosa("share", "grant", "canary-consumer", "--recipient", "coach-desk", "--purpose",
                 "coaching-you-booked", "--output", "taken.age", expect=FAILED)
    self.assertEqual([], self.recipients())
    for words in (["grant", "canary-consumer"], ["list"], ["declare"], ["revoke", "canary-consumer"],
                  ["list", "canary-consumer", "--recipient", "coach-desk"],
                  ["grant", "canary-consumer", "--recipient", "coach-desk", "--purpose", "research"]):
      self.subrosa("share", *words, expect=USAGE)

  def test_a_revocation_ends_it_and_says_that_it_cannot_unread(self):
    self.grant("first.age")

    tried = self.share("revoke", "canary-consumer", "--recipient", "coach-desk", "--dry-run")
    self.assertEqual((False, 1), (tried["revoked"], tried["notices"]))
    self.assertFalse(self.recipients()[0]["revoked"])
    self.subrosa("share", "revoke", "canary-consumer", "--recipient", "nobody", "--dry-run",
                 expect=NO)
    self.grant("second.age")

    told = self.subrosa("share", "revoke", "canary-consumer", "--recipient", "coach-desk").out

    self.assertIn("cannot make that unread", told)
    self.assertIn("1 notices to delete are queued", told)
    self.assertTrue(self.recipients()[0]["revoked"])
    self.subrosa("share", "grant", "canary-consumer", "--recipient", "coach-desk", "--purpose",
                 "coaching-you-booked", "--output", "third.age", expect=NO)
    self.subrosa("share", "revoke", "canary-consumer", "--recipient", "nobody", expect=NO)
    self.subrosa("share", "revoke", "somebody", "--recipient", "coach-desk", expect=NO)

  def due(self, *words, **options):
    return self.subrosa("share", "due", "--format", "json", *words, **options).json_lines()

  def test_who_was_given_a_part_that_is_erased_waits_to_be_told_and_is_settled(self):
    given = self.grant("first.age")
    part = ["erase", "canary-consumer", "--record", "ios-app/canary-record-1"]
    tried = self.subrosa(*part, "--dry-run", "--format", "json").json()
    self.assertEqual((1, []), (tried["notices"], self.due()))
    self.assertIn("Nobody has to be told", self.subrosa("share", "due").out)

    done = self.subrosa(*part, "--yes", "--format", "json").json()

    self.assertEqual((1, 1), (done["rows"], done["notices"]))
    notice, = self.due()
    self.assertEqual(notice, self.due("--recipient", "coach-desk")[0])
    self.assertEqual([], self.due("--recipient", "nobody"))
    self.assertEqual(("part", "coach-desk", "privacy@coach.example"),
                     (notice["reason"], notice["recipient"], notice["contact"]))
    self.assertEqual([given["pseudonym"]], notice["pseudonyms"])
    self.assertEqual(given["categories"], notice["categories"])
    # The day on which the record was collected.
    self.assertEqual(("2026-01-02", "2026-01-02"),
                     (notice["collected_first_day"], notice["collected_last_day"]))
    self.assertFalse(notice["overdue"])
    self.assertGreater(notice["due"], str(NOW.date()))
    told = self.subrosa("share", "due").out
    self.assertIn("1 due, 0 of them overdue", told)
    self.assertNotIn("canary", told + json.dumps(notice))
    # It outlives the consumer, whose own erasure tells all else.
    self.subrosa("erase", "canary-consumer", "--yes", expect=None)
    self.assertEqual([notice], self.due())

    for wrong in ("7", "x" * 32):
      self.subrosa("share", "settle", "--notice", wrong, expect=USAGE)
    self.subrosa("share", "settle", "--notice", "0" * 32, expect=NO)
    self.assertEqual({"settled": True}, self.share("settle", "--notice", notice["notice"]))
    self.assertEqual([], self.due())
    self.subrosa("share", "settle", "--notice", notice["notice"], expect=NO)

  def test_a_notice_that_nobody_settled_in_its_year_is_told_of_once_and_deleted(self):
    self.grant("first.age")
    self.subrosa("erase", "canary-consumer", "--record", "ios-app/canary-record-1", "--yes")
    self.assertEqual(1, len(self.due()))
    self.assertEqual([1], self.records("SELECT count(*) FROM due_notice"))
    self.records("UPDATE due_notice SET year = 2020")

    told = self.subrosa("share", "due", expect=NO)

    self.assertIn("1 notices ended with their year", told.err)
    self.assertIn("Nobody has to be told", told.out)
    self.assertNotIn("canary", told.err)
    self.assertEqual([0], self.records("SELECT count(*) FROM due_notice"))
    self.assertEqual("", self.subrosa("share", "due").err)

  def records(self, statement):
    database = sqlite3.connect(self.home / "records.db")
    try:
      found = [row[0] for row in database.execute(statement)]
      database.commit()
      return found
    finally:
      database.close()

  def test_what_was_given_elsewhere_is_declared_and_told_where_nothing_allowed_it(self):
    def made(**changes):
      return json.dumps({"consumer": "canary-consumer", "recipient": "coach-desk", "purpose":
                         "coaching-you-booked", "category": ["HEALTH_CATEGORY_CONDITIONS"],
                         "at": HERE, "note": "canary-why"} | changes)
    lines = "\n".join([made(), made(purpose="research"), made(recipient="nobody"), "{", ""])

    self.share("declare", "-", "--dry-run", stdin=lines, expect=NO)
    self.assertEqual([], self.recipients())
    outcome = self.subrosa("share", "declare", "-", "--format", "json", stdin=lines, expect=NO)

    self.assertEqual({"dry_run": False, "recorded": 2, "unchanged": 0, "refused": 2,
                      "not_permitted": 1}, outcome.json())
    self.assertIn("line 2: use: want a permit", outcome.err)
    self.assertIn("line 3: disclosure.recipient: want one that is on record", outcome.err)
    self.assertNotIn("canary", outcome.err)
    self.assertEqual(2, self.recipients()[0]["disclosures"])

    again = "\n".join([made(), made(purpose="research"), made(note="canary-other"),
                       made(note="canary-other"), ""])
    tried = self.share("declare", "-", "--dry-run", stdin=again)
    self.assertEqual((2, 2), (tried["recorded"], tried["unchanged"]))
    declared = self.share("declare", "-", stdin=again)
    self.assertEqual((1, 3, 0), (declared["recorded"], declared["unchanged"],
                                 declared["refused"]))
    self.assertEqual(3, self.recipients()[0]["disclosures"])

  def test_a_file_that_is_taken_in_again_records_only_what_is_not_on_record(self):
    lines = [json.dumps({"consumer": f"canary-{number}", "recipient": "coach-desk", "at": HERE,
                         "purpose": "coaching-you-booked"}) for number in range(1003)]
    failed = self.subrosa("share", "declare", self.home, "--format", "json", expect=FAILED)
    self.assertEqual(0, failed.json()["recorded"])

    first = self.share("declare", "-", stdin="\n".join(lines[:1001]))
    again = self.share("declare", "-", stdin="\n".join(lines))

    self.assertEqual((1001, 0), (first["recorded"], first["unchanged"]))
    self.assertEqual((2, 1001), (again["recorded"], again["unchanged"]))

  def test_where_nothing_is_held_the_dry_run_says_no_as_the_grant_does(self):
    self.write("facts.ndjson", json.dumps({"consumer": "empty", "facts": {"residence": "US-WA"}}))
    self.subrosa("consent", "facts", "facts.ndjson")
    words = ("share", "grant", "empty", "--recipient", "coach-desk", "--purpose",
             "coaching-you-booked")

    tried = self.subrosa(*words, "--dry-run", expect=NO)
    given = self.subrosa(*words, "--output", "none.age", expect=NO)

    self.assertIn("record: want at least one to give, got none", tried.err)
    self.assertEqual(tried.err, given.err)
    self.assertFalse((self.work / "none.age").exists())

  def test_nothing_of_what_is_shared_rests_in_clear(self):
    self.grant("first.age")
    self.share("declare", "-", stdin=json.dumps({
        "consumer": "canary-consumer", "recipient": "coach-desk", "at": HERE,
        "purpose": "coaching-you-booked", "note": "canary-why"}))
    self.share("revoke", "canary-consumer", "--recipient", "coach-desk")

    paths = [path for folder in (self.home, self.temporary) for path in folder.rglob("*")]
    for path in [*paths, self.work / "first.age"]:
      if path.is_file():
        content = path.read_bytes()
        for canary in CANARIES:
          self.assertNotIn(canary.encode(), content, path)

  def test_the_keys_of_the_json_are_documented(self):
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_]+)[`"]', page))
    answers = [self.grant("first.age"), self.recipients()[0]]
    answers += self.subrosa("share", "list", "--recipient", "coach-desk", "--format",
                            "json").json_lines()
    answers.append(self.share("revoke", "canary-consumer", "--recipient", "coach-desk"))
    for answer in answers:
      self.assertLessEqual(set(answer), documented, json.dumps(answer))


if __name__ == "__main__":
  unittest.main(verbosity=2)
