#!/usr/bin/env python3
"""Surveys a service's descriptor set with `subrosa classify schema`, as its build would."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

MARKED = os.path.abspath("tests/end_to_end/clinic.descriptors")

FORGOTTEN = """
syntax = "proto3";
package riverside.v1;
message Visit {
  string dx_code = 1;
  string page_token = 2;
  int64 zork = 3;
}
"""


class ClassifySchemaTest(InstallationTest):

  def survey(self, *words, **options):
    return self.subrosa("classify", "schema", *words, **options)

  def forgotten(self):
    self.write("visit.proto", FORGOTTEN)
    self.run_command(["protoc", "-I", ".", "--include_source_info",
                      "--descriptor_set_out=visit.desc", "visit.proto"])
    return self.work / "visit.desc"

  def test_a_marked_schema_has_a_clause_for_each_kind_and_nothing_forgotten(self):
    outcome = self.survey(MARKED, "--threshold", "100")
    self.assertIn("medicine = 4 (string): medication (RCW 19.373.010(8)(b)(iv))", outcome.out)
    self.assertIn("5 of 5 fields marked (100.0 %)", outcome.out)
    self.assertEqual("", outcome.err)

  def test_the_inventory_names_both_vocabularies(self):
    message = self.survey(MARKED, "--format", "json").json()["messages"][0]
    self.assertEqual("riverside.v1.GroupSession", message["name"])
    medicine = message["fields"][3]
    self.assertIn("https://w3id.org/dpv/pd#Prescription", medicine["dpv"])
    self.assertIn("user.health_and_medical", medicine["fideslang"])

  def test_a_forgotten_mark_is_told_by_its_line_and_fails_under_a_threshold(self):
    path = self.forgotten()
    outcome = self.survey(path)
    self.assertIn("visit.proto:5: riverside.v1.Visit.dx_code: want a mark, got none; paste "
                  "[(subrosa.v1.field) = {health: HEALTH_CATEGORY_CONDITIONS}]", outcome.out)
    self.assertIn("visit.proto:7: riverside.v1.Visit.zork: want a mark, got none; nothing known",
                  outcome.out)
    refused = self.survey(path, "--threshold", "1", expect=NO)
    self.assertIn("got 3 of 3 unmarked", refused.err)

  def test_what_holds_other_messages_hides_no_forgotten_mark_and_no_mark(self):
    self.write("nest.proto", """
syntax = "proto3";
package riverside.v1;
import "subrosa/v1/annotations.proto";
message Part { string hiv_status = 1; }
message Whole { Part a = 1; Part b = 2; Part c = 3; }
message Kept { string hiv_status = 1 [(subrosa.v1.field) = {label: HEALTH_LABEL_HIV}]; }
message Silent { Kept kept = 2 [(subrosa.v1.field) = {not_personal: true}]; }
""")
    self.run_command(["protoc", "-I", ".", "-I", os.path.abspath("proto"), "--include_imports",
                      "--include_source_info", "--descriptor_set_out=nest.desc", "nest.proto"])
    outcome = self.survey(self.work / "nest.desc", "--threshold", "50", expect=NO)
    self.assertIn("1 of 3 fields marked (33.3 %)", outcome.out)
    self.assertIn("riverside.v1.Silent.kept: want `not_personal` over nothing of a person, got it "
                  "over the mark of riverside.v1.Kept.hiv_status", outcome.out)
    self.assertIn("2 of 3 unmarked and 1 wrong", outcome.err)

  def test_what_is_no_schema_is_refused(self):
    self.survey(expect=USAGE)
    self.survey(MARKED, "--threshold", "101", expect=USAGE)
    self.survey("missing.desc", expect=FAILED)
    refused = self.survey(self.write("bad.desc", b"\xff" * 99), expect=FAILED)
    self.assertIn("want a FileDescriptorSet, got 99 bytes that are none", refused.err)
    self.assertNotIn("\xff", refused.err)

  def test_a_set_of_nothing_but_imports_is_refused_unless_asked_for(self):
    imports = self.work / "imports.desc"
    proto = os.path.abspath("proto")
    self.run_command(["protoc", "-I", proto, "--include_imports",
                      f"--descriptor_set_out={imports}", "subrosa/v1/taxonomy.proto"])
    refused = self.survey(imports, expect=FAILED)
    self.assertIn("want a file of your own", refused.err)
    self.survey(imports, "--all")


if __name__ == "__main__":
  unittest.main()
