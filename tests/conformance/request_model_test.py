#!/usr/bin/env python3
"""What may become of a request, worked out a second time and compared step by step.

The table of steps is read from docs/requests.md; what the page says beyond the table is written
here anew. This shares nothing with src/request. The other side is request_walk_dump, which prints
what the machine itself allows.
"""

import collections
import itertools
import pathlib
import re
import subprocess
import sys
import unittest

PAGE = pathlib.Path("docs/requests.md")
DUMP = "tests/conformance/request_walk_dump"
PARTS = ("a", "b")
MOST_APPEALS = 2
ACTORS = ("requester", "officer", "service")
DONE_BY_PARTS = {"correct", "delete", "opt-out", "limit", "withdraw", "cease", "opt-out-admt"}
SILENT = {"sent", "acknowledged", "overdue"}
PART_STEPS = {  # From which statuses a part may come to that one.
    "part-sent": ("sent", {"none", "refused"}),
    "part-acknowledged": ("acknowledged", {"sent"}),
    "part-overdue": ("overdue", {"sent", "acknowledged"}),
    "part-done": ("done", SILENT),
    "part-refused": ("refused", SILENT),
}

State = collections.namedtuple("State", "status ack auth ext granted final appeals of parts")
START = State("none", False, False, False, False, False, 0, "", ("none",) * len(PARTS))


def read_table(text):
  """Step to (from, by), of the page's table."""
  rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text, re.M)
  return {step: (set(before.split(", ")), set(by.split(", "))) for step, before, by in rows}


class Model:
  """The requests of one kind."""

  def __init__(self, table, kind, needs_authentication):
    self.table = table
    self.by_parts = kind in DONE_BY_PARTS
    self.needs = needs_authentication

  def after(self, state, actor, step, detail):
    """The state that a step leads to, or None where it is not allowed."""
    before, by = self.table[step]
    if state.status not in before or actor not in by:
      return None
    if step in PART_STEPS:
      return self.after_part(state, step, detail)
    done = "done" in state.parts
    silent = any(part in SILENT for part in state.parts)
    asked = any(part != "none" for part in state.parts)
    if silent and step in ("completed", "denied", "taken-back", "closed"):
      return None
    if step == "received":
      return state._replace(status="received" if self.needs else "working")
    if step == "acknowledged":
      return None if state.ack else state._replace(ack=True)
    if step == "identified":
      return state
    if step == "authenticated":
      return None if state.auth else state._replace(auth=True, status="working")
    if step == "extended":
      return None if state.ext else state._replace(ext=True)
    if step == "denied":
      unknown = detail == "not-authenticated"
      if done or (unknown and state.status != "received"):
        return None
      if (detail == "refused-by-all" and not asked) or (state.granted and not unknown):
        return None
      return state._replace(status="denied")
    if step == "completed":
      if not done and (asked or self.by_parts):
        return None
      in_part = "refused" in state.parts
      return state._replace(status="completed-in-part" if in_part else "completed")
    if step == "taken-back":
      return None if done else state._replace(status="closed")
    if step == "appealed":
      if state.final:
        return None
      return state._replace(status="appealed", of=state.status, appeals=state.appeals + 1)
    if step == "appeal-granted":
      unknown = self.needs and not state.auth
      return state._replace(status="received" if unknown else "working", granted=True, of="")
    if step == "appeal-denied":
      return state._replace(status=state.of, final=True, of="")
    assert step == "closed", step
    return state._replace(status="closed")

  @staticmethod
  def after_part(state, step, part):
    """The same for a step of a part."""
    status, before = PART_STEPS[step]
    parts = list(state.parts)
    place = PARTS.index(part)
    if parts[place] not in before:
      return None
    parts[place] = status
    return state._replace(parts=tuple(parts))

  def steps(self):
    for actor, step in itertools.product(ACTORS, self.table):
      details = [""]
      if step == "denied":
        details = ["not-authenticated", "exempt", "refused-by-all"]
      elif step in PART_STEPS:
        details = list(PARTS)
      for detail in details:
        yield actor, step, detail

  def walk(self):
    """(state, step, next state) of everything that can happen."""
    seen, waiting, found = {START}, [START], set()
    while waiting:
      state = waiting.pop()
      for actor, step, detail in self.steps():
        if step == "appealed" and state.appeals == MOST_APPEALS:
          continue
        then = self.after(state, actor, step, detail)
        if then is None:
          continue
        found.add((name_of(state), " ".join(filter(None, (actor, step, detail))), name_of(then)))
        if then not in seen:
          seen.add(then)
          waiting.append(then)
    return found, seen


def name_of(state):
  flags = " ".join(f"{name}={int(getattr(state, name))}"
                   for name in ("ack", "auth", "ext", "granted", "final", "appeals"))
  of = f" of={state.of}" if state.of else ""
  parts = " ".join(f"{slug}={status}" for slug, status in zip(PARTS, state.parts))
  return f"{state.status} {flags}{of} {parts}"


class RequestModelTest(unittest.TestCase):
  """The model against the machine, and against what must never be."""

  @classmethod
  def setUpClass(cls):
    cls.table = read_table(PAGE.read_text(encoding="utf-8"))
    done = subprocess.run([DUMP], check=True, stdout=subprocess.PIPE)
    cls.machine = collections.defaultdict(set)
    for line in done.stdout.decode().splitlines():
      kind, state, step, then = line.split("\t")
      cls.machine[kind].add((state, step, then))

  def test_the_page_has_every_step(self):
    steps = {step.split()[1] for walked in self.machine.values() for _, step, _ in walked}
    self.assertEqual(steps, set(self.table))

  def test_the_machine_does_what_the_page_says_and_no_more(self):
    self.assertEqual(3, len(self.machine))
    for name, walked in self.machine.items():
      kind, needs = name.split()
      found, _ = Model(self.table, kind, needs == "needed").walk()
      self.assertGreater(len(found), 100)
      self.assertEqual([], sorted(walked - found)[:10], f"{name}: only the machine allows this")
      self.assertEqual([], sorted(found - walked)[:10], f"{name}: only the model allows this")

  def test_in_the_model_too_no_answer_is_given_while_a_part_is_silent(self):
    for kind, needs in itertools.product(("delete", "access"), (True, False)):
      _, seen = Model(self.table, kind, needs).walk()
      for state in seen:
        if state.status in ("completed", "completed-in-part", "denied", "closed"):
          self.assertFalse(SILENT & set(state.parts), name_of(state))

  def test_a_table_that_lets_silence_end_a_request_would_be_found(self):
    table = dict(self.table, closed=(self.table["closed"][0] | {"working"}, {"officer"}))
    found, _ = Model(table, "delete", True).walk()
    self.assertTrue(found - self.machine["delete needed"])


if __name__ == "__main__":
  sys.exit(unittest.main(verbosity=1))
