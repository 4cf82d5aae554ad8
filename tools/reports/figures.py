"""Runs benchmark programs and joins their figures into one table.

usage: figures.py [--json] PROGRAM...

Each PROGRAM is run with --json and prints one object a line:
  {"room","name","unit","value", "baseline":{"name","value"}, "ratio",
   "at_least" or "at_most", "holds"}
where everything from `baseline` on may be absent. A goal bounds the ratio, or
the value where there is no baseline. `ratio` and `holds` are checked here, so
that a program cannot claim what its numbers do not say.

Exits 0 if every goal holds, 3 if one does not, and 1 if a program fails, prints
anything else, or prints nothing.
"""

import json
import math
import os
import subprocess
import sys

# Programs judge first and round for printing: this near to the bound, either may
# be true.
ROUNDING = 0.001

# A program that measures in turns gives the median of the turns' ratios, which
# is not the ratio of the medians. On a busy machine they drift apart, but never
# as far as an inverted ratio or a wrong unit takes them.
DRIFT = 2


class BadFigure(Exception):
  """A line that is not a figure; the message says why."""


def want_number(figure, name):
  value = figure.get(name)
  if (isinstance(value, bool) or not isinstance(value, (int, float)) or
      not math.isfinite(value)):
    raise BadFigure(f"{name}: want a finite number, got {json.dumps(value)}")
  return value


def want_text(figure, name):
  value = figure.get(name)
  if not isinstance(value, str) or not value:
    raise BadFigure(f"{name}: want text, got {json.dumps(value)}")
  return value


def check_figure(line):
  """The figure in `line`; raises BadFigure where it is malformed or false."""
  try:
    figure = json.loads(line)
  except ValueError:
    raise BadFigure("want a JSON object on each line") from None
  if not isinstance(figure, dict):
    raise BadFigure("want a JSON object on each line")
  for name in ("room", "name", "unit"):
    want_text(figure, name)
  judged = want_number(figure, "value")

  baseline = figure.get("baseline")
  if baseline is not None:
    if not isinstance(baseline, dict):
      raise BadFigure("baseline: want an object with name and value")
    want_text(baseline, "name")
    measured = want_number(baseline, "value")
    ratio = want_number(figure, "ratio")
    if measured <= 0:
      raise BadFigure("baseline.value: want more than 0")
    if not judged / measured / DRIFT <= ratio <= judged / measured * DRIFT:
      raise BadFigure(f"ratio: want about {judged / measured:.4g}, which is "
                      f"value / baseline.value, got {ratio}")
    judged = ratio

  goals = [goal for goal in ("at_least", "at_most") if goal in figure]
  if len(goals) > 1:
    raise BadFigure("want at_least or at_most, got both")
  if not goals:
    if "holds" in figure:
      raise BadFigure("holds: want a goal with it")
    return figure
  bound = want_number(figure, goals[0])
  holds = judged >= bound if goals[0] == "at_least" else judged <= bound
  claim = figure.get("holds")
  rounded = abs(judged - bound) <= ROUNDING * abs(bound)
  if claim is not holds and not (isinstance(claim, bool) and rounded):
    raise BadFigure(f"holds: want {json.dumps(holds)}, since {judged} is judged "
                    f"{goals[0]} {bound}")
  return figure


def run(program):
  """The figures that `program` prints; raises BadFigure if it goes wrong."""
  try:
    done = subprocess.run([program, "--json"], stdout=subprocess.PIPE,
                          check=False, text=True)
  except OSError as error:
    raise BadFigure(f"cannot be run: {error.strerror}") from None
  # A program may itself exit with 3 where a goal does not hold.
  if done.returncode not in (0, 3):
    raise BadFigure(f"exited with {done.returncode}")
  figures = [check_figure(line) for line in done.stdout.splitlines() if line]
  if not figures:
    raise BadFigure("printed no figure")
  return figures


def number(value):
  """Four digits that matter, with thousands set apart."""
  if value == 0 or abs(value) >= 1000:
    return f"{value:,.0f}"
  return f"{value:.4g}"


def row(figure):
  baseline = figure.get("baseline")
  goal = holds = ""
  for name, sign in (("at_least", ">="), ("at_most", "<=")):
    if name in figure:
      goal = f"{sign} {number(figure[name])}"
      holds = "yes" if figure["holds"] else "NO"
  return (
      figure["room"], figure["name"], number(figure["value"]), figure["unit"],
      number(baseline["value"]) if baseline else "",
      baseline["name"] if baseline else "",
      number(figure["ratio"]) if baseline else "", goal, holds)


def print_table(figures):
  rows = [("room", "figure", "value", "unit", "baseline", "of", "ratio", "goal",
           "holds")] + [row(figure) for figure in figures]
  widths = [max(map(len, column)) for column in zip(*rows)]
  numeric = {2, 4, 6}
  for cells in rows:
    print("  ".join(
        cell.rjust(width) if at in numeric else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths))).rstrip())


def main(arguments):
  as_json = "--json" in arguments
  programs = [argument for argument in arguments if argument != "--json"]
  if not programs:
    sys.exit(__doc__)
  figures = []
  broken = 0
  for program in programs:
    name = os.path.basename(program)
    print(f"bench: running {name}", file=sys.stderr, flush=True)
    try:
      figures += run(program)
    except BadFigure as error:
      print(f"bench: error: {name}: {error}", file=sys.stderr)
      broken += 1
  if as_json:
    for figure in figures:
      print(json.dumps(figure))
  elif figures:
    print_table(figures)
  missed = [figure for figure in figures if figure.get("holds") is False]
  goals = sum("holds" in figure for figure in figures)
  print(f"bench: {len(figures)} figures, {goals - len(missed)} of {goals} goals "
        "hold", file=sys.stderr)
  if broken:
    return 1
  return 3 if missed else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
