#!/usr/bin/env python3
"""Prints src/law/coverage.tsv: which test covers which rule of a law pack.

A test says so in a comment right above it:

    // Covers: wa-mhmda/respond, nv-sb370/respond
    TEST(DeadlineTest, ARequestIsAnsweredWithinThePeriod) {

The lines of the file that is there which begin with `planned` stay: they name
the rooms that are not built yet. tests/lint/law_coverage.sh fails when the file
and the tests differ.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COVERS = re.compile(r"^\s*(?://|#) Covers: (.+)$")
MORE = re.compile(r"^\s*(?://|#)\s+([a-z0-9-]+/[a-z0-9-]+.*)$")
TEST = re.compile(r"^\s*(?:TEST(?:_[FP])?\(\s*\w+,\s*(\w+)|def (test_\w+))")


def covered(path):
    """Yields (rule, name of the test) of one file of tests."""
    rules = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        # A name may stand on the line after `TEST_F(Suite,`.
        both = line + (lines[number + 1] if number + 1 < len(lines) else "")
        if match := COVERS.match(line):
            rules = [match[1]]
        elif rules and (match := MORE.match(line)):
            rules.append(match[1])
        elif rules and (match := TEST.match(line) or TEST.match(both)):
            for rule in re.split(r"[,\s]+", " ".join(rules)):
                if rule:
                    yield rule, match[1] or match[2]
            rules = []


def main():
    old = (ROOT / "src/law/coverage.tsv").read_text(encoding="utf-8")
    for line in old.splitlines():
        if line.startswith(("#", "planned\t")):
            print(line)
    found = set()
    for folder in ("src", "tests", "tools"):
        for path in (ROOT / folder).rglob("*_test.*"):
            if path.suffix in (".cc", ".py"):
                where = path.relative_to(ROOT).as_posix()
                found.update((rule, where, test) for rule, test in covered(path))
    for line in sorted(found):
        print("\t".join(line))


if __name__ == "__main__":
    sys.exit(main())
