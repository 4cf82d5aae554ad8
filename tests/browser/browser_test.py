#!/usr/bin/env python3
"""The harness itself: a page with faults has them found, one without has none."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/browser")
import browser  # pylint: disable=wrong-import-position

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>A page</title></head><body><main><h1>A page</h1><p>Words.</p></main></body></html>"""
BAD = """<!doctype html><html><head><meta charset="utf-8"></head>
<body><img src="https://elsewhere.example/x.png"><p style="color:#ccc">pale</p></body></html>"""


@unittest.skipIf(browser.missing(), browser.missing())
class BrowserTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = pathlib.Path(folder.name)

  def page(self, text):
    path = self.folder / "index.html"
    path.write_text(text, encoding="utf-8")
    return path

  def test_a_page_that_loads_something_from_elsewhere_is_found_out(self):
    with browser.Browser() as opened:
      opened.open(self.page(GOOD))
      self.assertEqual([], opened.loaded())
      opened.open(self.page(BAD))
      self.assertEqual(["https://elsewhere.example/x.png"], opened.loaded())

  @unittest.skipIf(browser.axe_path() is None, "axe-core is not here: tools/axe fetches it")
  def test_faults_of_accessibility_are_found_also_where_a_page_allows_no_script(self):
    with browser.Browser() as opened:
      opened.open(self.page(GOOD))
      self.assertEqual([], opened.violations())
      opened.open(self.page(BAD))
      rules = {line.split(":")[0] for line in opened.violations()}
      self.assertLessEqual({"image-alt", "document-title", "html-has-lang", "color-contrast"},
                           rules)

  def test_a_screenshot_is_a_png(self):
    with browser.Browser() as opened:
      opened.open(self.page(GOOD))
      opened.screenshot(self.folder / "page.png")
    self.assertEqual(b"\x89PNG", (self.folder / "page.png").read_bytes()[:4])


if __name__ == "__main__":
  unittest.main()
