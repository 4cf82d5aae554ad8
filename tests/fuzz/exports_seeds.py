#!/usr/bin/env python3
"""Writes the seeds of exports_fuzz into FOLDER: resources of FHIR and data points of Open mHealth of
our own, each with many of the elements that are read, and manifests.

usage: exports_seeds.py FOLDER
"""

import json
import pathlib
import sys

CONCEPT = {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "d"}], "text": "t"}
QUANTITY = {"value": 7.5, "comparator": "<", "unit": "mg", "code": "mg"}
PERIOD = {"start": "2024-01", "end": "2024-02-03T04:05:06+02:00"}


def resource(kind, subject="subject", **members):
  return "f" + json.dumps({"resourceType": kind, "id": "7", subject: {"reference": "Patient/p"},
                           **members})


def point(schema, version, **body):
  return "o" + json.dumps({"header": {
      "id": "d-1", "creation_date_time": "2024-05-01T08:00:00Z",
      "schema_id": {"namespace": "omh", "name": schema, "version": version},
      "acquisition_provenance": {"source_name": "Band", "modality": "sensed"}}, "body": body})


def manifest(*head):
  return "m" + "".join(f"{line}\n" for line in (
      *head, "0a" * 32 + "  index.html", "1b" * 32 + "  records/mood-check-in.ndjson"))


SEEDS = {
    "observation": resource(
        "Observation", status="final", code=CONCEPT, category=[CONCEPT], valueQuantity=QUANTITY,
        effectivePeriod=PERIOD, issued="2024-05-01T08:00:00Z",
        component=[{"code": CONCEPT, "valueRange": {"low": QUANTITY, "high": QUANTITY}},
                   {"code": CONCEPT, "valueRatio": {"numerator": QUANTITY}}]),
    "request": resource(
        "MedicationRequest", status="active", intent="order", contained=[{"id": "m", "code": CONCEPT}],
        medicationReference={"reference": "#m", "display": "x"}, authoredOn="2024",
        reasonReference=[{"display": "x"}], dosageInstruction=[{"text": "x", "route": CONCEPT}]),
    "answers": resource(
        "QuestionnaireResponse", status="completed", authored="2024-05-01",
        item=[{"linkId": "1", "text": "q", "answer": [
            {"valueCoding": {"system": "s", "code": "c"}, "item": [
                {"linkId": "1.1", "answer": [{"valueBoolean": True}, {"valueReference": {
                    "reference": "Patient/q", "display": "x"}}]}]}]}]),
    "allergy": resource(
        "AllergyIntolerance", "patient", clinicalStatus=CONCEPT, verificationStatus=CONCEPT,
        onsetDateTime="2020", code=CONCEPT, meta={"lastUpdated": "2024-05-01T08:00:00Z", "tag": []},
        reaction=[{"manifestation": [CONCEPT], "severity": "mild"}]),
    "consent": resource(
        "Consent", "patient", status="active", scope=CONCEPT, category=[CONCEPT],
        policyRule=CONCEPT, dateTime="2024", provision={"type": "deny", "code": [CONCEPT]}),
    "plan": resource(
        "CarePlan", status="active", intent="plan", addresses=[{"display": "x"}], description="x",
        activity=[{"detail": {"code": CONCEPT, "status": "unknown", "description": "x"}}]),
    "visit": resource(
        "Encounter", status="finished", period=PERIOD, reasonCode=[CONCEPT], type=[CONCEPT],
        diagnosis=[{"condition": {"display": "x"}}], **{"class": {"system": "s", "code": "c"}}),
    "vaccine": resource(
        "Immunization", "patient", status="completed", vaccineCode=CONCEPT,
        occurrenceDateTime="2024-05-01", isSubpotent=False,
        protocolApplied=[{"targetDisease": [CONCEPT], "doseNumberPositiveInt": 1}]),
    "heart": point("heart-rate", "2.0", heart_rate={"value": 62, "unit": "beats/min"},
                   effective_time_frame={"date_time": "2024-05-01T06:30:00+02:00"},
                   temporal_relationship_to_sleep="on waking"),
    "manifest_of_copy": manifest("subrosa copy v1", "entity rosewater", "sealed to age1example",
                                 "made at 2026-11-26T12:00:00Z"),
    "manifest_of_set": manifest("subrosa de-identified set v1", "entity rosewater",
                                "recipient institute", "sealed to age1example",
                                "made on 2026-11-26"),
    "manifest_that_leads_away": manifest(
        "subrosa copy v1", "entity e", "sealed to s", "made at t", "2c" * 32 + "  ../keyring"),
    "night": point("sleep-episode", "1.0", total_sleep_time={"value": 7.5, "unit": "h"},
                   number_of_awakenings=2, is_main_sleep=True,
                   effective_time_frame={"time_interval": {
                       "start_date_time": "2024-05-01T22:30:00+02:00",
                       "duration": {"value": 8, "unit": "h"}}}),
    "steps": point("step-count", "1.0", step_count=6000,
                   effective_time_frame={"time_interval": {
                       "date": "2024-05-01", "part_of_day": "morning"}}),
    "walk": point("physical-activity", "1.0", activity_name="walk", distance={
        "value": 1.5, "unit": "mi"}, met_value=3, reported_activity_intensity="light"),
}


def main():
  if len(sys.argv) != 2:
    sys.exit(__doc__.strip().splitlines()[-1])
  folder = pathlib.Path(sys.argv[1])
  folder.mkdir(parents=True, exist_ok=True)
  for name, text in SEEDS.items():
    (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
  main()
