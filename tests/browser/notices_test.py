#!/usr/bin/env python3
"""The committed notices as people see them: whole without the network, and nothing that axe finds."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/browser")
import browser  # pylint: disable=wrong-import-position

NOTICES = pathlib.Path("docs/examples/notices").absolute()
SUBROSA = pathlib.Path("tools/subrosa/subrosa").absolute()
POLICY = pathlib.Path("docs/examples/policy/policy.textproto").absolute()
DATA = pathlib.Path("docs/examples/data/wellness.ndjson").absolute()
# A page of a service's own round the parts that go into one.
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rosewater</title></head>
<body><main><h1>Rosewater</h1>{signal}</main><footer>{link}</footer></body></html>"""


def run(*words):
  return subprocess.run([SUBROSA, *words], check=True, stdout=subprocess.PIPE).stdout


@unittest.skipIf(browser.missing(), browser.missing())
class NoticesTest(unittest.TestCase):

  def pages(self):
    return sorted(page for page in NOTICES.glob("*.html") if not page.name.endswith(".part.html"))

  def test_every_notice_is_whole_without_the_network(self):
    self.assertGreaterEqual(len(self.pages()), 9)
    with browser.Browser() as opened:
      for page in self.pages():
        opened.open(page)
        self.assertEqual([], opened.loaded(), page.name)

  @unittest.skipIf(browser.axe_path() is None, "axe-core is not here: tools/axe fetches it")
  def test_no_report_breaks_a_rule_of_accessibility(self):
    with browser.Browser() as opened, tempfile.TemporaryDirectory() as folder:
      work = pathlib.Path(folder)
      secret = work / "passphrase"
      secret.write_text("correct horse battery staple\n", encoding="utf-8")
      secret.chmod(0o600)
      home = ["--home", work / "home", "--passphrase-file", secret]
      run("init", "--entity", "rosewater", "--policy", POLICY, "--key-derivation", "interactive",
          *home)
      run("ingest", DATA, *home)
      for kind in (["metrics", "--html"], ["evidence"]):
        page = work / f"{kind[0]}.html"
        page.write_bytes(run("report", *kind, *home))
        with self.subTest(kind[0]):
          opened.open(page)
          self.assertEqual([], opened.violations())

  @unittest.skipIf(browser.axe_path() is None, "axe-core is not here: tools/axe fetches it")
  def test_no_notice_breaks_a_rule_of_accessibility(self):
    with browser.Browser() as opened, tempfile.TemporaryDirectory() as folder:
      own = pathlib.Path(folder) / "index.html"
      own.write_text(PAGE.format(
          signal=(NOTICES / "signal-status.part.html").read_text(encoding="utf-8"),
          link=(NOTICES / "choices-link.part.html").read_text(encoding="utf-8")),
                     encoding="utf-8")
      for page in [*self.pages(), own]:
        with self.subTest(page.name):
          opened.open(page)
          self.assertEqual([], opened.violations())


if __name__ == "__main__":
  unittest.main()
