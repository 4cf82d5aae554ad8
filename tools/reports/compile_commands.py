"""Turns Bazel's compile actions into compile_commands.json.

usage: bazel aquery --output=jsonproto 'mnemonic("CppCompile", TARGETS)' |
       compile_commands.py EXECUTION_ROOT WORKSPACE > compile_commands.json

Sources are named where they are edited, under WORKSPACE; generated headers are
found under EXECUTION_ROOT (`bazel info execution_root`), where the commands run.
"""

import json
import os
import sys

# What Bazel adds for clang's header modules (layering_check) says nothing to a
# tool that reads one file, and names files that only a sandbox holds.
MODULE_FLAGS = ("-fmodule-", "-fmodules-", "-Wprivate-header")


def source_of(arguments):
  """The file that a compile command compiles, or None."""
  for flag, value in zip(arguments, arguments[1:]):
    if flag == "-c":
      return value
  return None


def main(arguments):
  if len(arguments) != 2:
    sys.exit(__doc__)
  execution_root, workspace = arguments
  commands = {}
  for action in json.load(sys.stdin).get("actions", []):
    source = source_of(action["arguments"])
    # Generated and foreign sources are not ours to check.
    if source is None or source.startswith(("bazel-out/", "external/")):
      continue
    in_workspace = os.path.join(workspace, source)
    named_there = {".": workspace, source: in_workspace}
    # One file may be compiled twice, for the target and for a tool.
    commands[source] = {
        "directory": execution_root,
        "file": in_workspace,
        "arguments": [
            named_there.get(argument, argument)
            for argument in action["arguments"]
            if not argument.startswith(MODULE_FLAGS)
        ],
    }
  json.dump([commands[source] for source in sorted(commands)], sys.stdout,
            indent=1)
  print()


if __name__ == "__main__":
  main(sys.argv[1:])
