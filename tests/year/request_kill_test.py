#!/usr/bin/env python3
"""Kills at any moment through the whole life of requests: a short year is played by a program that
is killed with SIGKILL, over and over, at the Nth call that changes a file, sometimes within it.
Whoever opens the home next goes on. At the end the year is counted again (year_recount.py): no
request is lost, no step taken twice, none answered while a part is silent, and stores and log agree.

$SUBROSA_REQUEST_KILLS sets how many kills there are, 500 unless told; $SUBROSA_YEAR_SEED repeats
them. A kill is no power cut: what was written and not yet synced survives it.
"""

import os
import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/year")

from year_home import SEED, Year  # pylint: disable=wrong-import-position

KILLER = os.path.abspath("tests/faults/kill_at_call.so")
KILLS = int(os.environ.get("SUBROSA_REQUEST_KILLS", "500"))
CONSUMERS, REQUESTS = 150, 200
# Opening a home takes some 100 of them, a step some 10.
MOST_CALLS = 700
SLACK_SECONDS = 600  # 4 for each kill within one operation.


@unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer's runtime takes the calls itself")
class RequestKillTest(unittest.TestCase):

  def play(self, seed, most):
    """A year with at most so many kills; returns how many there were."""
    moments = random.Random(seed)
    year = Year(CONSUMERS, REQUESTS, seed)
    self.addCleanup(year.remove)
    kills = 0
    while not year.play_until_killed({} if kills == most else {
        "LD_PRELOAD": KILLER, "SUBROSA_KILL_AT": str(moments.randint(1, MOST_CALLS)),
        "SUBROSA_KILL_TORN": str(moments.randint(0, 1))}):
      kills += 1
    year.finish()
    wrong = year.recount(slack_seconds=SLACK_SECONDS).wrong
    self.assertEqual([], wrong[:20], f"{len(wrong)} differ; SUBROSA_YEAR_SEED={SEED}")
    return kills

  def test_kills_at_any_moment_lose_no_request_and_take_no_step_twice(self):
    kills = years = 0
    while kills < KILLS:
      kills += self.play(SEED + years, KILLS - kills)
      years += 1
      self.assertLess(years, 50, "hardly any run is killed")
    print(f"{kills} kills in {years} years of {REQUESTS} requests")


if __name__ == "__main__":
  print(f"{KILLS} kills; SUBROSA_YEAR_SEED={SEED} repeats them", flush=True)
  unittest.main(verbosity=2)
