#!/usr/bin/env python3
"""Plays an erasure from its order to its certificate: stores are told, one is silent, and what the
consumer is given is checked by the command and by a second program."""

import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, DONE, FAILED, NO, POLICY, USAGE, InstallationTest)

ADA, BEA = "c-000001", "c-000002"
CHECK = "tests/conformance/certificate_check.py"


class CertificateTest(InstallationTest):

  def setUp(self):
    super().setUp()
    made = self.subrosa("init", "--entity", "rosewater", "--policy", POLICY, "--key-derivation",
                        "interactive", "--format", "json").json()
    self.vkey = made["vkey"]
    self.ingest(f"{DATA}/wellness.ndjson")
    self.certificate = self.work / "certificate.txt"

  def connect(self, *stores):
    """Writes connectors of stores: (id, the program's script)."""
    (self.home / "connectors.textproto").write_text("".join(
        f'connector {{ id: "{name}" kind: PARTY_KIND_STORE command {{ argument: "/bin/sh" '
        f'argument: "-c" argument: "{script}" }} }}\n' for name, script in stores))

  def erase(self, consumer=ADA, **options):
    return self.subrosa("erase", consumer, "--yes", "--certificate", self.certificate, **options)

  def verify(self, path, *words, **options):
    return self.subrosa("verify", path, "--key", self.vkey, *words, **options)

  def second_program(self, path, account=ADA):
    return subprocess.run(["/usr/bin/python3", CHECK, path, "--key", self.vkey, "--account",
                           account], capture_output=True, check=False).returncode

  def test_a_certificate_is_good_to_both_programs_and_for_its_consumer_alone(self):
    self.erase()

    self.assertEqual(0o600, self.certificate.stat().st_mode & 0o777)
    told = self.verify(self.certificate, "--consumer", ADA, "--format", "json").json()
    self.assertEqual(("interim", 1, True), (told["stage"], told["issue"], told["about_consumer"]))
    words = self.verify(self.certificate).out
    self.assertIn("This certificate is good, and interim", words)
    self.assertIn("What this does not prove", words)
    self.verify(self.certificate, "--consumer", BEA, expect=NO)
    self.assertEqual(0, self.second_program(self.certificate))
    self.assertEqual(3, self.second_program(self.certificate, BEA))

  def test_a_changed_certificate_is_good_to_neither(self):
    self.erase()
    text = self.certificate.read_text()
    forged = self.work / "forged.txt"
    for old, new in (("interim", "final"), ("Assurance: C", "Assurance: A"),
                     ("Entity: rosewater", "Entity: rosewood")):
      forged.write_text(text.replace(old, new))

      self.verify(forged, expect=NO)
      self.assertEqual(3, self.second_program(forged))

  def test_a_silent_store_leaves_it_open_until_it_answers(self):
    gate = self.work / "back"
    self.connect(("crm", f"test -e {gate}"), ("mail", "exit 0"))
    self.erase(expect=NO)

    shown = self.subrosa("erasure", "show", ADA, "--format", "json").json()
    self.assertTrue(shown["open"])
    self.assertEqual({"crm": "silent", "mail": "done"},
                     {party["id"]: party["state"] for party in shown["parties"]})
    self.assertIn("Store: crm, told", self.certificate.read_text())
    self.subrosa("erasure", "continue", expect=NO)

    self.subrosa("erasure", "answer", ADA, "--party", "crm", "--said", "done")

    self.subrosa("erasure", "continue", expect=DONE)
    later = self.work / "later.txt"
    self.subrosa("erasure", "certificate", ADA, "--out", later)
    self.assertEqual(2, self.verify(later, "--format", "json").json()["issue"])
    self.assertEqual(0, self.second_program(later))

  def test_rotating_the_keys_promises_the_day_from_which_backups_are_closed(self):
    self.erase()
    self.assertIn("Backups: no day is set yet", self.certificate.read_text())
    self.subrosa("keys", "rotate")

    self.subrosa("erasure", "continue")

    later = self.work / "later.txt"
    self.subrosa("erasure", "certificate", ADA, "--out", later)
    told = self.verify(later, "--format", "json").json()
    self.assertEqual("interim", told["stage"])
    self.assertIsNotNone(told["backups_closed_from"])

  def test_a_broken_file_of_connectors_erases_nobody(self):
    (self.home / "connectors.textproto").write_text('connector { id: "crm" }\n')

    self.assertIn("connectors.textproto:1", self.erase(expect=FAILED).err)

    self.subrosa("show", ADA, expect=DONE)

  def test_there_is_no_certificate_of_a_part_or_of_nobody(self):
    self.subrosa("erase", ADA, "--yes", "--record", "a/b", "--certificate", self.certificate,
                 expect=USAGE)
    self.erase("nobody", expect=NO)
    self.subrosa("erasure", "show", "nobody", expect=NO)


if __name__ == "__main__":
  unittest.main()
