#!/usr/bin/env python3
"""What is wrong on the way in: each case shows the error's text and the exit code, that the good
records around it are kept, and that what was committed before is intact."""

import json
import os
import shutil
import subprocess
import sys
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, InstallationTest, Outcome, counts, counts_of, ndjson, record)

BROKEN = f"{DATA}/broken"
HINT = "subrosa: hint: --rejects FILE lists every reject\n"
FHIR = ["--source", "clinic", "--purpose", "care", "--basis", "consent"]

TIME_WANTED = "want a time of RFC 3339 in the years 1 to 9999, got another string"
INT_WANTED = "payload.score: want an integer in 32 bits, got a number out of range"

# Per file: how many records are kept, and each reject as (place, reason).
REJECTS = {
    "truncated.ndjson": (2, [(3, "line: want JSON, got text that does not end with its object")]),
    "truncated.pb": (2, [(3, "record: want 194 bytes, got 96 and the end of the file")]),
    "latin1.ndjson": (2, [(2, "line: want UTF-8, got other bytes")]),
    "garbage.pb": (2, [
        (2, "record: want subrosa.v1.HealthRecord, got bytes that are none"),
        (3, "record: want subrosa.v1.HealthRecord, got bytes that end too early"),
        (4, "consumer: want UTF-8, got other bytes")]),
    "huge_length.pb": (1, [
        (2, "record: want at most 1048576 bytes, got a length of 1099511627775")]),
    "huge_numbers.ndjson": (2, [
        (2, INT_WANTED), (3, INT_WANTED), (4, INT_WANTED),
        (5, "payload.value.value: want a number in 64-bit floating point, got a number out of "
            "range"),
        (6, "effective.utc_offset_minutes: want an integer in 32 bits, got a number out of "
            "range")]),
    "dates_out_of_range.ndjson": (2, [
        (2, "collected_at: want a time in 1900 to 2200, got one outside"),
        (3, "collected_at: want a time in 1900 to 2200, got one outside"),
        (4, f"effective.start: {TIME_WANTED}"),
        (5, f"effective.start: {TIME_WANTED}"),
        (6, "effective.end: want a time not before `start`, got an earlier one"),
        (7, f"collected_at: {TIME_WANTED}")]),
    "duplicate_keys.ndjson": (2, [
        (2, "consumer: want it once, got it twice"),
        (3, "payload.score: want it once, got it twice")]),
    "missing_consumer.ndjson": (2, [
        (2, "consumer: want 1 to 256 bytes, got 0"),
        (3, "consumer: want 1 to 256 bytes, got 0"),
        (4, "consumer: want 1 to 256 bytes, got 257"),
        (5, "consumer: want a string, got a number")]),
    "not_json.ndjson": (2, [
        (2, "line: want JSON, got text that is none"),
        (3, "line: want an object, got a list"),
        (4, "line: want an object, got a value"),
        (5, "line: want JSON, got text that is none"),
        (6, "line: want JSON, got text that is none")]),
    "unknown_type.ndjson": (2, [
        (2, "payload.@type: want the name of a known message, got an unknown one"),
        (3, "payload.@type: want type.googleapis.com/ and a message's name, got none")]),
}

# Per file that is not read to its end: how many records are kept, and why.
STOPS = {
    "utf16.ndjson": (0, "want text or protobuf, got UTF-16 or UTF-32: convert it to UTF-8 first"),
    "packed.ndjson.gz": (0, "want text or protobuf, got a gzip file: unpack it first"),
    "list.json": (0, "want one JSON object a line, or delimited protobuf, got a JSON list"),
    "apple_entities.xml": (0, "consumer: want whose export it is, which the file does not say, "
                              "got nobody"),
    "endless_length.pb": (1, "record 2 at byte 185: want a length of at most 10 bytes, got bytes "
                             "that are none; what follows cannot be read"),
}


class BadInputTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    committed = self.sample("committed.ndjson", "--first-consumer", 100, "--consumers", 2,
                            "--records-per-consumer", 40)
    self.assertEqual(counts(added=80), counts_of(self.ingest(committed)))
    self.before = self.inventory()
    self.held = self.copy("c-000100")
    self.assertEqual(40, len(self.held))

  def assert_intact(self, kept=0):
    """What was committed before is there, and `kept` records more."""
    after = self.inventory()
    if kept == 0:
      self.assertEqual(self.before, after)
    self.assertEqual(self.before["total"]["records"] + kept, after["total"]["records"])
    self.assertEqual(self.held, self.copy("c-000100"))

  def restore(self, template):
    shutil.rmtree(self.home, ignore_errors=True)
    shutil.copytree(template, self.home)

  def test_each_broken_record_is_named_by_place_and_reason_and_the_rest_is_kept(self):
    template = self.folder / "template"
    shutil.copytree(self.home, template)
    for name, (kept, rejects) in REJECTS.items():
      with self.subTest(file=name):
        self.restore(template)
        path = f"{BROKEN}/{name}"
        unit = "record" if name.endswith(".pb") else "line"
        listed = self.work / f"{name}.rejects"

        told = self.subrosa("ingest", path, expect=NO)
        again = self.ingest(path, "--rejects", listed, expect=NO)

        reasons = {}
        for number, reason in rejects:
          reasons.setdefault(reason, []).append(number)
        lines = [f"{path}: {unit} {numbers[0]}: {reason}" +
                 (f" (and {len(numbers) - 1} more)" if len(numbers) > 1 else "")
                 for reason, numbers in sorted(reasons.items())]
        self.assertEqual("\n".join(lines) + "\n" + HINT, told.err)
        self.assertEqual(
            f"{path}: {kept} added, 0 revised, 0 unchanged, {len(rejects)} rejected\n", told.out)
        self.assertEqual(counts(unchanged=kept, rejected=len(rejects)), counts_of(again))
        self.assertTrue(again["finished"])
        entries = [json.loads(line) for line in listed.read_text().splitlines()]
        self.assertEqual(rejects, [(entry["number"], entry["reason"]) for entry in entries])
        self.assertEqual({"INVALID_ARGUMENT"}, {entry["code"] for entry in entries})
        self.assert_intact(kept)

  def test_what_cannot_be_read_on_ends_with_the_reason_and_keeps_what_came_before(self):
    template = self.folder / "template"
    shutil.copytree(self.home, template)
    for name, (kept, reason) in STOPS.items():
      with self.subTest(file=name):
        self.restore(template)
        path = f"{BROKEN}/{name}"

        outcome = self.refuse("ingest", path, exit_code=FAILED,
                              error=f"subrosa: error: {path}: {reason}\n")

        self.assertEqual(
            f"{path}: {kept} added, 0 revised, 0 unchanged, 0 rejected; not finished\n",
            outcome.out)
        self.assert_intact(kept)

  def test_broken_fhir_is_rejected_line_by_line(self):
    path = f"{BROKEN}/fhir.ndjson"

    outcome = self.subrosa("ingest", path, *FHIR, expect=NO)

    for number, reason in (
        (2, "resourceType: want a resource, got a Bundle"),
        (3, "subject: want a reference to a patient, got none"),
        (4, "subject.reference: want Patient/ID, got none"),
        (5, "effectiveDateTime: want a date or time of FHIR, got another string"),
        (6, "line: want each key of an object once, got one twice"),
        (7, "resourceType: want a type of FHIR's, got none"),
        (8, "line: want at most 64 levels, got more")):
      self.assertIn(f"{path}: line {number}: {reason}\n", outcome.err)
    self.assertEqual(f"{path}: 2 added, 0 revised, 0 unchanged, 7 rejected\n", outcome.out)
    self.assert_intact(kept=2)

  def test_an_empty_file_is_no_error(self):
    outcome = self.subrosa("ingest", f"{BROKEN}/empty.ndjson")

    self.assertEqual("", outcome.err)
    self.assert_intact()

  def test_one_id_twice_in_a_file_with_another_content_is_a_revision(self):
    summary = self.ingest(f"{BROKEN}/duplicate_ids.ndjson")

    self.assertEqual(counts(added=1, unchanged=1, revised=1), counts_of(summary))
    plan = self.subrosa("erase", "c-000001", "--dry-run", "--format", "json").json()
    self.assertEqual((1, 1), (plan["records"], plan["old_revisions"]))
    self.assert_intact(kept=1)

  def test_brackets_without_end_are_no_json_and_no_crash(self):
    for name, text in (("open", "[" * 500_000), ("objects", '{"payload":' * 60_000),
                       ("nested", '{"payload":' + "[" * 100_000 + "]" * 100_000 + "}"),
                       ("quote", '{"consumer":"' + "x" * 500_000)):
      with self.subTest(name=name):
        path = self.write(f"{name}.ndjson", ndjson(record()) + text + "\n" +
                          ndjson(record(record_id="r-2")))
        summary = self.ingest(path, expect=NO)

        self.assertEqual(2, summary["added"] + summary["unchanged"])
        self.assertEqual(1, summary["rejected"])
    self.assert_intact(kept=2)

  def test_a_directory_or_a_missing_file_does_not_stop_the_next_one(self):
    good = self.write("good.ndjson", ndjson(record()))
    missing = self.work / "missing.ndjson"

    outcome = self.subrosa("ingest", self.work, missing, good, expect=FAILED)

    self.assertEqual(
        f"subrosa: error: {self.work}: want a file, got a directory\n"
        f"subrosa: error: {missing}: No such file or directory\n", outcome.err)
    self.assertIn(f"{good}: 1 added, 0 revised, 0 unchanged, 0 rejected\n", outcome.out)
    self.assert_intact(kept=1)

  def test_a_file_that_may_not_be_read_is_an_error(self):
    path = self.write("closed.ndjson", ndjson(record()))
    path.chmod(0)
    # Root reads everything unless it lays down that power first.
    drop = []
    if os.access(path, os.R_OK):
      drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
      able = subprocess.run([*drop, "cat", path], check=False, capture_output=True)
      if b"Permission denied" not in able.stderr:
        self.skipTest("permissions do not bite here, and setpriv cannot drop the power to pass "
                      f"them: {able.stderr.decode().strip()}")

    outcome = self.run_command([*drop, *self.arguments("ingest", path)], expect=FAILED)

    self.assertEqual(f"subrosa: error: {path}: Permission denied\n", outcome.err)
    self.assert_intact()

  def test_a_full_standard_output_is_an_error(self):
    for words in (["inventory"], ["show", "c-000100"], ["report", "inventory"],
                  ["show", "c-000100", "--format", "json"], ["--help"]):
      with self.subTest(words=words), open("/dev/full", "wb") as full:
        outcome = self.subrosa(*words, stdout=full, expect=FAILED)

        self.assertEqual("subrosa: error: standard output: No space left on device\n",
                         outcome.err)
    self.assert_intact()

  def test_an_ingest_whose_answer_cannot_be_printed_is_still_durable(self):
    path = self.write("good.ndjson", ndjson(record()))
    with open("/dev/full", "wb") as full:
      self.subrosa("ingest", path, stdout=full, expect=FAILED)

    self.assert_intact(kept=1)


class HugeLineTest(InstallationTest):
  """A line of 1 GB, through a pipe, so that no disk is needed."""

  LINE_BYTES = 1 << 30
  # The key derivation takes 64 MiB of it.
  MOST_BYTES = 160 << 20

  def stream(self, path):
    block = b"x" * (1 << 20)
    try:
      with open(path, "wb", buffering=0) as pipe:
        pipe.write(ndjson(record()).encode())
        pipe.write(b'{"consumer":"c-1","id":"')
        for _ in range(self.LINE_BYTES // len(block)):
          pipe.write(block)
        pipe.write(b'"}\n' + ndjson(record(record_id="r-2")).encode())
    except BrokenPipeError:
      pass  # The reader gave up; the test sees that by itself.

  def test_it_is_skipped_in_constant_memory_and_the_lines_around_it_are_kept(self):
    self.init()
    pipe = self.work / "huge.ndjson"
    os.mkfifo(pipe)
    writer = threading.Thread(target=self.stream, args=(pipe,), daemon=True)
    writer.start()
    with open(self.work / "out", "wb") as out, open(self.work / "err", "wb") as err:
      process = subprocess.Popen(self.arguments("ingest", pipe), stdout=out, stderr=err,
                                 cwd=self.work, env=self.environment())
      _, status, usage = os.wait4(process.pid, 0)
      process.returncode = os.waitstatus_to_exitcode(status)
    writer.join()
    outcome = Outcome(f"subrosa ingest {pipe}", process.returncode,
                      (self.work / "out").read_text(), (self.work / "err").read_text())
    print(f"peak memory of the ingest of a line of 1 GiB: {usage.ru_maxrss >> 10} MiB "
          f"(at most {self.MOST_BYTES >> 20})")

    self.assertEqual(NO, outcome.exit, outcome)
    self.assertEqual(f"{pipe}: 2 added, 0 revised, 0 unchanged, 1 rejected\n", outcome.out)
    self.assertEqual(f"{pipe}: line 2: line: want at most 1048576 bytes, got more\n{HINT}",
                     outcome.err)
    self.assertLess(usage.ru_maxrss * 1024, self.MOST_BYTES, outcome)
    self.assertEqual(2, self.inventory()["total"]["records"])


if __name__ == "__main__":
  unittest.main(verbosity=2)
