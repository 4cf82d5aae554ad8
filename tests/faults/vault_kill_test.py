#!/usr/bin/env python3
"""What kills at any moment leave of a home: a driver (vault_driver.cc) uses it at random and is
killed with SIGKILL, over and over, at the Nth call that changes a file, sometimes within it, or
after a stretch of time. Whoever opens it next judges it by a ledger of what was acknowledged.

$SUBROSA_VAULT_KILLS sets how many kills there are, 520 unless told; $SUBROSA_KILL_SEED repeats a
run. A kill is no power cut: what was written and not yet synced survives it.
"""

import collections
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

KILLER = os.path.abspath("tests/faults/kill_at_call.so")
DRIVER = os.path.abspath("tests/faults/vault_driver")
KILLS = int(os.environ.get("SUBROSA_VAULT_KILLS", "520"))
SEED = int(os.environ.get("SUBROSA_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
# A sanitizer's runtime must come first and takes the calls itself.
BY_CALL = "ASAN_OPTIONS" not in os.environ

OPERATIONS = ("put", "erase", "part", "renew", "rotate", "retire", "backup", "restore", "open")
# A home is used for so many runs; then a new one is made.
RUNS_PER_HOME = 40
BY_TIME_SHARE = 0.15
PATIENCE_SECONDS = 240


def memory_folder():
  """Where a home costs no disk, if there is such a place."""
  shared = pathlib.Path("/dev/shm")
  return str(shared) if os.access(shared, os.W_OK) else os.environ.get("TEST_TMPDIR")


class VaultKillTest(unittest.TestCase):

  def setUp(self):
    self.random = random.Random(SEED)
    self.folder = pathlib.Path(tempfile.mkdtemp(dir=memory_folder()))
    self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
    self.home = self.folder / "home"
    self.ledger = self.folder / "ledger"
    self.calls = {}  # Of each operation, as it was seen last.
    self.hits = collections.Counter()

  def start(self, *words):
    environment = os.environ | ({"LD_PRELOAD": KILLER} if BY_CALL else {})
    return subprocess.Popen([DRIVER, *words], env=environment, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

  def new_home(self):
    for path in self.folder.iterdir():
      if path.is_dir():
        shutil.rmtree(path)
      else:
        path.unlink()
    process = self.start("init", str(self.home))
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    self.assertEqual(0, process.returncode, said)

  def run_words(self, target, **values):
    values = {"ledger": self.ledger, "target": target,
              "seed": self.random.randrange(1 << 31)} | values
    return ["run", str(self.home), *(f"{name}={value}" for name, value in values.items())]

  def finish(self, process, said, what):
    """Waits for the end, which is a kill or a good one, and notes what was counted."""
    rest, _ = process.communicate(timeout=PATIENCE_SECONDS)
    said += rest
    self.assertIn(process.returncode, (0, -signal.SIGKILL),
                  f"{what}; SUBROSA_KILL_SEED={SEED}\n{said}\nledger:\n{self.last_lines()}")
    for line in said.splitlines():
      if line.startswith("calls "):
        _, operation, count = line.split()
        self.calls[operation] = int(count)
    return process.returncode == -signal.SIGKILL, "ready\n" in said

  def last_lines(self):
    return "\n".join(self.ledger.read_text(encoding="utf-8").splitlines()[-12:])

  def measure(self, target):
    process = self.start(*self.run_words(target))
    self.finish(process, "", f"{target}, not killed")

  def kill_by_call(self, target):
    at = self.random.randint(1, max(20, self.calls.get(target, 20)))
    torn = int(self.random.random() < 0.5)
    process = self.start(*self.run_words(target, at=at, torn=torn))
    return self.finish(process, "", f"{target}, {'within' if torn else 'before'} call {at}")

  def kill_by_time(self, target):
    process = self.start(*self.run_words(target))
    line = process.stdout.readline()
    while line and line != "ready\n":
      said, line = line, process.stdout.readline()
      self.fail(said + line + process.stdout.read())
    seconds = self.random.uniform(0, 0.05)
    time.sleep(seconds)
    process.kill()
    return self.finish(process, line, f"{target}, after {seconds:.4f} s")

  def pending(self):
    """What was begun in the ledger and not answered."""
    begun = "nothing"
    for line in self.ledger.read_text(encoding="utf-8").splitlines():
      words = line.rstrip(";").split()
      if not line.endswith(";"):
        continue
      if words[0] == "begin":
        begun = words[1]
      elif words[0] in ("done", "failed"):
        begun = "nothing"
    return begun

  def test_kills_at_any_moment_lose_nothing_and_bring_nobody_back(self):
    runs = 0
    while sum(self.hits.values()) < KILLS:
      if runs % RUNS_PER_HOME == 0:
        self.new_home()
        for operation in OPERATIONS:
          self.measure(operation)
      target = OPERATIONS[runs % len(OPERATIONS)]
      runs += 1
      by_time = not BY_CALL or (target != "open" and self.random.random() < BY_TIME_SHARE)
      killed, was_ready = (self.kill_by_time if by_time else self.kill_by_call)(target)
      if killed:
        self.hits[self.pending() if was_ready else "open"] += 1
      self.assertLess(runs, 3 * KILLS + 100, "hardly any run is killed")
    # The last kill is judged too.
    self.measure("open")
    told = ", ".join(f"{count} in {operation}" for operation, count in self.hits.most_common())
    print(f"{sum(self.hits.values())} kills in {runs} runs: {told}")
    for operation in OPERATIONS:
      self.assertGreater(self.hits[operation], 0, operation)


if __name__ == "__main__":
  print(f"{KILLS} kills; SUBROSA_KILL_SEED={SEED} repeats them"
        f"{'' if BY_CALL else '; under a sanitizer kills are by time alone'}", flush=True)
  unittest.main(verbosity=2)
