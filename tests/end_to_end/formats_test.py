#!/usr/bin/env python3
"""Each format that `ingest` reads, from a file to the home: taking it again changes nothing, what
changed in the source is a revision, and no file of the home says where a record comes from."""

import dataclasses
import hashlib
import io
import json
import os
import shutil
import sys
import typing
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    InstallationTest, counts, counts_of, forms, ndjson, record)

DESCRIPTORS = os.path.abspath("tests/end_to_end/clinic.descriptors")

# Planted where the source says whose it is, which record, and of which type.
CONSUMER = "canary-consumer-7Q3VX"
RECORD_ID = "canary-record-id-K2M8Z"
TYPE = "CanarytypeWJXQ"
OTHER_ID = "other-record-id-B4N6C"

COMMON = ["--source", "clinic", "--purpose", "care", "--basis", "consent", "--collection",
          "provider", "--collected-at", "2026-01-02T03:04:05Z"]
ONE_PERSON = [*COMMON, "--consumer-from", "id-file:one-person"]
MAPPED = [*COMMON, "--mapping", "notes.textproto"]
MAPPING = """name: "notes"
message: "subrosa.v1.MoodCheckIn"
column { name: "who" consumer {} }
column { name: "entry" record_id {} }
column { name: "note" field { path: "note" } }
"""


def compact(value):
  return json.dumps(value, separators=(",", ":"))


def field(number, content):
  """A field of protobuf's wire format."""
  content = content.encode() if isinstance(content, str) else content
  return bytes([number << 3 | 2, len(content)]) + content


# Each makes the bytes of one record, as they stand in the file, from its id and its words.


def condition(record_id, words):
  return compact({"resourceType": "Condition", "id": record_id, "code": {"text": words},
                  "subject": {"reference": f"Patient/{CONSUMER}"}}).encode()


def strange_resource(record_id, words):
  return compact({"resourceType": TYPE, "id": record_id, "note": words,
                  "subject": {"reference": f"Patient/{CONSUMER}"}}).encode()


def apple_sample(record_id, words):
  return (f'<Record type="HKQuantityTypeIdentifier{TYPE}" sourceName="{words}" unit="count" '
          f'startDate="2026-01-02 03:04:05 +0100" endDate="2026-01-02 03:05:05 +0100" value="1">'
          f'<MetadataEntry key="HKExternalUUID" value="{record_id}"/></Record>').encode()


def cda_entry(record_id, words):
  return (f'<entry><observation><id root="1.2.3" extension="{record_id}"/><value nullFlavor="UNK">'
          f'<originalText>{words}</originalText></value></observation></entry>').encode()


def connect_record(record_id, words):
  return compact({"type": f"{TYPE}Record", "time": "2026-01-02T03:04:05Z", "note": words,
                  "metadata": {"id": record_id, "dataOrigin": "org.example.fit"}}).encode()


def data_point(record_id, words):
  return compact({
      "header": {"id": record_id, "creation_date_time": "2026-01-02T03:04:05Z",
                 "user_id": CONSUMER, "schema_id": {
                     "namespace": "omh", "name": TYPE.lower(), "version": "1.0"}},
      "body": {"words": words}}).encode()


def csv_row(record_id, words):
  return f"{CONSUMER},{record_id},{words}".encode()


def flat_object(record_id, words):
  return compact({"who": CONSUMER, "entry": record_id, "note": words}).encode()


def group_session(record_id, words):
  return field(1, CONSUMER) + field(2, record_id) + field(5, words)


def own_record(record_id, words):
  return compact(record(CONSUMER, record_id, payload={
      "@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "note": words})).encode()


# Each makes a file of records.


def lines(*records):
  return b"".join(each + b"\n" for each in records)


def bundle(*records):
  entries = b",".join(b'{"resource":' + each + b"}" for each in records)
  return b'{"resourceType":"Bundle","type":"collection","entry":[\n' + entries + b"\n]}\n"


def apple_export(*records):
  return (b'<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n' +
          b"\n".join(records) + b"\n</HealthData>\n")


def apple_zip(*records):
  packed = io.BytesIO()
  with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("apple_health_export/export.xml", apple_export(*records))
  return packed.getvalue()


def cda_document(*records):
  return (b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget>'
          b'<patientRole><id root="9.9" extension="' + CONSUMER.encode() + b'"/></patientRole>'
          b"</recordTarget><component><structuredBody><component><section>"
          b'<code code="11450-4"/>' + b"".join(records) +
          b"</section></component></structuredBody></component></ClinicalDocument>\n")


def connect_document(*records):
  return b'{"records":[' + b",".join(records) + b"]}"


def delimited(*records):
  return b"".join(bytes([len(each)]) + each for each in records)


def csv_table(*records):
  return lines(b"who,entry,note", *records)


@dataclasses.dataclass
class SourceFormat:
  one: typing.Callable    # Makes a record.
  whole: typing.Callable  # Makes a file of records.
  words: list             # Of the command.
  has_ids: bool = True    # Else a record is known by its content.
  beside: int = 0         # How many records more a file makes: the patient.


FORMATS = {
    "fhir.ndjson": SourceFormat(condition, lines, COMMON),
    "fhir-kept-whole.ndjson": SourceFormat(strange_resource, lines, COMMON),
    "fhir-bundle.json": SourceFormat(condition, bundle, COMMON),
    "apple-export.xml": SourceFormat(apple_sample, apple_export, ONE_PERSON, has_ids=False),
    "apple-export.zip": SourceFormat(apple_sample, apple_zip, ONE_PERSON, has_ids=False),
    "c-cda.xml": SourceFormat(cda_entry, cda_document, COMMON, beside=1),
    "health-connect.json": SourceFormat(connect_record, connect_document, ONE_PERSON),
    "open-mhealth.ndjson": SourceFormat(data_point, lines, COMMON),
    "table.csv": SourceFormat(csv_row, csv_table, MAPPED),
    "table.ndjson": SourceFormat(flat_object, lines, MAPPED),
    "messages.pb": SourceFormat(group_session, delimited, [
        *COMMON, "--message", "riverside.v1.GroupSession", "--descriptor-set", DESCRIPTORS]),
    "records.ndjson": SourceFormat(own_record, lines, []),
}


class FormatsTest(InstallationTest):

  def setUp(self):
    super().setUp()
    # Beside the home, not in it: what the command is given.
    self.write("one-person", CONSUMER + "\n")
    self.write("notes.textproto", MAPPING)

  def start_anew(self):
    shutil.rmtree(self.home, ignore_errors=True)
    self.init()

  def take(self, name, content, words):
    return counts_of(self.ingest(self.write(name, content), *words))

  def assert_home_says_nothing_of(self, planted):
    shapes = {what: forms(value) for what, value in planted.items()}
    seen = 0
    for path in self.home.rglob("*"):
      if not path.is_file():
        continue
      content = path.read_bytes()
      seen += len(content)
      for what, found in shapes.items():
        self.assertFalse(any(shape in content for shape in found), f"{what} is in {path}")
    self.assertGreater(seen, 20000)  # Something was looked at.

  def test_a_file_taken_twice_changes_nothing_and_what_changed_is_a_revision(self):
    for name, each in FORMATS.items():
      with self.subTest(format=name):
        self.start_anew()
        first = each.whole(each.one(RECORD_ID, "first words"), each.one(OTHER_ID, "other words"))
        changed = each.whole(each.one(RECORD_ID, "new words"), each.one(OTHER_ID, "other words"))
        held = 2 + each.beside

        self.assertEqual(counts(added=held), self.take(name, first, each.words))
        before = self.inventory()
        self.assertEqual(counts(unchanged=held), self.take(name, first, each.words))
        self.assertEqual(before, self.inventory())
        if each.has_ids:
          self.assertEqual(counts(revised=1, unchanged=held - 1),
                           self.take(name, changed, each.words))
          self.assertEqual(held, len(self.records_held()))
        else:
          # Nobody can say which sample of before it was.
          self.assertEqual(counts(added=1, unchanged=held - 1),
                           self.take(name, changed, each.words))
        self.assertEqual(counts(unchanged=held), self.take(name, changed, each.words))

  def test_no_file_of_the_home_holds_where_a_record_comes_from(self):
    for name, each in FORMATS.items():
      with self.subTest(format=name):
        self.start_anew()
        raw = each.one(RECORD_ID, "some words")

        self.take(name, each.whole(raw), each.words)

        planted = {"the consumer": CONSUMER, "the id": RECORD_ID, "the type": TYPE,
                   "the type in lower case": TYPE.lower(), "the raw bytes": raw[:40],
                   # Half of a digest would confirm a guess as well as all of it.
                   "the digest": hashlib.sha256(raw).digest()[:16],
                   "the end of the digest": hashlib.sha256(raw).digest()[16:],
                   "the digest of the file": hashlib.sha256(each.whole(raw)).digest()[:16],
                   "the digest of the id": hashlib.sha256(RECORD_ID.encode()).digest()[:16]}
        self.assert_home_says_nothing_of(planted)
        # It is there, and its own key opens it.
        self.assertIn(RECORD_ID, json.dumps(self.records_held()))

  def test_the_search_finds_a_digest_in_each_form(self):
    digest = hashlib.sha256(b"raw").digest()
    for before in (b"", b"a", b"ab"):
      for text in (before + digest, (before + digest).hex().encode()):
        self.assertTrue(any(shape in text for shape in forms(digest[:16])))

  def records_held(self):
    path = self.folder / "copy.json"
    path.unlink(missing_ok=True)
    words = ["--as", "json", CONSUMER, "--descriptor-set", DESCRIPTORS]
    self.subrosa("export", "copy", *words, *self.review(*words), "--output", path)
    return json.loads(path.read_text(encoding="utf-8"))["records"]


if __name__ == "__main__":
  unittest.main(verbosity=2)
