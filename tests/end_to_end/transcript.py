"""A page that is played: what it shows is what the command says.

A test makes a Transcript, plays commands into it, and compares it with the page in docs. Days, random
names, keys and sizes are left out of the comparison.
"""

import difflib
import json
import pathlib
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import unittest

from installation import DONE

# What differs from one run to the next.
MASKS = (
    (r"\d{4}-\d{2}-\d{2}T[\d:.]+Z?", "TIME"),
    (r"\d{4}-\d{2}-\d{2}", "DAY"),
    (r"rosewater/(audit|exports)/[0-9a-f]{8}", "ORIGIN"),
    (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{20,}", "VKEY"),
    (r"\b[0-9A-Fa-f]{16,}\b", "HEX"),
    (r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=", "BASE64"),
    (r"[\d.,]+ (bytes|KiB|MiB|KB|MB|kB)\b", "SIZE"),
    (r"\(change \d+\)", "(change N)"),
    # Whether rows are deleted before or after their certificate's leaf, is the
    # housekeeper's haste; and how many leaves there are beyond it, the sequencer's.
    (r"as leaf \d+ of \d+ \(counted from 0\), signed by its key;", "as leaf L of N;"),
    (r"(as leaf \d+) of \d+", r"\1 of N"),
    (r" +", " "),
)


def masked(text):
  for pattern, name in MASKS:
    text = re.sub(pattern, name, text)
  return text


class Transcript:
  """The page, as it is played."""

  def __init__(self, test, head):
    self.test = test
    self.text = head

  def say(self, prose):
    self.text += f"\n{prose.strip()}\n"

  def show(self, shown, out, code=DONE):
    lines = [f"$ {shown}", *out.rstrip("\n").splitlines()]
    if code != DONE:
      lines.append(f"(exit code {code})")
    self.text += "\n" + "".join(f"    {line}".rstrip() + "\n" for line in lines)

  def run(self, *words, expect=DONE, shown=None, home=None):
    arguments = self.test.arguments(*words)
    environment = self.test.environment() | {"SUBROSA_HOME": home or "home"}
    done = subprocess.run(arguments, check=False, cwd=self.test.folder, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    self.test.assertEqual(expect, done.returncode, f"{words}\n{done.stdout}")
    words = shlex.join(["subrosa", *map(str, words)])
    self.show(shown or (f"SUBROSA_HOME={home} {words}" if home else words), done.stdout, expect)
    return done.stdout

  def sql(self, path, statement):
    """As the program sqlite3 would show it."""
    database = sqlite3.connect(self.test.folder / path)
    try:
      with database:
        rows = database.execute(statement).fetchall()
    finally:
      database.close()
    self.show(f'sqlite3 {path} "{statement}"',
              "\n".join("|".join(map(str, row)) for row in rows))

  def copy(self, *pairs):
    shown = []
    for source, target in pairs:
      shown.append(f"cp {'-r ' if (self.test.folder / source).is_dir() else ''}{source} {target}")
      if (self.test.folder / source).is_dir():
        shutil.copytree(self.test.folder / source, self.test.folder / target)
      else:
        shutil.copy(self.test.folder / source, self.test.folder / target)
    for each in shown:
      self.show(each, "")

  def json_lines(self, name, *messages):
    """Writes a file of one JSON object a line, and shows it."""
    lines = "".join(f"{json.dumps(message)}\n" for message in messages)
    (self.test.folder / name).write_text(lines, encoding="utf-8")
    self.show(f"cat {name}", lines)


def difference(page, played):
  """How what was played differs from the page."""
  return "\n".join(difflib.unified_diff(
      masked(pathlib.Path(page).read_text(encoding="utf-8")).splitlines(),
      masked(played).splitlines(), "the page", "played", lineterm=""))


def main(test_class):
  """Runs the tests; with --write PAGE, writes what `test_class` plays to PAGE."""
  if sys.argv[1:2] != ["--write"]:
    unittest.main(verbosity=2)
  test = test_class("test_the_page_shows_what_the_command_says")
  test.setUp()
  try:
    pathlib.Path(sys.argv[2]).write_text(test.play(), encoding="utf-8")
  finally:
    test.doCleanups()
