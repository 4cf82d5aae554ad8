#!/usr/bin/env python3
"""What `classify` and `evaluate` print, what they refuse, and that no value gets out unasked."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, SUBROSA, USAGE, InstallationTest, ndjson, record)

LABELLED = pathlib.Path(os.path.abspath("docs/examples/labelled/identifiers.jsonl"))
COLUMNS = LABELLED.with_name("own_columns.csv")
COLUMN_LABELS = LABELLED.with_name("own_columns.tsv")

# Planted values: each is found, and none may be seen in what is printed.
EMAIL = "canary.q7vx@orchard.example"
PHONE = "(509) 555-0142"
CARD = "4111 1111 1111 1111"
PLANTED = [EMAIL, PHONE, CARD, "canary", "555-0142", "1111"]
TEXT = f"Dear desk,\r\n\twrite to {EMAIL} or ring {PHONE}; \x00 card {CARD}.\nEnd \xff"
KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
OUR_EMAIL = "text/email\t{}\tour own desk\tm.okafor\t2026-01-15\t2999-01-01\n"


class ClassifyTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.text = self.write("letter.txt", TEXT.encode("latin-1"))
    self.key = self.write("key", KEY.encode())

  def write(self, name, content):
    path = self.work / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o600)
    return path

  def classify(self, *words, expect=DONE, secret=True, stdin=b""):
    """Runs a command that takes no passphrase; unless told, no planted value is in its output."""
    done = subprocess.run([SUBROSA, *map(str, words)], check=False, input=stdin, cwd=self.work,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if expect is not None:
      self.assertEqual(expect, done.returncode, done)
    if secret:
      for value in PLANTED:
        self.assertNotIn(value.encode(), done.stdout + done.stderr)
    return done

  def lines(self, *words, **options):
    return [json.loads(line) for line in self.classify(*words, **options).stdout.splitlines()]

  def test_a_finding_names_rule_clause_certainty_span_score_and_reason_but_no_value(self):
    found = self.lines("classify", "text", self.text, "--format", "json")

    self.assertEqual(["text/email", "text/phone", "text/card"], [each["rule"] for each in found])
    for each, value in zip(found, (EMAIL, PHONE, CARD)):
      begin, length = each["span"]["offset"], each["span"]["length"]
      self.assertEqual(value.encode(), TEXT.encode("latin-1")[begin:begin + length])
      self.assertTrue(each["clause"] and each["certainty"] and each["reason"])
      self.assertTrue(0 < each["score"] <= 1)
    told = self.classify("classify", "text", self.text).stdout.decode().splitlines()
    self.assertEqual(3, len(told))
    self.assertIn("45 CFR 164.514(b)(2)(i)(F)", told[0])
    self.assertIn("reads like an e-mail address", told[0])
    for line in told:
      self.assertRegex(line, r"score [01]\.[0-9][0-9]\]$")

  def test_redaction_leaves_every_other_byte(self):
    redacted = self.classify("classify", "text", self.text, "--redact", "marker").stdout

    self.assertEqual(
        b"Dear desk,\r\n\twrite to [EMAIL] or ring [PHONE]; \x00 card [CARD].\nEnd \xff", redacted)
    again = self.classify("classify", "text", "-", "--redact", "marker", stdin=redacted)
    self.assertEqual(redacted, again.stdout)

  def test_redaction_takes_names_and_great_ages_out_unless_told_to_leave_names(self):
    note = b"Patient John Smith, DOB 03/04/1961. His mother, born in 1931, is a 92 y.o. woman.\n"

    def redacted(*words):
      return self.classify("classify", "text", "-", "--redact", "marker", *words,
                           stdin=note).stdout
    self.assertEqual(
        b"Patient [PERSON_NAME], DOB [DATE]. His mother, born in [AGE_OVER_89], is a "
        b"[AGE_OVER_89] y.o. woman.\n", redacted())
    self.assertIn(b"Patient John Smith, DOB [DATE].", redacted("--no-names"))
    self.assertEqual(redacted(), redacted("--names"))
    told = self.classify("classify", "text", "-", stdin=note).stdout
    self.assertNotIn(b"text/person-name", told)
    self.assertIn(b"8+10: found: ", self.classify("classify", "explain", "-", stdin=note).stdout)
    for words in (["--no-names"], ["--redact", "marker", "--names", "--no-names"]):
      done = self.classify("classify", "text", self.text, *words, expect=USAGE)
      self.assertIn(b"--no-names: want --redact with it, and no --names", done.stderr)

  def test_equal_values_get_equal_pseudonyms_under_one_key_only(self):
    twice = f"{EMAIL} and {EMAIL} and x{EMAIL}".encode()

    def pseudonyms(*words):
      return self.classify("classify", "text", "-", "--redact", "pseudonym", *words,
                           stdin=twice).stdout.split(b" and ")
    first = pseudonyms("--key-file", self.key)
    self.assertRegex(first[0], rb"^\[EMAIL:[a-z2-7]{12}\]$")
    self.assertEqual(first[0], first[1])
    self.assertNotEqual(first[0], first[2])
    self.assertEqual(first, pseudonyms("--key-file", self.key))
    self.assertNotEqual(first[0], pseudonyms()[0])

  def test_a_pipe_of_one_endless_line_takes_constant_memory(self):
    script = ("import resource, subprocess, sys\n"
              f"line = ('order 17 of a{EMAIL} came in ' * 4000).encode()\n"
              "run = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE,"
              " stdout=subprocess.DEVNULL)\n"
              "for _ in range(400): run.stdin.write(line)\n"
              "run.stdin.close()\n"
              "assert run.wait() == 0\n"
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
    done = subprocess.run(
        [sys.executable, "-c", script, SUBROSA, "classify", "text", "-", "--redact", "marker"],
        check=True, stdout=subprocess.PIPE)

    self.assertGreater(200 * 1024, int(done.stdout))

  def test_counts_are_by_rule(self):
    counts = self.lines("classify", "text", self.text, "--counts", "--format", "json")

    self.assertEqual({"text/email": 1, "text/phone": 1, "text/card": 1},
                     {each["rule"]: each["count"] for each in counts})

  def test_what_is_suppressed_is_counted_and_the_stale_is_told(self):
    found = self.lines("classify", "text", self.text, "--format", "json", "--key-file", self.key)
    values = OUR_EMAIL.format("value:" + found[0]["pseudonym"])
    expired = "text/phone\tfile:*\tours\tm.okafor\t2025-01-01\t2026-01-01\n"
    path = self.write("reviewed.tsv", values + expired + OUR_EMAIL.format("field:payload.note"))

    left = self.classify("classify", "text", self.text, "--format", "json", "--key-file", self.key,
                         "--suppressions", path)
    self.assertEqual(["text/phone", "text/card"],
                     [json.loads(line)["rule"] for line in left.stdout.splitlines()])
    self.assertIn(b"1 findings suppressed", left.stderr)
    self.assertIn(b"line 2: expired", left.stderr)
    self.assertIn(b"line 3: unused", left.stderr)
    self.classify("classify", "text", self.text, "--suppressions", path, expect=FAILED)

  def test_a_bad_file_of_suppressions_is_refused_by_line_before_anything_is_printed(self):
    for bad in (f"text/email\tvalue:{EMAIL}\twhy\twho\t2026-01-15\t2999-01-01",
                "text/email", OUR_EMAIL.format(EMAIL)):
      path = self.write("bad.tsv", "# reviewed\n" + bad)
      done = self.classify("classify", "text", self.text, "--suppressions", path, expect=FAILED)
      self.assertIn(b"bad.tsv: line 2: ", done.stderr)
      self.assertEqual(b"", done.stdout)

  def test_records_say_marks_codes_and_what_stands_in_free_text(self):
    payload = {"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": 2,
               "note": f"bad night, mail {EMAIL}"}
    path = self.write("records.ndjson", ndjson(record("c-1", payload=payload)) + "{\n")

    found = self.lines("classify", "records", path, "--format", "json", expect=NO)
    by_field = {(each["field"], each["rule"]): each for each in found}
    self.assertEqual("identifier", by_field["payload.note", "text/email"]["basis"])
    self.assertIn(("payload", "mark:subrosa.v1.MoodCheckIn"), by_field)
    reviewed = self.write("reviewed.tsv", OUR_EMAIL.format("field:payload.note"))
    left = self.lines("classify", "records", path, "--format", "json", "--suppressions", reviewed,
                      expect=NO)
    self.assertEqual(len(found) - 1, len(left))

  def test_records_can_be_redacted_and_read_again(self):
    note = f"Mary Jones, mail {EMAIL}\nor ring {PHONE}"
    resource = {"resourceType": "Condition", "note": [{"text": f"\n{PHONE}"}],
                "code": {"coding": [{"system": "http://loinc.org"}]}}
    path = self.write("records.ndjson", ndjson(
        record("c-1", "r-1", payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn",
                                      "score": 2, "note": note}),
        record("c-1", "r-2", payload={"@type": "type.googleapis.com/subrosa.v1.FhirResource",
                                      "resourceType": "Condition",
                                      "json": json.dumps(resource)})) + "{\n")

    mood, fhir = self.lines("classify", "records", path, "--redact=marker", expect=NO)
    self.assertEqual("[PERSON_NAME], mail [EMAIL]\nor ring [PHONE]", mood["payload"]["note"])
    self.assertEqual(("c-1", 2), (mood["consumer"], mood["payload"]["score"]))
    told = json.loads(fhir["payload"]["json"])
    self.assertEqual("\n[PHONE]", told["note"][0]["text"])
    self.assertEqual("http://loinc.org", told["code"]["coding"][0]["system"])

    kept = self.lines("classify", "records", path, "--redact=marker", "--no-names", expect=NO)
    self.assertIn("Mary Jones, mail [EMAIL]", kept[0]["payload"]["note"])
    again = self.write("again.ndjson", ndjson(mood, fhir))
    rules = {each["rule"] for each in self.lines("classify", "records", again, "--format=json")}
    self.assertIn("mark:subrosa.v1.MoodCheckIn", rules)
    self.assertEqual(set(), {rule for rule in rules if rule.startswith("text/")})

    named = ["classify", "records", path, "--redact=pseudonym", "--key-file", self.key]
    first, second = (self.classify(*named, expect=NO).stdout for _ in range(2))
    self.assertEqual(first, second)
    reviewed = self.write("reviewed.tsv", OUR_EMAIL.format("field:payload.note"))
    left = self.classify("classify", "records", path, "--redact=marker", "--suppressions", reviewed,
                         expect=NO, secret=False)
    self.assertIn(EMAIL.encode(), left.stdout)
    self.assertNotIn(b"555-0142", left.stdout)

  def test_explain_says_why_a_code_is_not_known(self):
    def why(*words):
      return self.classify("classify", "explain", *words, expect=NO).stderr.decode()
    self.assertIn("the code system is known, and no rule has this code",
                  why("--system", "http://loinc.org", "--code", "99999-9"))
    self.assertIn("not known here: known are, by URI, OID or name, ",
                  why("--system", "ICD-9", "--code", "042"))
    for system, code in (("loinc", "44261-6"), ("rxnorm", "6809"), ("hcpcs", "J0570")):
      self.classify("classify", "explain", "--system", system, "--code", code)

  def test_explain_says_which_check_refused(self):
    told = self.classify("classify", "explain", "-", stdin=b"the label 000-12-3456 and no more")

    self.assertIn(b"10+11: no social security number: nine digits, but area 000", told.stdout)
    self.assertIn(b"found: ", self.classify("classify", "explain", self.text).stdout)
    self.assertIn(b"name/", self.classify("classify", "explain", "--field", "dx_code").stdout)
    code = self.classify("classify", "explain", "--system", "http://hl7.org/fhir/sid/icd-10-cm",
                         "--code", "F33.1")
    self.assertIn(b"RCW 19.373.010(8)(b)(i)", code.stdout)
    self.classify("classify", "explain", "-", stdin=b"calm today", expect=NO)

  def test_our_own_labelled_sample_is_found_well(self):
    report = self.lines("evaluate", LABELLED, "--format", "json")[0]

    self.assertLessEqual(70, report["texts"])
    self.assertLessEqual(0.85, report["structured"]["cover"]["f2"], report)
    self.assertLessEqual(0.85, report["structured"]["cover"]["precision"], report)
    table = self.classify("evaluate", LABELLED, "--split", "by-template").stdout.decode()
    self.assertIn("held out", table)

  def test_labelled_columns_are_told_as_well_as_the_docs_say(self):
    folder = LABELLED.parent
    least = {"own": 0.8, "shop": 0.85, "wearable": 0.85, "claims": 0.7, "hospital": 0.45,
             "survey": 0.75}
    self.assertEqual(set(least), {path.name.split("_")[0] for path in
                                  folder.glob("*_columns.csv")})
    for name, bound in least.items():
      report = self.lines("evaluate", folder / f"{name}_columns.tsv", "--table",
                          folder / f"{name}_columns.csv", "--format", "json")[0]
      self.assertLessEqual(bound, report["all"]["f2"], name)
    table = self.classify("evaluate", COLUMN_LABELS, "--table", COLUMNS).stdout.decode()
    self.assertIn("identifier:email", table)

  def test_labels_that_are_not_the_tables_are_refused(self):
    short = self.write("short.tsv", "row_no\t-\n")
    done = self.classify("evaluate", short, "--table", COLUMNS, expect=FAILED)
    self.assertIn(b"want a label for it", done.stderr)
    wrong = self.write("wrong.tsv", "row_no\tcanary\n")
    done = self.classify("evaluate", wrong, "--table", COLUMNS, expect=FAILED)
    self.assertNotIn(b"canary", done.stderr)
    self.classify("evaluate", COLUMN_LABELS, "--table", self.work / "none.csv", expect=FAILED)

  def test_a_number_from_memory_is_said_to_be_one(self):
    done = self.classify("classify", "explain", "--system", "http://loinc.org", "--code",
                         "40443-4")
    self.assertIn(b"compared with no public source", done.stdout)
    done = self.classify("classify", "explain", "--system", "http://loinc.org", "--code",
                         "8867-4")
    self.assertIn(b"US Core", done.stdout)
    self.assertNotIn(b"compared with no", done.stdout)

  def test_evaluate_shows_a_text_only_when_asked(self):
    text = f"ask {PHONE} or the word canary"
    start = text.index("canary")
    line = {"id": "a-1", "text": text,
            "spans": [{"bstart": start, "bend": start + 6, "type": "SSN"}]}
    path = self.write("labelled.jsonl", json.dumps(line) + "\n")

    self.assertIn(f"missed SSN: a-1 {start}+6".encode(), self.classify("evaluate", path).stdout)
    shown = self.classify("evaluate", path, "--show-text", secret=False).stdout
    self.assertIn(b'"canary"', shown)

  def test_what_cannot_be_read_is_refused_without_a_value(self):
    labelled = self.write("bad.jsonl", f'{{"id": "a", "text": "{EMAIL}", "spans": 7}}\n')
    unknown = self.write("unknown.jsonl", json.dumps(
        {"id": "a", "text": EMAIL, "spans": [{"bstart": 0, "bend": 3, "type": "canary"}]}))
    weak = self.write("weak", "correct horse")
    for words, code in (
        (["evaluate", labelled], FAILED), (["evaluate", unknown], FAILED),
        (["evaluate", self.work / "none"], FAILED), (["evaluate"], USAGE),
        (["evaluate", labelled, "--types", labelled], FAILED),
        (["classify", "text", self.work], FAILED), (["classify", "text"], USAGE),
        (["classify", "text", self.text, self.text], USAGE),
        (["classify", "text", self.text, "--redact", EMAIL], USAGE),
        (["classify", "text", self.text, "--redact", "marker", "--counts"], USAGE),
        (["classify", "text", self.text, "--redact", "pseudonym", "--key-file", weak], FAILED),
        (["classify", "explain"], USAGE), (["classify", "explain", "--code", "F33"], USAGE),
        (["classify", "records", self.text, "--redact=marker", "--counts"], USAGE),
        (["classify", "records", self.text, "--key-file", self.key], USAGE),
        (["classify", "records", self.text, "--no-names"], USAGE),
        (["classify", "records", self.text, "--redact=pseudonym", "--key-file", weak], FAILED),
        (["classify", "records", self.text], None), (["classify"], USAGE)):
      with self.subTest(words=words):
        self.classify(*words, expect=code)

  def test_a_full_disk_is_an_error(self):
    with open("/dev/full", "wb") as full:
      done = subprocess.run([SUBROSA, "classify", "text", self.text], check=False, stdout=full,
                            stderr=subprocess.PIPE)
    self.assertEqual(FAILED, done.returncode, done)


if __name__ == "__main__":
  unittest.main(verbosity=2)
