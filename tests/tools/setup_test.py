#!/usr/bin/env python3
"""tools/setup, run beside stand-ins for apt-get, dpkg-query, id and sudo."""

import os
import subprocess
import tempfile
import unittest

SETUP = os.path.abspath("tools/setup")
DEBIAN_12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n'

# What is installed is a file of names; what apt-get did is a log.
DPKG_QUERY = """#!/bin/sh
shift 3
for package; do
  grep -qx "$package" "$STATE/installed" && echo "installed $package"
done
exit 0
"""
APT_GET = """#!/bin/sh
case "$*" in
*--assume-no*)
  [ -e "$STATE/lists" ] || exit 100
  echo "0 upgraded, 7 newly installed, 0 to remove and 0 not upgraded."
  echo "Need to get 12.3 MB of archives."
  echo "After this operation, 45.6 MB of additional disk space will be used."
  exit 1 ;;
update*)
  echo "update as $(id -u)" >>"$STATE/log"
  [ -e "$STATE/offline" ] && exit 100
  touch "$STATE/lists" ;;
install*)
  echo "install as $(id -u)" >>"$STATE/log"
  [ -e "$STATE/broken" ] && exit 100
  for word; do
    case $word in -*|install) ;; *) echo "$word" >>"$STATE/installed" ;; esac
  done ;;
esac
"""
SUDO = """#!/bin/sh
FAKE_UID=0 exec "$@"
"""
ID = """#!/bin/sh
echo "${FAKE_UID:-1000}"
"""
# The system's commands that tools/setup uses besides.
PLAIN = ("bash", "sh", "awk", "cat", "dirname", "env", "grep", "readlink", "sed",
         "touch")


def packages(*sets):
  with open("tools/packages.txt", encoding="utf-8") as lines:
    rows = [line.split() for line in lines]
  return [row[1] for row in rows if row and row[0] in sets]


class SetupTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.state = folder.name
    self.bin = os.path.join(self.state, "bin")
    os.mkdir(self.bin)
    for name in PLAIN:
      os.symlink(f"/usr/bin/{name}", os.path.join(self.bin, name))
    for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET),
                       ("sudo", SUDO), ("id", ID)):
      self.write(os.path.join("bin", name), text, mode=0o755)
    self.write("os-release", DEBIAN_12)
    self.installed()

  def write(self, name, text, mode=0o644):
    path = os.path.join(self.state, name)
    with open(path, "w", encoding="utf-8") as file:
      file.write(text)
    os.chmod(path, mode)

  def installed(self, *names):
    self.write("installed", "".join(name + "\n" for name in names))

  def setup(self, *arguments, uid="1000"):
    return subprocess.run(
        [SETUP, *arguments], capture_output=True, text=True, check=False,
        env={
            "PATH": self.bin,
            "STATE": self.state,
            "FAKE_UID": uid,
            "OS_RELEASE": os.path.join(self.state, "os-release"),
        })

  def log(self):
    try:
      with open(os.path.join(self.state, "log"), encoding="utf-8") as file:
        return file.read().splitlines()
    except FileNotFoundError:
      return []

  def test_says_what_and_how_much_before_it_installs(self):
    self.write("lists", "")

    done = self.setup("build")

    self.assertEqual(done.returncode, 0, done.stderr)
    before = done.stdout.split("setup: done")[0]
    for package in packages("build"):
      self.assertIn(package, before)
    self.assertIn("Need to get 12.3 MB", before)
    self.assertIn("needs root", before)
    self.assertEqual(self.log(), ["update as 0", "install as 0"])

  def test_a_second_run_has_nothing_to_do_and_touches_nothing(self):
    self.installed(*packages("build"))

    done = self.setup("build")

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("nothing to do", done.stdout)
    self.assertEqual(self.log(), [])

  def test_the_test_set_holds_the_build_set(self):
    self.write("lists", "")

    self.assertEqual(self.setup("test").returncode, 0)
    self.assertIn("nothing to do", self.setup("build").stdout)
    self.assertIn("nothing to do", self.setup("test").stdout)

  def test_the_build_set_leaves_out_what_only_tests_need(self):
    self.write("lists", "")

    self.setup("build")

    listed = self.setup("test", "--dry-run").stdout
    for package in packages("test"):
      self.assertIn(package, listed)

  def test_only_what_is_missing_is_named(self):
    missing = packages("build")[-1]
    self.installed(*packages("build")[:-1])

    done = self.setup("--dry-run")

    self.assertIn(f"1 of {len(packages('build'))} packages", done.stdout)
    self.assertIn(missing, done.stdout)

  def test_a_dry_run_installs_nothing(self):
    done = self.setup("--dry-run")

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertEqual(self.log(), [])

  def test_fetches_the_lists_where_apt_has_none_and_then_says_how_much(self):
    done = self.setup(uid="0")

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("once apt's package lists are fetched", done.stdout)
    self.assertIn("Need to get 12.3 MB", done.stdout)

  def test_another_system_is_refused_with_its_name(self):
    for text, name in (('ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04"\n',
                        "Ubuntu 24.04"),
                       ('ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n',
                        "Debian 13"),
                       ("ID=debian\n", "debian"),
                       ("", "an unknown system")):
      self.write("os-release", text)

      done = self.setup("build")

      self.assertEqual(done.returncode, 1)
      self.assertIn(f"this is {name}; tools/setup knows Debian 12", done.stderr)
      self.assertEqual(self.log(), [])

  def test_without_root_or_sudo_it_says_what_to_run(self):
    os.remove(os.path.join(self.bin, "sudo"))

    done = self.setup("test")

    self.assertEqual(done.returncode, 1)
    self.assertIn("needs root, and there is no sudo here", done.stderr)
    self.assertIn(f"run as root: {os.path.realpath(SETUP)} test", done.stderr)
    self.assertEqual(self.log(), [])

  def test_a_failed_update_alone_stops_nothing(self):
    self.write("lists", "")
    self.write("offline", "")

    done = self.setup()

    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertIn("could not be updated", done.stderr)

  def test_a_failed_update_without_lists_is_an_error(self):
    self.write("offline", "")

    done = self.setup()

    self.assertEqual(done.returncode, 1)
    self.assertIn("apt does not know all of these packages", done.stderr)

  def test_a_failed_install_is_an_error_that_says_how_to_go_on(self):
    self.write("lists", "")
    self.write("broken", "")

    done = self.setup()

    self.assertEqual(done.returncode, 1)
    self.assertIn("could not install", done.stderr)
    self.assertNotIn("setup: done", done.stdout)

  def test_an_unknown_argument_is_wrong_usage(self):
    done = self.setup("everything")

    self.assertEqual(done.returncode, 2)
    self.assertIn("unknown argument: everything", done.stderr)
    self.assertIn("usage:", done.stderr)

  def test_every_package_has_a_set_and_a_reason(self):
    with open("tools/packages.txt", encoding="utf-8") as lines:
      rows = [line.split() for line in lines
              if line.strip() and not line.startswith("#")]

    for row in rows:
      self.assertIn(row[0], ("build", "test"))
      self.assertGreaterEqual(len(row), 4, row)
    names = [row[1] for row in rows]
    self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
  unittest.main()
