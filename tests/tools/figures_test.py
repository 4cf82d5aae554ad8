#!/usr/bin/env python3
"""tools/reports/figures.py, run over programs that print given lines."""

import json
import os
import subprocess
import tempfile
import unittest

FIGURES = os.path.abspath("tools/reports/figures.py")


def figure(**fields):
  return {"room": "vault", "name": "put", "unit": "1/s", "value": 500, **fields}


def against(baseline, ratio, **fields):
  return figure(baseline={"name": "plain inserts", "value": baseline},
                ratio=ratio, **fields)


class FiguresTest(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)

  def program(self, *figures, text=None, code=0, name="vault_bench"):
    lines = text if text is not None else "".join(
        json.dumps(each) + "\n" for each in figures)
    path = os.path.join(self.folder.name, name)
    with open(path, "w", encoding="utf-8") as file:
      file.write('#!/bin/sh\n[ "$1" = --json ] || exit 9\n'
                 f"cat <<'END'\n{lines}END\nexit {code}\n")
    os.chmod(path, 0o755)
    return path

  def join(self, *arguments):
    return subprocess.run(["python3", FIGURES, *arguments], check=False,
                          capture_output=True, text=True)

  def test_a_goal_that_holds_is_done(self):
    done = self.join(self.program(against(1000, 0.5, at_least=0.25, holds=True)))

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertRegex(done.stdout, r"vault +put +500 +1/s +1,000 +plain inserts "
                                  r"+0\.5 +>= 0\.25 +yes")
    self.assertIn("1 of 1 goals hold", done.stderr)

  def test_a_goal_that_does_not_hold_is_exit_3(self):
    done = self.join(self.program(against(1000, 0.5, at_most=0.4, holds=False)))

    self.assertEqual(done.returncode, 3)
    self.assertIn("NO", done.stdout)

  def test_a_goal_without_baseline_bounds_the_value(self):
    small = figure(name="peak memory", unit="MB", value=60)

    self.assertEqual(
        self.join(self.program({**small, "at_most": 64, "holds": True})).returncode, 0)
    self.assertEqual(
        self.join(self.program({**small, "at_most": 50, "holds": False})).returncode, 3)

  def test_a_figure_without_goal_is_printed_and_never_fails(self):
    done = self.join(self.program(against(1000, 0.5)))

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("0 of 0 goals hold", done.stderr)

  def test_json_gives_the_figures_of_all_programs_line_by_line(self):
    first = against(1000, 0.5, at_least=0.25, holds=True)
    second = figure(room="crypto", name="seal")

    done = self.join("--json", self.program(first),
                     self.program(second, name="crypto_bench"))

    self.assertEqual([json.loads(line) for line in done.stdout.splitlines()],
                     [first, second])

  def test_a_program_may_exit_3_itself(self):
    missed = against(1000, 0.5, at_least=0.9, holds=False)

    self.assertEqual(self.join(self.program(missed, code=3)).returncode, 3)

  def test_a_program_that_fails_is_named_and_the_others_still_run(self):
    done = self.join(self.program(figure(), code=7, name="broken_bench"),
                     self.program(figure(name="get")))

    self.assertEqual(done.returncode, 1)
    self.assertIn("broken_bench: exited with 7", done.stderr)
    self.assertIn("get", done.stdout)

  def test_a_program_that_is_missing_or_silent_is_an_error(self):
    self.assertEqual(self.join(os.path.join(self.folder.name, "none")).returncode, 1)
    silent = self.join(self.program(text=""))
    self.assertEqual(silent.returncode, 1)
    self.assertIn("printed no figure", silent.stderr)

  def test_a_claim_that_the_numbers_do_not_bear_is_refused(self):
    for false_claim, reason in (
        (against(1000, 0.5, at_least=0.9, holds=True), "holds: want false"),
        (against(1000, 0.5, at_least=0.25, holds=False), "holds: want true"),
        (against(1000, 0.5, at_least=0.25), "holds: want true"),
        (against(1000, 2, at_least=0.25, holds=True), "ratio: want about 0.5"),
        (against(1000, 0.2, at_least=0.1, holds=True), "ratio: want about 0.5"),
        (figure(holds=True), "holds: want a goal"),
        (against(1000, 0.5, at_least=0.25, at_most=2, holds=True), "got both"),
    ):
      done = self.join(self.program(false_claim))

      self.assertEqual(done.returncode, 1, false_claim)
      self.assertIn(reason, done.stderr)

  def test_a_median_of_ratios_may_differ_from_the_ratio_of_the_medians(self):
    done = self.join(self.program(against(1000, 0.55, at_least=0.25, holds=True)))

    self.assertEqual(done.returncode, 0, done.stderr)

  def test_a_figure_that_rounds_to_its_bound_is_the_programs_to_judge(self):
    for holds, code in ((True, 0), (False, 3)):
      done = self.join(self.program(against(1000, 0.5, at_least=0.5, holds=holds)))

      self.assertEqual(done.returncode, code, done.stderr)

  def test_a_malformed_line_is_refused_with_the_field(self):
    for line, reason in (
        ("seal: 12 us\n", "want a JSON object"),
        ("[1]\n", "want a JSON object"),
        (json.dumps({**figure(), "value": "fast"}) + "\n", "value: want a finite"),
        (json.dumps({**figure(), "value": True}) + "\n", "value: want a finite"),
        (json.dumps(figure()).replace("500", "NaN") + "\n", "value: want a finite"),
        (json.dumps({**figure(), "room": ""}) + "\n", "room: want text"),
        (json.dumps({**figure(), "baseline": 3}) + "\n", "baseline: want an object"),
        (json.dumps(against(0, 0.5)) + "\n", "baseline.value: want more than 0"),
    ):
      done = self.join(self.program(text=line))

      self.assertEqual(done.returncode, 1, line)
      self.assertIn(reason, done.stderr)


if __name__ == "__main__":
  unittest.main()
