"""Receipts of consents, read by a second reader: the one that docs/formats/consent_receipt.md shows,
which consent_receipt_test compares with what is written, and the same, spoilt in one place."""

import copy
import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True

import receipt_check  # pylint: disable=wrong-import-position

EXAMPLE = json.loads(re.search(
    r"^```json\n(.+?)^```$", pathlib.Path(sys.argv.pop(1)).read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE)[1])


def nodes(value):
  if isinstance(value, list):
    for each in value:
      yield from nodes(each)
  elif isinstance(value, dict):
    yield value
    for each in value.values():
      yield from nodes(each)


class ReceiptCheckTest(unittest.TestCase):

  def setUp(self):
    self.receipt = copy.deepcopy(EXAMPLE)
    self.record = self.receipt["dpv:hasRecordOfActivity"]

  def faults(self):
    return receipt_check.faults_of(json.dumps(self.receipt))

  def without(self, path):
    """The example without what lies at the end of `path`; False if nothing does."""
    receipt = copy.deepcopy(EXAMPLE)
    *steps, last = path.split("/")
    found = [receipt]
    for step in steps:
      found = [one for node in found if isinstance(node, dict) and step in node
               for one in receipt_check.listed(node[step])]
    holders = [node for node in found if isinstance(node, dict) and last in node]
    for node in holders:
      del node[last]
    return json.dumps(receipt) if holders else False

  def test_the_receipt_on_the_page_holds_every_field(self):
    self.assertEqual([], self.faults())

  def test_every_mandatory_field_is_missed_where_it_is_not(self):
    fields = [("receipt", "", receipt_check.RECEIPT_FIELDS),
              ("record", "dpv:hasRecordOfActivity/", receipt_check.RECORD_FIELDS),
              ("event", "dpv:hasRecordOfActivity/dpv:hasConsentStatus/",
               receipt_check.EVENT_FIELDS),
              ("recipient", "dpv:hasRecordOfActivity/dpv:hasProcess/dpv:hasRecipient/",
               receipt_check.PARTY_FIELDS)]
    for where, prefix, paths in fields:
      for name, path in paths.items():
        with self.subTest(where=where, field=name):
          spoilt = self.without(prefix + path) or self.without(
              prefix + path.removesuffix("/@id"))
          self.assertTrue(spoilt)
          self.assertIn(f"{where}: want the field '{name}', got none",
                        receipt_check.faults_of(spoilt))

  def test_a_word_that_the_context_does_not_know_is_refused(self):
    for prefix in ("dpv", "dct", "spdx", "skos", "rdf", "loc"):
      with self.subTest(prefix=prefix):
        self.setUp()
        del self.receipt["@context"][prefix]
        self.assertEqual(["json-ld: want an IRI or a word of the context, got another"],
                         self.faults())
    self.setUp()
    self.record["purpose"] = "coaching"
    self.assertEqual(1, len(self.faults()))

  def test_a_context_that_would_have_to_be_fetched_is_refused(self):
    self.receipt["@context"] = "https://w3id.org/dpv/context.jsonld"
    self.assertIn("@context: want it to stand in the receipt", self.faults()[0])
    del self.receipt["@context"]
    self.assertIn("@context: want it to stand in the receipt", self.faults()[0])

  def test_a_time_that_is_none_is_refused(self):
    for time in ("yesterday", "2026-13-05T10:00:00Z", "2026-03-05 10:00:00", ""):
      with self.subTest(time=time):
        self.record["dpv:hasConsentStatus"][0]["dpv:isIndicatedAtTime"] = time
        self.assertEqual(1, len(self.faults()))

  def test_events_come_in_their_order_and_begin_with_the_consent(self):
    self.record["dpv:hasConsentStatus"].reverse()
    self.assertEqual(["events: want the oldest first, got another order",
                      "events: want it given first, got another state"], self.faults())
    self.setUp()
    self.record["dpv:hasConsentStatus"][1]["@type"] = ["dpv:ExplicitlyExpressedConsent"]
    self.assertEqual(["events: want each to be one state of consent, got none or several"],
                     self.faults())

  def test_what_two_readers_would_read_differently_is_refused(self):
    text = json.dumps(self.receipt)
    twice = text.replace('"dct:identifier"', '"dct:identifier": "x", "dct:identifier"', 1)
    self.assertEqual(["json: want each key once, got one twice"],
                     receipt_check.faults_of(twice))

  def test_what_is_no_receipt_is_refused(self):
    for text in ("", "{", "[]", "7", "null", '"dpv:ConsentReceipt"', "[" * 100000):
      with self.subTest(text=text[:20]):
        self.assertEqual(1, len(receipt_check.faults_of(text)))
    self.receipt["@type"] = "dpv:Notice"
    self.assertEqual(["receipt: want a dpv:ConsentReceipt, got something else"], self.faults())

  def test_no_value_of_a_receipt_stands_in_what_is_said_of_it(self):
    secret = "insomnia-9f3a"
    for node in list(nodes(self.receipt)):
      for key, value in list(node.items()):
        if not isinstance(value, str):
          continue
        node[key] = f"{secret} {secret}"
        self.assertNotIn(secret, "\n".join(self.faults()))
        node[key] = value

  def test_where_nothing_is_shared_the_controller_is_the_recipient(self):
    self.record["dpv:hasProcess"]["dpv:hasRecipient"] = [{"@id": "_:controller"}]
    self.assertEqual([], self.faults())
    self.record["dpv:hasProcess"]["dpv:hasRecipient"] = [{"@id": "_:nobody"}]
    self.assertEqual(5, len(self.faults()))


if __name__ == "__main__":
  unittest.main()
