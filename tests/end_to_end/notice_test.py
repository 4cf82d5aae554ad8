#!/usr/bin/env python3
"""Notices made from what the sample service does and holds."""

import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

DATA = os.path.abspath("docs/examples/data")
RECIPIENTS = os.path.abspath("docs/examples/policy/recipients.textproto")
MARKED = os.path.abspath("tests/end_to_end/clinic.descriptors")
NOTICES = os.path.abspath("docs/examples/notices")
WORDS = f"{NOTICES}/health-data.words.textproto"

# Each committed notice: the name of its files, and the command that writes it.
COMMITTED = {
    "health-data": ["health-data"],
    "nevada": ["health-data", "--state", "nv"],
    "connecticut": ["health-data", "--state", "ct"],
    "california": ["california"],
    "collection": ["collection"],
    "opt-out": ["opt-out"],
    "limit": ["limit"],
    "consent-request": ["consent-request", "--purpose", "coach-handover"],
    "authorization": ["authorization", "--purpose", "data-sale", "--recipient", "delphi"],
}
FORMS = {"md": [], "html": ["--html"], "json": ["--format", "json"]}


class NoticeTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(f"{DATA}/wellness.ndjson")
    self.subrosa("recipient", "add", RECIPIENTS)

  def notice(self, *words, **options):
    return self.subrosa("notice", "health-data", "--words", WORDS, *words, **options)

  def write_notice(self, name, *words, **options):
    return self.subrosa("notice", *COMMITTED[name], "--words",
                        f"{NOTICES}/{name}.words.textproto", *words, **options)

  def test_the_committed_notices_are_what_is_written(self):
    kept = os.environ.get("SUBROSA_WRITE_NOTICES")  # A folder: to write them anew.
    for name in COMMITTED:
      for ending, words in FORMS.items():
        with self.subTest(name, ending=ending):
          written = self.write_notice(name, *words).out
          if kept:
            pathlib.Path(f"{kept}/{name}.{ending}").write_text(written, encoding="utf-8")
            continue
          committed = pathlib.Path(f"{NOTICES}/{name}.{ending}").read_text(encoding="utf-8")
          self.assertEqual(committed, written)

  def test_the_parts_of_pages_are_what_is_written(self):
    parts = {"choices-link": ["choices-link", "--url", "/privacy/choices"],
             "signal-status": ["signal-status", "honored"]}
    for name, command in parts.items():
      committed = pathlib.Path(f"{NOTICES}/{name}.part.html")
      written = self.subrosa("notice", *command).out
      if kept := os.environ.get("SUBROSA_WRITE_NOTICES"):
        pathlib.Path(f"{kept}/{name}.part.html").write_text(written, encoding="utf-8")
        continue
      self.assertEqual(committed.read_text(encoding="utf-8"), written)
    self.subrosa("notice", "choices-link", "--url", "javascript:x", expect=FAILED)
    self.subrosa("notice", "choices-link", "--title", "Privacy", "--url", "/x", expect=FAILED)
    self.subrosa("notice", "signal-status", "maybe", expect=USAGE)

  def test_every_line_of_every_notice_says_what_it_rests_on(self):
    for name in COMMITTED:
      document = json.loads(pathlib.Path(f"{NOTICES}/{name}.json").read_text(encoding="utf-8"))
      self.assertEqual([], document["missing"])
      for item in document["items"]:
        for line in item["paragraphs"] + item["rows"]:
          self.assertTrue(line["facts"], f"{name} {line['id']}")
    told = self.write_notice("california", "--explain", "e-1-e.2").out
    self.assertIn("asked for by ca-ccpa/policy#e-1-e (11 CCR 7011(e))", told)
    self.assertIn("  recipient `delphi`", told)

  def test_how_hard_it_is_to_read_is_said(self):
    for name in COMMITTED:
      told = self.write_notice(name, "--readability").out
      grade = float(re.match(r"grade ([0-9.]+): ", told)[1])
      print(f"{name}: {told.splitlines()[0]}")
      self.assertLess(grade, 13, told)

  def test_the_data_map_and_the_metrics_name_nobody(self):
    evidence = self.subrosa("report", "evidence", "--format", "json").json()
    self.assertGreater(len(evidence["data_map"]), 5)
    self.assertEqual(1, len(evidence["epochs"]))
    metrics = self.subrosa("report", "metrics", "--year", "2026", "--format", "json").json()
    self.assertEqual(7, len(metrics["kinds"]))
    self.assertEqual("2027-07-01", metrics["publish_by"])
    for words in (["evidence"], ["metrics", "--html"], ["metrics", "--csv"],
                  ["metrics", "--for", "brokers"]):
      self.assertNotIn("c-0000", self.subrosa("report", *words).out)
    self.subrosa("report", "metrics", "--html", "--csv", expect=USAGE)
    self.subrosa("report", "metrics", "--year", "12", expect=USAGE)
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_0-9]+)[`"]', page))
    self.assertLessEqual(set(evidence) | set(evidence["data_map"][0]) | set(metrics), documented)

  def signals_of(self, year):
    return self.subrosa("report", "metrics", "--year", year, "--format", "json").json()["signals"]

  def signal(self, consumer, state, now):
    return {"consumer": consumer, "kind": "CHOICE_KIND_SIGNAL", "method": "signal",
            "jurisdiction": state, "givenAt": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "actor": {"kind": "ACTOR_KIND_SELF"}, "action": ["ACTION_SHARE", "ACTION_SELL"],
            "signal": {"header": "Sec-GPC: 1", "device": "browser-7"}}

  def execute(self, sql):
    with contextlib.closing(sqlite3.connect(self.home / "records.db")) as database, database:
      database.execute(sql)

  def test_signals_are_counted_as_they_are_taken_and_the_log_says_the_same(self):
    now = datetime.datetime.now(datetime.timezone.utc)
    none = self.signals_of(now.year)
    self.assertEqual({0}, set(none.values()), none)
    places = [("c-0001", "US-CA"), ("c-0002", "US-CA"), ("c-0003", "US-CO")]
    self.subrosa("consent", "record", self.write("signals.ndjson", "".join(
        json.dumps(self.signal(*place, now)) + "\n" for place in places)))

    counted = self.signals_of(now.year)

    self.assertEqual([2, 3], sorted(counted.values()), counted)
    self.assertEqual(none, self.signals_of(now.year - 1))
    # As a home of before they were counted: the log is read.
    self.execute("DELETE FROM signal_count")
    self.assertEqual(none, self.signals_of(now.year))
    self.execute("INSERT INTO signal_count_from VALUES(1, 0)")
    self.assertEqual(counted, self.signals_of(now.year))
    self.assertEqual(none, self.signals_of(now.year - 1))

  def drift(self, *words, **options):
    return self.subrosa("notice", "drift", "--words", WORDS, *words, **options)

  def test_a_published_notice_that_is_true_has_no_drift(self):
    for ending in ("json", "html"):
      self.assertEqual("The notice tells what is held and shared.\n",
                       self.drift("--published", f"{NOTICES}/health-data.{ending}").out)

  def test_a_new_recipient_and_a_missing_link_are_drift(self):
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [{
        "id": "sister", "name": "Rose Sister, Ltd.", "role": "RECIPIENT_ROLE_AFFILIATE",
        "contact": {"email": "privacy@sister.example", "checkedOn": "2026-11-02"},
        "purpose": ["coach-handover"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
        "location": ["IE"]}]}))
    page = self.write("index.html", "<a href='/terms'>Terms</a>")

    found = self.drift("--published", f"{NOTICES}/health-data.html", "--page", page, "--url",
                       "/health-data", "--format", "json", expect=NO).json()["differences"]

    self.assertEqual(["wa-mhmda/policy#recipients", "wa-mhmda/policy-link"],
                     [one["rule"] for one in found])
    self.assertIn("our affiliate Rose Sister, Ltd.", found[0]["what"])
    self.assertIn("recipient `sister`", found[0]["evidence"])
    self.assertIn("RCW 19.373.020(1)(b)", found[1]["citation"])

  def test_a_new_category_and_purpose_in_the_page_are_drift(self):
    page = pathlib.Path(f"{NOTICES}/health-data.html").read_text(encoding="utf-8")
    short = self.write("short.html", re.sub(r"<tr><th scope=\"row\">genetic data.*\n", "", page)
                       .replace("To bill your plan", "To do as we like"))

    outcome = self.drift("--published", short, expect=NO)

    self.assertIn("not told: `genetic data`\n", outcome.out)
    self.assertIn("not told: `To bill your plan` of ", outcome.out)
    self.assertIn("told and not so: `To do as we like` of ", outcome.out)

  def test_a_category_that_a_code_base_marks_and_nobody_tells_is_drift(self):
    page = pathlib.Path(f"{NOTICES}/health-data.html").read_text(encoding="utf-8")
    short = self.write("short.html", page.replace("use or purchase of prescribed medication", "x"))

    found = self.drift("--published", short, "--schema", MARKED, "--format", "json",
                       expect=NO).json()["differences"]

    marked = [one for one in found if one["what"].startswith("marked in the code")]
    self.assertEqual(["marked in the code and not told: `use or purchase of prescribed medication`"],
                     [one["what"] for one in marked])
    self.assertIn("mark: riverside.v1.GroupSession.medicine", marked[0]["evidence"])
    self.drift("--published", f"{NOTICES}/health-data.html", "--schema", short, expect=FAILED)

  def test_who_consented_before_a_new_notice_is_listed_to_be_asked_again(self):
    now = datetime.datetime.now(datetime.timezone.utc)
    text = pathlib.Path("docs/examples/policy/ask-to-share.en-US.txt").read_bytes()
    self.subrosa("consent", "record", "-", stdin=json.dumps({
        "consumer": "c-000001", "kind": "CHOICE_KIND_CONSENT", "method": "button",
        "jurisdiction": "US-WA", "actor": {"kind": "ACTOR_KIND_SELF"},
        "givenAt": (now - datetime.timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "action": ["ACTION_SHARE"], "purpose": ["coach-handover"],
        "recipient": ["coach-desk"], "category": ["HEALTH_CATEGORY_CONDITIONS"],
        "notice": {"id": "ask-to-share", "version": "2", "locale": "en-US", "interface": "ios",
                   "sha256": hashlib.sha256(text).hexdigest()}}))
    ids = self.write("ids", "c-000001\nc-000002\nnobody\n")

    def ask(purpose, since, **options):
      return self.subrosa("notice", "ask-again", "--purpose", purpose, "--since", since,
                          "--consumers", ids, **options)

    today = now.strftime("%Y-%m-%d")
    self.assertEqual("c-000001\n", ask("coach-handover", today, expect=NO).out)
    before = (now - datetime.timedelta(days=30)).strftime("%Y-%m-%d")
    self.assertEqual("", ask("coach-handover", before).out)
    self.assertEqual("", ask("research", today).out)
    ask("horoscope", today, expect=NO)
    ask("research", "tomorrow", expect=USAGE)

  def test_the_drift_of_what_is_no_notice_is_refused(self):
    other = self.write("other.json", "{}")
    self.drift("--published", other, expect=FAILED)
    self.drift("--published", f"{NOTICES}/health-data.html", "--url", "/x", expect=USAGE)
    self.drift("--published", "nowhere.html", expect=FAILED)

  def test_what_changed_between_versions_and_needs_consent_is_listed(self):
    page = pathlib.Path(f"{NOTICES}/health-data.html").read_text(encoding="utf-8")
    old = self.write("old.html", re.sub(r"<tr><th scope=\"row\">genetic data.*\n", "", page))

    changes = self.subrosa("notice", "diff", old, f"{NOTICES}/health-data.json", "--format",
                           "json", expect=NO).json()["changes"]

    self.assertEqual(["new: `genetic data`"], [one["what"] for one in changes])
    self.assertEqual(["ct-ctdpa/material-change", "nv-sb370/policy-first",
                      "wa-mhmda/policy-first"], changes[0]["asked_by"])
    self.subrosa("notice", "diff", old, old)
    self.subrosa("notice", "diff", old, expect=USAGE)

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
