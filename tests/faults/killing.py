"""Kills `subrosa` with SIGKILL at random moments, for tests that look at what is left.

A moment is the Nth call that writes, syncs, renames or deletes (kill_at_call.cc), sometimes in the
middle of a write, or a stretch of time. $SUBROSA_KILL_ROUNDS sets how many kills a test file makes
in all, 60 unless told; $SUBROSA_KILL_SEED repeats a run. A kill is no power cut: what was written
and not yet synced survives it.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import DONE, InstallationTest  # pylint: disable=wrong-import-position

KILLER = os.path.abspath("tests/faults/kill_at_call.so")
ROUNDS = int(os.environ.get("SUBROSA_KILL_ROUNDS", "60"))
SEED = int(os.environ.get("SUBROSA_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
# A sanitizer's runtime must come first and takes the calls itself.
BY_CALL = "ASAN_OPTIONS" not in os.environ

EARLY_CALLS = 80


def announce():
  print(f"{ROUNDS} rounds; SUBROSA_KILL_SEED={SEED} repeats them"
        f"{'' if BY_CALL else '; under a sanitizer kills are by time alone'}")


class KillingTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.random = random.Random(f"{SEED} {self.id()}")
    self.init(self.californian_policy())
    self.template = self.folder / "template"
    shutil.copytree(self.home, self.template)

  def restore(self, template=None):
    shutil.rmtree(self.home, ignore_errors=True)
    if template is not None:
      shutil.copytree(template, self.home)

  def measure(self, *words):
    """How many calls a whole run of the command makes, and how long it takes."""
    count = self.folder / "count"
    start = time.monotonic()
    counting = ["env", f"LD_PRELOAD={KILLER}", f"SUBROSA_KILL_COUNT={count}"] if BY_CALL else []
    self.run_command([*counting, *self.arguments(*words)])
    self.seconds = time.monotonic() - start
    self.calls = int(count.read_text().split()[0]) if BY_CALL else 0
    if BY_CALL:
      self.assertGreater(self.calls, 20, "the library for LD_PRELOAD counts nothing")

  def kill(self, *words):
    """Runs the command and kills it at a random moment. Returns the moment in words, and the
    exit code, which is not -SIGKILL if the command was faster."""
    environment = self.environment()
    seconds = None
    if BY_CALL and self.random.random() < 0.8:
      # Half of them early, where the key store is written.
      early = self.random.random() < 0.5
      at = self.random.randint(1, min(self.calls, EARLY_CALLS) if early else self.calls)
      torn = self.random.random() < 0.5
      environment |= {"LD_PRELOAD": KILLER, "SUBROSA_KILL_AT": str(at),
                      "SUBROSA_KILL_TORN": str(int(torn))}
      moment = f"{'within' if torn else 'before'} call {at} of {self.calls}"
    else:
      seconds = self.random.uniform(0, self.seconds)
      moment = f"after {seconds:.4f} s"
    with subprocess.Popen(self.arguments(*words), cwd=self.work, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
      if seconds is not None:
        time.sleep(seconds)
        process.kill()
      process.wait(timeout=240)
      code = process.returncode
    self.assertIn(code, (-signal.SIGKILL, DONE), moment)
    return moment, code

  def assert_parts_agree(self, moment):
    """What a kill leaves is never a part that is behind another."""
    status = self.subrosa("audit", "status", "--format", "json", expect=None)
    self.assertEqual(DONE, status.exit, f"{moment}\n{status}")

  def assert_log_sound(self, moment):
    """Every file of the log is as it was signed, and every row is told in it."""
    verdict = self.subrosa("audit", "verify", expect=None)
    self.assertEqual(DONE, verdict.exit, f"{moment}\n{verdict}")

  def count_leaves(self, kind, moment):
    """As the key store knows the log; its file follows once the killed process's lease is over."""
    log = self.subrosa("audit", "verify", "--format", "json").json()
    self.assertTrue(log["sound"], moment)
    return {each["kind"]: each["count"] for each in log["leaves"]}.get(kind, 0)

  def rounds(self, share, one_round):
    """Does `one_round`, which returns an exit code, for its share of the rounds."""
    count = max(1, round(ROUNDS * share))
    codes = []
    for number in range(count):
      with self.subTest(round=number, seed=SEED):
        codes.append(one_round())
    killed = codes.count(-signal.SIGKILL)
    print(f"{killed} of {count} runs were killed before they ended")
    self.assertGreater(killed, 0)
