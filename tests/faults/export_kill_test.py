#!/usr/bin/env python3
"""What a kill at any moment leaves of an export: no file or a whole one, which the ledger and the
log know of; and it can be done again."""

import datetime
import io
import json
import re
import subprocess
import sys
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import NO, ndjson, record  # pylint: disable=wrong-import-position
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

CHECKED = str(datetime.date.today() - datetime.timedelta(days=10))
PEOPLE = 12
RECORDS_EACH = 30

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


class ExportKillTest(KillingTest):

  def init(self, policy=None):
    policy = self.write("policy.textproto", POLICY)  # Its own, which lets it share.
    self.subrosa("init", "--entity", "rosewater", "--policy", policy,
                 "--key-derivation", "interactive")
    self.identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True)
    self.key = re.search(r"age1\w+", self.identity.read_text(encoding="utf-8"))[0]
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [{
        "id": "institute", "name": "An Institute", "role": "RECIPIENT_ROLE_THIRD_PARTY",
        "category": "research institutes",
        "contact": {"email": "privacy@institute.example", "checkedOn": CHECKED},
        "contract": {"reference": "dua-2026-01", "from": "2026-01-01"},
        "purpose": ["research"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
        "location": ["US"], "ageRecipient": self.key}]}))
    self.ingest(self.write("records.ndjson", ndjson(
        *(record(f"c-{person}", f"r-{number}", purpose="research", basis="BASIS_NECESSARY")
          for person in range(PEOPLE) for number in range(RECORDS_EACH)))))

  def lines_of(self, path, name):
    """Of a file in the archive; what is torn does not open."""
    opened = subprocess.run(["age", "-d", "-i", self.identity, path], check=True,
                            capture_output=True).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as members:
      self.assertIsNone(members.testzip())
      return len(members.read(name).splitlines())

  def assert_whole_or_nothing(self, words, path, lines, is_known, moment):
    """`lines` is the name of a file in the archive and how many lines it has; `is_known` says how
    often the home knows of an export. Returns whether there was a file, and how often the home
    knows of one in the end."""
    left = [each.name for each in self.work.iterdir()
            if ".part-" in each.name or ".scratch-" in each.name]
    self.assertEqual([], left, moment)
    self.assert_parts_agree(moment)
    was_there = path.exists()
    if was_there:
      self.assertEqual(lines[1], self.lines_of(path, lines[0]), moment)
      path.unlink()
    self.subrosa(*words)
    self.assertEqual(lines[1], self.lines_of(path, lines[0]), moment)
    self.subrosa("keys", "retire", expect=NO)  # Nothing is due; it waits for the log.
    known = is_known(moment)
    self.assertIn(known, (2,) if was_there else (1, 2), moment)
    self.assert_log_sound(moment)
    return was_there, known

  def export_over_and_over(self, share, words, path, lines, is_known):
    self.measure(*words)
    seen = set()

    def one_round():
      path.unlink(missing_ok=True)
      self.restore(self.template)
      moment, code = self.kill(*words)
      seen.add(self.assert_whole_or_nothing(words, path, lines, is_known, moment))
      return code

    self.rounds(share, one_round)
    print(f"file, known exports: {sorted(seen)}")

  def test_of_a_copy_there_is_nothing_or_all(self):
    path = self.work / "copy.zip.age"
    words = ["export", "copy", "c-3", "--output", path, "--to", self.key, "--all",
             *self.review("c-3", "--all")]
    self.export_over_and_over(0.2, words, path, ("records/mood-check-in.ndjson", RECORDS_EACH),
                              lambda moment: self.count_leaves("copy-given", moment))

  def test_of_a_set_there_is_nothing_or_all(self):
    path = self.work / "set.age"
    words = ["export", "deidentified", "--recipient", "institute", "--purpose", "research",
             *ATTESTED, "--output", path]

    def disclosures(moment):
      listed = self.subrosa("share", "list", "c-3", "--format", "json").json()["recipients"]
      self.assertLessEqual(len(listed), 1, moment)
      return sum(each["disclosures"] for each in listed)

    self.export_over_and_over(0.2, words, path, ("records/subrosa.v1.MoodCheckIn.ndjson",
                                                 PEOPLE * RECORDS_EACH), disclosures)


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
