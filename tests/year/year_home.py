"""A script, played in a home of its own by year_driver, at once or with kills."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile

from year_law import POLICY
from year_recount import recount
from year_script import Script

DRIVER = os.path.abspath("tests/year/year_driver")
SEED = int(os.environ.get("SUBROSA_YEAR_SEED", random.SystemRandom().randrange(1 << 32)))


def memory_folder():
  """Where a home costs no disk, if there is such a place."""
  shared = pathlib.Path("/dev/shm")
  return str(shared) if os.access(shared, os.W_OK) else os.environ.get("TEST_TMPDIR")


def run(*words):
  done = subprocess.run([DRIVER, *map(str, words)], check=False, capture_output=True, text=True)
  if done.returncode != 0:
    raise AssertionError(f"{words[0]}; SUBROSA_YEAR_SEED={SEED}\n{done.stderr}")
  return done.stdout


class Year:
  """A script, played in a home of its own."""

  def __init__(self, consumers, requests, seed=SEED):
    self.folder = pathlib.Path(tempfile.mkdtemp(dir=memory_folder()))
    script = Script(seed, consumers, requests)
    self.end, self.lines = script.end, script.lines()
    (self.folder / "script").write_text("".join(json.dumps(line) + "\n" for line in self.lines))
    (self.folder / "certificates").mkdir()
    self.home, self.journal = self.folder / "home", self.folder / "journal"
    run("init", self.home, POLICY)
    self.report = None

  def play(self):
    run("play", self.home, self.folder / "script", self.journal)
    self.finish()
    return self

  def play_until_killed(self, environment):
    """Goes on with the script; whether it came to its end."""
    done = subprocess.run([DRIVER, "play", self.home, self.folder / "script", self.journal],
                          env=os.environ | environment, check=False, capture_output=True, text=True)
    if done.returncode not in (0, -signal.SIGKILL):
      raise AssertionError(f"{environment}; SUBROSA_YEAR_SEED={SEED}\n{done.stderr}")
    return done.returncode == 0

  def finish(self):
    self.report = run("report", self.home, self.journal, self.end, self.folder / "certificates")

  def recount(self, report=None, slack_seconds=0):
    return recount(self.lines, self.journal, report or self.report, self.folder / "certificates",
                   self.end, slack_seconds)

  def remove(self):
    shutil.rmtree(self.folder, ignore_errors=True)
