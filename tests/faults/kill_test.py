#!/usr/bin/env python3
"""What a kill at any moment leaves of an ingest, an erasure, an init (killing.py)."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import (  # pylint: disable=wrong-import-position
    DONE, NO, counts, counts_of)
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

PEOPLE = 24
RECORDS_EACH = 300
TOTAL = PEOPLE * RECORDS_EACH


class KillTest(KillingTest):

  def total(self):
    return self.inventory()["total"]["records"]

  def rows(self):
    """How many rows stand in the record store, whoever may open them."""
    database = sqlite3.connect(f"file:{self.home}/records.db?mode=ro", uri=True)
    try:
      table = next(name for name, sql in database.execute(
          "SELECT name, sql FROM sqlite_master WHERE type = 'table'") if "envelope" in sql)
      return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
      database.close()

  def test_a_killed_ingest_leaves_a_beginning_of_the_file_and_can_be_done_again(self):
    path = self.sample("records.ndjson", "--consumers", PEOPLE, "--records-per-consumer",
                       RECORDS_EACH)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    self.assertEqual(TOTAL, len(lines))
    names = [f"c-{number:06}" for number in range(1, PEOPLE + 1)]
    self.measure("ingest", path)
    whole = self.inventory()
    copies = {name: self.copy(name) for name in (names[0], names[11], names[-1])}
    beginnings = {TOTAL: whole}

    def beginning(count):
      """The inventory of a home that took the first `count` lines and nothing else."""
      if count not in beginnings:
        self.restore(self.template)
        if count:
          self.ingest("-", "--as", "ndjson", stdin="".join(lines[:count]))
        beginnings[count] = self.inventory()
      return beginnings[count]

    def one_round():
      self.restore(self.template)
      moment, code = self.kill("ingest", path)

      self.assert_parts_agree(moment)
      held = self.inventory()
      count = held["total"]["records"]
      again = self.ingest(path)
      after = self.inventory()

      self.assertEqual(counts(added=TOTAL - count, unchanged=count), counts_of(again), moment)
      self.assertEqual(whole, after, moment)
      self.assertEqual(TOTAL, self.rows(), moment)
      name = self.random.choice(list(copies))
      self.assertEqual(copies[name], self.copy(name), moment)
      self.assert_log_sound(moment)
      self.assertEqual(beginning(count), held, moment)
      return code

    self.rounds(0.4, one_round)

  def files(self):
    return [path for path in self.home.rglob("*") if path.is_file()]

  def secrets(self):
    """The wrapped keys and sealed directory entries of the key store."""
    database = sqlite3.connect(f"file:{self.home}/keys.db?mode=ro", uri=True)
    try:
      return {row[0] for sql in ("SELECT wrapped FROM consumer_key",
                                 "SELECT pointer FROM directory_odd") for row in
              database.execute(sql)}
    finally:
      database.close()

  def assert_destroyed_by_the_next_opening(self, secrets, moment):
    """If the key store has the consumer no more, then neither does any byte of its files, as soon
    as another process has opened the home and while that still runs."""
    pipe = self.work / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(self.arguments("ingest", pipe), cwd=self.work,
                               env=self.environment(), stdout=subprocess.DEVNULL)
    try:
      # The pipe can be opened once it is being read, and by then the home is open.
      writer = None
      while writer is None:
        self.assertIsNone(process.poll(), moment)
        try:
          writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
          self.assertEqual(errno.ENXIO, error.errno)
          time.sleep(0.005)
      if not secrets & self.secrets():
        for path in self.files():
          content = path.read_bytes()
          self.assertFalse(any(secret in content for secret in secrets), f"{moment}: {path}")
      os.close(writer)
      self.assertEqual(DONE, process.wait(timeout=240), moment)
    finally:
      process.kill()
      process.wait()
      pipe.unlink()

  def test_after_a_killed_erasure_the_consumer_is_wholly_there_or_wholly_gone(self):
    others = 300
    victim = self.sample("victim.ndjson", "--consumers", 1, "--records-per-consumer", 5000)
    rest = self.sample("rest.ndjson", "--first-consumer", 2, "--consumers", 3,
                       "--records-per-consumer", others // 3)
    self.ingest(victim)
    self.ingest(rest)
    full = self.folder / "full"
    shutil.copytree(self.home, full)
    before = self.inventory()
    other = self.copy("c-000002")
    secrets = self.secrets()
    self.measure("erase", "c-000001", "--yes")
    gone = self.inventory()
    secrets -= self.secrets()
    self.assertEqual(2, len(secrets))
    self.assertEqual(others, gone["total"]["records"])

    def one_round():
      self.restore(full)
      moment, code = self.kill("erase", "c-000001", "--yes")

      self.assert_parts_agree(moment)
      self.assert_destroyed_by_the_next_opening(secrets, moment)
      shown = self.subrosa("show", "c-000001", "--brief", "--format", "json", expect=None)
      self.assertIn(shown.exit, (DONE, NO), f"{moment}\n{shown.err}")
      if shown.exit == DONE:
        self.assertEqual(5000, len(shown.out.splitlines()), moment)
        self.assertEqual(before, self.inventory(), moment)
        self.subrosa("erase", "c-000001", "--yes")
      else:
        self.assertEqual(gone, self.inventory(), moment)
      self.assertEqual(others, self.rows(), moment)
      for path in self.files():
        content = path.read_bytes()
        self.assertFalse(any(secret in content for secret in secrets), f"{moment}: {path}")
      self.assertEqual(gone, self.inventory(), moment)
      self.assertEqual(counts(rejected=5000), counts_of(self.ingest(victim, expect=NO)), moment)
      self.assertEqual(counts(unchanged=others), counts_of(self.ingest(rest)), moment)
      self.assertEqual(other, self.copy("c-000002"), moment)
      self.assert_log_sound(moment)
      return code

    self.rounds(0.4, one_round)

  def test_a_killed_init_leaves_no_home_or_a_whole_one(self):
    words = ["init", "--entity", "rosewater", "--key-derivation", "interactive"]
    self.restore()
    self.measure(*words)

    def one_round():
      self.restore()
      moment, code = self.kill(*words)

      if not self.home.exists():
        self.init()
      self.assertEqual(0, self.total(), moment)
      for half in self.folder.glob("home.new-*"):
        # Killed just before it was renamed, it is whole; else it does not open.
        outcome = self.subrosa("inventory", "--home", half, "--format", "json", expect=None)
        if outcome.exit == DONE:
          self.assertEqual(0, json.loads(outcome.out)["total"]["records"], moment)
          self.assertEqual({"keyring", "keys.db", "records.db", "log", "policy.textproto"},
                           {path.name for path in half.iterdir()}, moment)
        else:
          self.assertRegex(outcome.err, "^subrosa: error: ", moment)
        shutil.rmtree(half)
      return code

    self.rounds(0.2, one_round)


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
