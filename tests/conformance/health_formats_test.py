#!/usr/bin/env python3
"""FHIR Bundles and data points of Open mHealth, written by health_formats_dump of the samples in
docs/examples/data and of those below, and checked by health_formats_check, which shares nothing
with what writes them. Then what was written is spoilt in one place, and that is found."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import health_formats_check as check  # pylint: disable=wrong-import-position

DUMP = "tests/conformance/health_formats_dump"
ELEMENTS = check.Elements(pathlib.Path("docs/formats/copy.md").read_text(encoding="utf-8"))
SAMPLES = sorted(map(str, pathlib.Path("docs/examples/data/fhir").glob("*.ndjson")))

CODE = {"coding": [{"system": "http://loinc.org", "version": "2.73", "code": "8867-4",
                    "display": "Heart \"rate\" é", "userSelected": True}], "text": "Pulse",
        "extension": [{"url": "http://x.example", "valueString": "PLANTED"}]}
DOSE = {"value": 7.125, "comparator": "<", "unit": "mg", "system": "http://unitsofmeasure.org",
        "code": "mg"}
PERIOD = {"start": "2024-01", "end": "2024-02-03T04:05:06.500+02:00"}
PERSON = {"reference": "Practitioner/9", "display": "PLANTED"}
REASON = {"reference": "Condition/4", "display": "Low mood", "identifier": {"value": "PLANTED"}}
# What any resource may hold and none may hand out.
PRIVATE = {
    "text": {"status": "generated", "div": "<div>PLANTED</div>"},
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "PLANTED"}],
    "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Sertraline"}}],
    "performer": [PERSON], "note": [{"text": "PLANTED", "authorReference": PERSON}],
    "meta": {"lastUpdated": "2024-05-01T08:00:00.000Z", "source": "PLANTED", "tag": [CODE]},
}
RESOURCES = [
    ("AllergyIntolerance", dict(
        clinicalStatus=CODE, verificationStatus=CODE, type="allergy", category=["food"], code=CODE,
        onsetDateTime="2019", recordedDate="2020-01", asserter=PERSON,
        reaction=[{"manifestation": [CODE, CODE], "severity": "mild", "note": "PLANTED"}])),
    ("CarePlan", dict(
        status="active", intent="plan", category=[CODE], description="as said", period=PERIOD,
        addresses=[REASON], author=PERSON, activity=[{"detail": {
            "code": CODE, "status": "unknown", "doNotPerform": True, "description": "walk",
            "performer": [PERSON]}}])),
    ("Condition", dict(
        clinicalStatus=CODE, verificationStatus=CODE, category=[CODE], code=CODE,
        onsetDateTime="2024-02", abatementDateTime="2024-03-04", recordedDate="2024-05-01")),
    ("Consent", dict(
        status="active", scope=CODE, category=[CODE], dateTime="2024-05-01", policyRule=CODE,
        policy=[{"authority": "http://x.example", "uri": "http://x.example/p"}],
        provision={"type": "deny", "period": PERIOD, "code": [CODE]})),
    ("DiagnosticReport", dict(
        status="final", code=CODE, effectivePeriod=PERIOD, issued="2024-05-01T08:00:00.000-07:00",
        conclusion="as said", conclusionCode=[CODE], presentedForm=[{"data": "PLANTED"}])),
    ("Encounter", dict(
        **{"class": {"system": "http://x.example", "code": "VR"}}, status="finished", type=[CODE],
        period=PERIOD, reasonCode=[CODE], diagnosis=[{"condition": REASON, "rank": 1}])),
    ("FamilyMemberHistory", dict(
        status="completed", relationship=CODE, date="2024", name="PLANTED",
        condition=[{"code": CODE, "note": "PLANTED"}])),
    ("Goal", dict(lifecycleStatus="active", description=CODE, startDate="2024-05-01")),
    ("Immunization", dict(
        status="completed", vaccineCode=CODE, occurrenceDateTime="2024-05-01", isSubpotent=True,
        reasonCode=[CODE], protocolApplied=[{"targetDisease": [CODE], "doseNumberPositiveInt": 2}])),
    ("MedicationRequest", dict(
        status="active", intent="order", doNotPerform=True, medicationReference={"reference": "#m"},
        authoredOn="2024-05-01T08:00:00Z", requester=PERSON, reasonReference=[REASON],
        dosageInstruction=[{"text": "one at night", "route": CODE}])),
    ("MedicationStatement", dict(
        status="active", medicationCodeableConcept=CODE, effectivePeriod=PERIOD,
        dateAsserted="2024-05-01", informationSource=PERSON, dosage=[{"text": "one"}])),
    ("Observation", dict(
        status="final", category=[CODE], code=CODE, effectiveDateTime="2024-05-01T08:00:00-07:00",
        issued="2024-05-01T08:00:00Z", valueQuantity=DOSE, component=[
            {"code": CODE, "valueRange": {"low": DOSE, "high": DOSE}},
            {"code": CODE, "dataAbsentReason": CODE}, {"code": CODE, "valueReference": REASON}])),
    ("Procedure", dict(
        status="completed", code=CODE, performedDateTime="2024", outcome=CODE, reasonCode=[CODE])),
    ("QuestionnaireResponse", dict(
        status="completed", authored="2024-05-01T08:00:00Z", source=PERSON,
        item=[{"linkId": "1", "text": "How often?", "answer": [
            {"valueCoding": CODE["coding"][0], "item": [
                {"linkId": "1.1", "answer": [{"valueDecimal": 2.50}, {"valueBoolean": False}]}]}]}])),
]
AT = {"effective_time_frame": {"date_time": "2024-05-01T06:30:00+02:00"}}
OVER = {"effective_time_frame": {"time_interval": {
    "start_date_time": "2024-05-01T06:30:00+02:00", "duration": {"value": 30, "unit": "min"}}}}
MORNING = {"effective_time_frame": {"time_interval": {
    "date": "2024-05-01", "part_of_day": "morning"}}}
# Of one consumer of the sample service, whose ids are unique.
OWN_RECORDS = [json.loads(line) for line in pathlib.Path(
    "docs/examples/data/wellness.ndjson").read_text(encoding="utf-8").splitlines()
               if '"c-000001"' in line]
BODIES = [
    ("heart-rate", "2.0", {"heart_rate": {"value": 62.5, "unit": "beats/min"}, **AT,
                           "temporal_relationship_to_sleep": "on waking"}),
    ("blood-pressure", "2.0", {"systolic_blood_pressure": {"value": 120, "unit": "mmHg"},
                               "diastolic_blood_pressure": {"value": 80, "unit": "mmHg"}, **AT}),
    ("step-count", "1.0", {"step_count": 6000, **MORNING}),
    ("step-count", "3.0", {"step_count": {"value": 600, "unit": "steps"}, **OVER}),
    ("sleep-episode", "1.0", {"total_sleep_time": {"value": 7.5, "unit": "h"},
                              "is_main_sleep": True, "number_of_awakenings": 2, **OVER}),
    ("physical-activity", "1.0", {"activity_name": "walk", "met_value": 3,
                                  "distance": {"value": 1.5, "unit": "mi"}}),
]


def resources():
  """Ours, with what each type must have and much that nobody may be handed."""
  for number, (kind, members) in enumerate(RESOURCES):
    yield {"resourceType": kind, "id": f"r-{number}", check.MUST[kind][0]: {
        "reference": "Patient/p", "display": "PLANTED"}, **PRIVATE, **members}


def points():
  for number, (schema, version, body) in enumerate(BODIES):
    yield {"header": {"id": f"d-{number}", "creation_date_time": "2024-05-01T08:00:00Z",
                      "schema_id": {"namespace": "omh", "name": schema, "version": version},
                      "acquisition_provenance": {"source_name": "Band", "modality": "sensed"},
                      "user_id": "PLANTED"}, "body": body}


def written(kind, lines):
  """What is written of `lines`, or of the files that `lines` names."""
  files = lines
  if not isinstance(lines[0], str):
    path = pathlib.Path(os.environ["TEST_TMPDIR"], kind)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    files = [str(path)]
  return subprocess.run([DUMP, kind, *files], check=True, capture_output=True,
                        text=True).stdout


class FhirTest(unittest.TestCase):

  @classmethod
  def setUpClass(cls):
    cls.given = list(resources())
    cls.text = written("fhir", cls.given)
    cls.bundle = json.loads(cls.text)

  def faults(self, bundle):
    return check.faults_of_bundle(json.dumps(bundle), ELEMENTS)

  def entry(self, bundle, kind):
    return next(entry["resource"] for entry in bundle["entry"]
                if entry["resource"]["resourceType"] == kind)

  def test_a_bundle_of_every_type_has_no_fault(self):
    self.assertEqual(check.faults_of_bundle(self.text, ELEMENTS), [])
    self.assertEqual(len(self.bundle["entry"]), 1 + len(check.MUST))

  def test_every_element_of_the_page_comes_out_as_it_went_in(self):
    given = [check.read_json(json.dumps(each)) for each in self.given]
    found, compared = check.differences(given, self.text, ELEMENTS)
    self.assertEqual((found, compared), ([], len(self.given)))

  def test_nothing_private_is_handed_out(self):
    self.assertIn("PLANTED", json.dumps(self.given))
    self.assertNotIn("PLANTED", self.text)
    self.assertNotIn("Patient/p", self.text)

  def test_a_referred_medicine_is_said_by_its_code(self):
    self.assertEqual(self.entry(self.bundle, "MedicationRequest")["medicationCodeableConcept"],
                     {"text": "Sertraline"})

  def test_the_samples_of_the_project_come_out_as_they_went_in(self):
    text = written("fhir", SAMPLES)
    given = [check.read_json(line) for path in SAMPLES
             for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    self.assertEqual(check.faults_of_bundle(text, ELEMENTS), [])
    found, compared = check.differences(given, text, ELEMENTS)
    self.assertEqual(found, [])
    self.assertEqual(compared, sum(each["resourceType"] != "Patient" for each in given))

  def test_the_services_own_records_have_their_codes_and_no_fault(self):
    text = written("fhir", OWN_RECORDS)
    self.assertEqual(check.faults_of_bundle(text, ELEMENTS), [])
    kinds = {"Condition": ("Condition", "condition", "code"),
             "Medication": ("MedicationStatement", "medicine", "medicationCodeableConcept"),
             "VitalSample": ("Observation", "type", "code")}
    resources_by_id = {entry["resource"].get("id"): entry["resource"]
                       for entry in json.loads(text)["entry"]}
    compared = 0
    for record in OWN_RECORDS:
      payload = record["payload"]
      kind = payload["@type"].rpartition(".")[2]
      if kind in kinds:
        into, field, element = kinds[kind]
        resource = resources_by_id[record["id"]]
        self.assertEqual((resource["resourceType"], resource[element]), (into, payload[field]))
        compared += 1
    self.assertEqual(compared, len(resources_by_id) - 1)
    self.assertGreater(compared, 10)

  def test_outside_resources_come_out_as_they_went_in(self):
    data = pathlib.Path(os.environ.get("SUBROSA_DATA", pathlib.Path(
        os.path.realpath("docs/formats/copy.md")).parents[3] / "shared/data"), "fhir")
    if not data.is_dir():
      self.skipTest("no outside data: set SUBROSA_DATA to its folder (tests/conformance)")
    for path in sorted(data.glob("synthea_bulk_10/*.ndjson")):
      text = written("fhir", [str(path)])
      given = [check.read_json(line) for line in path.read_text(encoding="utf-8").splitlines()]
      self.assertEqual(check.faults_of_bundle(text, ELEMENTS), [], path.name)
      found, compared = check.differences(given, text, ELEMENTS)
      print(f"{path.name}: {compared} of {len(given)} compared")
      self.assertEqual(found, [])

  def test_whatever_is_spoilt_is_found(self):
    spoilers = {
      "no type": lambda b: b.pop("type"),
      "another type": lambda b: b.update(type="batch"),
      "no timestamp": lambda b: b.pop("timestamp"),
      "a timestamp of a day": lambda b: b.update(timestamp="2024-05-01"),
      "no entries": lambda b: b.update(entry=[]),
      "no patient": lambda b: b["entry"].pop(0),
      "two patients": lambda b: b["entry"].append(copy.deepcopy(b["entry"][0])),
      "a patient with a name": lambda b: b["entry"][0]["resource"].update(name=[{"text": "A"}]),
      "a fullUrl twice": lambda b: b["entry"][2].update(fullUrl=b["entry"][1]["fullUrl"]),
      "a fullUrl of a server": lambda b: b["entry"][1].update(fullUrl="http://x.example/P/1"),
      "no fullUrl": lambda b: b["entry"][1].pop("fullUrl"),
      "a search": lambda b: b["entry"][1].update(search={"mode": "match"}),
      "another's": lambda b: self.entry(b, "Goal").update(subject={"reference": "Patient/q"}),
      "nobody's": lambda b: self.entry(b, "Goal").pop("subject"),
      "an unknown type": lambda b: self.entry(b, "Goal").update(resourceType="Claim"),
      "a narrative": lambda b: self.entry(b, "Goal").update(text={"status": "empty"}),
      "an extension": lambda b: self.entry(b, "Goal")["description"].update(extension=[{"url": "u"}]),
      "a reference": lambda b: self.entry(b, "CarePlan")["addresses"][0].update(reference="X/1"),
      "a system that is none": lambda b: self.entry(b, "Goal")["description"]["coding"][0].update(
          system="loinc"),
      "a code without its system": lambda b: self.entry(b, "Goal")["description"]["coding"][0].pop(
          "system"),
      "an empty list": lambda b: self.entry(b, "Goal")["description"].update(coding=[]),
      "an empty object": lambda b: self.entry(b, "Goal")["description"].update(coding=[{}]),
      "a null": lambda b: self.entry(b, "Goal")["description"].update(text=None),
      "a day that is none": lambda b: self.entry(b, "Goal").update(startDate="2024-13-01"),
      "a time without its zone": lambda b: self.entry(b, "Observation").update(
          effectiveDateTime="2024-05-01T08:00:00"),
      "an instant without its time": lambda b: self.entry(b, "Observation").update(
          issued="2024-05-01"),
    }
    for kind, (_, names) in check.MUST.items():
      for name in names:
        def lose(bundle, kind=kind, name=name):
          resource = self.entry(bundle, kind)
          resource.pop(next(each for each in resource if each.startswith(name.rstrip("*"))))
        spoilers[f"{kind} without {name}"] = lose
    for name, spoil in spoilers.items():
      bundle = copy.deepcopy(self.bundle)
      spoil(bundle)
      self.assertNotEqual(self.faults(bundle), [], name)
    self.assertNotEqual(check.faults_of_bundle(self.text.rstrip()[:-1], ELEMENTS), [])
    self.assertNotEqual(check.faults_of_bundle(
        self.text.replace('"type":', '"type":"x","type":', 1), ELEMENTS), [])

  def test_a_lost_element_and_a_lost_digit_are_found(self):
    given = [check.read_json(json.dumps(each)) for each in self.given]
    self.assertIn("7.125", self.text)
    for text in (self.text.replace("7.125", "7.12", 1), self.text.replace("2024-02", "2024", 1)):
      self.assertNotEqual(check.differences(given, text, ELEMENTS)[0], [])
    for number, entry in enumerate(self.bundle["entry"][1:], 1):
      for name in set(entry["resource"]) - check.NOT_READ - {"subject", "patient"}:
        bundle = copy.deepcopy(self.bundle)
        bundle["entry"][number]["resource"].pop(name)
        if name != "medicationCodeableConcept" or entry["resource"]["resourceType"] != "MedicationRequest":
          self.assertNotEqual(check.differences(given, json.dumps(bundle), ELEMENTS)[0], [], name)


class OpenMHealthTest(unittest.TestCase):

  @classmethod
  def setUpClass(cls):
    cls.given = list(points())
    cls.text = written("open-mhealth", cls.given)
    cls.points = [json.loads(line) for line in cls.text.splitlines()]

  def test_points_have_no_fault_and_nobodys_name(self):
    self.assertEqual(check.faults_of_points(self.text), [])
    self.assertNotIn("PLANTED", self.text)

  def test_each_point_comes_out_as_it_went_in(self):
    def same(point):
      point = copy.deepcopy(point)
      point["header"].pop("user_id")
      interval = point["body"].get("effective_time_frame", {}).get("time_interval", {})
      # A duration is as long in another unit.
      if interval.get("duration") == {"value": 30, "unit": "min"}:
        interval["duration"] = {"value": 1800, "unit": "sec"}
      return point
    self.assertEqual([same(each) for each in self.points], [same(each) for each in self.given])

  def test_nights_and_vitals_of_the_service_have_no_fault(self):
    text = written("open-mhealth", OWN_RECORDS)
    self.assertEqual(check.faults_of_points(text), [])
    self.assertEqual(text.count('"sleep-episode"'), sum(
        record["payload"]["@type"].endswith("SleepSession") for record in OWN_RECORDS))
    self.assertIn('"heart-rate"', text)

  def test_samples_of_a_phone_have_no_fault(self):
    text = written("open-mhealth", ["docs/examples/data/apple_health/export.xml"])
    self.assertEqual(check.faults_of_points(text), [])
    self.assertIn('"heart-rate"', text)

  def test_whatever_is_spoilt_is_found(self):
    spoilers = {
      "no header": lambda p: p.pop("header"),
      "no body": lambda p: p.pop("body"),
      "no id": lambda p: p["header"].pop("id"),
      "no time of creation": lambda p: p["header"].pop("creation_date_time"),
      "a day of creation": lambda p: p["header"].update(creation_date_time="2024-05-01"),
      "another namespace": lambda p: p["header"]["schema_id"].update(namespace="x"),
      "another schema": lambda p: p["header"]["schema_id"].update(name="x"),
      "no version": lambda p: p["header"]["schema_id"].update(version="2"),
      "no user": lambda p: p["header"].pop("user_id"),
      "another user": lambda p: p["header"].update(user_id="x"),
      "no source": lambda p: p["header"].update(acquisition_provenance={"modality": "sensed"}),
      "another modality": lambda p: p["header"]["acquisition_provenance"].update(modality="x"),
      "no value": lambda p: p["body"].pop("heart_rate"),
      "a bare value": lambda p: p["body"].update(heart_rate=62),
      "a value of text": lambda p: p["body"]["heart_rate"].update(value="62x"),
      "another unit": lambda p: p["body"]["heart_rate"].update(unit="Hz"),
      "a time without its zone": lambda p: p["body"].update(
          effective_time_frame={"date_time": "2024-05-01T06:30:00"}),
      "an interval with one end": lambda p: p["body"].update(
          effective_time_frame={"time_interval": {"start_date_time": "2024-05-01T06:30:00Z"}}),
      "both an instant and an interval": lambda p: p["body"]["effective_time_frame"].update(
          time_interval={}),
    }
    for name, spoil in spoilers.items():
      spoilt = copy.deepcopy(self.points)
      spoil(spoilt[0])
      self.assertNotEqual(check.faults_of_points("\n".join(map(json.dumps, spoilt))), [], name)
    self.assertNotEqual(check.faults_of_points(self.text + self.text), [], "twice")
    self.assertNotEqual(check.faults_of_points(self.text[:-5]), [], "cut short")


if __name__ == "__main__":
  unittest.main()
