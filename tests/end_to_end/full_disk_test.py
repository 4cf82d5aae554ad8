#!/usr/bin/env python3
"""A full disk: a real one, a small tmpfs in a mount namespace of the test's own, where the machine
lets a test make one; else a bound on the size of files, which fails writes in the same places."""

import datetime
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, InstallationTest, counts, counts_of)

NAMESPACE = ["unshare", "--map-root-user", "--mount"]
MOUNTED = "SUBROSA_TEST_MAY_MOUNT"
AGAIN = "subrosa: hint: try again once the cause is gone; what was begun is then taken back or " \
        "finished\n"
RECORDS = 6000
MIB = 1 << 20


def bound_files(size):
  def bound():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
  return bound


class FullDiskTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.real = MOUNTED in os.environ
    if self.real:
      disk = self.folder / "disk"
      disk.mkdir()
      self.mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", disk)
      self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=False)
      self.disk = disk
      self.home = disk / "home"
    else:
      self.disk = self.folder
    self.init()
    self.committed = self.sample("committed.ndjson", "--first-consumer", 9000, "--consumers", 2,
                                 "--records-per-consumer", 40)
    self.ingest(self.committed)
    self.before = self.inventory()
    self.held = self.copy("c-009000")

  def mount(self, *words):
    subprocess.run(["mount", *words], check=True)

  def fill(self, left=0):
    """Leaves `left` bytes on the disk."""
    self.filler = self.disk / "filler"
    with open(self.filler, "wb") as file:
      free = os.statvfs(self.disk)
      os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_bsize)
    os.truncate(self.filler, self.filler.stat().st_size - left)

  def on_full_disk(self, *words, left=0, **options):
    """Runs the command where `left` bytes can still be written."""
    if self.real:
      self.fill(left)
      try:
        return self.subrosa(*words, **options)
      finally:
        self.filler.unlink()
    return self.subrosa(*words, preexec_fn=bound_files(left), **options)

  def assert_intact(self):
    self.assertEqual(self.before, self.inventory())
    self.assertEqual(self.held, self.copy("c-009000"))

  def said(self, subject):
    reason = "No space left on device" if self.real else "File too large"
    return f"subrosa: error: {subject}: write: {reason}\n{AGAIN}"

  def test_an_ingest_keeps_whole_batches_says_so_and_can_be_done_again(self):
    path = self.sample("more.ndjson", "--consumers", 30, "--records-per-consumer",
                       RECORDS // 30)

    outcome = self.on_full_disk("ingest", path, left=3 * MIB, expect=FAILED)

    self.assertRegex(outcome.err, rf"^subrosa: error: {path}: database: "
                     r"(database or disk is full|disk I/O error)\n")
    self.assertTrue(outcome.err.endswith("\n" + AGAIN), outcome)
    self.assertRegex(outcome.out, r"added, .*; not finished\n$")
    added = int(outcome.out.split(": ")[-1].split(" added")[0])
    total = self.inventory()["total"]["records"]
    self.assertEqual(80 + added, total)
    self.assertLess(added, RECORDS)
    self.assertEqual(self.held, self.copy("c-009000"))

    again = self.ingest(path)

    self.assertEqual(counts(added=RECORDS - added, unchanged=added), counts_of(again))
    self.assertEqual(counts(unchanged=80), counts_of(self.ingest(self.committed)))

  def test_an_erasure_on_a_full_disk_is_whole_or_not_at_all(self):
    template = self.folder / "template"
    shutil.copytree(self.home, template)
    codes = set()
    # From no room to open the home, over some for the keys' journal, to enough.
    for left in (0, 66, 70, 80, 96, 128, 512):
      with self.subTest(left=f"{left} KiB"):
        shutil.rmtree(self.home)
        shutil.copytree(template, self.home)

        outcome = self.on_full_disk("erase", "c-009001", "--yes", left=left << 10, expect=None)

        codes.add(outcome.exit)
        self.assertIn(outcome.exit, (DONE, FAILED), outcome)
        if outcome.exit == FAILED:
          self.assertRegex(outcome.err, r"^subrosa: error: .*(disk|No space|File too large)")
        held = self.copy("c-009001")
        self.assertIn(None if held is None else len(held), (None, 40))
        if outcome.exit == DONE:
          self.assertIsNone(held)
        self.assertEqual(80 if held else 40, self.inventory()["total"]["records"])
        self.subrosa("erase", "c-009001", "--yes", expect=DONE if held else NO)
        self.assertEqual(40, self.inventory()["total"]["records"])
        self.assertEqual(self.held, self.copy("c-009000"))
    self.assertEqual({DONE, FAILED}, codes)

  def add_recipient(self):
    identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    key = re.search(r"age1\w+", identity.read_text(encoding="utf-8"))[0]
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [{
        "id": "sister", "name": "Sister", "role": "RECIPIENT_ROLE_AFFILIATE",
        "contact": {"email": "privacy@sister.example",
                    "checkedOn": datetime.date.today().isoformat()},
        "purpose": ["hosting"], "categoryAllowed": [
            "HEALTH_CATEGORY_CONDITIONS", "HEALTH_CATEGORY_BODILY_FUNCTIONS"],
        "location": ["US"], "ageRecipient": key}]}))

  def grant(self, output):
    return ["share", "grant", "c-009000", "--recipient", "sister", "--purpose", "hosting",
            "--output", output]

  def granted(self):
    listed = self.subrosa("share", "list", "c-009000", "--format", "json").json()["recipients"]
    return sum(each["disclosures"] for each in listed)

  def test_a_grant_on_a_full_disk_leaves_no_file_without_its_entry(self):
    self.add_recipient()
    template = self.folder / "template"
    shutil.copytree(self.home, template)
    output = self.disk / "given.age"
    codes = set()
    # From no room to open the home, over some for its journals, to enough.
    for left in (0, 66, 80, 128, 192, 1024, 4096):
      with self.subTest(left=f"{left} KiB"):
        shutil.rmtree(self.home)
        shutil.copytree(template, self.home)

        outcome = self.on_full_disk(*self.grant(output), left=left << 10, expect=None)

        codes.add(outcome.exit)
        self.assertIn(outcome.exit, (DONE, FAILED), outcome)
        self.assertEqual(outcome.exit == DONE, output.exists())
        self.assertEqual(["given.age"] if output.exists() else [],
                         [path.name for path in self.disk.iterdir() if "given" in path.name])
        # A file has its entry; an entry without a file says shared of what nobody has.
        self.assertIn(self.granted(), (1,) if output.exists() else (0, 1))
        self.subrosa("audit", "verify")
        output.unlink(missing_ok=True)
        self.subrosa(*self.grant(output))
        output.unlink()
        self.assertEqual(self.held, self.copy("c-009000"))
    self.assertEqual({DONE, FAILED}, codes)

  def test_a_grant_onto_another_disk_that_is_full_leaves_neither_file_nor_entry(self):
    if not self.real:
      self.skipTest("it takes two disks, and the test may not mount here")
    self.add_recipient()
    small = self.folder / "small"
    small.mkdir()
    self.mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", small)
    self.addCleanup(subprocess.run, ["umount", "--lazy", small], check=False)

    outcome = self.subrosa(*self.grant(small / "given.age"), expect=FAILED)

    self.assertTrue(outcome.err.startswith("subrosa: error: "), outcome)
    self.assertEqual([], list(small.iterdir()))
    self.assertEqual(0, self.granted())
    self.assert_intact()

  def test_a_copy_that_does_not_fit_leaves_no_file(self):
    output = self.disk / "copy.json"

    reviewed = self.review("c-009000")

    outcome = self.on_full_disk("export", "copy", "--as", "json", *reviewed, "c-009000",
                                "--output", output, expect=FAILED)

    # Even opening the home takes some space for its journal.
    self.assertTrue(outcome.err.startswith("subrosa: error: "), outcome)
    self.assertFalse(output.exists())
    self.assert_intact()

  def test_a_copy_onto_another_disk_that_is_full_leaves_no_file(self):
    if not self.real:
      self.skipTest("it takes two disks, and the test may not mount here")
    small = self.folder / "small"
    small.mkdir()
    self.mount("-t", "tmpfs", "-o", "size=16k", "tmpfs", small)
    self.addCleanup(subprocess.run, ["umount", "--lazy", small], check=False)
    output = small / "copy.json"

    self.refuse("export", "copy", "--as", "json", *self.review("c-009000"), "c-009000", "--output",
                output, exit_code=FAILED, error=self.said(output))

    self.assertEqual([], list(small.iterdir()))
    self.assert_intact()

  def test_a_backup_that_does_not_fit_leaves_no_file(self):
    for store in ("records", "keys"):
      output = self.disk / f"{store}.copy"

      outcome = self.on_full_disk("store", "backup", f"--{store}", output, left=72 << 10,
                                  expect=FAILED)

      # Even reading the home takes some space for its journal.
      self.assertTrue(outcome.err.startswith("subrosa: error: "), outcome)
      self.assertTrue(outcome.err.endswith(AGAIN), outcome)
      self.assertFalse(output.exists())
    self.assert_intact()

  def test_a_backup_onto_another_disk_that_is_full_leaves_no_file(self):
    if not self.real:
      self.skipTest("it takes two disks, and the test may not mount here")
    small = self.folder / "small"
    small.mkdir()
    self.mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", small)
    self.addCleanup(subprocess.run, ["umount", "--lazy", small], check=False)
    output = small / "records.copy"

    self.refuse("store", "backup", "--records", output, exit_code=FAILED,
                error=self.said(output))

    self.assertEqual([], list(small.iterdir()))
    self.assert_intact()

  def test_a_certificate_that_does_not_fit_can_be_had_again(self):
    if not self.real:
      self.skipTest("it takes two disks, and the test may not mount here")
    small = self.folder / "small"
    small.mkdir()
    self.mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", small)
    self.addCleanup(subprocess.run, ["umount", "--lazy", small], check=False)
    (small / "filler").write_bytes(bytes(4096))
    certificate = small / "certificate"

    outcome = self.subrosa("erase", "c-009001", "--yes", "--certificate", certificate,
                           expect=FAILED)

    self.assertTrue(outcome.err.startswith(self.said(certificate)), outcome)
    self.assertIn("`subrosa erasure certificate` writes the proof of it.\n", outcome.err)
    self.assertIn("\nRows deleted: 40\n", outcome.out)
    self.assertFalse(certificate.exists())
    again = self.folder / "again"
    self.subrosa("erasure", "certificate", "c-009001", "--out", again)
    key = self.subrosa("audit", "status", "--format", "json").json()["keys"][0]["vkey"]
    self.subrosa("verify", again, "--key", key, "--consumer", "c-009001")
    self.assertIsNone(self.copy("c-009001"))

  def test_a_list_of_rejects_that_does_not_fit_is_an_error(self):
    if not self.real:
      self.skipTest("it takes two disks, and the test may not mount here")
    small = self.folder / "small"
    small.mkdir()
    self.mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", small)
    self.addCleanup(subprocess.run, ["umount", "--lazy", small], check=False)
    path = self.write("wrong.ndjson", "{}\n" * 100)
    rejects = small / "rejects"

    outcome = self.refuse("ingest", path, "--rejects", rejects, exit_code=FAILED,
                          error=self.said(rejects))

    self.assertIn("0 added, 0 revised, 0 unchanged, 100 rejected", outcome.out)
    self.assertEqual([], list(small.iterdir()))
    self.assert_intact()

  def test_a_home_that_does_not_fit_is_not_there(self):
    first, self.home = self.home, self.disk / "second"

    outcome = self.on_full_disk("init", "--entity", "second", "--key-derivation", "interactive",
                                left=8192, expect=FAILED)

    self.assertTrue(outcome.err.startswith("subrosa: error: "), outcome)
    self.assertTrue(outcome.err.endswith(AGAIN), outcome)
    self.assertEqual([], [path for path in self.disk.iterdir() if "second" in path.name])
    self.home = first
    self.assert_intact()


def may_mount():
  probe = subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False,
                         capture_output=True)
  if probe.returncode != 0:
    print(f"no mount namespace here ({probe.stderr.decode().strip()}): a full disk is stood for "
          "by a bound on the size of files")
  return probe.returncode == 0


if __name__ == "__main__":
  if MOUNTED not in os.environ and may_mount():
    program = pathlib.Path(__file__).absolute()
    os.execvpe(NAMESPACE[0], [*NAMESPACE, sys.executable, str(program), *sys.argv[1:]],
               os.environ | {MOUNTED: "1"})
  if MOUNTED in os.environ:
    print("the full disk is a small tmpfs in a mount namespace of this test's own")
  unittest.main(verbosity=2)
