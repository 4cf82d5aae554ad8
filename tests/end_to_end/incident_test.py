#!/usr/bin/env python3
"""An incident from the day on which it is known to its notice, by the FTC's breach rule."""

import datetime
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
DAY = datetime.timedelta(days=1)


def incident(name="lost-laptop", days=10, more=""):
  return f'id: "{name}" discovered_on: "{TODAY - days * DAY}" consumers: 600 {more}\n'


class IncidentTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()

  def open(self, text, *words, **options):
    return self.subrosa("incident", "open", self.write("incident.textproto", text), *words,
                        "--format", "json", **options)

  def test_who_has_to_be_told_is_listed_by_what_is_due_first(self):
    self.open(incident())
    self.open(incident("old-one", days=70))
    listed = self.subrosa("incident", "list", "--format", "json").json_lines()
    self.assertEqual(["old-one", "lost-laptop"], [each["incident"] for each in listed])
    clocks = {clock["rule"]: clock for clock in listed[1]["clocks"]}
    self.assertEqual({"us-ftc-hbnr/individuals", "us-ftc-hbnr/regulator", "us-ftc-hbnr/media"},
                     set(clocks))
    self.assertEqual(str(TODAY + 50 * DAY), clocks["us-ftc-hbnr/regulator"]["due_on"])
    self.assertFalse(clocks["us-ftc-hbnr/regulator"]["late"])
    self.assertIn("LATE", self.subrosa("incident", "show", "old-one").out)

  def test_who_was_told_is_due_no_more(self):
    self.open(incident())
    told = f'consumers_told_on: "{TODAY}" regulator_told_on: "{TODAY}" media_told_on: "{TODAY}"'
    self.assertIn("--replace", self.open(incident(more=told), expect=NO).err)
    said = self.open(incident(more=told), "--replace").json()
    self.assertEqual({True}, {clock["met"] for clock in said["clocks"]})
    self.assertIn("nothing is due", self.subrosa("incident", "list").out)

  def test_where_many_cannot_be_reached_a_notice_to_all_is_owed_and_stands(self):
    self.assertNotIn("substitute_notice", self.open(incident(more="unreachable: 9")).json())
    owed = self.open(incident(more="unreachable: 10"), "--replace").json()["substitute_notice"]
    self.assertEqual(("us-ftc-hbnr/substitute-notice", ""), (owed["rule"], owed["until"]))
    self.assertIn("it does not stand yet", self.subrosa("incident", "show", "lost-laptop").out)
    stands = f'unreachable: 10 substitute_notice_on: "{TODAY - 9 * DAY}"'
    said = self.open(incident(more=stands), "--replace").json()["substitute_notice"]
    self.assertEqual(str(TODAY + 81 * DAY), said["until"])
    self.assertIn(f"has to until {TODAY + 81 * DAY}",
                  self.subrosa("incident", "show", "lost-laptop").out)

  def test_one_that_is_not_on_record_is_an_answer(self):
    for words in (["show", "no-such"], ["notice", "no-such", "--to", "notice.txt"]):
      said = self.subrosa("incident", *words, expect=NO)
      self.assertIn("incident.id: want one on record, as `incident list` shows them", said.err)
      self.assertNotIn("textproto", said.err)
    self.assertFalse((self.work / "notice.txt").exists())

  def test_a_notice_says_what_is_still_missing(self):
    self.open(incident(more='what_happened: "A laptop was stolen." data: "names"'))
    said = self.subrosa("incident", "notice", "lost-laptop", "--to", "notice.txt", "--format",
                        "json", expect=NO).json()
    self.assertEqual(2, len(said["missing"]))
    text = (self.work / "notice.txt").read_text(encoding="utf-8")
    self.assertIn("A laptop was stolen.", text)
    self.assertIn("[to be filled in: how individuals can protect themselves]", text)
    self.open(incident(more='what_happened: "A laptop was stolen." data: "names" steps: "Look at '
                            'letters." measures: "It was locked."'), "--replace")
    self.subrosa("incident", "notice", "lost-laptop", "--to", "whole.txt")
    self.assertNotIn("[to be", (self.work / "whole.txt").read_text(encoding="utf-8"))

  def test_what_is_no_incident_is_refused(self):
    self.open('id: "../keyring" discovered_on: "2026-11-01"', expect=FAILED)
    self.open('id: "x"', expect=FAILED)
    self.open('id: "x" when: "now"', expect=FAILED)
    self.subrosa("incident", "show", "../keyring", expect=FAILED)
    self.subrosa("incident", "open", expect=USAGE)
    self.subrosa("incident", "notice", "x", expect=USAGE)
    self.assertEqual("", self.subrosa("incident", "list").out)


if __name__ == "__main__":
  sys.exit(unittest.main(verbosity=1))
