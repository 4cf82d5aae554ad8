#!/usr/bin/env python3
"""tools/vectors, run on file:// URLs."""

import hashlib
import os
import re
import subprocess
import tempfile
import unittest

VECTORS = os.path.abspath("tools/vectors")
LIST = os.path.abspath("tools/vectors.lst")


def digest(text):
  return hashlib.sha256(text.encode()).hexdigest()


class VectorsTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.root = folder.name
    self.write("served/crypto/one", "first")
    self.write("served/crypto/two[0]@x.json", "second")
    self.write("list", f"# a list\n\n{digest('first')} crypto/one\n"
                       f"{digest('second')} crypto/two[0]@x.json\n")

  def path(self, name):
    return os.path.join(self.root, name)

  def write(self, name, text):
    os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
    with open(self.path(name), "w", encoding="utf-8") as file:
      file.write(text)

  def read(self, name):
    with open(self.path(name), encoding="utf-8") as file:
      return file.read()

  def found(self):
    return sorted(
        os.path.join(folder, name)[len(self.path("data")) + 1:]
        for folder, _, names in os.walk(self.path("data")) for name in names)

  def run_it(self, *arguments, url=None):
    arguments = list(arguments) or [
        "--into", self.path("data"), "--list", self.path("list"),
        url or f"file://{self.path('served')}"]
    return subprocess.run([VECTORS, *arguments], text=True, check=False,
                          capture_output=True)

  def test_every_file_of_the_list_is_fetched(self):
    run = self.run_it()

    self.assertEqual(run.returncode, 0, run.stderr)
    self.assertEqual(self.read("data/crypto/one"), "first")
    self.assertEqual(self.read("data/crypto/two[0]@x.json"), "second")
    self.assertIn("2 fetched, 0 there already, 0 failed", run.stdout)

  def test_what_is_there_is_not_fetched_again(self):
    self.run_it()

    run = self.run_it(url="file:///nowhere")

    self.assertEqual(run.returncode, 0, run.stderr)
    self.assertIn("0 fetched, 2 there already, 0 failed", run.stdout)

  def test_another_content_is_not_kept_and_the_others_are(self):
    self.write("served/crypto/one", "changed")

    run = self.run_it()

    self.assertEqual(run.returncode, 1)
    self.assertIn("crypto/one: want SHA-256 " + digest("first"), run.stderr)
    self.assertEqual(self.found(), ["crypto/two[0]@x.json"])

  def test_a_missing_file_is_named(self):
    os.remove(self.path("served/crypto/one"))

    run = self.run_it()

    self.assertEqual(run.returncode, 1)
    self.assertIn("crypto/one: could not be fetched", run.stderr)
    self.assertEqual(self.found(), ["crypto/two[0]@x.json"])

  def test_a_file_that_somebody_changed_is_not_replaced(self):
    self.write("data/crypto/one", "mine")

    run = self.run_it()

    self.assertEqual(run.returncode, 1)
    self.assertIn("crypto/one: is there with another digest", run.stderr)
    self.assertEqual(self.read("data/crypto/one"), "mine")

  def test_a_list_cannot_write_outside_the_folder(self):
    for path in ("../escaped", "/escaped", "crypto/../../escaped", "a//b",
                 ".hidden", "crypto/.hidden", "two words", "crypto/", ""):
      self.write("list", f"{digest('first')} {path}\n")
      self.write("served/escaped", "first")

      run = self.run_it()

      self.assertEqual(run.returncode, 1, path)
      self.assertIn("want lines of a SHA-256 and a path", run.stderr)
    self.assertEqual(self.found(), [])
    self.assertFalse(os.path.exists(self.path("escaped")))

  def test_a_digest_that_is_none_is_refused(self):
    for bad in ("abc", digest("first").upper(), digest("first") + "0", "-"):
      self.write("list", f"{bad} crypto/one\n")

      self.assertEqual(self.run_it().returncode, 1, bad)
    self.assertEqual(self.found(), [])

  def test_an_empty_list_is_no_success(self):
    self.write("list", "# nothing\n")

    self.assertEqual(self.run_it().returncode, 1)

  def test_plain_http_and_other_misuse_are_wrong_usage(self):
    for arguments in (["http://example.org"], ["ftp://example.org"], ["/tmp"],
                      ["--into"], ["--what", "file:///x"],
                      ["file:///x", "file:///y"],
                      ["--list", "/nowhere", "file:///x"]):
      run = self.run_it(*arguments)

      self.assertEqual(run.returncode, 2, arguments)
      self.assertIn("usage: tools/vectors", run.stderr)

  def test_the_projects_own_list_is_well_formed_and_complete(self):
    with open(LIST, encoding="utf-8") as file:
      lines = [line for line in file if not line.startswith("#")]

    for line in lines:
      self.assertRegex(line, re.compile("^[0-9a-f]{64} crypto/[^ ]+\n$"))
    self.assertEqual(sum("age_testkit/" in line for line in lines), 143)
    self.assertEqual(sum("wycheproof/" in line for line in lines), 7)
    self.assertEqual(len(set(lines)), len(lines))


if __name__ == "__main__":
  unittest.main()
