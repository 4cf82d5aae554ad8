#!/usr/bin/env python3
"""tools/reports/compile_commands.py, over actions as Bazel describes them."""

import json
import os
import subprocess
import unittest

COMPILE_COMMANDS = os.path.abspath("tools/reports/compile_commands.py")


def action(source, *flags):
  return {"arguments": ["clang", "-iquote", ".", *flags, "-c", source, "-o", "x.o"]}


def commands(*actions):
  done = subprocess.run(
      ["python3", COMPILE_COMMANDS, "/execroot", "/home/me/subrosa"], check=True,
      input=json.dumps({"actions": actions}), capture_output=True, text=True)
  return json.loads(done.stdout)


class CompileCommandsTest(unittest.TestCase):

  def test_a_source_is_named_where_it_is_edited(self):
    (command,) = commands(action("src/base/file.cc"))

    self.assertEqual(command["file"], "/home/me/subrosa/src/base/file.cc")
    self.assertEqual(command["directory"], "/execroot")
    self.assertEqual(command["arguments"],
                     ["clang", "-iquote", "/home/me/subrosa", "-c",
                      "/home/me/subrosa/src/base/file.cc", "-o", "x.o"])

  def test_generated_and_foreign_sources_are_left_out(self):
    self.assertEqual(commands(action("bazel-out/k8-opt/bin/x.pb.cc"),
                              action("external/lib/y.cc"),
                              {"arguments": ["clang", "-o", "x"]}), [])

  def test_a_file_compiled_twice_is_listed_once(self):
    self.assertEqual(len(commands(action("src/a.cc"), action("src/a.cc"))), 1)

  def test_flags_of_header_modules_are_dropped(self):
    (command,) = commands(action("src/a.cc", "-fmodule-name=//src:a",
                                 "-fmodules-strict-decluse", "-Wprivate-header"))

    self.assertNotIn("module", " ".join(command["arguments"]))
    self.assertNotIn("-Wprivate-header", command["arguments"])


if __name__ == "__main__":
  unittest.main()
