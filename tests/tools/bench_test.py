#!/usr/bin/env python3
"""tools/bench in a workspace of its own, beside a stand-in for Bazel."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BAZEL = """#!/bin/sh
case $1 in
query) cat "$STATE/targets" ;;
build) echo "$*" >>"$STATE/built"; [ ! -e "$STATE/broken" ] ;;
info) echo "$STATE/bin" ;;
esac
"""
HOLDS = {"room": "vault", "name": "put", "unit": "1/s", "value": 500,
         "baseline": {"name": "plain", "value": 1000}, "ratio": 0.5,
         "at_least": 0.25, "holds": True}
MISSES = {**HOLDS, "room": "crypto", "name": "seal", "at_least": 0.9, "holds": False}


def write(path, text, mode=0o755):
  path.parent.mkdir(parents=True, exist_ok=True)
  path.write_text(text, encoding="utf-8")
  path.chmod(mode)


class BenchTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.top = pathlib.Path(folder.name)
    for file in ("bench", "reports/figures.py"):
      (self.top / "tools" / file).parent.mkdir(parents=True, exist_ok=True)
      shutil.copy(os.path.join("tools", file), self.top / "tools" / file)
    write(self.top / "tools/setup", "#!/bin/sh\necho setup $1\n")
    write(self.top / "tools/refresh_headers", "#!/bin/sh\n")
    write(self.top / "path/bazel", BAZEL)
    self.targets("vault_bench", "crypto_bench", "crypto_age_bench", "recorder")
    self.program("vault_bench", HOLDS)
    self.program("crypto_bench", HOLDS | {"room": "crypto"})
    self.program("crypto_age_bench", MISSES)

  def targets(self, *names):
    write(self.top / "targets", "".join(f"//tests/bench:{name}\n" for name in names))

  def program(self, name, figure):
    write(self.top / "bin/tests/bench" / name,
          f"#!/bin/sh\ncat <<'END'\n{json.dumps(figure)}\nEND\n")

  def bench(self, *arguments):
    return subprocess.run(
        [self.top / "tools/bench", *arguments], check=False, capture_output=True,
        text=True, env={
            "PATH": f"{self.top}/path:{os.environ['PATH']}",
            "STATE": str(self.top),
        })

  def test_runs_the_benchmarks_of_every_room(self):
    done = self.bench()

    self.assertEqual(done.returncode, 3, done.stderr)
    self.assertEqual(len(done.stdout.splitlines()), 4)
    self.assertNotIn("recorder", done.stderr)

  def test_a_room_may_have_several(self):
    done = self.bench("crypto", "--json")

    self.assertEqual(done.returncode, 3, done.stderr)
    self.assertEqual({json.loads(line)["room"] for line in done.stdout.splitlines()},
                     {"crypto"})
    self.assertEqual(len(done.stdout.splitlines()), 2)

  def test_exits_0_where_every_goal_holds(self):
    self.assertEqual(self.bench("vault").returncode, 0)

  def test_json_is_alone_on_stdout(self):
    done = self.bench("vault", "--json")

    self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], [HOLDS])
    self.assertIn("setup test", done.stderr)

  def test_an_unknown_room_is_wrong_usage_and_the_known_are_named(self):
    for room in ("cellar", "age", "vaul"):
      done = self.bench(room)

      self.assertEqual(done.returncode, 2)
      self.assertIn(f"no benchmark of a room named {room}", done.stderr)
      self.assertIn("//tests/bench:vault_bench", done.stderr)

  def test_an_unknown_flag_is_wrong_usage(self):
    self.assertEqual(self.bench("--fast").returncode, 2)

  def test_a_build_that_fails_is_an_error(self):
    write(self.top / "broken", "")

    done = self.bench()

    self.assertNotIn(done.returncode, (0, 3))
    self.assertEqual(done.stdout, "")

  def test_no_benchmarks_at_all_is_an_error(self):
    self.targets("recorder")

    done = self.bench()

    self.assertEqual(done.returncode, 1)
    self.assertIn("no benchmarks under tests/bench", done.stderr)


if __name__ == "__main__":
  unittest.main()
