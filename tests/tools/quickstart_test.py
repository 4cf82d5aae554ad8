#!/usr/bin/env python3
"""tools/quickstart with the real command and sample records.

Only Bazel and tools/setup are stand-ins: what they would build is there.
"""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

BAZEL = """#!/bin/sh
case $1 in
build) echo "$*" >>"$STATE/built" ;;
info) echo "$BUILT" ;;
esac
"""


class QuickstartTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.state = pathlib.Path(folder.name)
    self.built = pathlib.Path.cwd()
    self.top = self.state / "checkout"
    (self.top / "tools").mkdir(parents=True)
    shutil.copy("tools/quickstart", self.top / "tools/quickstart")
    self.write(self.top / "tools/setup", '#!/bin/sh\necho "setup $1"\n')
    self.write(self.top / "tools/refresh_headers", "#!/bin/sh\n")
    self.write(self.state / "path/bazel", BAZEL)
    (self.top / "docs/examples").mkdir(parents=True)
    for samples in ("data", "policy"):
      (self.top / "docs/examples" / samples).symlink_to(self.built / "docs/examples" / samples)
    (self.state / "tmp").mkdir()

  def write(self, path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)

  def quickstart(self, *arguments):
    return subprocess.run(
        [self.top / "tools/quickstart", *arguments], check=False,
        capture_output=True, text=True, env={
            "PATH": f"{self.state}/path:{os.environ['PATH']}",
            "STATE": str(self.state),
            "BUILT": str(self.built),
            "TMPDIR": str(self.state / "tmp"),
        })

  def left_behind(self):
    return list((self.state / "tmp").iterdir())

  def stand_in(self, script):
    """Puts a script where the built command would be."""
    self.built = self.state / "elsewhere"
    self.write(self.built / "tools/subrosa/subrosa", "#!/bin/sh\n" + script)

  def test_shows_the_whole_path_each_command_before_its_output(self):
    done = self.quickstart("--keep")

    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    after = 0
    for shown in ("setup build", "\n$ subrosa init", "\n$ subrosa ingest",
                  "nothing changed", "\n$ subrosa inventory", "conditions",
                  "\n$ subrosa show", "counts as", "\n$ subrosa export copy",
                  "\n$ subrosa erase c-000004 --dry-run", "nothing was erased",
                  "\n$ subrosa erase c-000004 --yes", "Erased",
                  "\n$ subrosa show", "(exit code 3)",
                  "\n$ subrosa verify", "This certificate is good, and interim",
                  "\n$ subrosa audit verify", "as it was signed",
                  "\n$ subrosa report inventory", "docs/quickstart.md"):
      found = done.stdout.find(shown, after)
      self.assertGreaterEqual(found, after, f"no {shown!r} after the one before")
      after = found
    # What it was asked to keep is closed to others.
    (folder,) = self.left_behind()
    self.assertIn(f"Left behind: {folder}", done.stdout)
    for path in (folder, folder / "passphrase", folder / "copy.json",
                 folder / "certificate.txt"):
      self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

  def test_builds_the_command_and_the_maker_of_samples(self):
    self.stand_in("exit 1\n")

    self.quickstart()

    built = (self.state / "built").read_text(encoding="utf-8")
    self.assertIn("//tools/subrosa //tools/sample:subrosa-sample", built)

  def test_stops_at_the_first_command_that_fails(self):
    self.stand_in("echo $1; [ $1 != ingest ]\n")

    done = self.quickstart()

    self.assertNotEqual(done.returncode, 0)
    self.assertIn("$ subrosa ingest", done.stdout)
    self.assertNotIn("$ subrosa inventory", done.stdout)
    self.assertEqual(self.left_behind(), [])

  def test_an_erased_consumer_who_can_still_be_shown_is_an_error(self):
    self.stand_in("""
for word; do [ "$before" = --output ] && touch "$word"; before=$word; done
""")

    done = self.quickstart()

    self.assertEqual(done.returncode, 1)
    self.assertIn("want exit code 3", done.stderr)

  def test_an_unknown_argument_is_wrong_usage(self):
    done = self.quickstart("--fast")

    self.assertEqual(done.returncode, 2)
    self.assertIn("unknown argument: --fast", done.stderr)


if __name__ == "__main__":
  unittest.main()
