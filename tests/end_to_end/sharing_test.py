#!/usr/bin/env python3
"""Several processes in one home at once."""

import json
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, InstallationTest, Outcome, counts, counts_of)

BUSY = "database is locked"
PEOPLE = 30
EACH = 200
ERASED = "c-000015"


class SharingTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init(self.californian_policy())

  def start(self, *words):
    arguments = self.arguments(*words)
    process = subprocess.Popen(arguments, cwd=self.work, env=self.environment(),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.words = " ".join(map(str, words))
    self.addCleanup(process.wait)
    self.addCleanup(process.kill)
    return process

  def finish(self, process):
    out, err = process.communicate(timeout=240)
    return Outcome(process.words, process.returncode, out, err)

  def assert_done_or_busy(self, outcome, *codes):
    if outcome.exit == FAILED:
      self.assertIn(BUSY, outcome.err, outcome)
    else:
      self.assertIn(outcome.exit, codes, outcome)

  def test_two_ingests_of_different_files_and_an_erasure_at_once_come_out_right(self):
    halves = [
        self.sample(f"half-{half}.ndjson", "--seed", 4, "--consumers", PEOPLE,
                    "--records-per-consumer", EACH, "--format", "ndjson")
        for half in range(2)]
    # Both files tell of the same people: even records in one, odd in the other.
    for half, path in enumerate(halves):
      lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
      path.write_text("".join(lines[half::2]), encoding="utf-8")
    self.ingest("-", "--as", "ndjson", stdin="".join(
        line for line in halves[0].read_text(encoding="utf-8").splitlines(keepends=True)
        if json.loads(line)["consumer"] == ERASED))
    self.assertEqual(EACH // 2, self.inventory()["total"]["records"])

    ingests = [self.start("ingest", path) for path in halves]
    journal = self.home / "records.db-wal"
    while not (journal.exists() and journal.stat().st_size) and ingests[0].poll() is None:
      time.sleep(0.001)
    erased = self.finish(self.start("erase", ERASED, "--yes"))
    taken = [self.finish(process) for process in ingests]

    self.assert_done_or_busy(erased, DONE)
    for outcome in taken:
      self.assert_done_or_busy(outcome, DONE, NO)
    if erased.exit == FAILED:
      self.subrosa("erase", ERASED, "--yes", expect=None)
    # What a busy database refused is taken now; what was taken stays as it is.
    for path in halves:
      again = self.ingest(path, expect=NO)
      self.assertEqual(EACH // 2, again["rejected"])
      self.assertEqual((PEOPLE - 1) * EACH // 2, again["added"] + again["unchanged"])
      self.assertEqual(0, again["revised"])
      if all(outcome.exit != FAILED for outcome in taken):
        self.assertEqual(0, again["added"])

    total = self.inventory()["total"]
    self.assertEqual(((PEOPLE - 1) * EACH, PEOPLE - 1), (total["records"], total["consumers"]))
    self.assertIsNone(self.copy(ERASED))
    self.assertEqual(EACH, len(self.copy("c-000016")))

  def test_the_same_file_taken_twice_at_once_is_held_once(self):
    path = self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer", EACH)

    outcomes = [self.finish(process) for process in
                [self.start("ingest", path, "--format", "json") for _ in range(2)]]

    for outcome in outcomes:
      self.assert_done_or_busy(outcome, DONE)
    summaries = [outcome.json()["files"][0] for outcome in outcomes]
    self.assertEqual(0, sum(each["revised"] for each in summaries))
    if all(outcome.exit == DONE for outcome in outcomes):
      self.assertEqual(PEOPLE * EACH, sum(each["added"] for each in summaries))
    self.assertEqual(counts(unchanged=PEOPLE * EACH), counts_of(self.ingest(path)))
    self.assertEqual(PEOPLE * EACH, self.inventory()["total"]["records"])

  def test_a_reader_who_lingers_holds_up_neither_an_erasure_nor_an_ingest(self):
    path = self.sample("records.ndjson", "--consumers", 3, "--records-per-consumer", 1000)
    self.ingest(path)
    # Its pipe is full and nobody reads, so that it stays amid its records.
    reader = self.start("show", "c-000001", "--values")
    reader.stdout.read(1000)

    erased = self.subrosa("erase", "c-000002", "--yes")

    self.assertIn("\nRows deleted: 1000\n", erased.out)
    self.assertIsNone(reader.poll())
    self.assertEqual(2000, self.inventory()["total"]["records"])
    more = self.sample("more.ndjson", "--first-consumer", 9, "--consumers", 1)
    self.assertEqual(counts(added=250), counts_of(self.ingest(more)))
    shown = self.finish(reader)
    self.assertEqual(DONE, shown.exit, shown)
    self.assertTrue(shown.out.endswith("\n1000 records.\n"))

  def test_whoever_checks_the_log_while_it_grows_finds_no_fault(self):
    path = self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer",
                       10 * EACH)
    ingests = [self.start("ingest", path) for _ in range(2)]
    checks = 0

    while any(process.poll() is None for process in ingests) or checks == 0:
      self.subrosa("audit", "status")
      verdict = self.subrosa("audit", "verify", "--format", "json").json()
      self.assertEqual([], verdict["faults"])
      checks += 1
    for process in ingests:
      self.assert_done_or_busy(self.finish(process), DONE)

    self.assertTrue(self.subrosa("audit", "verify", "--format", "json").json()["sound"])
    print(f"{checks} checks while the log grew")


if __name__ == "__main__":
  unittest.main(verbosity=2)
