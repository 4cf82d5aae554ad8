#!/usr/bin/env python3
"""Nothing leaks: values planted in records are searched for in every file of the home, every
temporary file, every output and every error, of commands that succeed, fail, are stopped and are
killed."""

import base64
import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest, counts, counts_of, forms, ndjson, record)

# One planted value each; none is part of another.
CONSUMER = "canary-consumer-7Q3VX"
RECORD_ID = "canary-record-id-K2M8Z"
NOTE = "canary note I told nobody W9T4R"
JOURNAL = "canary journal the river was loud P5L1D"
DEVICE = "canary-device-H6B2S"
NAME = "Canaryname-J8F3N"
DISPLAY = "canary code display Y1C7G"
DOSAGE = "canary dosage two at dusk E4U9A"
HOUSEHOLD = "canary-household-X3O5I"
PLACE = "canary place behind the mill Z7V2Q"
CLINICIAN = "canary-clinician-M1K6T"
PLANTED = [CONSUMER, RECORD_ID, NOTE, JOURNAL, DEVICE, NAME, DISPLAY, DOSAGE, HOUSEHOLD, PLACE,
           CLINICIAN]

TYPE = "type.googleapis.com/subrosa.v1."
FHIR = ["--source", "clinic", "--purpose", "care", "--basis", "consent"]


def payload(message, **fields):
  return {"@type": TYPE + message, **fields}


RECORDS = [
    record(CONSUMER, RECORD_ID, payload=payload(
        "MoodCheckIn", score=2, note=NOTE, deviceId=DEVICE)),
    record(CONSUMER, "2", payload=payload("JournalEntry", title="Evening", text=JOURNAL)),
    record(CONSUMER, "3", payload=payload("Medication", dosage=DOSAGE, medicine={
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "6901",
                    "display": DISPLAY}]})),
    record(CONSUMER, "4", payload=payload("SubscriptionEvent", plan="family",
                                          householdId=HOUSEHOLD)),
    record(CONSUMER, "5", payload=payload("LocationVisit", latitude=46.6, longitude=-120.5,
                                          placeKind=PLACE)),
    record(CONSUMER, "6", payload=payload("TherapySession", clinicianId=CLINICIAN)),
]
PATIENT = {"resourceType": "Patient", "id": CONSUMER, "name": [{"family": NAME}]}

# Each is wrong, and holds a planted value where its reader trips, or next to it.
WRONG = [
    json.dumps(record(CONSUMER, source=NOTE)),
    json.dumps(record(CONSUMER, purpose=JOURNAL)),
    json.dumps(record(CONSUMER, basis=NOTE)),
    json.dumps(record(CONSUMER, collectedAt=NOTE)),
    json.dumps(record(CONSUMER, provenance={"collection": DEVICE})),
    json.dumps(record(CONSUMER, provenance={"collection": "COLLECTION_DEVICE",
                                            "application": NOTE * 9})),
    json.dumps(record(CONSUMER, effective={"start": PLACE})),
    json.dumps(record(CONSUMER, consentRef=HOUSEHOLD)),
    json.dumps(record(CONSUMER * 20)),
    json.dumps(record(CONSUMER, RECORD_ID * 20)),
    json.dumps(record({CONSUMER: RECORD_ID})),
    json.dumps(record([CONSUMER])),
    json.dumps(record(CONSUMER, payload=NOTE)),
    json.dumps(record(CONSUMER, payload={"@type": NOTE})),
    json.dumps(record(CONSUMER, payload={"@type": TYPE + DEVICE})),
    json.dumps(record(CONSUMER, payload=payload("MoodCheckIn", score=NOTE))),
    json.dumps(record(CONSUMER, payload=payload("MoodCheckIn", score=[NOTE]))),
    json.dumps(record(CONSUMER, payload=payload("MoodCheckIn", note={"text": NOTE}))),
    json.dumps(record(CONSUMER, payload=payload("MoodCheckIn", feelings=NOTE))),
    json.dumps(record(CONSUMER, payload=payload("SleepSession", asleep=NOTE))),
    json.dumps(record(CONSUMER, payload=payload("LocationVisit", latitude=PLACE))),
    json.dumps(record(CONSUMER, payload=payload("TherapySession", medium=CLINICIAN))),
    json.dumps(record(CONSUMER, payload=payload("MoodCheckIn", **{NOTE: 1}))),
    json.dumps({NOTE: 1, "consumer": CONSUMER}),
    json.dumps(record(CONSUMER))[:-1] + f', "consumer": "{CONSUMER}"}}',
    json.dumps(record(CONSUMER, RECORD_ID))[:-9],
    f'{{"consumer": "{CONSUMER}", "note": {NOTE}}}',
    f"{NOTE}, {JOURNAL}",
    f'"{NOTE}"',
]
WRONG_FHIR = [
    {"resourceType": NAME, "id": RECORD_ID},
    {"resourceType": "Patient", "id": "a b " + NAME},
    {"resourceType": "Observation", "id": RECORD_ID, "subject": {"reference": NAME}},
    {"resourceType": "Observation", "id": RECORD_ID, "subject": NAME},
    {"resourceType": "Observation", "id": RECORD_ID, "subject": {"reference": "Patient/" + NAME},
     "effectiveDateTime": PLACE},
    {"resourceType": "Condition", "id": RECORD_ID, "subject": {"reference": "Patient/a b" + NAME},
     "code": DISPLAY, "onsetDateTime": NOTE},
    {"resourceType": "MedicationRequest", "id": [RECORD_ID], "subject": {"display": NAME}},
]


FORMS = {value: forms(value) for value in PLANTED}


def planted_in(content):
  return [value for value, shapes in FORMS.items() if any(shape in content for shape in shapes)]


class PlantedTest(InstallationTest):
  """A home, records with planted values, and the search for them."""

  def setUp(self):
    super().setUp()
    # What the tests themselves write lies apart from where the command works.
    self.given = self.folder / "given"
    self.given.mkdir()
    self.init(self.californian_policy())
    self.sources = self.give("records.ndjson", ndjson(*RECORDS))
    self.patient = self.give("Patient.ndjson", ndjson(PATIENT))

  def give(self, name, text):
    path = self.given / name
    path.write_text(text, encoding="utf-8")
    return path

  def give_id(self):
    return self.give("consumer", CONSUMER + "\n")

  def subrosa(self, *words, secret=True, **options):
    """Runs the command; unless it is asked for values, its output holds none."""
    outcome = super().subrosa(*words, **options)
    if secret:
      self.assertEqual([], planted_in((outcome.out + outcome.err).encode()), outcome)
    return outcome

  def files(self, process=None):
    """Every regular file of the home, the working and the temporary folders, and those that
    `process` holds open, whether or not they still have a name."""
    for folder in (self.home, self.work, self.temporary):
      for path in folder.rglob("*"):
        if path.is_file():
          yield path
    if process is not None:
      try:
        held = list(pathlib.Path(f"/proc/{process.pid}/fd").iterdir())
      except PermissionError:
        # The command hides what it holds from its own user (src/crypto/core_dumps.h), so only
        # root sees the files without a name.
        self.assertNotEqual(0, os.geteuid())
        held = []
      for path in held:
        if stat.S_ISREG(path.stat().st_mode) and str(self.given) not in os.readlink(path):
          yield path

  def assert_nothing_planted(self, process=None):
    seen = 0
    for path in self.files(process):
      content = path.read_bytes()
      seen += len(content)
      self.assertEqual([], planted_in(content), path)
      self.assertEqual([], planted_in(str(path).encode()), path)
    self.assertGreater(seen, 20000)  # Something was looked at.

  def ingest_all(self):
    self.assertEqual(counts(added=len(RECORDS)), counts_of(self.ingest(self.sources)))
    self.assertEqual(counts(added=1), counts_of(self.ingest(self.patient, *FHIR)))


class CanaryTest(PlantedTest):

  def test_the_search_finds_each_value_where_it_is(self):
    content = self.sources.read_bytes() + self.patient.read_bytes()

    self.assertEqual(PLANTED, planted_in(content))
    for value in PLANTED:
      for before in ("", "a", "ab"):
        text = (before + value + "tail").encode()
        self.assertEqual([value], planted_in(base64.b64encode(text)))
        self.assertEqual([value], planted_in(text.hex().encode()))

  # Covers: wa-mhmda/access-limits, nv-sb370/access-limits
  def test_no_file_of_the_home_holds_a_value_while_all_of_them_are_held(self):
    self.ingest_all()

    self.assert_nothing_planted()
    copy = self.folder / "copy.json"
    self.subrosa("export", "copy", "--as", "json", *self.review("--consumer-file", self.give_id()),
                 "--consumer-file", self.give_id(), "--output", copy)
    self.assertEqual(PLANTED, planted_in(copy.read_bytes()))
    values = self.subrosa("show", CONSUMER, "--values", secret=False)
    self.assertEqual(set(PLANTED) - {CONSUMER, RECORD_ID},
                     set(planted_in(values.out.encode())) - {CONSUMER, RECORD_ID})
    self.assert_nothing_planted()

  def test_no_file_of_the_home_holds_a_value_that_is_indexed(self):
    self.ingest_all()
    field = "subrosa.v1.MoodCheckIn:device_id"
    many = self.give("many.ndjson", ndjson(*(
        record(f"c-{number}", payload=payload("MoodCheckIn", deviceId=f"device-{number}"))
        for number in range(400))))
    self.subrosa("ingest", many)

    self.subrosa("store", "index", "plan", field)
    self.subrosa("store", "index", "add", field, "--slow")
    self.assert_nothing_planted()
    found = self.subrosa("show", "--field", field, "--value-file", self.give("device", DEVICE),
                         secret=False)
    self.assertEqual([CONSUMER], planted_in(found.out.encode()))
    self.subrosa("show", "--field", field, "--value-file", self.give("none", NAME), expect=NO)
    self.subrosa("show", "--field", NOTE, "--value-file", self.give("none", NAME), expect=USAGE)
    self.subrosa("store", "index", "plan", NOTE, expect=USAGE)
    self.subrosa("keys", "rotate")
    self.assert_nothing_planted()
    self.subrosa("erase", CONSUMER, "--yes")
    self.subrosa("show", "--field", field, "--value-file", self.give("device", DEVICE), expect=NO)
    self.assert_nothing_planted()

  def test_no_command_prints_a_value_unasked(self):
    self.ingest_all()
    changed = self.give("changed.ndjson", ndjson(record(CONSUMER, RECORD_ID)))
    copy = self.folder / "copy.json"
    reviewed = self.review(CONSUMER)

    for words in (
        ["ingest", changed], ["ingest", self.sources], ["inventory"],
        ["inventory", "--format", "json"], ["report", "inventory"], ["show", CONSUMER],
        ["show", CONSUMER, "--format", "json"], ["show", CONSUMER, "--brief"],
        ["export", "copy", "--as", "json", *reviewed, CONSUMER, "--output", copy],
        ["export", "copy", CONSUMER, "--dry-run"],
        ["export", "copy", CONSUMER, "--dry-run", "--format", "json"],
        ["export", "copy", CONSUMER, *reviewed, "--output", self.work / "sealed",
         "--passphrase-output", self.folder / "words"],
        ["erase", CONSUMER, "--dry-run"],
        ["erase", CONSUMER, "--dry-run", "--format", "json"], ["audit", "status"],
        ["audit", "verify"], ["audit", "export"], ["audit", "checkpoint"], ["audit", "prove", 2]):
      self.subrosa(*words)
    self.subrosa("erase", CONSUMER, stdin=NOTE + "\n", expect=NO)
    receipt = self.work / "erasure.tlog-proof"  # Searched below, too.
    self.subrosa("erase", CONSUMER, "--receipt", receipt, stdin=CONSUMER + "\n")
    vkey = self.subrosa("audit", "status", "--format", "json").json()["keys"][0]["vkey"]
    check = ["verify", receipt, "--key", vkey]
    self.subrosa(*check, "--consumer-file", self.give_id())
    self.subrosa(*check, "--consumer", NAME, expect=NO)
    self.subrosa(*check, "--consumer", CONSUMER * 20, expect=NO)
    self.subrosa("verify", self.sources, "--key", vkey, expect=NO)
    self.subrosa("audit", "export")
    self.subrosa("ingest", self.sources, expect=NO)
    self.assert_nothing_planted()

  def test_no_error_repeats_a_value_or_an_id(self):
    self.ingest_all()
    self.subrosa("export", "copy", "--as", "json", *self.review(CONSUMER), CONSUMER, "--output",
                 self.work, expect=FAILED)
    for words, code in (
        (["show", NAME], NO), (["erase", NAME, "--yes"], NO),
        (["export", "copy", "--as", "json", NAME, "--output", self.work / "copy"], NO),
        (["show", CONSUMER, NAME], USAGE), (["show", CONSUMER * 20], USAGE),
        (["show", "--consumer", CONSUMER], USAGE), (["inventory", CONSUMER], USAGE),
        (["erase", CONSUMER, "--format", CONSUMER], USAGE), ([CONSUMER], USAGE),
        (["show", CONSUMER, "--values=" + NOTE], USAGE),
        (["ingest", self.sources, "--as", NOTE], USAGE),
        (["ingest", self.sources, "--collected-at", NOTE], USAGE)):
      self.subrosa(*words, expect=code)

  def test_no_reject_repeats_a_value_on_stderr_or_in_the_list(self):
    wrong = self.give("wrong.ndjson", "\n".join(WRONG) + "\n")
    fhir = self.give("fhir.ndjson", ndjson(*WRONG_FHIR))
    for path, words, most in ((wrong, [], len(WRONG)), (fhir, FHIR, len(WRONG_FHIR))):
      told = self.subrosa("ingest", path, "--as", "fhir" if words else "ndjson", *words,
                          expect=NO)
      listed = self.work / f"{path.name}.rejects"
      self.subrosa("ingest", path, "--as", "fhir" if words else "ndjson", *words, "--rejects",
                   listed, expect=NO)

      self.assertEqual(most, len(listed.read_text(encoding="utf-8").splitlines()), told)
      self.assertIn(": want ", told.err)
    # Each line alone too, so that none hides behind another with the same reason.
    for line in WRONG:
      self.subrosa("ingest", "-", "--as", "ndjson", stdin=line + "\n", expect=NO)
    self.assert_nothing_planted()

  def test_no_broken_protobuf_repeats_a_value(self):
    def message(*fields):
      content = b"".join(bytes([number << 3 | 2, len(value)]) + value for number, value in fields)
      return bytes([len(content)]) + content
    whole = message((1, CONSUMER.encode()), (2, RECORD_ID.encode()), (3, DEVICE.encode()))
    path = self.given / "wrong.pb"
    for name, content in (
        ("slug", whole), ("cut", whole[:-5]), ("text", NOTE.encode()),
        ("field", message((1, CONSUMER.encode()), (13, DOSAGE.encode()))),
        ("utf-8", message((1, CONSUMER.encode() + b"\xff"))),
        ("any", message((1, CONSUMER.encode()), (11, NOTE.encode())))):
      with self.subTest(name=name):
        path.write_bytes(content)
        self.subrosa("ingest", path, "--as", "protobuf", expect=None)
    self.assert_nothing_planted()

  def test_what_is_damaged_is_refused_without_a_value(self):
    self.ingest_all()
    with sqlite3.connect(self.home / "records.db") as database:
      table = next(name for name, sql in database.execute(
          "SELECT name, sql FROM sqlite_master WHERE type = 'table'") if "envelope" in sql)
      database.execute(f"UPDATE {table} SET envelope = zeroblob(length(envelope))")
    database.close()

    outcome = self.subrosa("show", CONSUMER, expect=FAILED)

    self.assertIn("does not open at its place", outcome.err)
    self.subrosa("export", "copy", "--as", "json", CONSUMER, "--output", self.work / "copy",
                 expect=FAILED)
    self.assertFalse((self.work / "copy").exists())
    self.subrosa("erase", CONSUMER, "--yes")


class StoppedTest(PlantedTest):
  """The files as they are while an ingest goes on, and after it was killed."""

  PEOPLE = 1500

  def journal_bytes(self):
    journal = self.home / "records.db-wal"
    return journal.stat().st_size if journal.exists() else 0

  def start(self):
    """Starts an ingest that has committed some and waits for the rest, and stops it there."""
    pipe = self.given / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        self.arguments("ingest", pipe, "--rejects", self.work / "rejects", "--as", "ndjson"),
        cwd=self.work, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    self.addCleanup(process.wait)
    self.addCleanup(process.kill)
    writer = open(pipe, "w", encoding="utf-8")
    self.addCleanup(writer.close)
    for number in range(self.PEOPLE):
      for each in RECORDS:
        writer.write(json.dumps(each | {"id": f"{each['id']} {number}"}) + "\n")
      writer.write(WRONG[number % len(WRONG)] + "\n")
    writer.flush()
    deadline = time.monotonic() + 60
    while self.journal_bytes() == 0:
      self.assertLess(time.monotonic(), deadline, "nothing was committed")
      time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    return process, writer

  def test_no_file_holds_a_value_in_the_middle_of_an_ingest(self):
    process, writer = self.start()

    self.assertGreater(self.journal_bytes(), 0)
    self.assert_nothing_planted(process)

    process.send_signal(signal.SIGCONT)
    writer.close()
    out, err = process.communicate(timeout=120)
    self.assertEqual(NO, process.returncode, err)
    self.assertEqual([], planted_in(out + err))
    self.assertIn(f"{self.PEOPLE * len(RECORDS)} added".encode(), out)
    self.assert_nothing_planted()

  def test_no_file_holds_a_value_after_a_kill(self):
    process, _ = self.start()

    process.kill()
    out, err = process.communicate(timeout=120)

    self.assertEqual(-signal.SIGKILL, process.returncode)
    self.assertEqual(b"", out + err)
    self.assert_nothing_planted()
    shown = self.subrosa("show", CONSUMER, "--brief")
    self.assertGreater(int(shown.out.split()[-2]), 0)
    self.assert_nothing_planted()


if __name__ == "__main__":
  unittest.main(verbosity=2)
