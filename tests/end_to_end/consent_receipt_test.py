#!/usr/bin/env python3
"""A consumer's receipt of a consent, through the command, and by a second reader."""

import datetime
import hashlib
import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/conformance")
import receipt_check  # pylint: disable=wrong-import-position
from installation import (  # pylint: disable=wrong-import-position
    NO, USAGE, InstallationTest, ndjson)

EXAMPLES = pathlib.Path("docs/examples/policy").absolute()
NOW = datetime.datetime.now(datetime.timezone.utc)


def consent(action, purpose, notice, version, **more):
  text = (EXAMPLES / f"{notice}.en-US.txt").read_bytes()
  return {
      "consumer": "canary-ada",
      "kind": "CHOICE_KIND_CONSENT",
      "action": [f"ACTION_{action}"],
      "purpose": [purpose],
      "category": ["HEALTH_CATEGORY_BODILY_FUNCTIONS"],
      "method": "button",
      "jurisdiction": "US-WA",
      "givenAt": (NOW - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
      "actor": {"kind": "ACTOR_KIND_SELF"},
      "notice": {"id": notice, "version": version, "locale": "en-US",
                 "sha256": hashlib.sha256(text).hexdigest(), "interface": "ios-7.2/choices-1"},
  } | more


class ConsentReceiptTest(InstallationTest):
  """A consumer who said yes to e-mail, and to sharing with a coaching company."""

  def setUp(self):
    super().setUp()
    self.init()
    self.subrosa("recipient", "add", EXAMPLES / "recipients.textproto")
    self.subrosa("consent", "record", self.write("yes.ndjson", ndjson(
        consent("USE", "marketing-email", "ask-to-collect", "3",
                category=["HEALTH_CATEGORY_INTERVENTIONS"]),
        consent("SHARE", "coach-handover", "ask-to-share", "2"))))

  def receipt(self, entry):
    out = self.subrosa("consent", "receipt", "canary-ada", "--entry", entry).out
    self.assertNotIn("canary-ada", out)
    self.assertEqual([], receipt_check.faults_of(out))
    return json.loads(out)

  def refused(self, consumer, entry):
    outcome = self.subrosa("consent", "receipt", consumer, "--entry", entry, expect=NO)
    self.assertEqual("", outcome.out)
    self.assertNotIn(consumer, outcome.err)

  def events(self, receipt):
    events = receipt["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"]
    return [event["@type"][0] for event in events]

  def test_a_consent_has_a_receipt_and_once_withdrawn_another(self):
    first = self.receipt(1)
    self.assertEqual(["dpv:ConsentGiven"], self.events(first))
    self.subrosa("consent", "withdraw", "canary-ada", "--purpose", "marketing-email")
    second = self.receipt(1)

    self.assertEqual(["dpv:ConsentGiven", "dpv:ConsentWithdrawn"], self.events(second))
    records = [each["dpv:hasRecordOfActivity"]["@id"] for each in (first, second)]
    self.assertEqual(records[0], records[1])
    self.assertNotEqual(records[0], first["@id"])

  def test_a_consent_to_share_names_the_recipients(self):
    process = self.receipt(2)["dpv:hasRecordOfActivity"]["dpv:hasProcess"]

    self.assertEqual(["Coach Desk, Inc."],
                     [each["dpv:hasName"] for each in process["dpv:hasRecipient"]])
    self.assertEqual([{"@id": "dpv:Share"}], process["dpv:hasProcessing"])

  def test_what_is_no_consent_has_none(self):
    self.subrosa("consent", "withdraw", "canary-ada")
    self.refused("canary-ada", 3)
    self.refused("canary-ada", 4)
    self.refused("canary-nobody", 1)
    self.subrosa("consent", "receipt", "canary-ada", "--entry", 0, expect=USAGE)
    self.subrosa("consent", "receipt", "canary-ada", expect=USAGE)
    self.subrosa("consent", "receipt", "--entry", 1, expect=USAGE)

  def test_whoever_was_erased_has_none(self):
    self.subrosa("erase", "canary-ada", "--yes", "--receipt", self.work / "erased")
    self.refused("canary-ada", 1)


if __name__ == "__main__":
  unittest.main(verbosity=2)
