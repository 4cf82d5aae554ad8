#!/usr/bin/env python3
"""What `classify text --explain` tells of health language, and `evaluate` of labelled lines."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, POLICY, SUBROSA, USAGE, InstallationTest, ndjson, record)

LINES = pathlib.Path(os.path.abspath("docs/examples/labelled/health_lines.tsv"))
JOURNAL = "Canary rain all day.\nmy sister stopped her antidepressants\n"
ARTICLE = "How therapy can help with emotional unavailability\n"


class ClassifyHealthTest(InstallationTest):

  def run_on(self, text, *words, expect=DONE):
    """Runs a command on `text`, given by a pipe; no word of it may be printed."""
    done = subprocess.run([SUBROSA, *map(str, words)], check=False, input=text.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.work)
    self.assertEqual(expect, done.returncode, done)
    for value in ("Canary", "sister", "antidepressants", "unavailability"):
      self.assertNotIn(value.encode(), done.stdout + done.stderr)
    return done.stdout.decode()

  def test_a_journal_line_about_a_sister_is_family_s_health(self):
    told = self.run_on(JOURNAL, "classify", "text", "--explain", "-")
    self.assertEqual(
        "line 2, 22+15: state, family, present: medication, mental-health and "
        "psychotropic-medication (RCW 19.373.010(8)(b)(iv); language/psychotropic)\n", told)
    found = json.loads(
        self.run_on(JOURNAL, "classify", "text", "--explain", "--format=json", "-"))
    self.assertEqual(("language", "family", True, 2),
                     (found["basis"], found["experiencer"], found["state"], found["line"]))

  def test_an_article_on_therapy_is_a_topic_and_nobody_s_state(self):
    told = self.run_on(ARTICLE, "classify", "text", "--explain", "-")
    self.assertIn("topic, nobody", told)
    self.assertNotIn("state", told)

  def records(self, message, *payloads):
    """A file of records of the consumer Canary, one a payload."""
    path = self.work / "records.ndjson"
    kind = {"@type": f"type.googleapis.com/subrosa.v1.{message}"}
    path.write_text(ndjson(*(record("Canary", f"r-{number}", payload=kind | payload)
                             for number, payload in enumerate(payloads))))
    return path

  def findings(self, path, *words):
    told = self.run_on("", "classify", "records", path, "--format=json", *words)
    return [json.loads(line) for line in told.splitlines()]

  def test_the_same_article_read_by_a_named_consumer_yields_the_inference(self):
    path = self.records("ContentView",
                        {"contentId": "therapy-and-emotional-unavailability"},
                        {"contentId": "ten-ways-to-fold-a-map"})
    inferred = [f for f in self.findings(path) if f["rule"].startswith("inference/")]
    self.assertEqual(["inference/content-view"], [f["rule"] for f in inferred])
    self.assertEqual(("inference", "RCW 19.373.010(8)(b)(xiii)", "payload.content_id"),
                     (inferred[0]["basis"], inferred[0]["clause"], inferred[0]["field"]))
    self.assertIn("derived from payload.content_id, language/therapy", inferred[0]["reason"])

  def test_a_journal_record_tells_of_the_sister_s_health_and_whose_it_is(self):
    path = self.records("JournalEntry", {"text": JOURNAL})
    spoken = [f for f in self.findings(path) if f["basis"] == "language"]
    self.assertEqual(["language/psychotropic"], [f["rule"] for f in spoken])
    self.assertIn("whose: family", spoken[0]["reason"])

  def test_a_visit_counts_as_near_care_only_by_the_entity_s_list(self):
    path = self.records("LocationVisit", {"latitude": 47.6, "longitude": -122.33})
    places = self.work / "places.tsv"
    places.write_text("47.6005\t-122.33\tcounseling center\n")
    self.assertNotIn("inference/care-visit", [f["rule"] for f in self.findings(path)])
    near = [f for f in self.findings(path, "--facilities", places)
            if f["rule"] == "inference/care-visit"]
    self.assertIn("RCW 19.373.010(8)(b)(xi)", [f["clause"] for f in near])
    places.write_text("47.6005\tCanary\n")
    self.run_on("", "classify", "records", path, "--facilities", places, expect=FAILED)

  def test_weeks_of_nights_are_told_as_a_pattern(self):
    path = self.work / "views.ndjson"
    path.write_text(ndjson(*(
        record("Canary", f"v-{day}", effective={"start": f"2026-03-{day:02}T02:00:00Z",
                                                "utcOffsetMinutes": 0},
               payload={"@type": "type.googleapis.com/subrosa.v1.ContentView",
                        "contentId": "gardening"}) for day in range(1, 15))))
    told = [f for f in self.findings(path) if f["rule"] == "inference/nights-of-use"]
    self.assertEqual(1, len(told))
    self.assertEqual("RCW 19.373.010(8)(b)(xiii)", told[0]["clause"])
    self.assertIn("derived from effective.start, inference/night-use", told[0]["reason"])

  def home_that_reads(self, policy=None):
    """A home whose policy has words of health read."""
    path = self.folder / "reading.textproto"
    text = policy or pathlib.Path(POLICY).read_text(encoding="utf-8")
    path.write_text(text + "\nreads_health_words: true\n", encoding="utf-8")
    self.init(path)

  def test_what_is_taken_in_counts_as_what_it_says_and_shows_that_words_alone_say_it(self):
    self.home_that_reads()
    path = self.records("JournalEntry", {"text": "I stopped my antidepressants"},
                        {"text": JOURNAL}, {"text": "Canary beans"})
    self.subrosa("ingest", path)
    shown = self.subrosa("show", "Canary")
    for value in ("antidepressants", "sister", "beans"):
      self.assertNotIn(value, shown.out)
    self.assertIn("counts as: conditions, medication (by words alone)\n", shown.out)
    self.assertIn("medication (by words alone, of somebody else)\n", shown.out)
    self.assertIn("whose: family", shown.out)
    records = self.subrosa("show", "Canary", "--format=json").json_lines()
    self.assertEqual([[], ["medication"], ["medication"]],
                     sorted(r["by_words_alone"] for r in records))
    self.assertEqual([[], [], ["medication"]], sorted(r["of_somebody_else"] for r in records))
    told = [f for r in records for f in r["findings"] if f["basis"] == "language"]
    self.assertEqual({("language/psychotropic", 0.9)},
                     {(f["rule"], round(f["score"], 2)) for f in told})
    self.assertIn("by words alone", self.subrosa("inventory").out)
    lines = self.subrosa("inventory", "--format=json").json()["lines"]
    self.assertEqual({("medication", 2, 2, 1)},
                     {(line["category"], line["records"], line["by_words_alone"],
                       line["of_somebody_else"])
                      for line in lines if line["category"] == "medication"})

  def test_words_that_the_purpose_does_not_cover_are_refused_like_marks(self):
    policy = pathlib.Path(POLICY).read_text(encoding="utf-8")
    narrow = policy.replace("    HEALTH_CATEGORY_MEDICATION,\n", "")
    self.assertNotEqual(policy, narrow)
    self.home_that_reads(narrow)
    path = self.records("JournalEntry", {"text": JOURNAL}, {"text": "Canary beans"})
    refused = self.subrosa("ingest", path, expect=NO)
    self.assertIn("line 1: use: want a permit", refused.err)
    self.assertIn("1 added", refused.out)

  def test_a_reference_to_a_patient_is_no_word_of_care(self):
    policy = pathlib.Path(POLICY).read_text(encoding="utf-8")
    narrow = policy.replace("    HEALTH_CATEGORY_PROCEDURES,\n", "")
    self.assertNotEqual(policy, narrow)
    self.home_that_reads(narrow)
    rate = {"resourceType": "Observation", "id": "c1", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
            "subject": {"reference": "Patient/p1"},
            "valueQuantity": {"value": 60, "unit": "/min"}}
    told = self.write("rate.ndjson", json.dumps(rate) + "\n")
    spoken = self.write("spoken.ndjson", json.dumps(
        rate | {"id": "c2", "note": [{"text": "Patient saw her doctor"}]}) + "\n")
    self.assertEqual({"mark", "code", "inference"},
                     {found["basis"] for found in self.findings(told)})
    options = ["--source", "clinic", "--purpose", "self-reflection", "--basis", "consent",
               "--collection", "consumer"]
    self.assertIn("1 added", self.subrosa("ingest", told, *options).out)
    refused = self.subrosa("ingest", spoken, *options, expect=NO)
    self.assertIn("use: want a permit", refused.err)
    whose = {found["reason"] for found in self.findings(spoken) if found["basis"] == "language"}
    self.assertTrue(whose)
    for reason in whose:
      self.assertNotIn("whose: other", reason)

  def test_without_the_switch_words_are_not_read(self):
    self.init()
    self.subrosa("ingest", self.records("JournalEntry", {"text": JOURNAL}))
    shown = self.subrosa("show", "Canary", "--format=json").json_lines()
    self.assertEqual([[]], [r["by_words_alone"] for r in shown])
    self.assertNotIn("medication", shown[0]["categories"])

  def test_a_text_that_only_sounds_like_health_tells_nothing(self):
    self.assertEqual("", self.run_on("killer app\n", "classify", "text", "--explain", "-"))

  def test_labelled_lines_are_counted_and_not_shown(self):
    table = self.run_on("", "evaluate", LINES)
    self.assertIn("held", table)
    halves = [json.loads(line) for line in
              self.run_on("", "evaluate", LINES, "--format=json").splitlines()]
    self.assertEqual(["held", "tune"], [half["half"] for half in halves])
    for half in halves:
      self.assertLessEqual(0.88, half["accuracy"])

  def test_a_wrong_line_is_refused_by_its_number(self):
    path = self.work / "bad.tsv"
    path.write_text("not\ta fee\nCanary\tsister\n")
    self.run_on("", "evaluate", path, expect=FAILED)

  def test_explain_goes_with_no_redaction(self):
    for words in (["--redact", "marker"], ["--counts"]):
      self.run_on("", "classify", "text", "--explain", "-", *words, expect=USAGE)


if __name__ == "__main__":
  unittest.main()
