#!/usr/bin/env python3
"""A bulk export of ten synthetic patients by Synthea, from $SUBROSA_DATA, by default ../shared/data
seen from the checkout."""

import os
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    InstallationTest, counts, counts_of)

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
EXPORT = pathlib.Path(os.environ.get("SUBROSA_DATA") or CHECKOUT / "../shared/data",
                      "fhir/synthea_bulk_10")
TAKE = ["--source", "hospital", "--purpose", "care", "--basis", "consent"]

# What tells of a patient, and what tells of nobody.
ABOUT_PATIENTS = {"AllergyIntolerance", "Condition", "Device", "DocumentReference", "Encounter",
                  "Immunization", "MedicationRequest", "Patient", "Procedure"}
ABOUT_NOBODY = {"Location", "Organization", "Practitioner", "PractitionerRole"}


@unittest.skipUnless(EXPORT.is_dir(), f"no outside data at {EXPORT}")
class BulkFhirTest(InstallationTest):

  def test_every_resource_is_taken_or_counted_as_about_nobody_and_the_inventory_is_sensible(self):
    self.init()
    files = {path: path.name.split(".")[0] for path in sorted(EXPORT.glob("*.ndjson"))}
    self.assertEqual(ABOUT_PATIENTS | ABOUT_NOBODY, set(files.values()))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}

    taken = self.subrosa("ingest", *files, *TAKE, "--format", "json").json()["files"]

    for summary in taken:
      path = pathlib.Path(summary["file"])
      with self.subTest(type=files[path]):
        if files[path] in ABOUT_NOBODY:
          self.assertEqual({files[path]: lines[path]}, summary["not_about_consumer_types"])
          self.assertEqual(counts(), counts_of(summary))
        else:
          self.assertEqual(counts(added=lines[path]), counts_of(summary))
    patients = sum(count for path, count in lines.items() if files[path] == "Patient")
    held = sum(count for path, count in lines.items() if files[path] in ABOUT_PATIENTS)
    inventory = self.inventory()
    self.assertEqual((held, patients),
                     (inventory["total"]["records"], inventory["total"]["consumers"]))
    by_category = {}
    for line in inventory["lines"]:
      category = by_category.setdefault(line["category"], {})
      category[line["label"]] = category.get(line["label"], 0) + line["records"]
    print(self.subrosa("inventory").out)
    for category in ("conditions", "interventions", "procedures", "medication"):
      self.assertGreater(sum(by_category.get(category, {}).values()), 0, category)
    again = self.subrosa("ingest", *files, *TAKE, "--format", "json").json()["files"]
    self.assertEqual(held, sum(each["unchanged"] for each in again))
    self.assertEqual(0, sum(each["added"] + each["revised"] + each["rejected"] for each in again))


if __name__ == "__main__":
  unittest.main(verbosity=2)
