"""A page in headless Chromium: how fast it opens, what it loads, what axe finds, how it looks.

    with Browser() as browser:
      seconds = browser.open(pathlib.Path("index.html"))
      violations = browser.violations()
      pages = browser.printed_pages()
      browser.screenshot(pathlib.Path("page.png"))

Chromium is driven through Debian's chromedriver over WebDriver (W3C); it resolves no host name, so
that a page that loads something from elsewhere fails to. axe-core is `tools/axe`'s; where it was
not fetched, `axe_path()` is None.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.request

# As tools/axe puts it there; a test asks for these very bytes.
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
AXE = pathlib.Path(os.environ.get("SUBROSA_AXE", "/var/tmp/subrosa/axe-4.14.1.min.js"))

# A bound on a hang, not a demand on speed.
PATIENCE_SECONDS = 120

# What a page is held to: WCAG 2.2 at AA, and what axe calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_path():
  """Where axe-core is, if it is there; raises if it is another than the pinned one."""
  if not AXE.is_file():
    return None
  found = hashlib.sha256(AXE.read_bytes()).hexdigest()
  if found != AXE_SHA256:
    raise RuntimeError(f"{AXE}: want SHA-256 {AXE_SHA256}, got {found}")
  return AXE


def missing():
  """Why no page can be opened here; empty if one can."""
  for program in ("chromium", "chromedriver"):
    if shutil.which(program) is None:
      return f"{program} is not installed: tools/setup test installs it"
  return ""


class Browser:
  """One headless Chromium of a given width, until the `with` ends."""

  def __init__(self, width=1000, height=1400):
    self.profile = tempfile.TemporaryDirectory()
    # pylint: disable=consider-using-with
    self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True,
                                   env=os.environ | {"HOME": self.profile.name})
    self.session = None
    port = None
    for line in self.driver.stdout:
      if match := re.search(r"started successfully on port (\d+)", line):
        port = match[1]
        break
    if port is None:
      raise RuntimeError("chromedriver: want a port, got none")
    self.root = f"http://127.0.0.1:{port}/session"
    options = {"args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-first-run",
        f"--window-size={width},{height}", f"--user-data-dir={self.profile.name}/chromium"]}
    answer = self._call("POST", "", {"capabilities": {"alwaysMatch": {
        "browserName": "chrome", "goog:chromeOptions": options,
        "timeouts": {"script": PATIENCE_SECONDS * 1000}}}})
    self.session = answer["sessionId"]

  def __enter__(self):
    return self

  def __exit__(self, *_):
    try:
      if self.session is not None:
        self._call("DELETE", f"/{self.session}")
    finally:
      self.driver.terminate()
      self.driver.wait(timeout=PATIENCE_SECONDS)
      self.driver.stdout.close()
      self.profile.cleanup()

  def _call(self, method, path, body=None):
    request = urllib.request.Request(
        self.root + path, method=method, headers={"Content-Type": "application/json"},
        data=None if body is None else json.dumps(body).encode())
    # A proxy of the machine's is not for this.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
      return json.load(answer)["value"]

  def _execute(self, kind, script, *arguments):
    return self._call("POST", f"/{self.session}/execute/{kind}",
                      {"script": script, "args": list(arguments)})

  def open(self, page):
    """Opens the file or the http(s) URL `page`; how many seconds until it was laid out whole."""
    url = page.absolute().as_uri() if isinstance(page, pathlib.Path) else page
    self._call("POST", f"/{self.session}/url", {"url": url})
    # The frame after the load has been laid out and painted.
    return self._execute("async", """
        const done = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() / 1000)));
        """)

  def loaded(self):
    """The addresses of all that the page loaded or tried to, besides itself."""
    return self._execute("sync",
                         "return performance.getEntriesByType('resource').map(e => e.name)")

  def violations(self):
    """What axe finds against RULES: each a line of the rule, its help and where."""
    self._execute("sync", axe_path().read_text(encoding="utf-8") + "; window.axe = axe;")
    found = self._execute("async", """
        const done = arguments[1];
        axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})
            .then(result => done(result.violations), error => done(String(error)));
        """, RULES)
    if isinstance(found, str):
      raise RuntimeError(f"axe: {found}")
    return [f"{one['id']}: {one['help']}: " +
            ", ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:3])
            for one in found]

  def printed_pages(self):
    """How many pages the page takes on paper."""
    pdf = base64.b64decode(self._call("POST", f"/{self.session}/print", {}))
    return max(int(number) for number in re.findall(rb"/Count (\d+)", pdf))

  def screenshot(self, path):
    """A PNG of what the window shows."""
    path.write_bytes(base64.b64decode(self._call("GET", f"/{self.session}/screenshot")))
