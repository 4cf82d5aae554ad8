#!/usr/bin/env python3
"""The self-test by its command: nobody gets through, and nothing is left behind."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, USAGE, InstallationTest)

EXAMPLES = pathlib.Path("docs/examples/policy").absolute()


class SelftestTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(f"{DATA}/wellness.ndjson")
    self.told = self.work / "told"
    (self.home / "connectors.textproto").write_text(
        'connector { id: "crm" kind: PARTY_KIND_STORE command { argument: "/bin/sh" argument: "-c" '
        f'argument: "touch {self.told}" }} }}\n', encoding="utf-8")

  def test_nobody_gets_through_and_the_home_is_as_it_was(self):
    self.subrosa("recipient", "add", EXAMPLES / "recipients.textproto")
    before = self.inventory()
    leaves = self.subrosa("audit", "export").out

    report = self.subrosa("selftest", "--format", "json").json()

    self.assertEqual(["sound", "refused", "passed", "leaks", "stopped", "not_tested"],
                     list(report))
    self.assertEqual((True, [], []), tuple(report[key] for key in ("sound", "leaks", "stopped")))
    self.assertEqual(1, len(report["not_tested"]), "who is erased in Washington may come back")
    self.assertGreater(report["refused"], 100)
    self.assertEqual(5, report["passed"])
    self.assertEqual(before, self.inventory())
    self.assertEqual(leaves, self.subrosa("audit", "export").out)
    self.assertFalse(self.told.exists(), "a double stands in the place of the real store")
    self.assertEqual([], list(self.temporary.iterdir()))

  def test_what_is_not_tested_is_said(self):
    said = self.subrosa("selftest").out

    self.assertIn("\nNot tested:\n  sharing: there is no recipient\n", said)

  def test_what_it_cannot_do_is_no_success(self):
    (self.home / "connectors.textproto").write_text('connector { id: "crm" }\n', encoding="utf-8")

    refused = self.subrosa("selftest", expect=FAILED)

    self.assertIn("connectors.textproto:1", refused.err)
    self.assertEqual([], list(self.temporary.iterdir()))
    self.subrosa("selftest", "c-000001", expect=USAGE)


if __name__ == "__main__":
  unittest.main(verbosity=2)
