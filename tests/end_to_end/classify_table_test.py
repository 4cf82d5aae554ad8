#!/usr/bin/env python3
"""`classify table` of each kind of table, and what `ingest` makes of the mapping that it drafts."""

import csv
import io
import json
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, USAGE, InstallationTest, counts, counts_of)

COLUMNS = ["visit_id", "patient_id", "dx_code", "onset_datetime", "phone", "notes", "colour"]
CODES = ["F33.1", "B20", "E11.9", "O09.91"]
# Planted values: none may stand in what is printed.
NOTE = "slept canary badly again, after the move"
PLANTED = ["canary", "(509) 555-01", "p-canary", "F33.1", "05/13/2024"]
ROWS = [[f"v-{i}", f"p-canary-{i}", CODES[i % 4], f"05/{13 + i % 10}/2024",
         f"(509) 555-01{i:02}", NOTE, "red"] for i in range(40)]

INGEST = ["--source", "clinic", "--purpose", "screening", "--basis", "necessary", "--collection",
          "provider"]


def as_csv():
  out = io.StringIO()
  csv.writer(out, lineterminator="\n").writerows([COLUMNS, *ROWS])
  return out.getvalue()


class ClassifyTableTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.csv = self.write("visits.csv", as_csv())
    self.ndjson = self.write("visits.ndjson", "".join(
        json.dumps(dict(zip(COLUMNS, row))) + "\n" for row in ROWS))
    self.database = self.work / "clinic.sqlite"
    connection = sqlite3.connect(self.database)
    connection.execute(f"CREATE TABLE visits ({', '.join(COLUMNS)})")
    connection.executemany(f"INSERT INTO visits VALUES ({', '.join('?' * len(COLUMNS))})", ROWS)
    connection.commit()
    connection.close()
    self.tables = [self.csv, self.ndjson, f"{self.database}:visits"]

  def classify(self, *words, **options):
    outcome = self.subrosa("classify", "table", *words, **options)
    for value in PLANTED:
      self.assertNotIn(value, outcome.out + outcome.err)
    return outcome

  def test_a_column_says_the_same_in_a_file_and_in_a_database(self):
    told = [self.classify(table, "--format", "json").json_lines() for table in self.tables]

    self.assertEqual(told[0], told[1])
    self.assertEqual(told[0], told[2])
    columns = {each["column"]: each for each in told[0]}
    self.assertEqual(COLUMNS, list(columns))
    code = columns["dx_code"]
    self.assertEqual("http://hl7.org/fhir/sid/icd-10-cm", code["code_system"])
    self.assertIn("code", {finding["basis"] for finding in code["findings"]})
    self.assertIn("text/phone", {finding["rule"] for finding in columns["phone"]["findings"]})
    self.assertTrue(columns["notes"]["free_text"])
    self.assertEqual([], columns["colour"]["findings"])
    for finding in code["findings"]:
      self.assertEqual("dx_code", finding["field"])

  def test_a_proposed_mapping_is_one_that_ingest_reads(self):
    self.init()
    read = {self.csv: self.csv, self.ndjson: self.ndjson, self.tables[2]: self.csv}
    for number, table in enumerate(self.tables):
      with self.subTest(table=table):
        proposal = self.classify(table, "--propose-mapping")
        self.assertIn("judge the ", proposal.err)
        mapping = self.write(f"proposal-{number}.textproto", proposal.out)

        taken = self.ingest(read[table], "--mapping", mapping, *INGEST)
        if number == 0:
          self.assertEqual(counts(added=len(ROWS)), counts_of(taken), proposal)
        self.assertEqual(counts(unchanged=len(ROWS)),
                         counts_of(self.ingest(read[table], "--mapping", mapping, *INGEST)))

  def test_a_database_is_as_it_was(self):
    before = self.database.read_bytes()
    self.classify(self.tables[2], "--every-value")

    self.assertEqual(before, self.database.read_bytes())
    self.assertEqual([], list(self.work.glob("clinic.sqlite-*")))

  def test_the_same_table_gives_the_same_answer(self):
    first = self.classify(self.csv, "--sample", "7").out

    self.assertEqual(first, self.classify(self.csv, "--sample", "7").out)

  def test_rows_that_are_none_are_counted_and_passed_over(self):
    ragged = self.write("ragged.csv", as_csv() + "only,two\n")

    self.assertIn("1 rows are none", self.classify(ragged).err)

  def test_the_first_row_of_a_table_without_names_is_not_printed(self):
    for first in ("219-09-9999,jo@canary.example", "x,jo@canary.example"):
      path = self.write("nohead.csv", first + "\n219-09-9998,bo@canary.example\n")
      refused = self.classify(path, expect=FAILED)
      self.assertIn("want a name, got what reads like", refused.err)
      self.assertIn("put a line of the columns' names before the first row", refused.err)
      self.assertEqual("", refused.out)
      self.assertNotIn("219", refused.err)

  def test_names_of_columns_move_no_cursor(self):
    path = self.write("esc.csv", b"a\x1b[2Jb,c\nred,blue\n")
    self.assertIn("a\\x1b[2Jb: text", self.classify(path).out)
    self.assertEqual(2, len(self.classify(path, "--format", "json").json_lines()))

  def test_what_is_nested_or_bytes_is_said_not_to_be_read(self):
    nested = self.write("nested.ndjson", "".join(json.dumps(row) + "\n" for row in (
        {"patient": {"ssn": "219-09-9999"}, "codes": ["B20"], "colour": "red"},
        {"patient": {"ssn": "219-09-9999"}, "codes": None, "colour": "blue"})))
    connection = sqlite3.connect(self.work / "blobs.sqlite")
    connection.execute(f"CREATE TABLE t ({', '.join(f'c{i}' for i in range(70))})")
    row = [None] * 70
    row[0], row[40], row[69] = "red", b"canary", b"canary"
    connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * 70)})", row)
    connection.commit()
    connection.close()
    for table, unread in ((nested, {"patient": 2, "codes": 1}),
                          (f"{self.work}/blobs.sqlite:t", {"c40": 1, "c69": 1})):
      with self.subTest(table=table):
        told = self.classify(table, "--format", "json")
        self.assertEqual(unread, {each["column"]: each["unread"] for each in told.json_lines()
                                  if each["unread"]})
        self.assertIn("2 columns hold lists, objects or bytes, which were not read", told.err)
        self.assertIn("more hold a list, an object or bytes: not read",
                      self.classify(table).out)

  def test_every_code_of_a_column_is_told_the_rarest_too(self):
    codes = [code for code in ("E11.9", "I10", "J45", "M54", "K21", "L20") for _ in range(30)]
    path = self.write("dx.csv", "dx\n" + "\n".join([*codes, "B20", "O04.5", "F64.0"]) + "\n")
    told = self.classify(path, "--every-value", "--format", "json").json_lines()[0]
    rules = {finding["rule"] for finding in told["findings"]}
    self.assertLessEqual({"icd-10-cm/hiv", "icd-10-cm/pregnancy-termination",
                          "icd-10-cm/gender-identity"}, rules)

  def test_what_is_no_table_or_of_nobody_is_refused(self):
    shapes = self.write("shapes.csv", "colour,size\nred,3\n")
    for words, code in (
        ([shapes, "--propose-mapping"], FAILED), ([self.work / "none.csv"], FAILED),
        ([f"{self.database}:none"], FAILED), ([f"{self.csv}:visits"], FAILED),
        ([self.csv, "--propose-mapping", "--message", "acme.v1.None"], FAILED),
        ([self.work / "table.pdf"], FAILED), ([], USAGE), ([self.csv, self.ndjson], USAGE),
        ([self.csv, "--sample", "0"], USAGE), ([self.csv, "--separator", ";;"], USAGE),
        ([shapes], DONE)):
      with self.subTest(words=words):
        self.classify(*words, expect=code)


if __name__ == "__main__":
  unittest.main(verbosity=2)
