#!/usr/bin/env python3
"""A de-identified set through the command: refused, planned, written, opened with age and zstd."""

import csv
import datetime
import hashlib
import io
import json
import re
import subprocess
import sys
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, NO_FOLDER, USAGE, InstallationTest, ndjson, record)

CHECKED = str(datetime.date.today() - datetime.timedelta(days=10))
POLICY = """
entity: "rosewater" name: "Rosewater" contact_email: "privacy@rosewater.example"
pack: [ "wa-mhmda", "nv-sb370" ]
residence_unless_known: "US-WA"
purpose {
  id: "research" title: "Research"
  action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
  category: HEALTH_CATEGORY_CONDITIONS
  need: NEED_SERVICE need_reason: "the study that the consumer joined"
}
"""
ATTESTED = [word for key in ("measures", "commitment", "contract", "no-actual-knowledge")
            for word in ("--attest", key)] + ["--attested-by", "the privacy officer"]
SECRETS = ("canary-account", "canary-record", "219-09-9999", "jo@post.example")


class DeidentifiedTest(InstallationTest):
  """Twelve consumers with a record each, and a recipient of research."""

  def setUp(self):
    super().setUp()
    self.subrosa("init", "--entity", "rosewater", "--policy", self.write("p.textproto", POLICY),
                 "--key-derivation", "interactive")
    self.identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True)
    key = re.search(r"age1\w+", self.identity.read_text(encoding="utf-8"))[0]
    institute = {"id": "institute", "name": "An Institute", "role": "RECIPIENT_ROLE_THIRD_PARTY",
                 "category": "research institutes",
                 "contact": {"email": "privacy@institute.example", "checkedOn": CHECKED},
                 "contract": {"reference": "dua-2026-01", "from": "2026-01-01"},
                 "purpose": ["research"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
                 "location": ["US"], "ageRecipient": key}
    self.subrosa("recipient", "add", "-", stdin=json.dumps(
        {"recipient": [institute, {**institute, "id": "rival"}]}))
    self.put("canary-record", lambda number: {
        "@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": number + 1,
        "note": "SSN 219-09-9999, or jo@post.example"})
    self.output = self.work / "set.age"

  def put(self, name, payload_of):
    self.ingest(self.write(f"{name}.ndjson", ndjson(
        *(record(f"canary-account-{number}", f"{name}-{number}", purpose="research",
                 basis="BASIS_NECESSARY", payload=payload_of(number))
          for number in range(12)))))

  def export(self, *words, recipient="institute", **options):
    return self.subrosa("export", "deidentified", "--recipient", recipient, "--purpose",
                        "research", *words, **options)

  def lines(self, *words, **options):
    """The records of a new set, in their order."""
    self.output.unlink(missing_ok=True)
    self.export(*ATTESTED, "--output", self.output, *words, **options)
    return [json.loads(line) for name, content in self.files().items()
            if name.startswith("records/") for line in content.splitlines()]

  def files(self):
    opened = subprocess.run(["age", "-d", "-i", self.identity, self.output], check=True,
                            capture_output=True).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as members:
      return {name: members.read(name) for name in members.namelist()}

  def test_a_set_names_nobody_and_is_in_the_ledger_and_the_log(self):
    printed = self.export(*ATTESTED, "--output", self.output, "--format", "json").json()

    self.assertEqual((True, 12, 12, 12), tuple(
        printed[key] for key in ("written", "consumers", "records", "k_anonymity")))
    files = self.files()
    for name, content in files.items():
      for secret in SECRETS:
        self.assertNotIn(secret.encode(), content, name)
    digest = hashlib.sha256(self.output.read_bytes()).hexdigest()
    self.assertEqual(digest, printed["sha256"])
    manifest = files.pop("MANIFEST.txt").decode()
    named = dict(reversed(line.split("  ")) for line in manifest.splitlines() if "  " in line)
    self.assertEqual({name: hashlib.sha256(content).hexdigest()
                      for name, content in files.items()}, named)
    listed = self.subrosa("share", "list", "canary-account-3", "--format", "json").out
    self.assertIn("institute", listed)
    leaves = self.subrosa("audit", "export").json_lines()
    self.assertEqual([(digest, {"form": 1, "consumers": 12})],
                     [(leaf["text"], leaf["numbers"]) for leaf in leaves
                      if leaf["kind"] == "set-given"])

  def test_sets_of_two_recipients_share_neither_names_nor_order(self):
    first, second = self.lines(), self.lines(recipient="rival")

    self.assertEqual(set(), {line["consumer"] for line in first} &
                     {line["consumer"] for line in second})
    # One chance in 12!: 479,001,600.
    orders = [[line["content"]["score"] for line in lines] for lines in (first, second)]
    self.assertEqual(sorted(orders[0]), sorted(orders[1]))
    self.assertNotEqual(orders[0], orders[1])

  def test_sets_of_two_questions_cannot_be_joined_and_the_same_question_again_can(self):
    self.put("journal", lambda number: {
        "@type": "type.googleapis.com/subrosa.v1.JournalEntry", "text": "slept badly"})
    moods, again, journals, both = (
        {line["consumer"] for line in self.lines(*words)} for words in (
            ("--type", "subrosa.v1.MoodCheckIn"), ("--type", "subrosa.v1.MoodCheckIn"),
            ("--type", "subrosa.v1.JournalEntry"), ()))

    self.assertEqual(moods, again)
    self.assertEqual((12, 12, 12), (len(moods), len(journals), len(both)))
    self.assertEqual((set(), set(), set()), (moods & journals, moods & both, journals & both))
    told = json.loads(self.files()["STATEMENT.json"])
    self.assertIn("another question otherwise", told["names"])
    self.assertIn("joins them", " ".join(told["evidence"]["does_not_tell"]))

  def test_years_and_moved_days_of_one_consumer_do_not_go_to_one_recipient(self):
    self.lines()
    self.output.unlink()

    outcome = self.export(*ATTESTED, "--dates", "shifted", "--output", self.output, expect=NO)
    self.assertIn("dates", outcome.err)
    self.assertFalse(self.output.exists())
    self.export("--dates", "shifted", "--dry-run", expect=NO)
    self.lines("--dates", "shifted", recipient="rival")
    self.export("--dry-run", recipient="rival", expect=NO)

  def test_a_type_that_is_misspelt_is_told_with_those_that_are_held(self):
    outcome = self.export("--type", "subrosa.v1.MoodChekIn", "--dry-run", expect=FAILED)

    self.assertIn("subrosa.v1.MoodChekIn", outcome.err)
    self.assertIn("subrosa.v1.MoodCheckIn", outcome.err)

  def test_compressed_files_open_with_zstd_and_tables_are_of_values_alone(self):
    self.export(*ATTESTED, "--output", self.output, "--as", "csv", "--zstd")

    packed = self.files()["records/subrosa.v1.MoodCheckIn.csv.zst"]
    table = subprocess.run(["zstd", "-d", "-c"], input=packed, check=True,
                           capture_output=True).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    self.assertEqual({"2026"}, {row["when"] for row in rows})
    self.assertEqual({"SSN [SSN], or [EMAIL]"}, {row["note"] for row in rows})

  def test_a_folder_that_is_not_there_is_no_answer(self):
    path = self.work / "nowhere" / "set.age"

    outcome = self.export(*ATTESTED, "--output", path, expect=FAILED)

    self.assertEqual(NO_FOLDER.format(path=path), outcome.err)
    self.assertNotIn("institute", self.subrosa("share", "list", "canary-account-3").out)

  def test_without_attestations_the_answer_is_no_and_nothing_is_left(self):
    outcome = self.export("--output", self.output, "--attested-by", "nobody", expect=NO)

    self.assertIn("contract", outcome.err)
    self.assertFalse(self.output.exists())
    self.assertNotIn("institute", self.subrosa("share", "list", "canary-account-3").out)

  def test_a_plan_says_who_would_be_left_out_and_writes_nothing(self):
    printed = self.export("--dry-run", "--least-group", "13", "--format", "json").json()

    self.assertEqual((False, 0, 12), tuple(
        printed[key] for key in ("written", "consumers", "consumers_left_out")))
    outcome = self.export(*ATTESTED, "--least-group", "13", "--output", self.output, expect=NO)
    self.assertIn("no such group", outcome.err)
    self.assertFalse(self.output.exists())

  def test_a_set_replaces_no_file_and_goes_to_nobody_who_is_not_on_record(self):
    self.output.write_text("mine", encoding="utf-8")
    self.export(*ATTESTED, "--output", self.output, expect=FAILED)
    self.assertEqual("mine", self.output.read_text(encoding="utf-8"))
    self.subrosa("export", "deidentified", "--recipient", "nobody", "--purpose", "research",
                 *ATTESTED, "--output", self.work / "other", expect=NO)
    self.export("--output", self.output, "--dry-run", expect=USAGE)

  def test_verify_checks_the_manifest_of_a_set(self):
    self.export(*ATTESTED, "--output", self.output)
    folder = self.folder / "unpacked"
    files = self.files()
    for name, content in files.items():
      (folder / name).parent.mkdir(parents=True, exist_ok=True)
      (folder / name).write_bytes(content)
    key = self.subrosa("audit", "status", "--format", "json").json()["export_vkey"]

    good = self.subrosa("verify", folder / "MANIFEST.txt", "--key", key, "--format",
                        "json").json()
    (folder / "STATEMENT.json").write_text("{}", encoding="utf-8")
    bad = self.subrosa("verify", folder / "MANIFEST.txt", "--key", key, expect=NO)

    self.assertEqual(("de-identified set", "institute", len(files) - 1, []), tuple(
        good[name] for name in ("manifest", "recipient", "files", "missing")))
    self.assertIn("got another of STATEMENT.json", bad.err)


if __name__ == "__main__":
  unittest.main()
