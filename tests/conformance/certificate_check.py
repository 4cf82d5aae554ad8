#!/usr/bin/env python3
"""Verifies a certificate of an erasure: a second verifier, written from
docs/formats/certificate.md and audit.md alone.

usage: certificate_check.py FILE --key VKEY [--account ID]
"""

import argparse
import dataclasses
import datetime
import hmac
import pathlib
import re
import sys

sys.dont_write_bytecode = True

from log_leaf import parse_extra, prf  # pylint: disable=wrong-import-position
from log_note import (  # pylint: disable=wrong-import-position
    NotProven, decode, open_checkpoint, parse_vkey)
from log_receipt import parse_receipt  # pylint: disable=wrong-import-position
from log_tree import leaf_hash, root_of_inclusion  # pylint: disable=wrong-import-position

MOST_BYTES = 1 << 20
MOST_STATEMENT_BYTES = 256 << 10
MOST_PARTIES, MOST_EPOCHS, MOST_RULES = 1000, 64, 64
REQUEST_STEP, ERASED, RETIRED, CERTIFIED = 10, 4, 6, 18
DONE = 1
DELETE, RECEIVED = 5, 1
STAGES = {"interim": 1, "final": 2}

DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
TAG = r"([0-9a-f]{32})"
SLUG = r"([a-z0-9-]{1,64})"
NUMBER = r"([1-9][0-9]{0,9})"
RULE = r"([a-z0-9-]{1,64}/[a-z0-9-]{1,64})"
PRINTABLE = r"([ -~]{1,%d})"

# The lines of a statement, in their order: (how often, what).
ONCE, MANY = "once", "many"
LINES = [
    (ONCE, "Subrosa erasure certificate, version 1"),
    (ONCE, ""),
    (ONCE, f"Certificate: {TAG}"),
    (ONCE, f"Issue: {NUMBER}, (interim|final)"),
    (ONCE, f"Issued: {DATE}"),
    (ONCE, f"Entity: {SLUG}"),
    (ONCE, "Log: " + PRINTABLE % 255),
    (ONCE, f"Requested: (?:not known to this log|{DATE}, leaf {TAG})"),
    (ONCE, f"Erased: {DATE}, leaf {TAG}"),
    (ONCE, "Epochs:((?: [1-9][0-9]{0,9}){1,%d})" % MOST_EPOCHS),
    (ONCE, "Assurance: ([ABC])"),
    (ONCE, f"Backups: (?:no day is set yet|closed from {DATE})"),
    (MANY, f"Limit: {DATE}, {RULE}, " + PRINTABLE % 200),
    (MANY, f"(?:Recipient|Store): {SLUG}, (?:"
           f"told {DATE}, (?:done|refused) {DATE}|"
           f"told {DATE}, accepted {DATE}, due {DATE}|"
           f"told {DATE}, no answer, due {DATE}|not told yet, due {DATE})"),
    (MANY, f"Kept: {SLUG}, (?:no end is set|until {DATE}), {RULE}, " + PRINTABLE % 200),
]

PROVES = """
What this proves
  The keeper of the log says all of the above, on the day of issue, and can no
  longer say otherwise: that it destroyed every version of the keys that one
  consumer's data was sealed with (NIST SP 800-88, cryptographic erase), and
  whom it told. Whoever knows the account id can check that the keys were that
  account's.
"""
PROVES_FINAL = """\
  Afterwards it destroyed each epoch of keys under which a backup could hold
  them.
"""
ASSURANCE = {
    "A": """\
  Assurance A: a hardware token destroys the object that opens an epoch of
  keys, and finds it no more.
""",
    "B": """\
  Assurance B: a key service destroys the object that opens an epoch of keys,
  and confirms on reading that it is gone.
""",
    "C": """\
  Assurance C: the file that opens an epoch of keys is rewritten without it. This
  holds as far as no older copy of that file was kept.
""",
}
PROVES_NOT = """
What this does not prove
  That what the keeper says is true. That no copy of a key or of a record was
  made elsewhere. What recipients and other stores did: their answers are theirs.
"""
PROVES_NOT_INTERIM = """\
  This certificate is interim. Until the day at Backups, whoever has an older
  backup of the keys and what opens it could read what it held. A final
  certificate takes the place of this one.
"""


def to_day(text, part):
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise NotProven(part, "a date", "another text") from None
    number = day.toordinal() - datetime.date(1970, 1, 1).toordinal()
    if number < 1:
        raise NotProven(part, "a day after 1970-01-01", "one before")
    return number


@dataclasses.dataclass
class Statement:
    text: bytes
    issue: int
    stage: str
    issued: int
    log: str
    requested: tuple  # (day, tag), or None.
    erased: tuple
    epochs: list
    assurance: str
    backups: int  # None while no day is set.
    parties: int
    kept: int


def parse_statement(data):
    part = "certificate.statement"
    if len(data) > MOST_STATEMENT_BYTES:
        raise NotProven(part, f"at most {MOST_STATEMENT_BYTES} bytes", len(data))
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise NotProven(part, "ASCII", "another byte") from None
    lines = text.split("\n")
    at, found, counts = 0, [], []
    for often, pattern in LINES:
        matches = []
        while at < len(lines) and (match := re.fullmatch(pattern, lines[at])):
            matches.append(match)
            at += 1
            if often == ONCE:
                break
        if often == ONCE and not matches:
            raise NotProven(f"{part}, line {at + 1}", pattern, "another line")
        for match in matches:
            for group in match.groups():
                if group and re.fullmatch(DATE, group):
                    to_day(group, f"{part}, line {at}")
        found.append(matches)
        counts.append(len(matches))
    if counts[-3] > MOST_RULES or counts[-2] > MOST_PARTIES or counts[-1] > MOST_RULES:
        raise NotProven(part, "fewer lines", "too many")
    one = [matches[0] if matches else None for matches in found]
    stage, assurance = one[3][2], one[10][1]
    meaning = (PROVES + (PROVES_FINAL if stage == "final" else "") + ASSURANCE[assurance]
               + PROVES_NOT + (PROVES_NOT_INTERIM if stage == "interim" else "") + "\n")
    if "\n".join(lines[at:]) != meaning:
        raise NotProven(f"{part}, from line {at + 1}", "what it proves, word for word",
                        "another text")
    epochs = [int(word) for word in one[9][1].split()]
    if epochs != sorted(set(epochs)) or epochs[-1] >= 1 << 31:
        raise NotProven(part + ".epochs", "numbers that rise", "others")
    issue = int(one[3][1])
    if issue >= 1 << 31:
        raise NotProven(part + ".issue", "a number below 2^31", "more")
    requested = None if one[7][1] is None else (to_day(one[7][1], part),
                                                bytes.fromhex(one[7][2]))
    backups = None if one[11][1] is None else to_day(one[11][1], part)
    if stage == "final" and backups is None:
        raise NotProven(part + ".backups", "a day in a final certificate", "none")
    return Statement(data, issue, stage, to_day(one[4][1], part), one[6][1], requested,
                     (to_day(one[8][1], part), bytes.fromhex(one[8][2])), epochs,
                     assurance, backups, counts[-2], counts[-1])


def heading(name):
    return f"----- {name} -----\n".encode()


def take_sections(data, names):
    """{name: bytes} of the sections that follow each other, to the end."""
    sections = {}
    for name, following in zip(names, names[1:]):
        part = f"certificate.{name}"
        if not data.startswith(heading(name)):
            raise NotProven(part, "its heading", "another text")
        body, found, rest = data[len(heading(name)):].partition(b"\n" + heading(following))
        if not found:
            raise NotProven(f"certificate.{following}", "its heading", "none")
        sections[name], data = body + b"\n", heading(following) + rest
    if data != heading("end"):
        raise NotProven("certificate.end", "nothing after it", "more")
    return sections


@dataclasses.dataclass
class Proven:
    index: int
    leaf: object
    opening: object


def prove(data, checkpoint, note, kind, part):
    receipt = parse_receipt(data)
    if receipt.checkpoint != note:
        raise NotProven(part + ".checkpoint", "the same in each proof", "another")
    leaf_bytes, leaf, opening = parse_extra(receipt.extra, part + ".extra")
    if root_of_inclusion(receipt.index, checkpoint.size, leaf_hash(leaf_bytes),
                         receipt.proof) != checkpoint.root:
        raise NotProven(part + ".proof", "one to the checkpoint's root", "another")
    if leaf.kind != kind or leaf.outcome != DONE:
        raise NotProven(part + ".leaf", f"one of kind {kind}, done", "another")
    if opening is not None and kind != ERASED:
        raise NotProven(part + ".opening", "none", "one")
    return Proven(receipt.index, leaf, opening)


def want(holds, part, wanted):
    if not holds:
        raise NotProven(f"certificate.{part}", wanted, "another")


def check_retired(statement, retired, erased, certified):
    for epoch, proof in zip(statement.epochs, retired):
        want(proof.leaf.numbers[0] == epoch, f"retired {epoch}", "that epoch's leaf")
        want(erased.index < proof.index < certified.index, f"retired {epoch}",
             "a leaf between the erasure's and the certificate's")
    want(max(proof.leaf.numbers[1] for proof in retired)
         == "ABC".index(statement.assurance) + 1, "assurance", "the weakest of its epochs")
    want(max(proof.leaf.day for proof in retired) == statement.backups, "backups",
         "the day of the last epoch's end")


def check_certificate(data, keys, account=None):
    """Returns (statement, checkpoint) of a certificate that is proven."""
    if len(data) > MOST_BYTES:
        raise NotProven("certificate", f"at most {MOST_BYTES} bytes", len(data))
    text, found, rest = data.partition(b"\n" + heading("opening"))
    if not found:
        raise NotProven("certificate.opening", "its heading", "none")
    statement = parse_statement(text + b"\n")
    names = ["opening", "statement", "erased"]
    if statement.requested:
        names.append("requested")
    epochs = statement.epochs if statement.stage == "final" else []
    names += [f"retired {epoch}" for epoch in epochs] + ["end"]
    sections = take_sections(heading("opening") + rest, names)

    opening = decode(sections["opening"][:-1].decode("ascii", "replace"),
                     "certificate.opening")
    want(len(opening) == 32, "opening", "32 bytes")
    note = parse_receipt(sections["statement"]).checkpoint
    checkpoint = open_checkpoint(note, keys, (), "certificate.checkpoint")
    want(checkpoint.origin == statement.log, "log", "the one that signed")
    proofs = {}
    for name in names[1:-1]:
        kind = {"statement": CERTIFIED, "erased": ERASED, "requested": REQUEST_STEP}.get(
            name, RETIRED)
        proofs[name] = prove(sections[name], checkpoint, note, kind, f"certificate.{name}")

    certified, erased = proofs["statement"], proofs["erased"]
    want((certified.leaf.day, *certified.leaf.numbers)
         == (statement.issued, statement.issue, STAGES[statement.stage]), "statement",
         "the leaf of this day, issue and stage")
    want(hmac.compare_digest(prf(opening, b"certificate", statement.text),
                             certified.leaf.commitments[0]), "statement",
         "the text that the leaf commits to")
    want((erased.leaf.day, erased.leaf.tag) == statement.erased, "erased",
         "the leaf that the statement names")
    want(erased.index < certified.index, "statement", "a leaf after the erasure's")
    want(erased.opening is not None, "erased", "the opening to the consumer")
    if statement.requested:
        requested = proofs["requested"]
        want((requested.leaf.day, requested.leaf.tag) == statement.requested, "requested",
             "the leaf that the statement names")
        want(requested.leaf.numbers == [DELETE, RECEIVED], "requested",
             "a request to delete, received")
        want(requested.index < erased.index, "erased", "a leaf after the request's")
    if epochs:
        check_retired(statement, [proofs[f"retired {epoch}"] for epoch in epochs], erased,
                      certified)
    if account is not None:
        erased.opening.check(erased.leaf, account, "certificate.consumer")
    return statement, checkpoint


def main(arguments):
    parser = argparse.ArgumentParser(prog="certificate_check.py")
    parser.add_argument("file")
    parser.add_argument("--key", action="append", required=True)
    parser.add_argument("--account")
    parsed = parser.parse_args(arguments)
    try:
        statement, checkpoint = check_certificate(
            pathlib.Path(parsed.file).read_bytes(), [parse_vkey(key) for key in parsed.key],
            parsed.account)
    except NotProven as fault:
        print(f"not proven: {fault}")
        return 3
    print(f"proven: issue {statement.issue}, {statement.stage}, in {checkpoint.origin} of "
          f"{checkpoint.size} leaves")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
