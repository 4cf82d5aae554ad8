#!/usr/bin/env python3
"""FHIR in, a copy out, in again and out again: every mapped element is kept."""

import io
import json
import pathlib
import re
import subprocess
import sys
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/conformance")
import health_formats_check as check  # pylint: disable=wrong-import-position
from installation import DATA, InstallationTest  # pylint: disable=wrong-import-position

FHIR = ["--source", "clinic", "--purpose", "care", "--basis", "consent"]
SAMPLES = [f"{DATA}/fhir/{kind}.ndjson" for kind in
           ("Patient", "Observation", "Condition", "MedicationRequest")]
CONSUMER = "c-000001"
ELEMENTS = check.Elements(pathlib.Path("docs/formats/copy.md").read_text(encoding="utf-8"))


def given():
  """The resources of the samples about CONSUMER, as they are written."""
  resources = [check.read_json(line) for path in SAMPLES
               for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
  return [each for each in resources
          if each.get("subject", {}).get("reference") == f"Patient/{CONSUMER}"]


def kept_of(resources):
  """By type, what the page says is written of each."""
  return sorted((each["resourceType"], json.dumps(ELEMENTS.project(each, each["resourceType"]),
                                                  sort_keys=True))
                for each in resources)


def written_in(bundle):
  """The same of what a Bundle holds. Ids are not compared: a copy holds back what may be a medical
  record's number."""
  found = []
  for entry in check.read_json(bundle)["entry"][1:]:
    resource = entry["resource"]
    kind = resource["resourceType"]
    elements = {name: each for name, each in resource.items()
                if name not in check.NOT_READ | {check.MUST[kind][0]}}
    found.append((kind, json.dumps(elements, sort_keys=True)))
  return sorted(found)


class CopyFhirTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True)
    self.key = re.search(r"age1\w+", self.identity.read_text(encoding="utf-8"))[0]

  def bundle_of(self, consumer, name):
    """The Bundle in a copy of `consumer`, opened by age and a zip's reader."""
    output = self.work / name
    self.subrosa("export", "copy", consumer, "--output", output, "--to", self.key,
                 *self.review(consumer))
    opened = subprocess.run(["age", "-d", "-i", self.identity, output], check=True,
                            capture_output=True).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as members:
      return members.read("fhir-bundle.json").decode()

  def test_what_came_as_fhir_leaves_as_fhir_and_comes_back(self):
    for path in SAMPLES:
      self.ingest(path, *FHIR)
    first = self.bundle_of(CONSUMER, "first.age")

    self.assertEqual([], check.faults_of_bundle(first, ELEMENTS))
    self.assertEqual(23, len(given()))
    self.assertEqual(kept_of(given()), written_in(first))

    pseudonym = json.loads(first)["entry"][0]["resource"]["id"]
    self.assertNotEqual(CONSUMER, pseudonym)
    self.ingest(self.write("bundle.json", first), *FHIR, "--as", "fhir-bundle")
    second = self.bundle_of(pseudonym, "second.age")
    self.assertEqual([], check.faults_of_bundle(second, ELEMENTS))
    self.assertEqual(kept_of(given()), written_in(second))


if __name__ == "__main__":
  unittest.main()
