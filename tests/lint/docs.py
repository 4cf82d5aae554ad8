#!/usr/bin/env python3
"""Checks the pages for readers against what they describe, and prints each breach:

- a link to a file of this repository leads to one, and its #anchor to a heading;
- a source file that a page names in `code` exists;
- docs/formats/stores.md lists the tables and columns that the code makes;
- what docs/quickstart.md quotes of the example service stands there;
- no page promises what no program can: the word below.

usage: docs.py [ROOT]
"""

import pathlib
import re
import sys

ROOMS = ("src", "proto", "tools", "tests", "docs")
NAMED_FILE = re.compile(r"`((?:%s)/[A-Za-z0-9_/.-]+\.[a-z]+)`" % "|".join(ROOMS))
LINK = re.compile(r"\]\(([^)\s]+)\)")
PROMISE = re.compile(r"\bcompl" + r"iant\b", re.IGNORECASE)
# What a quickstart leaves out of a quotation.
LEFT_OUT = "…"


def anchors(page):
  """The anchors that GitHub gives a page's headings."""
  found = set()
  for line in without_code(page.read_text()).splitlines():
    heading = re.match(r"#+ (.*)", line)
    if heading:
      words = re.sub(r"[^\w\- ]", "", heading.group(1).lower())
      found.add(words.strip().replace(" ", "-"))
  return found


def without_code(text):
  return re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)


def check_links(root, page):
  for target in LINK.findall(without_code(page.read_text())):
    if re.match(r"[a-z]+:", target):
      continue
    path, _, anchor = target.partition("#")
    to = (page.parent / path).resolve() if path else page
    if not to.exists():
      yield f"links to {path}, which is not there"
    elif anchor and to.suffix == ".md" and anchor not in anchors(to):
      yield f"links to {target}, where no heading has that anchor"
  for path in NAMED_FILE.findall(without_code(page.read_text())):
    if not (root / path).exists():
      yield f"names `{path}`, which is not there"


def named_migrations(root):
  """{name: SQL} of the migrations that a lower room offers to the stores."""
  found = {}
  for path in sorted((root / "src").glob("*/*.h")):
    for name, sql in re.findall(r'Migration (k\w+) = \{R"sql\((.*?)\)sql"', path.read_text(),
                                re.DOTALL):
      found[name] = sql
  return found


def columns_made(root):
  """{table: columns} of the SQL in a store's sources."""
  made = {}
  offered = named_migrations(root)
  for store, source in (("key store", "key_store"), ("record store", "record_store")):
    for path in sorted((root / "src/vault").glob("*.cc")):
      text = path.read_text()
      if not path.name.startswith(source) or "CREATE TABLE" not in text:
        continue
      text += "".join(offered.get(name, "") for name in re.findall(r"\bk\w+Migration\b", text))
      for statement in re.findall(r"(?:CREATE TABLE|ALTER TABLE|DROP TABLE)[^;]*;", text):
        if found := re.match(r"CREATE TABLE (\w+)\((.*)\)[^)]*;", statement, re.DOTALL):
          body = re.sub(r",\s*PRIMARY KEY\(.*?\)", "", found[2], flags=re.DOTALL)
          made[store, found[1]] = [part.split()[0] for part in body.split(",")]
        elif found := re.match(r"ALTER TABLE (\w+) RENAME TO (\w+)", statement):
          made[store, found[2]] = made.pop((store, found[1]))
        elif found := re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", statement):
          made[store, found[1]].append(found[2])
        elif found := re.match(r"DROP TABLE (\w+)", statement):
          del made[store, found[1]]
  return made


def columns_told(page):
  told = {}
  store = "key store"
  table = None
  for line in page.read_text().splitlines():
    if line.startswith("## "):
      store, table = line[3:].strip().lower(), None
    heading = re.match(r"### `(\w+)`", line)
    if heading:
      table = heading.group(1)
      told[store, table] = []
    columns = re.match(r"\| (`\w+`(?:, `\w+`)*) \|", line)
    if columns and table:
      told[store, table] += re.findall(r"\w+", columns.group(1))
  told.pop(("key store", "schema_version"), None)
  return told


def check_stores(root, page):
  made = columns_made(root)
  told = columns_told(page)
  if not made:
    yield "want tables to compare with in src/vault, got none"
  for store, table in sorted(set(made) | set(told)):
    want, got = made.get((store, table)), told.get((store, table))
    if want != got:
      yield f"{store}, table {table}: want columns {want}, got {got}"


def check_quotations(root, page):
  example = root / "docs/examples/service"
  sources = "\n".join(
    path.read_text() for path in sorted(example.rglob("*")) if path.is_file()
  )
  sources = " ".join(sources.split())
  quoted = 0
  for block in re.findall(
    r"^```(?:cpp|proto|python)\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE
  ):
    for piece in block.split(LEFT_OUT):
      quoted += 1
      if " ".join(piece.split()) not in sources:
        yield f"quotes what docs/examples/service does not hold: {piece.strip()[:60]!r}"
  if quoted == 0:
    yield "want quotations of docs/examples/service, got none"


def breaches(root):
  pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted(root.glob("docs/**/*.md"))]
  for page in pages:
    if not page.exists():
      yield page, "is not there"
      continue
    for breach in check_links(root, page):
      yield page, breach
    if PROMISE.search(page.read_text()):
      yield page, "promises what no program can"
  for name, check in (
    ("docs/formats/stores.md", check_stores),
    ("docs/quickstart.md", check_quotations),
  ):
    if (root / name).exists():
      for breach in check(root, root / name):
        yield root / name, breach


def main(arguments):
  here = pathlib.Path(__file__).resolve().parents[2]
  root = pathlib.Path(arguments[1]).resolve() if len(arguments) > 1 else here
  found = 0
  for page, breach in breaches(root):
    print(f"{page.relative_to(root)}: {breach}")
    found += 1
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv))
