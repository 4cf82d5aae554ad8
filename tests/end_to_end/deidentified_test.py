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
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [institute]}))
    self.ingest(self.write("records.ndjson", ndjson(
        *(record(f"canary-account-{number}", f"canary-record-{number}", purpose="research",
                 basis="BASIS_NECESSARY",
                 payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": 3,
                          "note": "SSN 219-09-9999, or jo@post.example"})
          for number in range(12)))))
    self.output = self.work / "set.age"

  def export(self, *words, **options):
    return self.subrosa("export", "deidentified", "--recipient", "institute", "--purpose",
                        "research", *words, **options)

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
