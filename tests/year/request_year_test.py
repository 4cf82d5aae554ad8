#!/usr/bin/env python3
"""A year of 10,000 consumers in six states: requests of each kind, agents, denials, appeals, a
recipient that never answers, a restore from backups. At the end every clock, state, count, leaf and
certificate is worked out a second time (year_recount.py).

$SUBROSA_YEAR_SEED repeats a run.
"""

import collections
import re
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/year")

from year_home import SEED, Year  # pylint: disable=wrong-import-position
from year_script import SILENT_RECIPIENT, STATES  # pylint: disable=wrong-import-position

CONSUMERS, REQUESTS = 10_000, 6_000


class RequestYearTest(unittest.TestCase):
  """One year, played once."""

  @classmethod
  def setUpClass(cls):
    began = time.monotonic()
    year = Year(CONSUMERS, REQUESTS)
    cls.addClassCleanup(year.remove)
    year.play()
    played = time.monotonic() - began
    cls.count = year.recount()
    requests = cls.count.desk.requests.values()
    print(f"{len(year.lines)} lines played in {played:.0f} s, counted again in "
          f"{time.monotonic() - began - played:.0f} s; {len(requests)} requests held, "
          f"{cls.count.log_size} leaves, certificates: {dict(cls.count.stages)}")

  def test_every_answer_clock_state_count_leaf_and_certificate_is_as_counted_again(self):
    wrong = self.count.wrong
    self.assertEqual([], wrong[:20], f"{len(wrong)} differ; SUBROSA_YEAR_SEED={SEED}")

  def test_the_year_has_all_that_a_year_has(self):
    requests = list(self.count.desk.requests.values())
    self.assertEqual(11, len({request.kind for request in requests}))
    self.assertEqual({"self", "agent", "guardian"}, {request.requester for request in requests})
    self.assertLessEqual(set(STATES), {request.residence for request in requests})
    self.assertEqual({"received", "working", "completed", "completed-in-part", "denied", "appealed",
                      "closed"}, {request.status for request in requests})
    for step in ("extended", "denied", "appeal-granted", "appeal-denied", "taken-back",
                 "part-overdue", "identified"):
      self.assertGreater(sum(request.was(step) for request in requests), 20, step)
    refused = collections.Counter(code for _, code in self.count.codes.elements())
    self.assertGreater(refused["FAILED_PRECONDITION"], 500)
    self.assertGreater(self.count.stages["final"], 500)
    self.assertGreater(self.count.stages["interim"], 10)

  def test_who_waits_for_the_recipient_that_never_answers_is_never_closed(self):
    waiting = [request for request in self.count.desk.requests.values()
               if SILENT_RECIPIENT in request.parts]
    self.assertGreater(len(waiting), 20)
    self.assertEqual({"working"}, {request.status for request in waiting})


class RecountTest(unittest.TestCase):
  """What the recount would say of a program that is wrong."""

  @classmethod
  def setUpClass(cls):
    cls.year = Year(200, 150)
    cls.addClassCleanup(cls.year.remove)
    cls.year.play()

  def found(self, old, new, count=1):
    """What differs once the report says `new` in place of `old`."""
    changed = re.sub(old, new, self.year.report, count=count, flags=re.M)
    self.assertNotEqual(self.year.report, changed)
    return self.year.recount(changed).wrong

  def test_a_short_year_is_as_counted_again(self):
    self.assertEqual([], self.year.recount().wrong[:20], f"SUBROSA_YEAR_SEED={SEED}")

  def test_a_change_of_anything_that_is_held_is_found(self):
    for old, new in (('"due_on":"2027', '"due_on":"2028'), ('"late":false', '"late":true'),
                     ('"state":"met"', '"state":"running"'), ('"extended":false', '"extended":true'),
                     ('"status":"working"', '"status":"completed"'),
                     ('"records":"done"', '"records":"sent"'), (r'^.*"request":\d+,.*\n', ""),
                     (r'"received":(\d+)', r'"received":1\1'),
                     (r'"due":\[(\d+),', r'"due":[')):
      with self.subTest(old):
        self.assertTrue(self.found(old, new))

  def test_an_erasure_of_which_somebody_is_held_is_found(self):
    self.assertTrue(self.found('"held":false', '"held":true', count=0))

  def test_an_answer_that_should_have_been_another_is_found(self):
    journal = self.year.journal
    answers = journal.read_text()
    self.addCleanup(journal.write_text, answers)
    for old, new in (("FAILED_PRECONDITION", "OK"), ('"code":"OK"', '"code":"NOT_FOUND"')):
      journal.write_text(answers.replace(old, new, 1))
      self.assertEqual(1, len(self.year.recount().wrong))

  def test_a_certificate_of_somebody_else_is_found(self):
    files = sorted((self.year.folder / "certificates").iterdir())
    first = files[0].read_bytes()
    self.addCleanup(files[0].write_bytes, first)
    files[0].write_bytes(files[1].read_bytes())
    self.assertTrue(any(files[0].stem in wrong for wrong in self.year.recount().wrong))


if __name__ == "__main__":
  print(f"SUBROSA_YEAR_SEED={SEED} repeats this", flush=True)
  unittest.main(verbosity=1)
