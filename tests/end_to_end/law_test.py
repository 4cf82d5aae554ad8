#!/usr/bin/env python3
"""The statutes as rules through the command: listed, explained, counted, compared."""

import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

OWN_PACK = """
id: "rosewater-policy"
title: "Rosewater's own promises"
jurisdiction: "US-CA"
time_zone: "America/Los_Angeles"
as_of: "2026-11-25"
rule {
  id: "respond"
  citation: "Privacy policy, section 4"
  text: "answer within ten business days"
  certainty: TEXT_CERTAINTY_STATUTE_READ
  from: "2026-01-01"
  room: ROOM_REQUEST
  deadline {
    request: REQUEST_KIND_DELETE
    step: CLOCK_STEP_RESPOND
    within { count: 10 unit: PERIOD_UNIT_BUSINESS_DAYS }
    start: CLOCK_START_RECEIPT
    calendar: "california"
  }
}
"""


class LawTest(InstallationTest):
  """No home is needed: the packs are in the command."""

  def law(self, *words, **options):
    return self.subrosa("law", *words, "--format", "json", **options).json()

  def names(self, *words):
    return [rule["rule"] for rule in self.law("list", *words)["rules"]]

  def test_rules_are_listed_by_state_room_and_day(self):
    virginia = self.names("--jurisdiction", "US-VA", "--on", "2026-11-25")
    self.assertEqual(["va-sb754/reproductive-health", "va-sb754/consent-by",
                      "va-sb754/not-consent"], virginia)
    said = self.subrosa("law", "list", "--jurisdiction", "US-VA", "--on", "2026-11-25").out
    self.assertIn("not covered: Va. Code 59.1-577", said)
    self.assertEqual([], self.names("--jurisdiction", "US-VA", "--on", "2025-06-30"))
    guarded = self.names("--room", "guard", "--on", "2026-11-25")
    self.assertIn("nv-sb370/geofence", guarded)
    self.assertNotIn("nv-sb370/respond", guarded)

  def test_a_rule_says_its_citation_its_numbers_and_how_sure_we_are(self):
    rule = self.law("explain", "nv-sb370/share")
    self.assertEqual("NRS 603A.500(2), .480", rule["citation"])
    self.assertEqual("statute read", rule["certainty"])
    self.assertIn("processors", rule["open_question"])
    text = self.subrosa("law", "explain", "nv-sb370/share").out
    self.assertIn("not verified: ", text)
    self.assertIn("no legal advice", text)

  def test_a_clock_is_told_with_its_extension(self):
    rule = self.law("explain", "ca-ccpa/acknowledge", "--start", "2026-11-25T16:00:00-08:00")
    # Ten business days after Thanksgiving's eve, Saturdays too, to the end of that day in California.
    self.assertEqual("2026-12-10T08:00:00Z", rule["due"])
    self.assertEqual(rule["due"], rule["due_if_extended"])
    rule = self.law("explain", "wa-mhmda/respond", "--start", "2026-11-25T16:00:00-08:00")
    self.assertEqual("2027-01-10T08:00:00Z", rule["due"])
    self.assertEqual("2027-02-24T08:00:00Z", rule["due_if_extended"])

  def test_what_has_no_clock_is_never_due(self):
    result = self.subrosa("law", "explain", "wa-mhmda/share", "--start", "2026-11-25T00:00:00Z",
                          expect=FAILED)
    self.assertIn("want a deadline", result.err)

  def test_a_rule_that_no_pack_has_is_said_to_be_none(self):
    self.assertIn("no pack has one", self.subrosa("law", "explain", "wa-mhmda/nothing",
                                                  expect=NO).err)

  def test_every_rule_is_tested_or_planned(self):
    coverage = self.law("coverage")["rules"]
    self.assertEqual({"tested", "planned"}, {rule["coverage"] for rule in coverage})
    for rule in coverage:
      self.assertEqual(rule["coverage"] == "tested", bool(rule["tests"]), rule)

  def test_the_years_end_changes_what_brokers_owe(self):
    changes = {change["rule"]: change["change"] for change in
               self.law("diff", "--from", "2026-12-31", "--to", "2027-01-01")["changes"]}
    self.assertEqual("ends", changes["ca-delete-act/access-45"])
    self.assertEqual("begins", changes["ca-delete-act/access-30"])

  def test_a_pack_of_the_entitys_own_is_added_and_compared(self):
    pack = self.write("own.textproto", OWN_PACK)
    changes = self.law("diff", "--pack", pack)["changes"]
    self.assertEqual([("added", "rosewater-policy/respond")],
                     [(change["change"], change["rule"]) for change in changes])
    self.assertEqual([], self.law("diff")["changes"])
    rule = self.law("explain", "rosewater-policy/respond", "--pack", pack)
    self.assertEqual("Privacy policy, section 4", rule["citation"])

  def test_a_bad_pack_is_refused_by_line_and_reason(self):
    pack = self.write("bad.textproto", OWN_PACK.replace('  from: "2026-01-01"\n', ""))
    result = self.subrosa("law", "list", "--pack", pack, expect=FAILED)
    self.assertEqual("", result.out)
    self.assertIn("bad.textproto:7: from: want a day", result.err)
    pack = self.write("worse.textproto", OWN_PACK + "statute {}\n")
    self.assertIn("worse.textproto:22:",
                  self.subrosa("law", "list", "--pack", pack, expect=FAILED).err)

  def test_days_that_are_none_are_refused(self):
    self.subrosa("law", "list", "--on", "2026-02-30", expect=USAGE)
    self.subrosa("law", "diff", "--from", "2027-01-01", "--to", "2026-01-01", expect=USAGE)
    self.subrosa("law", "explain", "wa-mhmda/respond", "--start", "yesterday", expect=USAGE)


if __name__ == "__main__":
  unittest.main()
