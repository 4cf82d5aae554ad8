#!/usr/bin/env python3
"""tools/test in a workspace of its own, beside a stand-in for Bazel."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

# Writes down how it was called, and the events that the test prepared.
BAZEL = """#!/bin/sh
echo "$@" >"$STATE/called"
for word; do
  case $word in --build_event_json_file=*) events=${word#*=} ;; esac
done
[ -e "$STATE/no_events" ] || cat "$STATE/events" >"$events"
exit "$(cat "$STATE/exit_code")"
"""
PASSED = ('{"id":{"testResult":{"label":"//a:t"}},"testResult":{"status":"PASSED"}}\n'
          '{"id":{"buildFinished":{}}}\n')
NOT_BUILT = ('{"id":{"targetCompleted":{"label":"//a:t"}},"completed":{}}\n'
             '{"id":{"buildFinished":{}}}\n')


class TestCommandTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.state = pathlib.Path(folder.name)
    self.top = self.state / "subrosa"
    for file in ("test", "reports/test_results.py"):
      (self.top / "tools" / file).parent.mkdir(parents=True, exist_ok=True)
      shutil.copy(os.path.join("tools", file), self.top / "tools" / file)
    self.write("subrosa/tools/setup", '#!/bin/sh\necho "setup $1"\n')
    self.write("subrosa/tools/refresh_headers", "#!/bin/sh\n")
    self.write("subrosa/tests/lint/format.sh", "#!/bin/sh\nexit 0\n")
    self.write("path/bazel", BAZEL)
    self.bazel(PASSED, 0)

  def write(self, name, text):
    path = self.state / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)

  def bazel(self, events, exit_code):
    self.write("events", events)
    self.write("exit_code", str(exit_code))

  def run_tests(self, *arguments, **environment):
    return subprocess.run(
        [self.top / "tools/test", *arguments], check=False, capture_output=True,
        text=True, env={
            "PATH": f"{self.state}/path:{os.environ['PATH']}",
            "STATE": str(self.state),
            **environment,
        })

  def called(self):
    return (self.state / "called").read_text(encoding="utf-8").split()

  def assertCounts(self, done, last_line, code):
    self.assertEqual(done.stdout.splitlines()[-1], last_line, done.stderr)
    self.assertEqual(done.returncode, code)

  def test_runs_everything_and_the_checks_and_counts_both(self):
    done = self.run_tests()

    self.assertCounts(done, "2 passed, 0 failed", 0)
    self.assertEqual(self.called()[-2:], ["--", "//..."])
    self.assertIn("setup test", done.stdout)

  def test_given_targets_it_runs_those_alone(self):
    done = self.run_tests("--config=asan", "//src/vault/...")

    self.assertCounts(done, "1 passed, 0 failed", 0)
    self.assertEqual(self.called()[-2:], ["--", "//src/vault/..."])
    self.assertIn("--config=asan", self.called())

  def test_a_check_that_fails_fails_the_run(self):
    self.write("subrosa/tests/lint/layout.sh", "#!/bin/sh\necho too long\nexit 1\n")

    done = self.run_tests()

    self.assertCounts(done, "2 passed, 1 failed", 1)
    self.assertIn("failed: tests/lint/layout.sh", done.stdout)

  def test_a_build_that_fails_fails_the_run(self):
    self.bazel(NOT_BUILT, 1)

    self.assertCounts(self.run_tests(), "1 passed, 1 failed", 1)

  def test_a_bazel_that_dies_fails_the_run(self):
    self.write("no_events", "")
    self.bazel("", 37)

    self.assertCounts(self.run_tests(), "1 passed, 1 failed", 1)

  def test_a_bazel_that_is_displeased_with_passed_tests_fails_the_run(self):
    self.bazel(PASSED, 1)

    self.assertCounts(self.run_tests(), "2 passed, 1 failed", 1)

  def test_a_setup_that_fails_fails_the_run_before_anything_is_built(self):
    self.write("subrosa/tools/setup", "#!/bin/sh\nexit 1\n")

    self.assertCounts(self.run_tests(), "0 passed, 1 failed", 1)
    self.assertFalse((self.state / "called").exists())

  def test_outside_data_beside_the_checkout_is_found(self):
    data = self.state / "shared/data"
    data.mkdir(parents=True)

    self.run_tests()

    self.assertIn(f"--test_env=SUBROSA_DATA={data.resolve()}", self.called())

  def test_outside_data_may_be_elsewhere(self):
    (self.state / "elsewhere").mkdir()

    self.run_tests(SUBROSA_DATA=str(self.state / "elsewhere"))

    self.assertIn(f"--test_env=SUBROSA_DATA={(self.state / 'elsewhere').resolve()}",
                  self.called())

  def test_without_outside_data_it_says_so_and_goes_on(self):
    done = self.run_tests()

    self.assertIn("no outside data at ../shared/data", done.stdout)
    self.assertNotIn("SUBROSA_DATA", " ".join(self.called()))

  def test_an_unknown_flag_is_wrong_usage(self):
    for flag in ("--config=release", "--quick", "-x"):
      done = self.run_tests(flag)

      self.assertEqual(done.returncode, 2)
      self.assertIn(f"unknown argument: {flag}", done.stderr)


if __name__ == "__main__":
  unittest.main()
