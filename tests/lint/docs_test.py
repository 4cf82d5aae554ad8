#!/usr/bin/env python3
"""tests/lint/docs.py, run over small trees with one thing wrong in each."""

import os
import pathlib
import subprocess
import tempfile
import unittest

DOCS = os.path.abspath("tests/lint/docs.py")

STORE = """
constexpr Migration kMigrations[] = {{R"sql(
  CREATE TABLE record(
    row INTEGER PRIMARY KEY,
    envelope BLOB NOT NULL);
)sql"}};
"""
STORES_PAGE = """
## Record store

### `record`

| column | holds |
|---|---|
| `row` | a number |
| `envelope` | sealed |
"""
EXAMPLE = "steward->Put(batch);\nsteward->Erase(account);\n"
QUICKSTART = "```cpp\n  steward->Put(batch);\n…\n```\n"


class DocsTest(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)
    self.write("README.md", "# Roses\n\n[more](docs/more.md#on-thorns)\n")
    self.write("CONTRIBUTING.md", "See `src/vault/record_store.cc`.\n")
    self.write("docs/more.md", "# More\n\n## On thorns\n")
    self.write("docs/formats/stores.md", STORES_PAGE)
    self.write("docs/quickstart.md", QUICKSTART)
    self.write("docs/examples/service/main.cc", EXAMPLE)
    self.write("src/vault/record_store.cc", STORE)

  def write(self, path, text):
    file = pathlib.Path(self.folder.name, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")

  def check(self):
    return subprocess.run(["python3", DOCS, self.folder.name], check=False,
                          capture_output=True, text=True)

  def expect_breach(self, text):
    run = self.check()
    self.assertEqual(run.returncode, 1)
    self.assertEqual(run.stdout.strip().splitlines(), [text])

  def test_pages_that_say_what_is_there_pass(self):
    run = self.check()
    self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)

  def test_a_table_that_was_made_anew_has_its_new_columns(self):
    self.write("src/vault/record_store.cc", STORE.replace(")sql", '''
  ALTER TABLE record RENAME TO record_in_order;
  CREATE TABLE record(
    row BLOB NOT NULL,
    envelope BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(row,
      envelope)) WITHOUT ROWID;
  INSERT INTO record SELECT row, envelope, x'' FROM record_in_order;
  DROP TABLE record_in_order;
)sql'''))
    self.expect_breach("docs/formats/stores.md: record store, table record: want columns "
                       "['row', 'envelope', 'sealed'], got ['row', 'envelope']")

  def test_a_link_to_no_file_is_found(self):
    self.write("docs/more.md", "## On thorns\n\n[gone](gone.md)\n")
    self.expect_breach("docs/more.md: links to gone.md, which is not there")

  def test_a_link_to_no_heading_is_found(self):
    self.write("docs/more.md", "## On leaves\n")
    self.expect_breach("README.md: links to docs/more.md#on-thorns, where no "
                       "heading has that anchor")

  def test_a_named_source_file_that_went_is_found(self):
    self.write("CONTRIBUTING.md", "See `src/vault/cellar.cc`.\n")
    self.expect_breach(
        "CONTRIBUTING.md: names `src/vault/cellar.cc`, which is not there")

  def test_a_column_that_the_page_leaves_out_is_found(self):
    self.write("src/vault/record_store.cc",
               STORE.replace("envelope", "purpose INTEGER,\n    envelope"))
    self.expect_breach(
        "docs/formats/stores.md: record store, table record: want columns "
        "['row', 'purpose', 'envelope'], got ['row', 'envelope']")

  def test_a_table_that_is_only_on_the_page_is_found(self):
    self.write("docs/formats/stores.md",
               STORES_PAGE + "\n### `ghost`\n\n| `row` | a number |\n")
    self.expect_breach("docs/formats/stores.md: record store, table ghost: "
                       "want columns None, got ['row']")

  def test_a_quotation_that_the_example_does_not_hold_is_found(self):
    self.write("docs/quickstart.md", "```cpp\n  steward->Sell(batch);\n```\n")
    self.expect_breach("docs/quickstart.md: quotes what docs/examples/service "
                       "does not hold: 'steward->Sell(batch);'")

  def test_a_promise_is_found(self):
    self.write("docs/more.md", "## On thorns\n\nFully " + "Compl" + "iant.\n")
    self.expect_breach("docs/more.md: promises what no program can")

  def test_a_missing_readme_is_found(self):
    os.remove(os.path.join(self.folder.name, "README.md"))
    self.expect_breach("README.md: is not there")


if __name__ == "__main__":
  unittest.main()
