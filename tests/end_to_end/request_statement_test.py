#!/usr/bin/env python3
"""What a consumer is told and may say when they asked: who received their data, and a statement about
what was not corrected."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, USAGE, InstallationTest)

ADA = "c-000001"
CANARY = "canary-5a5a-statement"


class RequestStatementTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(f"{DATA}/wellness.ndjson")
    copy = self.copy(ADA)
    self.source, self.record = next(key for key in copy if key[1])

  def receive(self, kind, residence="US-CA"):
    path = self.write("request.json", json.dumps({
        "kind": f"REQUEST_KIND_{kind}", "consumer": ADA, "residence": residence,
        "channel": "REQUEST_CHANNEL_FORM",
        "requester": {"kind": "REQUESTER_KIND_SELF", "contact": "ada@mail.example"},
        "receivedAt": "2026-11-20T17:00:00Z"}))
    ref = self.subrosa("request", "receive", path, "--format", "json").json()["reference"]
    self.subrosa("request", "authenticate", ref, "--account-login")
    return ref

  def attach(self, ref, text, record=None, **options):
    return self.subrosa("request", "statement", ref, "--source", self.source, "--record",
                        record or self.record, "--file", self.write("statement.txt", text),
                        "--format", "json", **options)

  def test_a_statement_about_what_was_not_corrected_becomes_part_of_what_is_held(self):
    ref = self.receive("CORRECT")
    self.attach(ref, "I was at home.", expect=NO)
    self.subrosa("request", "deny", ref, "--because", "held-to-be-right", "--reason",
                 "our records agree", "--letter", self.work / "deny.txt")
    self.assertIn("a statement of up to 250 words",
                  (self.work / "deny.txt").read_text(encoding="utf-8"))
    before = self.copy(ADA)
    said = self.attach(ref, f"{CANARY}: I was at home that day.").json()
    self.assertEqual("ca-ccpa/correct-statement", said["rule"])
    after = self.copy(ADA)
    new = set(after) - set(before)
    self.assertEqual({(self.source, said["statement"])}, new)
    self.assertIn(CANARY, json.dumps(after[new.pop()]))

  def test_what_may_not_be_attached_is_refused_without_a_word_of_it(self):
    ref = self.receive("CORRECT")
    self.subrosa("request", "deny", ref, "--because", "held-to-be-right", "--reason", "they agree")
    for text, record, expect in ((f"{CANARY} " * 251, None, FAILED), ("", None, FAILED),
                                 (CANARY, "no-such-record", NO)):
      self.assertNotIn(CANARY, self.attach(ref, text, record, expect=expect).err)
    elsewhere = self.receive("CORRECT", "US-WA")
    self.subrosa("request", "deny", elsewhere, "--because", "held-to-be-right", "--reason", "so")
    self.assertNotIn(CANARY, self.attach(elsewhere, CANARY, expect=NO).err)
    self.subrosa("request", "statement", ref, expect=USAGE)
    self.subrosa("request", "statement", "none", "--source", "a", "--record", "b", "--file", "c",
                 expect=USAGE)

  def test_the_letter_of_an_answer_confirms_what_is_held_and_who_received_it(self):
    ref = self.receive("ACCESS", "US-NV")
    self.subrosa("request", "complete", ref, "--letter", self.work / "done.txt")
    text = (self.work / "done.txt").read_text(encoding="utf-8")
    self.assertIn("We collect and hold data about you. We have no record of having shared it. "
                  "We have no record of a sale.",
                  text)
    self.assertNotIn(ADA, text)

  def test_after_an_erasure_nobody_says_that_nothing_was_shared(self):
    self.subrosa("erase", ADA, "--yes")
    ref = self.receive("THIRD_PARTIES", "US-WA")
    self.subrosa("request", "complete", ref, "--letter", self.work / "gone.txt")
    text = (self.work / "gone.txt").read_text(encoding="utf-8")
    self.assertIn("our records hold nothing about you now", text)
    self.assertIn("we can no longer say", text)
    self.assertNotIn("did not", text)
    own = self.write("own.txt", "Coach Desk had your check-ins until May.\n")
    self.subrosa("request", "show", ref, "--as", "complete", "--answer", own, "--letter",
                 self.work / "own_letter.txt")
    text = (self.work / "own_letter.txt").read_text(encoding="utf-8")
    self.assertIn("Coach Desk had your check-ins until May.", text)
    self.assertNotIn("Under this account", text)


if __name__ == "__main__":
  sys.exit(unittest.main(verbosity=1))
