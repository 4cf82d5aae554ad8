#!/usr/bin/env python3
"""Kills, stops and starves processes that commit to a log's stores and sequence it, and damages
what they left or puts back older copies of it. Afterwards either everything is exactly what the
writers committed, or a part is refused by its name: log_driver.cc looks.

$SUBROSA_LOG_KILLS sets how many processes are killed in all, 600 unless told; $SUBROSA_KILL_SEED
repeats a run. A kill is no power cut: what was written and not yet synced survives it. Homes lie in
memory where that can be had, since kills do not care for the disk.
"""

import errno
import itertools
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

KILLER = os.path.abspath("tests/faults/kill_at_call.so")
DRIVER = os.path.abspath("tests/faults/log_driver")
KILLS = int(os.environ.get("SUBROSA_LOG_KILLS", "600"))
SEED = int(os.environ.get("SUBROSA_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
# A sanitizer's runtime must come first and takes the calls itself.
BY_CALL = "ASAN_OPTIONS" not in os.environ
NAMESPACE = ["unshare", "--map-root-user", "--mount"]
MOUNTED = "SUBROSA_TEST_MAY_MOUNT"

DONE, WRONG, REFUSED, FAILED = 0, 1, 3, 4
PATIENCE_SECONDS = 120
PARTS = ("keys.db", "records.db", "log")


def memory_folder():
  """Where a home costs no disk, if there is such a place."""
  shared = pathlib.Path("/dev/shm")
  return str(shared) if os.access(shared, os.W_OK) else os.environ.get("TEST_TMPDIR")


class LogFaultTest(unittest.TestCase):

  def setUp(self):
    self.random = random.Random(f"{SEED} {self.id()}")
    self.folder = pathlib.Path(tempfile.mkdtemp(dir=memory_folder()))
    self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
    self.home = self.folder / "home"
    self.acknowledged = self.folder / "acknowledged"
    self.templates = {}
    self.killed = 0

  # --- What the driver does.

  def start(self, command, *words, plan=None, **options):
    environment = dict(os.environ)
    if plan:
      environment |= {"LD_PRELOAD": KILLER} | {name: str(value) for name, value in plan.items()}
    process = subprocess.Popen(
        [DRIVER, command, str(self.home), f"acknowledged={self.acknowledged}", *words],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, **options)
    self.addCleanup(process.kill)  # A stopped one would stay for good.
    return process

  def finish(self, process, expect=None, what=""):
    """The process's exit code and what it said."""
    try:
      said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
      process.kill()
      self.fail(f"{what}: did not end\n{process.communicate()[0]}")
    if expect is not None:
      self.assertIn(process.returncode, expect, f"{what}\n{said}")
    return process.returncode, said

  def driver(self, command, *words, expect=(DONE,), what="", **options):
    return self.finish(self.start(command, *words, **options), expect, what)

  def run_words(self, **values):
    values = {"seed": self.random.randrange(1 << 31)} | values
    return [f"{name}={value}" for name, value in values.items()]

  def assert_exact(self, what):
    self.driver("check", what=what)

  def restore(self, count):
    """A fresh home whose log has `count` leaves."""
    shutil.rmtree(self.home, ignore_errors=True)
    self.acknowledged.unlink(missing_ok=True)
    if count not in self.templates:
      self.driver("init")
      if count:
        self.driver("fill", f"count={count}")
      self.templates[count] = self.folder / f"template-{count}"
      shutil.move(self.home, self.templates[count])
    shutil.copytree(self.templates[count], self.home)

  def measure(self, *words):
    """How many calls a run makes, how many of them make durable, and how long it takes."""
    counts = self.folder / "count"
    start = time.monotonic()
    self.driver("run", *words, plan={"SUBROSA_KILL_COUNT": counts} if BY_CALL else None)
    self.seconds = time.monotonic() - start
    if not BY_CALL:
      return 0, 0
    calls, syncs = map(int, counts.read_text().split())
    self.assertGreater(syncs, 10, "the library for LD_PRELOAD counts nothing")
    return calls, syncs

  def kill_plan(self, calls):
    """A random call to die at, as words and as an environment; none: by time."""
    if not BY_CALL or self.random.random() < 0.2:
      return "", None
    call = self.random.randint(1, calls)
    torn = int(self.random.random() < 0.5)
    return (f"{'within' if torn else 'before'} call {call}",
            {"SUBROSA_KILL_AT": call, "SUBROSA_KILL_TORN": torn})

  def start_to_kill(self, calls, **values):
    """A run that kills itself, or that is killed after a while."""
    moment, plan = self.kill_plan(calls)
    process = self.start("run", *self.run_words(**values), plan=plan)
    if not plan:
      seconds = self.random.uniform(0, self.seconds)
      time.sleep(seconds)
      process.kill()
      moment = f"after {seconds:.4f} s"
    return moment, process

  def count_kill(self, process, moment):
    code, _ = self.finish(process, (DONE, -signal.SIGKILL), moment)
    self.killed += code == -signal.SIGKILL

  # --- Kills.

  def test_a_kill_at_any_moment_loses_doubles_and_reorders_nothing(self):
    share = KILLS // 2
    self.restore(0)
    calls, _ = self.measure(*self.run_words(commits=12, seed=1))
    rounds = 0
    while self.killed < share:
      if rounds % 20 == 0:
        # Also where a tile, a bundle or a level becomes full.
        size = self.random.choice((0, 0, 240, 500, 65300 if rounds % 60 == 0 else 250))
        self.restore(size)
      rounds += 1
      with self.subTest(round=rounds, seed=SEED):
        moment, process = self.start_to_kill(calls, commits=12, writer=rounds % 3)
        self.count_kill(process, moment)
        self.assert_exact(f"killed {moment}, log of {size} at first")
      self.assertLess(rounds, 4 * share + 50, "hardly any run is killed")
    print(f"one process: {self.killed} kills in {rounds} rounds")

  def test_kills_among_four_processes_lose_double_and_reorder_nothing(self):
    share = KILLS - KILLS // 2
    self.restore(240)
    calls, _ = self.measure(*self.run_words(commits=12, seed=1))
    rounds = 0
    while self.killed < share:
      if rounds % 10 == 0:
        self.restore(self.random.choice((0, 240, 500)))
      rounds += 1
      with self.subTest(round=rounds, seed=SEED):
        # Two sequence. All are killed, or one of those that only write.
        every = self.random.random() < 0.8
        started = [
            self.start_to_kill(calls, commits=12, writer=writer, sequence=int(writer < 2))
            if every or writer == 3 else
            ("not", self.start("run", *self.run_words(
                commits=12, writer=writer, sequence=int(writer < 2))))
            for writer in range(4)]
        for moment, process in started:
          self.count_kill(process, moment)
        self.assert_exact("; ".join(f"killed {moment}" for moment, _ in started))
      self.assertLess(rounds, 4 * share + 50, "hardly any run is killed")
    print(f"four processes: {self.killed} kills in {rounds} rounds")

  def test_after_a_killed_sequencer_the_other_one_goes_on(self):
    self.restore(240)
    calls, _ = self.measure(*self.run_words(commits=12, seed=1))
    for number in range(8):
      with self.subTest(round=number, seed=SEED):
        self.restore(240)
        moment, victim = self.start_to_kill(calls, commits=12, writer=1)
        # Sees leases expire sooner, so that the test need not wait for them.
        other = self.start("run", *self.run_words(commits=40, writer=2, clock=2))
        self.count_kill(victim, moment)
        self.finish(other, (DONE,), f"beside one killed {moment}")
        self.assert_exact(f"killed {moment}")

  @unittest.skipUnless(BY_CALL, "it is stopped at its calls")
  def test_a_stopped_sequencer_does_no_harm_when_it_wakes_after_another_took_over(self):
    self.restore(254)
    calls, _ = self.measure(*self.run_words(commits=12, seed=1))
    rounds, taken_over = 80, 0
    for number in range(rounds):
      with self.subTest(round=number, seed=SEED):
        # Where both of them come to fill the same tile and bundle.
        self.restore(self.random.choice((0, 254, 255, 510, 511)))
        # Not while it opens the databases, which others then wait for.
        call = self.random.randint(min(30, calls), calls)
        plan = {"SUBROSA_STOP_AT": call}
        if self.random.random() < 0.5:  # It dies soon after it woke, within a write perhaps.
          plan |= {"SUBROSA_KILL_AT": call + self.random.randint(1, 4), "SUBROSA_KILL_TORN": 1}
        taken_over += self.stop_and_wake(plan)
    print(f"stopped {rounds} times, and taken over from {taken_over} times")
    self.assertGreater(taken_over, rounds // 8)

  def stop_and_wake(self, plan):
    """Whether another took over while one was stopped."""
    stopped = self.start("run", *self.run_words(commits=12, writer=1), plan=plan)
    _, status = os.waitpid(stopped.pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
      # It made fewer calls, or another of its threads came to the deadly one first.
      stopped.returncode = os.waitstatus_to_exitcode(status)
      self.assertIn(stopped.returncode, (DONE, -signal.SIGKILL), stopped.stdout.read())
      stopped.stdout.close()
      self.assert_exact(f"not stopped by {plan}")
      return False
    # To this one every lease has expired. A transaction that the stopped one is in the middle of
    # keeps the database locked.
    code, said = self.driver(
        "run", *self.run_words(commits=12, writer=2, clock=10, busy_ms=50, wait=1),
        expect=(DONE, FAILED), what=f"beside one with {plan}")
    if code == FAILED:
      self.assertRegex(said, "UNAVAILABLE: .*(locked|locking|want a checkpoint within)")
    os.kill(stopped.pid, signal.SIGCONT)
    self.finish(stopped, (DONE, -signal.SIGKILL), f"woken with {plan}")
    self.assert_exact(f"woken with {plan}")
    return code == DONE

  # --- Calls that fail.

  @unittest.skipUnless(BY_CALL, "it fails calls")
  def test_whichever_call_fails_once_the_log_is_exact_afterwards(self):
    words = self.run_words(commits=12, seed=20260701, wait=10)
    self.restore(250)
    calls, syncs = self.measure(*words)
    plans = [{"SUBROSA_FAIL_SYNC_AT": call, "SUBROSA_FAIL_ERRNO": error}
             for call in range(1, syncs + 1) for error in (errno.EIO, errno.ENOSPC)]
    plans += [{"SUBROSA_FAIL_AT": call, "SUBROSA_FAIL_ERRNO": (errno.EIO, errno.ENOSPC)[call % 2]}
              for call in range(1, calls + 1)]
    codes = []
    for plan in plans:
      with self.subTest(plan):
        self.restore(250)
        code, said = self.driver("run", *words, plan=plan, expect=(DONE, FAILED), what=str(plan))
        codes.append(code)
        if code == FAILED:
          # SQLite takes a journal that cannot be made for one that may not be written.
          self.assertRegex(said, "^failed: (UNAVAILABLE: |PERMISSION_DENIED: .*readonly)")
        self.assert_exact(f"{plan}, which ended with {code}\n{said}")
    print(f"{len(plans)} failing calls, {codes.count(FAILED)} of which ended the run")

  def test_a_full_disk_is_said_and_costs_nothing(self):
    codes = []
    disk = self.folder / "disk"
    disk.mkdir()
    if MOUNTED in os.environ:
      subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=True)
      self.addCleanup(subprocess.run, ["umount", "--lazy", str(disk)], check=False)
    self.home = disk / "home"
    for left in (0, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 8192):
      with self.subTest(left=f"{left} KiB"):
        self.restore(250)
        code, said = self.on_full_disk(disk, left << 10)
        codes.append(code)
        if code == FAILED:
          self.assertRegex(said, r"(?s)failed: .*(No space left|File too large|disk)")
        self.assert_exact(f"{left} KiB left: {said}")
        self.driver("run", *self.run_words(commits=5))
        self.assert_exact(f"and once there was room again after {left} KiB")
    self.assertEqual({DONE, FAILED}, set(codes))

  def on_full_disk(self, disk, left):
    words = self.run_words(commits=60, wait=1)
    if MOUNTED not in os.environ:
      def bound():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (left, left))
      return self.driver("run", *words, expect=(DONE, FAILED), preexec_fn=bound)
    filler = disk / "filler"
    with open(filler, "wb") as file:
      free = os.statvfs(disk)
      os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_bsize - left))
    try:
      return self.driver("run", *words, expect=(DONE, FAILED))
    finally:
      filler.unlink()

  # --- Damage.

  def make_damageable(self):
    """A log with full and partial tiles and bundles, on two levels."""
    self.restore(250)
    self.driver("run", *self.run_words(commits=60, seed=3))
    self.assert_exact("before any damage")
    self.whole = self.folder / "whole"
    shutil.rmtree(self.whole, ignore_errors=True)
    shutil.copytree(self.home, self.whole)

  def put_back_whole(self):
    shutil.rmtree(self.home)
    shutil.copytree(self.whole, self.home)

  def damages(self, path):
    """Ways to damage a file, each by its name."""
    content = path.read_bytes()
    def flip():
      at = self.random.randrange(len(content))
      path.write_bytes(content[:at] + bytes([content[at] ^ (1 << self.random.randrange(8))]) +
                       content[at + 1:])
    def tear():
      path.write_bytes(content[:self.random.randrange(len(content))])
    def zero():
      path.write_bytes(bytes(len(content)))
    return {"flipped": flip, "torn": tear, "zeroed": zero, "gone": path.unlink}

  def assert_repaired(self, what):
    """Only hash tiles were damaged: entries make them anew."""
    _, said = self.driver("repair", what=what)
    self.assertIn("repaired: tile/", said)
    self.assert_exact(f"{what}, and repaired")

  def test_damage_to_a_file_of_the_log_is_named_and_what_can_be_is_repaired(self):
    self.make_damageable()
    size = int((self.home / "log/checkpoint").read_text().splitlines()[1])
    width = size % 256
    kinds = {
        "tile/entries/000": False, f"tile/entries/001.p/{width}": False,
        "tile/0/000": True, f"tile/0/001.p/{width}": True, "tile/1/000.p/1": True}
    self.assertTrue(256 < size < 512, size)
    for name, is_hash_tile in kinds.items():
      for number in range(6):
        for way in ("flipped", "torn", "zeroed", "gone"):
          what = f"log/{name} {way} #{number}"
          with self.subTest(what, seed=SEED):
            self.put_back_whole()
            self.damages(self.home / "log" / name)[way]()
            _, said = self.driver("check", expect=(REFUSED,), what=what)
            self.assertRegex(said, rf"(?m)^refused: .*({name}|which file differs)")
            if is_hash_tile:
              self.assert_repaired(what)
              continue
            _, said = self.driver("repair", expect=(REFUSED,), what=what)
            self.assertIn(f"refused: log: {name}", said)
            shutil.copy(self.whole / "log" / name, self.home / "log" / name)
            self.assert_exact(f"{what}, and put back")

  def test_files_that_are_no_part_of_the_signed_log_may_be_anything(self):
    self.make_damageable()
    checkpoint = self.home / "log/checkpoint"
    for way in ("flipped", "torn", "zeroed", "gone"):
      with self.subTest(way, seed=SEED):
        self.put_back_whole()
        self.damages(checkpoint)[way]()
        self.assert_exact(f"log/checkpoint {way}")
    self.put_back_whole()
    (self.home / "log/incoming/0123-4").write_bytes(b"left by a killed process")
    (self.home / "log/cosigned").write_bytes(b"torn")
    for name in ("tile/0/001.p/255", "tile/entries/001.p/255", "tile/1/000.p/2", "tile/0/002"):
      path = self.home / "log" / name
      path.parent.mkdir(exist_ok=True)
      path.write_bytes(b"of a batch that was never signed")
    self.assert_exact("leftovers beyond the signed size")
    self.driver("run", *self.run_words(commits=150))
    self.assert_exact("and grown over them")

  def test_a_damaged_database_is_exact_or_refused_and_never_crashes(self):
    # SQLite has no checksums: a flipped bit in a row of a writer's own is that row, changed.
    self.make_damageable()
    outcomes = {}
    for name in ("keys.db", "records.db"):
      for number in range(60):
        self.put_back_whole()
        way = ("flipped", "flipped", "torn", "zeroed")[number % 4]
        if way == "zeroed" and number > 3:
          continue
        self.damages(self.home / name)[way]()
        what = f"{name} {way} #{number}"
        with self.subTest(what, seed=SEED):
          code, said = self.driver("check", "busy_ms=100", expect=(DONE, WRONG, REFUSED),
                                   what=what)
          outcomes[code] = outcomes.get(code, 0) + 1
          if code == REFUSED:
            self.assertRegex(said, r"(?m)^refused: .*(database|store|log|keys\.db|records\.db)")
          if code == WRONG:
            self.assertRegex(said, r"wrong: (leaf \d+: is not what its store holds|[kr]\d*: )")
    print(f"damaged databases: {outcomes}")

  def test_a_damaged_keyring_is_refused(self):
    self.make_damageable()
    for way in ("torn", "zeroed", "gone"):
      with self.subTest(way, seed=SEED):
        self.put_back_whole()
        self.damages(self.home / "keyring")[way]()
        code, said = self.driver("check", expect=(DONE, REFUSED), what=way)
        if code == REFUSED:
          self.assertRegex(said, "refused: .*(keyring|signing key)")
        else:
          self.assertEqual("torn", way)  # Within the anchor's digits, which say no more then.

  # --- Older copies.

  def test_any_part_put_back_older_than_the_rest_is_refused_and_named(self):
    self.restore(250)
    self.driver("run", *self.run_words(commits=10, seed=1))
    self.assert_exact("at first")
    older = self.folder / "older"
    shutil.copytree(self.home, older)
    self.driver("run", *self.run_words(commits=30, seed=2))
    self.assert_exact("grown")
    newer = self.folder / "newer"
    shutil.copytree(self.home, newer)
    named = {
        ("keys.db",): "key store", ("records.db",): "record store", ("log",): "log: ",
        ("keys.db", "records.db"): "key store and log", ("keys.db", "log"): "key store",
        ("records.db", "log"): "record store|log: ", PARTS: "key store and log"}
    self.assertEqual(7, len(named))
    for count in (1, 2, 3):
      for parts in itertools.combinations(PARTS, count):
        with self.subTest(parts):
          shutil.rmtree(self.home)
          shutil.copytree(newer, self.home)
          self.put_back(older, parts)
          for command in ("run", "check"):
            _, said = self.driver(command, expect=(REFUSED,), what=f"{parts} older")
            self.assertRegex(said, f"refused: FAILED_PRECONDITION: ({named[parts]})")
            self.assertIn("subrosa audit status", said)
          # Nothing was changed: the newest copies together are exact.
          self.put_back(newer, parts)
          self.assert_exact(f"{parts} put back")

  def put_back(self, source, parts):
    for part in parts:
      if (source / part).is_dir():
        shutil.rmtree(self.home / part)
        shutil.copytree(source / part, self.home / part)
      else:
        shutil.copy(source / part, self.home / part)

  def test_older_copies_of_single_tiles_are_told(self):
    self.restore(250)
    older = self.folder / "older"
    shutil.copytree(self.home, older)
    self.driver("run", *self.run_words(commits=60, seed=2))
    self.assert_exact("grown")
    size = int((self.home / "log/checkpoint").read_text().splitlines()[1])
    # What an older copy has in the place of the newest, or not at all.
    tile = self.home / "log/tile/0/000"
    tile.write_bytes((older / "log/tile/0/000.p/250").read_bytes())
    _, said = self.driver("check", expect=(REFUSED,))
    self.assertIn("tile/0/000", said)
    self.assert_repaired("an older tile")
    (self.home / f"log/tile/0/001.p/{size % 256}").unlink()
    _, said = self.driver("check", expect=(REFUSED,))
    self.assertIn(f"tile/0/001.p/{size % 256}", said)
    self.assert_repaired("a missing tile")


def may_mount():
  probe = subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False,
                         capture_output=True)
  if probe.returncode != 0:
    print(f"no mount namespace here ({probe.stderr.decode().strip()}): a full disk is stood for "
          "by a bound on the size of files")
  return probe.returncode == 0


if __name__ == "__main__":
  if MOUNTED not in os.environ and may_mount():
    program = pathlib.Path(__file__).absolute()
    os.execvpe(NAMESPACE[0], [*NAMESPACE, sys.executable, str(program), *sys.argv[1:]],
               os.environ | {MOUNTED: "1", "SUBROSA_KILL_SEED": str(SEED)})
  print(f"{KILLS} kills; SUBROSA_KILL_SEED={SEED} repeats them"
        f"{'' if BY_CALL else '; under a sanitizer kills are by time alone'}")
  unittest.main(verbosity=2)
