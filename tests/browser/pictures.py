#!/usr/bin/env python3
"""Makes the pictures of the docs anew: python3 tests/browser/pictures.py, in the repository's root."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/browser")
import browser  # pylint: disable=wrong-import-position

PICTURES = {"health-data.html": "notice-washington.png", "california.html": "notice-california.png"}


def main():
  if why := browser.missing():
    sys.exit(f"pictures: {why}")
  folder = pathlib.Path("docs/pictures")
  folder.mkdir(exist_ok=True)
  with browser.Browser(width=820, height=900) as opened:
    for page, picture in PICTURES.items():
      opened.open(pathlib.Path("docs/examples/notices") / page)
      opened.screenshot(folder / picture)


if __name__ == "__main__":
  main()
