#!/usr/bin/env python3
"""A second reader of docs/formats/consent_receipt.md: whether a receipt is JSON-LD that says what
it means by itself, and holds each field that ISO/IEC TS 27560:2023 makes mandatory.

    receipt_check.py FILE

prints what is wrong, and exits with 3 if anything is. It shares no code with what writes receipts,
fetches nothing, and needs no library. Of JSON-LD it reads what such receipts use: a context that
stands in the document, prefixes, nodes, coerced values.
"""

import datetime
import json
import pathlib
import re
import sys

DPV = "https://w3id.org/dpv#"
DCT = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPDX = "http://spdx.org/rdf/terms#"
XSD = "http://www.w3.org/2001/XMLSchema#"

MAX_DEPTH = 32

# What may stand in place of a value's type, and how it is written.
SHAPES = {
    f"{XSD}dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    f"{XSD}date": r"\d{4}-\d\d-\d\d",
    f"{XSD}hexBinary": r"([0-9a-f]{2})+",
}

# Each field, under the standard's name for it, and the path to it from the receipt or the record.
# "a|b": either. A path that ends in @id names something, one that ends in @type says what it is.
RECEIPT_FIELDS = {
    "schema version": "dct:conformsTo/@id",
    "receipt id": "dct:identifier",
    "record": "dpv:hasRecordOfActivity",
}
RECORD_FIELDS = {
    "schema version": "dct:conformsTo/@id",
    "record id": "dct:identifier",
    "pii principal id": "dpv:hasDataSubject/dct:identifier",
    "privacy notice": "dpv:hasNotice/dct:identifier",
    "language": "dpv:hasNotice/dct:language",
    "purpose": "dpv:hasProcess/dpv:hasPurpose/dct:title",
    "lawful basis": "dpv:hasProcess/dpv:hasLegalBasis/@id",
    "pii information": "dpv:hasProcess/dpv:hasPersonalData/dct:title",
    "pii type": "dpv:hasProcess/dpv:hasPersonalData/@type",
    "pii controllers: party id": "dpv:hasDataController/dct:identifier",
    "pii controllers: name": "dpv:hasDataController/dpv:hasName",
    "pii controllers: address": "dpv:hasDataController/dpv:hasAddress",
    "pii controllers: contact": "dpv:hasDataController/dpv:hasContact",
    "pii controllers: role": "dpv:hasDataController/@type",
    "processing method": "dpv:hasProcess/dpv:hasProcessing/@id",
    "storage locations": "dpv:hasProcess/dpv:hasStorageCondition/dpv:hasLocation/dct:identifier",
    "retention period": "dpv:hasProcess/dpv:hasStorageCondition/dpv:hasDuration/rdf:value",
    "jurisdiction": "dpv:hasJurisdiction/dct:identifier",
    "recipients: party": "dpv:hasProcess/dpv:hasRecipient/@id",
    "withdrawal method": "dpv:hasConsentControl/dpv:isExercisedAt",
    "privacy rights": "dpv:hasRight/dpv:isExercisedAt",
    "events": "dpv:hasConsentStatus",
}
EVENT_FIELDS = {
    "event time": "dpv:isIndicatedAtTime",
    "event type, state": "@type",
    "validity duration": "dpv:hasDuration/@type",
    "entity id": "dpv:isIndicatedBy/@id",
}
PARTY_FIELDS = {
    "party id": "dct:identifier",
    "name": "dpv:hasName",
    "address": "dpv:hasAddress",
    "contact": "dpv:hasContact",
    "role": "@type",
}
PREFIXES = {"dpv": DPV, "dct": DCT, "rdf": RDF}
STATES = {DPV + name for name in
          ("ConsentGiven", "ConsentWithdrawn", "ConsentExpired", "ConsentRevoked")}


class Fault(Exception):
  """What is wrong, without any value of the receipt."""


def unique(pairs):
  """An object whose keys are each there once: what two readers would read differently is refused."""
  if len({key for key, _ in pairs}) != len(pairs):
    raise Fault("json: want each key once, got one twice")
  return dict(pairs)


class Context:
  """The receipt's own words for IRIs, and the types of its properties."""

  def __init__(self, words):
    if not isinstance(words, dict):
      raise Fault("@context: want it to stand in the receipt, got none or an address")
    self.prefixes = {key: word for key, word in words.items() if isinstance(word, str)}
    for word in self.prefixes.values():
      if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[#/]", word):
        raise Fault("@context: want prefixes of IRIs, got something else")
    self.types = {}
    for key, word in words.items():
      if isinstance(word, str):
        continue
      if not isinstance(word, dict) or set(word) != {"@type"}:
        raise Fault("@context: want a prefix or the type of a property, got something else")
      kind = word["@type"]
      self.types[self.iri(key)] = kind if kind == "@id" else self.iri(kind)

  def iri(self, word):
    prefix, colon, rest = word.partition(":")
    if prefix in self.prefixes and rest:
      return self.prefixes[prefix] + rest
    if prefix == "_" and rest or colon and re.fullmatch(
        r"(https?://|urn:uuid:)[^\s<>\"{}|\\^`]+", word):
      return word
    raise Fault("json-ld: want an IRI or a word of the context, got another")


def listed(value):
  return value if isinstance(value, list) else [value]


def expand(value, context, kind=None, depth=0):
  """`value` with every word of the context written out, and every property a list."""
  if depth > MAX_DEPTH:
    raise Fault(f"json: want at most {MAX_DEPTH} levels, got more")
  if isinstance(value, dict):
    node = {}
    for key, each in value.items():
      if key == "@id":
        node["@id"] = [context.iri(each)]
      elif key == "@type":
        node["@type"] = [context.iri(one) for one in listed(each)]
      elif key.startswith("@"):
        raise Fault("json-ld: want no keyword but @context, @id and @type, got another")
      else:
        iri = context.iri(key)
        node[iri] = [expand(one, context, context.types.get(iri), depth + 1)
                     for one in listed(each)]
    return node
  if not isinstance(value, str) or not value:
    raise Fault("json-ld: want text or a node, got something else")
  if kind == "@id":
    return {"@id": [context.iri(value)]}
  if kind in SHAPES and not re.fullmatch(SHAPES[kind], value):
    raise Fault("json-ld: want a value of its type, got another")
  if kind == f"{XSD}dateTime":
    datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
  return value


def find(nodes, path):
  """All that lies at the end of `path`."""
  for step in path.split("/"):
    if not step.startswith("@"):
      prefix, _, name = step.partition(":")
      step = PREFIXES[prefix] + name
    nodes = [each for node in nodes if isinstance(node, dict) for each in node.get(step, [])]
  return nodes


def missing(node, fields, where):
  return [f"{where}: want the field '{name}', got none"
          for name, path in fields.items() if not find([node], path)]


def check_time(events):
  """Events come in the order in which they happened, and the first one is that it was given."""
  times = [time for event in events for time in find([event], "dpv:isIndicatedAtTime")]
  states = [STATES.intersection(find([event], "@type")) for event in events]
  faults = []
  if times != sorted(times):
    faults.append("events: want the oldest first, got another order")
  if any(len(state) != 1 for state in states):
    faults.append("events: want each to be one state of consent, got none or several")
  if states and states[0] != {DPV + "ConsentGiven"}:
    faults.append("events: want it given first, got another state")
  return faults


def faults_of(text):
  """What is wrong with a receipt; nothing if it is a good one."""
  try:
    document = json.loads(text, object_pairs_hook=unique)
    if not isinstance(document, dict):
      raise Fault("receipt: want an object, got something else")
    receipt = expand({key: each for key, each in document.items() if key != "@context"},
                     Context(document.get("@context")))
  except Fault as fault:
    return [str(fault)]
  except (ValueError, RecursionError, TypeError, AttributeError):
    return ["receipt: want JSON-LD, got something else"]
  faults = missing(receipt, RECEIPT_FIELDS, "receipt")
  if f"{DPV}ConsentReceipt" not in receipt.get("@type", []):
    faults.append("receipt: want a dpv:ConsentReceipt, got something else")
  for record in find([receipt], "dpv:hasRecordOfActivity"):
    if not isinstance(record, dict):
      faults.append("record: want a node, got a text")
      continue
    faults += missing(record, RECORD_FIELDS, "record")
    if f"{DPV}ConsentRecord" not in record.get("@type", []):
      faults.append("record: want a dpv:ConsentRecord, got something else")
    events = find([record], "dpv:hasConsentStatus")
    for event in events:
      faults += missing(event, EVENT_FIELDS, "event")
    faults += check_time(events)
    # Where nothing is shared the recipient is the controller, by its id.
    controllers = {each for node in find([record], "dpv:hasDataController")
                   for each in find([node], "@id")}
    for party in find([record], "dpv:hasProcess/dpv:hasRecipient"):
      if not controllers.intersection(find([party], "@id")):
        faults += missing(party, PARTY_FIELDS, "recipient")
  return faults


def main():
  faults = faults_of(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
  for fault in faults:
    print(fault)
  return 3 if faults else 0


if __name__ == "__main__":
  sys.exit(main())
