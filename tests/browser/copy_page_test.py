#!/usr/bin/env python3
"""The first page of a consumer's copy as they see it: ten years of days, in Chromium, with axe."""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/browser")
sys.path.insert(0, "tests/end_to_end")
import browser  # pylint: disable=wrong-import-position
from installation import (  # pylint: disable=wrong-import-position
    InstallationTest, ndjson, record)

DAYS = 3652
MOST_BYTES = 2 << 20


def records():
  """A check-in and a night of each day, and now and then an entry of a diary."""
  first = datetime.datetime(2016, 1, 1, 7, 30, tzinfo=datetime.timezone.utc)
  for number in range(DAYS):
    at = first + datetime.timedelta(days=number)
    when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    yield record(record_id=f"mood-{number}", collectedAt=when, payload={
        "@type": "type.googleapis.com/subrosa.v1.MoodCheckIn",
        "score": 1 + (number * 7 + number // 30) % 10})
    if number % 9 == 0:
      yield record(record_id=f"entry-{number}", collectedAt=when, payload={
          "@type": "type.googleapis.com/subrosa.v1.JournalEntry",
          "text": "Slept badly, walked in the evening, and felt better."})


@unittest.skipIf(browser.missing(), browser.missing())
class CopyPageTest(InstallationTest):

  @classmethod
  def setUpClass(cls):
    super().setUpClass()
    cls.pictures = pathlib.Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", "/tmp"))

  def setUp(self):
    super().setUp()
    self.init()
    self.ingest(self.write("records.ndjson", ndjson(*records())))
    identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    key = re.search(r"age1\w+", identity.read_text(encoding="utf-8"))[0]
    sealed, archive = self.work / "copy.zip.age", self.folder / "copy.zip"
    self.subrosa("export", "copy", "c-1", "--output", sealed, "--to", key)
    subprocess.run(["age", "-d", "-i", identity, "-o", archive, sealed], check=True)
    with zipfile.ZipFile(archive) as members:
      members.extractall(self.folder / "copy")
    self.page = self.folder / "copy" / "index.html"

  def test_ten_years_of_days_are_a_small_page_that_opens_alone_and_reads_well(self):
    size = self.page.stat().st_size
    self.assertLessEqual(size, MOST_BYTES)
    with browser.Browser() as opened:
      opened.open(self.page)  # Chromium's own start is not the page's.
      seconds = opened.open(self.page)
      print(f"index.html of {DAYS} days: {size} bytes, laid out in {seconds:.3f} s (goal: 1 s)")
      self.assertEqual([], opened.loaded())
      opened.screenshot(self.pictures / "copy_page.png")
      if browser.axe_path() is None:
        self.skipTest("axe-core is not here: tools/axe fetches it")
      self.assertEqual([], opened.violations())

  def test_on_paper_every_month_is_open(self):
    with browser.Browser() as opened:
      opened.open(self.page)
      pages = opened.printed_pages()
      print(f"index.html of {DAYS} days: {pages} pages")
      # A day is a line of a list; of the newest month alone they fit on a page.
      self.assertGreater(pages, DAYS / 100)

  def test_it_reads_on_a_telephone_too(self):
    with browser.Browser(width=400, height=800) as opened:
      opened.open(self.page)
      opened.screenshot(self.pictures / "copy_page_narrow.png")
      if browser.axe_path() is None:
        self.skipTest("axe-core is not here: tools/axe fetches it")
      self.assertEqual([], opened.violations())


if __name__ == "__main__":
  unittest.main()
