#!/usr/bin/env python3
"""Notices made from what the sample service does and holds."""

import json
import os
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

DATA = os.path.abspath("docs/examples/data")
RECIPIENTS = os.path.abspath("docs/examples/policy/recipients.textproto")
NOTICES = os.path.abspath("docs/examples/notices")
WORDS = f"{NOTICES}/health-data.words.textproto"


class NoticeTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(f"{DATA}/wellness.ndjson")
    self.subrosa("recipient", "add", RECIPIENTS)

  def notice(self, *words, **options):
    return self.subrosa("notice", "health-data", "--words", WORDS, *words, **options)

  def test_the_committed_notices_are_what_is_written(self):
    for ending, words in (("md", []), ("html", ["--html"]), ("json", ["--format", "json"])):
      with self.subTest(ending):
        committed = pathlib.Path(f"{NOTICES}/health-data.{ending}").read_text(encoding="utf-8")
        self.assertEqual(committed, self.notice(*words).out)

  def test_each_line_can_be_followed_back(self):
    document = self.notice("--format", "json").json()
    lines = [line for item in document["items"] for line in item["paragraphs"] + item["rows"]]
    self.assertGreater(len(lines), 20)

    told = self.notice("--explain", "recipients.2").out

    self.assertIn("  recipient `", told)
    self.assertIn("  policy: purpose `", told)
    self.assertIn("asked for by wa-mhmda/policy#recipients (RCW 19.373.020(1)(a))", told)
    self.notice("--explain", "recipients.99", expect=NO)

  def test_what_nobody_told_it_is_listed_and_not_made_up(self):
    words = pathlib.Path(WORDS).read_text(encoding="utf-8")
    short = self.write("short.textproto", words.replace('"wearable"', '"other"'))

    outcome = self.subrosa("notice", "health-data", "--words", short, expect=NO)

    self.assertEqual("subrosa: missing: wa-mhmda/policy#sources: want words for the source "
                     "`wearable`, got none\n", outcome.err)

  def test_a_new_recipient_changes_the_notice_and_its_hash(self):
    before = self.notice("--format", "json").json()
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [{
        "id": "sister", "name": "Rose Sister, Ltd.", "role": "RECIPIENT_ROLE_AFFILIATE",
        "contact": {"email": "privacy@sister.example", "checkedOn": "2026-11-02"},
        "purpose": ["coach-handover"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
        "location": ["IE"]}]}))

    after = self.notice("--format", "json").json()

    self.assertIn("our affiliate Rose Sister, Ltd.", json.dumps(after))
    self.assertNotEqual(before["sha256"], after["sha256"])

  def test_the_keys_of_the_json_are_documented(self):
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_0-9]+)[`"]', page))
    document = self.notice("--format", "json").json()
    self.assertLessEqual(set(document), documented)
    self.assertLessEqual(set(document["items"][0]), documented)
    self.assertLessEqual(set(document["items"][0]["rows"][0]), documented)

  def test_wrong_words_and_forms_are_refused(self):
    wrong = self.write("wrong.textproto", 'title: "x"\n')
    outcome = self.subrosa("notice", "health-data", "--words", wrong, expect=FAILED)
    self.assertIn("wrong.textproto:1: locale: want some, got none", outcome.err)
    self.notice("--html", "--format", "json", expect=USAGE)
    self.subrosa("notice", "health-data", expect=USAGE)
    self.subrosa("notice", "horoscope", expect=USAGE)


if __name__ == "__main__":
  unittest.main(verbosity=2)
