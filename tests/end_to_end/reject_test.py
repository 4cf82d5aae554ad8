#!/usr/bin/env python3
"""What `ingest` does not take: people whom the service does not know, values that no format allows;
told by place and reason, in words and in JSON, and never by value."""

import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, InstallationTest, counts, counts_of, forms, ndjson)

HINT = "subrosa: hint: --rejects FILE lists every reject\n"
COMMON = ["--source", "clinic", "--purpose", "care", "--basis", "consent", "--collection",
          "provider", "--collected-at", "2026-01-02T03:04:05Z"]
NOBODY = "consumer: want a person in the map, got one that is not in it"
SECOND = "consumer: want one person in the file, got a second one"
SECRET = "canary-value-R8T2W"


def condition(number, patient, **changes):
  return {"resourceType": "Condition", "id": f"c-{number}", "code": {"text": "x"},
          "subject": {"reference": f"Patient/{patient}"}} | changes


# Per format, what its reader trips over: the value, or a key, is the secret.
WRONG = {
    "fhir.ndjson": ndjson(
        condition(1, SECRET + " " + SECRET), condition(2, "p", onsetDateTime=SECRET),
        {"resourceType": SECRET, "id": "1"}, condition(3, "p", subject=[SECRET])) +
                   '{"resourceType":"Condition","a":' + SECRET + "}\n",
    "bundle.json": json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": [SECRET], "resource": {}}, {"resource": SECRET}, SECRET,
        {"resource": condition(1, "p", subject={"reference": SECRET})}]}),
    "export.xml": '<HealthData><Record type="HKQuantityTypeIdentifierStepCount" '
                  f'startDate="{SECRET}" value="{SECRET}"/>'
                  f'<Record type="{SECRET}" startDate="2026-13-45 {SECRET}"/></HealthData>',
    "document.xml": '<ClinicalDocument><recordTarget><patientRole><id root="1" extension="p"/>'
                    "</patientRole></recordTarget><component><section><entry><act>"
                    f'<effectiveTime value="{SECRET}"/></act></entry><entry><act><effectiveTime>'
                    f'<low value="2026"/><high value="{SECRET}"/></effectiveTime></act></entry>'
                    "</section></component></ClinicalDocument>",
    "connect.json": ndjson(*(
        {"type": "StepsRecord", "metadata": {"id": "1"}, "startTime": "2026-01-02T03:04:05Z",
         "endTime": "2026-01-02T03:05:05Z", "count": 1} | change for change in (
             {"count": SECRET}, {"startTime": SECRET}, {"startZoneOffset": SECRET},
             {"type": SECRET}, {"metadata": SECRET}, {"metadata": {"id": [SECRET]}}))),
    "points.json": ndjson(*(
        {"header": {"id": "1", "creation_date_time": "2026-01-02T03:04:05Z", "schema_id": {
            "namespace": "omh", "name": "heart-rate", "version": "2.0"}} | header,
         "body": {"heart_rate": {"value": 60, "unit": "beats/min"}, "effective_time_frame": {
             "date_time": "2026-01-02T03:04:05Z"}} | body} for header, body in (
                 ({}, {"heart_rate": SECRET}), ({}, {"heart_rate": {"value": SECRET}}),
                 ({}, {"heart_rate": {"value": 1, "unit": SECRET}}),
                 ({}, {"effective_time_frame": {"date_time": SECRET}}),
                 ({"creation_date_time": SECRET}, {})))),
    "table.csv": "who,score\n" f"p,{SECRET}\n" f'p,"{SECRET}\n' f"p,{SECRET},{SECRET}\n",
}
MAPPING = """name: "scores"
message: "subrosa.v1.MoodCheckIn"
column { name: "who" consumer {} }
column { name: "score" field { path: "score" } }
"""


class RejectTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()

  def ingest_text(self, path, *words, expect=NO):
    return self.subrosa("ingest", path, *words, *COMMON, expect=expect)

  def test_people_whom_the_map_does_not_name_are_rejected_and_not_guessed(self):
    people = self.write("people.csv", "source,consumer\nann,c-1\n")
    # One letter, its case or a space make another person.
    path = self.write("conditions.ndjson", ndjson(*(
        condition(number, patient)
        for number, patient in enumerate(["ann", "Ann", "an", "ann2", "c-1", "jane"]))))

    told = self.ingest_text(path, "--consumer-from", f"map:{people}")

    self.assertEqual(f"{path}: 1 added, 0 revised, 0 unchanged, 5 rejected\n", told.out)
    self.assertEqual(f"{path}: line 2: {NOBODY} (and 4 more)\n{HINT}", told.err)
    self.assertEqual(1, self.inventory()["total"]["consumers"])
    self.assertEqual({("clinic", "Condition/c-0")}, set(self.copy("c-1")))
    for stranger in ("ann", "Ann", "jane"):
      self.assertIsNone(self.copy(stranger))

  def test_of_a_file_about_one_person_a_second_one_is_rejected(self):
    own_id = self.write("own-id", "c-1\n")
    path = self.write("conditions.ndjson", ndjson(
        condition(1, "ann"), condition(2, "jane"), condition(3, "ann")))

    told = self.ingest_text(path, "--consumer-from", f"id-file:{own_id}")

    self.assertEqual(f"{path}: line 2: {SECOND}\n{HINT}", told.err)
    self.assertEqual({("clinic", "Condition/c-1"), ("clinic", "Condition/c-3")},
                     set(self.copy("c-1")))

  def test_who_cannot_be_told_apart_stops_before_the_first_record(self):
    path = self.write("conditions.ndjson", ndjson(condition(1, "ann")))
    before = self.inventory()
    for name, text in (("twice", "source,consumer\nann,c-1\nann,c-2\n"),
                       ("no-header", "ann,c-1\n"), ("empty", ""),
                       ("three", "source,consumer\nann,c-1,c-2\n"),
                       ("nobody", "source,consumer\nann,\n")):
      with self.subTest(map=name):
        people = self.write(f"{name}.csv", text)

        outcome = self.ingest_text(path, "--consumer-from", f"map:{people}", expect=FAILED)

        self.assertRegex(outcome.err, r"^subrosa: error: .*: want .*, got .*\n$")
        self.assertNotIn("ann", outcome.err)
        self.assertNotIn("c-1", outcome.err)
    for words in ("ann", "map:", "map:missing.csv", "id-file:missing", "id-file:/dev/null"):
      outcome = self.ingest_text(path, "--consumer-from", words, expect=FAILED)
      self.assertNotIn("\n", outcome.err[:-1])
    self.assertEqual(before, self.inventory())

  def test_an_export_that_names_nobody_is_nobodys_until_somebody_says_whose(self):
    path = f"{DATA}/apple_health/export.xml"

    outcome = self.ingest_text(path, expect=FAILED)

    self.assertEqual(f"subrosa: error: {path}: consumer: want whose export it is, which the file "
                     "does not say, got nobody\n", outcome.err)

  def test_the_summary_counts_by_reason_in_words_and_in_json(self):
    lines = [condition(1, "ann"), {"resourceType": "Condition", "id": "c-2"},
             condition(3, "ann", onsetDateTime="soon"), condition(4, "ann"),
             {"resourceType": "Condition", "id": "c-5"},
             {"resourceType": "Organization", "id": "o-1"},
             condition(6, "ann", resourceType="Basic")]
    path = self.write("mixed.ndjson", ndjson(*lines))
    no_time = "onsetDateTime: want a date or time of FHIR, got another string"
    no_patient = "subject: want a reference to a patient, got none"

    told = self.ingest_text(path)
    summary = self.ingest(path, *COMMON, expect=NO)

    self.assertEqual(f"{path}: line 3: {no_time}\n"
                     f"{path}: line 2: {no_patient} (and 1 more)\n{HINT}", told.err)
    self.assertEqual(f"{path}: 3 added, 0 revised, 0 unchanged, 3 rejected, 1 of a type kept whole "
                     "(1 Basic), 1 about no consumer (1 Organization)\n", told.out)
    self.assertEqual(counts(unchanged=3, rejected=3), counts_of(summary))
    self.assertEqual([{"reason": no_time, "count": 1, "first_number": 3},
                      {"reason": no_patient, "count": 2, "first_number": 2}],
                     summary["rejects_by_reason"])
    self.assertEqual((7, 0), (summary["entries"], summary["other_rejects"]))
    self.assertEqual({"Basic": 1}, summary["kept_whole_types"])
    self.assertEqual({"Organization": 1}, summary["not_about_consumer_types"])

  def test_no_format_tells_a_value_where_it_rejects_one(self):
    own_id = self.write("own-id", "c-1\n")
    mapping = self.write("scores.textproto", MAPPING)
    for name, text in WRONG.items():
      with self.subTest(format=name):
        path = self.write(name, text)
        listed = self.work / f"{name}.rejects"
        words = ["--mapping", mapping] if name.endswith(".csv") else [
            "--consumer-from", f"id-file:{own_id}"]
        if name == "connect.json":
          words += ["--as", "health-connect"]

        told = self.ingest_text(path, *words)
        self.ingest_text(path, *words, "--rejects", listed)

        rejects = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
        self.assertGreater(len(rejects), 1)
        for reject in rejects:
          self.assertEqual(["file", "unit", "number", "byte_offset", "code", "reason"],
                           list(reject))
          self.assertRegex(reject["reason"], r"^[A-Za-z_.\[\]* ]+: want .*, got .*[^.]$")
        self.assertFalse(any(shape in content for shape in forms(SECRET) for content in (
            told.out.encode(), told.err.encode(), listed.read_bytes())), told)
    self.assertEqual([], os.listdir(self.temporary))

  def test_entities_neither_grow_nor_name_a_file_whoever_the_export_is_of(self):
    own_id = self.write("own-id", "c-1\n")
    path = f"{DATA}/broken/apple_entities.xml"

    outcome = self.ingest_text(path, "--consumer-from", f"id-file:{own_id}", expect=FAILED)

    self.assertIn("want well-formed XML, got undefined entity", outcome.err)
    self.assertIn(": 0 added, 0 revised, 0 unchanged, 0 rejected; not finished\n", outcome.out)


if __name__ == "__main__":
  unittest.main(verbosity=2)
