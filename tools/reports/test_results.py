"""Counts the test cases of one `bazel test` and says what failed or was skipped.

usage: test_results.py EVENTS --bazel-exit CODE [--checks PASSED FAILED]

EVENTS is the file that `bazel test --build_event_json_file=EVENTS` wrote, CODE
what Bazel exited with, and the checks are what the caller ran itself. A target's cases are those in its test.xml. Nothing that went wrong can hide: a
target that failed, timed out or did not build counts at least one failure even
where its test.xml shows none, and a file without a final event is one too.

Prints failures, skips grouped by reason, and figures that tests recorded; the
last line is `N passed, N failed`. Exits 0 only if something passed and nothing
failed.
"""

import argparse
import collections
import json
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

# Tests record these (`RecordProperty` in GoogleTest), and we add them up: how
# many outside vectors ran, and how many were skipped for want of the data.
SUMMED_PROPERTIES = ("outside_vectors_run", "outside_vectors_skipped")


class Tally:
  """What a run amounts to."""

  def __init__(self):
    self.passed = 0
    self.failures = []  # "target: case", in the order met
    self.skips = collections.Counter()  # reason -> cases
    self.properties = collections.Counter()


def read_xml(path, label, tally):
  """Adds the cases of one test.xml; returns how many of them failed."""
  failed = 0
  for case in ElementTree.parse(path).getroot().iter("testcase"):
    name = ".".join(
        part for part in (case.get("classname"), case.get("name")) if part)
    skipped = case.find("skipped")
    if case.find("failure") is not None or case.find("error") is not None:
      failed += 1
      tally.failures.append(f"{label}: {name}")
    elif skipped is not None or case.get("result") == "skipped":
      message = "" if skipped is None else skipped.get("message") or ""
      # GoogleTest's message starts with a line that names the source file.
      lines = [line for line in message.splitlines() if line.strip()]
      reason = lines[-1].strip() if lines else "no reason given"
      tally.skips[reason] += 1
    elif case.get("status") == "notrun" or case.get("result") == "suppressed":
      tally.skips["disabled in the source"] += 1
    else:
      tally.passed += 1
    for entry in case.iter("property"):
      if entry.get("name") in SUMMED_PROPERTIES:
        tally.properties[entry.get("name")] += int(entry.get("value"))
  return failed


def local_path(uri):
  parts = urllib.parse.urlparse(uri)
  return urllib.request.url2pathname(parts.path)


def read_events(lines, tally):
  """Adds what the events say; raises ValueError if they are not whole."""
  finished = False
  bad_targets = set()
  results = {}  # (label, run, shard) -> (status, test.xml or None), last attempt
  for line in lines:
    event = json.loads(line)
    kind = event.get("id", {})
    if "testResult" in kind:
      at = kind["testResult"]
      outputs = {
          output["name"]: output.get("uri", "")
          for output in event.get("testResult", {}).get("testActionOutput", [])
      }
      results[(at["label"], at.get("run"), at.get("shard"))] = (
          event.get("testResult", {}).get("status", "NO_STATUS"),
          outputs.get("test.xml"),
      )
    elif "targetCompleted" in kind:
      if not event.get("completed", {}).get("success", False):
        bad_targets.add(kind["targetCompleted"]["label"])
    elif "pattern" in kind and "aborted" in event:
      bad_targets.add(" ".join(kind["pattern"].get("pattern", ["?"])))
    elif "buildFinished" in kind:
      finished = True

  for (label, _, _), (status, xml) in sorted(results.items(), key=str):
    failed = 0
    if xml:
      try:
        failed = read_xml(local_path(xml), label, tally)
      except (OSError, ElementTree.ParseError) as error:
        tally.failures.append(f"{label}: its test.xml cannot be read: "
                              f"{type(error).__name__}")
        failed = 1
    elif status == "PASSED":
      tally.passed += 1
    if status not in ("PASSED", "FLAKY") and not failed:
      tally.failures.append(f"{label}: {status.lower().replace('_', ' ')}")
  for label in sorted(bad_targets - {label for label, _, _ in results}):
    tally.failures.append(f"{label}: did not build")
  if not finished:
    raise ValueError("the run ended before Bazel finished")


def main(arguments):
  parser = argparse.ArgumentParser(usage=__doc__)
  parser.add_argument("events")
  parser.add_argument("--bazel-exit", type=int, required=True)
  parser.add_argument("--checks", nargs=2, type=int, default=(0, 0),
                      metavar=("PASSED", "FAILED"))
  options = parser.parse_args(arguments)

  tally = Tally()
  try:
    with open(options.events, encoding="utf-8") as events:
      read_events(events, tally)
  except (OSError, ValueError) as error:
    # An unreadable or truncated file: whatever was counted is not the truth.
    tally.failures.append(f"bazel: {error}")
  if options.bazel_exit and not tally.failures:
    tally.failures.append(f"bazel: exited with {options.bazel_exit}")

  for failure in tally.failures:
    print(f"failed: {failure}")
  for reason, cases in sorted(tally.skips.items()):
    print(f"skipped {cases}: {reason}")
  if tally.properties:
    run = tally.properties["outside_vectors_run"]
    skipped = tally.properties["outside_vectors_skipped"]
    print(f"outside vectors: {run} run, {skipped} skipped for want of the data")
  passed = tally.passed + options.checks[0]
  failed = len(tally.failures) + options.checks[1]
  if not passed and not failed:
    print("failed: no test ran")
    failed = 1
  print(f"{passed} passed, {failed} failed")
  return 1 if failed else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
