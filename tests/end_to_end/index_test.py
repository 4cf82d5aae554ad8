#!/usr/bin/env python3
"""Blind indexes through the command: planned, refused, built, searched, rotated, erased."""

import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest, counts, counts_of, ndjson, record)

MOOD = "subrosa.v1.MoodCheckIn:"
DEVICE = MOOD + "device_id"
TYPE = "type.googleapis.com/subrosa.v1."
PEOPLE = 400


def check_in(number, device=None, record_id="r-1"):
  return record(f"c-{number}", record_id, payload={
      "@type": TYPE + "MoodCheckIn", "score": number % 10 + 1, "feelings": ["calm"],
      "note": f"note {number}", "deviceId": device or f"Device-{number}"})


class IndexTest(InstallationTest):
  """A home with some hundred people, each with a device of their own."""

  def setUp(self):
    super().setUp()
    self.init()
    path = self.write("people.ndjson", ndjson(*map(check_in, range(PEOPLE))))
    self.assertEqual(counts(added=PEOPLE), counts_of(self.ingest(path)))

  def index(self, *words, **options):
    return self.subrosa("store", "index", *words, "--format", "json", **options).json()

  def found(self, value, **options):
    """The consumers whom a search finds."""
    lines = self.subrosa("show", "--field", DEVICE, "--value-file", "-", "--format", "json",
                         "--brief", stdin=value + "\n", **options).json_lines()
    return [line["consumer"] for line in lines]

  def verify(self):
    check = self.subrosa("keys", "verify", "--format", "json").json()
    self.assertTrue(check["sound"], check)
    return check["index_entries"]

  def test_a_device_leads_to_its_consumer_through_rotations_until_the_erasure(self):
    self.refuse_search()
    self.assertTrue(self.index("plan", DEVICE)["allowed"])
    self.assertFalse(self.index("add", DEVICE, "--dry-run")["added"])
    self.assertEqual([], self.index("list")["indexes"])

    added = self.index("add", DEVICE)

    self.assertEqual((True, False, 400, 400, "plain"), tuple(
        added[key] for key in ("added", "resumed", "distinct_values", "entries", "kind")))
    self.assertEqual(["c-7"], self.found("device-7"))
    self.assertEqual(400, self.verify())

    later = self.write("later.ndjson", ndjson(check_in(7000, "Device-7"), check_in(7001)))
    self.ingest(later)
    self.assertEqual(["c-7", "c-7000"], sorted(self.found("DEVICE-7")))
    self.subrosa("keys", "rotate")
    self.assertEqual(["c-7", "c-7000"], sorted(self.found("Device-7")))
    self.assertEqual(402, self.verify())

    self.subrosa("erase", "c-7", "--yes")
    self.assertEqual(["c-7000"], self.found("Device-7"))
    self.assertEqual(401, self.verify())
    self.assertEqual([], self.found("Device-8000", expect=NO))

    self.assertEqual({"dropped": True, "field": DEVICE}, self.index("drop", DEVICE))
    self.assertEqual(0, self.verify())
    self.refuse_search()

  def refuse_search(self):
    outcome = self.subrosa("show", "--field", DEVICE, "--value-file", "-", stdin="Device-7\n",
                           expect=FAILED)
    self.assertIn("want one about", outcome.err)
    self.assertNotIn("Device-7", outcome.err)

  def test_what_must_not_be_indexed_is_refused_with_the_reason(self):
    for field, reason in ((MOOD + "note", "free-text"), (MOOD + "feelings", "too-few-values"),
                          (MOOD + "score", "one-value-dominates"),
                          ("subrosa.v1.SubscriptionEvent:age_band", "few-values-by-type"),
                          ("subrosa.v1.LocationVisit:latitude", "not-exact")):
      with self.subTest(field=field):
        plan = self.index("plan", field, expect=NO)
        self.assertEqual((False, reason), (plan["allowed"], plan["refusal"]))
        self.assertFalse(self.index("add", field, expect=NO)["added"])
    self.assertEqual([], self.index("list")["indexes"])
    told = self.subrosa("store", "index", "plan", MOOD + "note", expect=NO)
    self.assertIn("Refused (free-text): what people write themselves", told.out)

  def test_what_is_no_field_is_refused(self):
    for words, code in (
        (["plan"], USAGE), (["plan", "device_id"], USAGE), (["plan", DEVICE, DEVICE], USAGE),
        (["plan", DEVICE, "--most-bits", "33"], USAGE),
        (["plan", DEVICE, "--most-partitions", "0"], USAGE),
        (["plan", MOOD + "device"], FAILED), (["plan", "clinic.v1.Visit:room"], FAILED),
        (["drop", DEVICE], NO)):
      self.subrosa("store", "index", *words, expect=code)
    for words in (["--field", DEVICE], ["--value-file", "-"],
                  ["c-1", "--field", DEVICE, "--value-file", "-"],
                  ["--field", "device", "--value-file", "-"]):
      self.subrosa("show", *words, stdin="x\n", expect=USAGE)

  def test_a_restored_key_store_finds_nobody_until_its_index_is_added_again(self):
    self.index("add", DEVICE)
    self.subrosa("store", "backup", "--keys", "keys.copy")
    self.ingest(self.write("later.ndjson", ndjson(check_in(7, "New-7", "r-2"))))
    self.assertEqual(["c-7"], self.found("new-7"))
    for path in self.home.glob("keys.db*"):
      path.unlink()
    (self.work / "keys.copy").rename(self.home / "keys.db")
    self.subrosa("store", "restore", "--yes", expect=None)
    self.subrosa("store", "restore", expect=None)

    self.assertEqual("building", self.index("list")["indexes"][0]["state"])
    self.refuse_search()
    self.assertTrue(self.index("add", DEVICE)["resumed"])
    self.assertEqual(["c-7"], self.found("new-7"))

  def test_the_keys_of_the_json_are_documented(self):
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_]+)[`"]', page))
    answers = [self.index("plan", DEVICE), self.index("add", DEVICE), self.index("list"),
               self.index("list")["indexes"][0]]
    answers += self.subrosa("show", "--field", DEVICE, "--value-file", "-", "--format", "json",
                            stdin="Device-7").json_lines()
    answers.append(self.index("drop", DEVICE))
    for answer in answers:
      self.assertLessEqual(set(answer), documented, json.dumps(answer))


if __name__ == "__main__":
  unittest.main(verbosity=2)
