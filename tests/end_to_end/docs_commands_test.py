#!/usr/bin/env python3
"""The commands that the pages for readers show are there, and take what they are shown with."""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path("tools/subrosa/subrosa").resolve()
IN_TEXT = re.compile(r"`(subrosa [^`]*)`")
IN_CODE = re.compile(r"^ *(?:\$ )?(subrosa [^\n]*)$", re.MULTILINE)
FENCED = re.compile(r"^ *```(?:sh|bash|console|)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
# What the parser says of an argument that is missing, or is none of the command's.
MISFIT = re.compile(r"is required|not expected|want one consumer")


def pages():
  return [pathlib.Path("README.md"), *sorted(pathlib.Path("docs").glob("**/*.md"))]


def shown(text):
  """The commands of a page, each as its words."""
  code = "".join(FENCED.findall(text))
  code += "".join(line + "\n" for line in text.splitlines() if line.startswith("    "))
  joined = re.sub(r"\\\n *", " ", code)
  for command in IN_TEXT.findall(text) + IN_CODE.findall(joined):
    command = re.split(r" #| \||;| >|&&", command.replace("\n", " "))[0]
    words = shlex.split(command, comments=True)[1:]
    # "subrosa copy v1" is the first line of a file.
    if words and not re.fullmatch(r"v\d+", words[-1]):
      yield words


class Help:
  """What `--help` says of each command."""

  def __init__(self):
    self.known = {}

  def of(self, *path):
    if path not in self.known:
      self.known[path] = subprocess.run([PROGRAM, *path, "--help"], capture_output=True,
                                        text=True, check=False).stdout
    return self.known[path]

  def path_of(self, words):
    """The words that name a command; None if they name none."""
    path = []
    while re.search(r"^Commands:", self.of(*path), re.MULTILINE):
      if len(path) == len(words):
        return path
      if not re.search(rf"^ +{re.escape(words[len(path)])} ", self.of(*path), re.MULTILINE):
        return None
      path.append(words[len(path)])
    # One that does something by itself may have more below it.
    below = [*path, *words[len(path):len(path) + 1]]
    named = f"Usage: subrosa {' '.join(below)} "
    return below if named in self.of(*below) else path


class DocsCommandsTest(unittest.TestCase):

  def test_each_command_that_a_page_shows_takes_what_it_is_shown_with(self):
    told = Help()
    seen = 0
    for page in pages():
      for words in shown(page.read_text(encoding="utf-8")):
        line = f"{page}: subrosa {' '.join(words)}"
        with self.subTest(line):
          path = told.path_of(words)
          self.assertIsNotNone(path, f"{line}: names no command")
          seen += 1
          given = words[len(path):]
          if not given or "COMMAND" in given or "--help" in given:
            continue
          usage = told.of(*path)
          for word in given:
            if word.startswith("--"):
              self.assertIn(word.split("=")[0], re.findall(r"--[a-z0-9-]+", usage), line)
          # What leaves something out is no call, nor is an option in a sentence.
          if given[-1].startswith("--") or self.leaves_out(given):
            continue
          self.try_out(line, [*path, *given], usage)
    self.assertGreater(seen, 100)

  def leaves_out(self, given):
    return any(word == "…" and not (before or "").startswith("--")
               for before, word in zip([None, *given], given))

  def try_out(self, line, words, usage):
    if "--passphrase-file" in usage and "--passphrase-file" not in words:
      words = [*words, "--passphrase-file", "none"]
    with tempfile.TemporaryDirectory() as folder:
      done = subprocess.run([PROGRAM, *words], cwd=folder, env={"SUBROSA_HOME": "none"},
                            stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=60, check=False)
    self.assertNotRegex(done.stderr, MISFIT, line)


if __name__ == "__main__":
  sys.exit(unittest.main())
