#!/usr/bin/env python3
"""tools/reports/test_results.py, over the events that Bazel would write."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TEST_RESULTS = os.path.abspath("tools/reports/test_results.py")

PASSING = """<testsuites><testsuite name="LedgerTest">
  <testcase name="Permits" classname="LedgerTest" status="run" result="completed"/>
  <testcase name="Denies" classname="LedgerTest" status="run" result="completed"/>
</testsuite></testsuites>"""
FAILING = """<testsuites><testsuite name="LedgerTest">
  <testcase name="Permits" classname="LedgerTest" status="run" result="completed"/>
  <testcase name="Denies" classname="LedgerTest" status="run" result="completed">
    <failure message="ledger_test.cc:9&#x0A;Value of: denied" type=""/>
  </testcase>
</testsuite></testsuites>"""
SKIPPING = """<testsuites><testsuite name="AgeTest">
  <testcase name="Opens" classname="AgeTest" status="run" result="skipped">
    <skipped message="age_test.cc:9&#x0A;no outside data"/>
  </testcase>
  <testcase name="Off" classname="AgeTest" status="notrun" result="suppressed"/>
  <testcase name="Seals" classname="AgeTest" status="run" result="completed">
    <properties>
      <property name="outside_vectors_run" value="124"/>
      <property name="outside_vectors_skipped" value="19"/>
    </properties>
  </testcase>
</testsuite></testsuites>"""
# What Bazel writes for a test that is no GoogleTest and exited with 1.
SCRIPT_FAILED = """<testsuites><testsuite name="tests/x" tests="1" errors="1">
  <testcase name="tests/x" status="run"><error message="exited with 1"/></testcase>
</testsuite></testsuites>"""

FINISHED = {"id": {"buildFinished": {}}, "finished": {"exitCode": {}}}


def did_not_build(label):
  return {"id": {"targetCompleted": {"label": label}}, "completed": {}}


class TestResultsTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = pathlib.Path(folder.name)

  def result(self, label, xml, status="PASSED"):
    path = self.folder / (label.strip("/").replace("/", "_").replace(":", "_"))
    outputs = []
    if xml is not None:
      path.write_text(xml, encoding="utf-8")
      outputs = [{"name": "test.xml", "uri": path.as_uri()}]
    return {
        "id": {"testResult": {"label": label, "run": 1, "shard": 1, "attempt": 1}},
        "testResult": {"status": status, "testActionOutput": outputs},
    }

  def count(self, *events, exit_code=0, checks=None, cut=0):
    path = self.folder / "events.json"
    text = "".join(json.dumps(event) + "\n" for event in events)
    path.write_text(text[:len(text) - cut], encoding="utf-8")
    arguments = ["--bazel-exit", str(exit_code)]
    if checks:
      arguments += ["--checks", *map(str, checks)]
    return subprocess.run(["python3", TEST_RESULTS, str(path), *arguments],
                          check=False, capture_output=True, text=True)

  def assertCounts(self, done, last_line, code):
    self.assertEqual(done.stdout.splitlines()[-1], last_line, done.stderr)
    self.assertEqual(done.returncode, code)

  def test_counts_cases_and_not_targets(self):
    done = self.count(self.result("//a:t", PASSING), self.result("//b:t", PASSING),
                      FINISHED)

    self.assertCounts(done, "4 passed, 0 failed", 0)

  def test_a_failed_case_is_named(self):
    done = self.count(self.result("//a:t", FAILING, "FAILED"), FINISHED, exit_code=3)

    self.assertCounts(done, "1 passed, 1 failed", 1)
    self.assertIn("failed: //a:t: LedgerTest.Denies", done.stdout)

  def test_a_failed_script_counts_once(self):
    done = self.count(self.result("//a:t", SCRIPT_FAILED, "FAILED"), FINISHED,
                      exit_code=3)

    self.assertCounts(done, "0 passed, 1 failed", 1)

  def test_a_target_that_died_counts_though_its_cases_passed(self):
    for status in ("FAILED", "TIMEOUT", "INCOMPLETE", "REMOTE_FAILURE"):
      done = self.count(self.result("//a:t", PASSING, status), FINISHED, exit_code=3)

      self.assertCounts(done, "2 passed, 1 failed", 1)
      self.assertIn(status.lower().split("_", maxsplit=1)[0], done.stdout)

  def test_a_failed_case_counts_though_the_target_claims_to_have_passed(self):
    done = self.count(self.result("//a:t", FAILING), FINISHED)

    self.assertCounts(done, "1 passed, 1 failed", 1)

  def test_a_target_that_did_not_build_counts(self):
    done = self.count(self.result("//a:t", PASSING), did_not_build("//b:t"), FINISHED,
                      exit_code=1)

    self.assertCounts(done, "2 passed, 1 failed", 1)
    self.assertIn("failed: //b:t: did not build", done.stdout)

  def test_an_exit_code_alone_is_a_failure(self):
    done = self.count(self.result("//a:t", PASSING), FINISHED, exit_code=37)

    self.assertCounts(done, "2 passed, 1 failed", 1)

  def test_a_run_that_was_cut_short_is_a_failure(self):
    self.assertCounts(self.count(self.result("//a:t", PASSING)),
                      "2 passed, 1 failed", 1)
    self.assertCounts(self.count(self.result("//a:t", PASSING), FINISHED, cut=9),
                      "0 passed, 1 failed", 1)

  def test_a_missing_file_of_events_is_a_failure(self):
    done = subprocess.run(
        ["python3", TEST_RESULTS, str(self.folder / "none"), "--bazel-exit", "0"],
        check=False, capture_output=True, text=True)

    self.assertCounts(done, "0 passed, 1 failed", 1)

  def test_an_unreadable_test_xml_is_a_failure(self):
    done = self.count(self.result("//a:t", "<testsuites><"), FINISHED)

    self.assertCounts(done, "0 passed, 1 failed", 1)

  def test_no_tests_at_all_is_a_failure(self):
    done = self.count(FINISHED)

    self.assertCounts(done, "0 passed, 1 failed", 1)
    self.assertIn("no test ran", done.stdout)

  def test_skips_are_grouped_by_reason_and_are_not_passes(self):
    done = self.count(self.result("//a:t", SKIPPING), FINISHED)

    self.assertCounts(done, "1 passed, 0 failed", 0)
    self.assertIn("skipped 1: no outside data", done.stdout)
    self.assertIn("skipped 1: disabled in the source", done.stdout)

  def test_outside_vectors_are_added_up(self):
    done = self.count(self.result("//a:t", SKIPPING), self.result("//b:t", SKIPPING),
                      FINISHED)

    self.assertIn("outside vectors: 248 run, 38 skipped for want of the data",
                  done.stdout)

  def test_the_callers_own_checks_count(self):
    event = self.result("//a:t", PASSING)

    self.assertCounts(self.count(event, FINISHED, checks=(3, 0)),
                      "5 passed, 0 failed", 0)
    self.assertCounts(self.count(event, FINISHED, checks=(2, 1)),
                      "4 passed, 1 failed", 1)


if __name__ == "__main__":
  unittest.main()
