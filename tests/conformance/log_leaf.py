"""Leaves, and what a receipt carries beside one, as the second verifier reads
them. Written from docs/formats/audit.md and envelope.md ("Derivation") alone.
"""

import dataclasses
import datetime
import hashlib
import hmac

from log_note import ED25519, NotProven, parse_vkey

MOST_LEAF_BYTES = 65535
MOST_COMMITMENTS = 2000
MOST_JURISDICTION_BYTES = 16
JURISDICTION = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
OUTCOMES = {1: "done", 2: "done in part", 3: "denied"}
ROW_BYTES = 16 + 4 + 16  # record_ref || revision || digest


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    numbers: int
    commitments: range
    has_text: bool = False
    # Which commitments are to a consumer, and so may be opened by a receipt.
    to_consumers: range = range(0)


def exactly(count):
    return range(count, count + 1)


KINDS = {
    1: Kind("records put", 2, range(1, MOST_COMMITMENTS + 1),
            to_consumers=range(MOST_COMMITMENTS)),
    2: Kind("records deleted", 1, exactly(0)),
    3: Kind("consumer keys made", 1, exactly(0)),
    4: Kind("consumer key destroyed", 0, exactly(2), to_consumers=exactly(1)),
    5: Kind("epoch opened", 1, exactly(0)),
    6: Kind("epoch retired", 2, exactly(0), has_text=True),
    7: Kind("log key announced", 0, exactly(0), has_text=True),
    8: Kind("choice", 1, exactly(3), to_consumers=exactly(0)),
    9: Kind("grant", 1, exactly(2), to_consumers=exactly(0)),
    10: Kind("request step", 2, exactly(2), to_consumers=exactly(0)),
    11: Kind("notice version", 0, exactly(1)),
    12: Kind("keys restored", 2, exactly(0)),
    13: Kind("records restored", 3, exactly(0)),
    14: Kind("records erased", 1, range(1, MOST_COMMITMENTS + 1)),
    15: Kind("key version destroyed", 0, exactly(1)),
    16: Kind("evidence keys destroyed", 2, exactly(0)),
    17: Kind("evidence kept", 1, exactly(0), has_text=True),
    18: Kind("erasure certified", 2, exactly(1)),
    19: Kind("policy changed", 1, exactly(0), has_text=True),
    20: Kind("copy given", 0, exactly(2), to_consumers=exactly(0)),
    21: Kind("set given", 2, exactly(0), has_text=True),
    22: Kind("lost answers settled", 1, exactly(0), has_text=True),
}


@dataclasses.dataclass
class Leaf:
    kind: int
    outcome: int
    day: int
    jurisdiction: str
    tag: bytes
    numbers: list
    commitments: list
    text: str

    def __str__(self):
        day = datetime.date(1970, 1, 1).toordinal() + self.day
        date = (datetime.date.fromordinal(day).isoformat()
                if day <= datetime.date.max.toordinal() else f"day {self.day}")
        return (f"{KINDS[self.kind].name}, {OUTCOMES[self.outcome]}, {date}, "
                f"{self.jurisdiction or 'jurisdiction not known'}")


class Reader:
    """Takes bytes from the front; faults name the field."""

    def __init__(self, data, part):
        self.data, self.at, self.part = data, 0, part

    def take(self, size, field):
        if len(self.data) - self.at < size:
            raise NotProven(f"{self.part}.{field}", f"{size} bytes",
                            len(self.data) - self.at)
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size, field):
        return int.from_bytes(self.take(size, field), "big")

    def end(self):
        if self.at != len(self.data):
            raise NotProven(self.part + ".end", "nothing after it",
                            f"{len(self.data) - self.at} bytes")


def parse_leaf(data, part):
    if len(data) > MOST_LEAF_BYTES:
        raise NotProven(part + ".size", f"at most {MOST_LEAF_BYTES}", len(data))
    reader = Reader(data, part)
    if reader.take(4, "magic") != b"SBL1":
        raise NotProven(part + ".magic", "SBL1", "another")
    number = reader.number(1, "kind")
    if number not in KINDS:
        raise NotProven(part + ".kind", "a known one", number)
    kind = KINDS[number]
    outcome = reader.number(1, "outcome")
    if outcome not in OUTCOMES:
        raise NotProven(part + ".outcome", "1 to 3", outcome)
    day = reader.number(4, "day")
    jurisdiction = reader.take(reader.number(1, "jurisdiction"), "jurisdiction")
    if len(jurisdiction) > MOST_JURISDICTION_BYTES or not JURISDICTION.issuperset(
            jurisdiction):
        raise NotProven(part + ".jurisdiction", "at most 16 of A-Z, 0-9 and -",
                        "another")
    tag = reader.take(16, "tag")
    numbers = [reader.number(8, "numbers")
               for _ in range(reader.number(1, "numbers"))]
    if len(numbers) != kind.numbers:
        raise NotProven(part + ".numbers", f"{kind.numbers} in {kind.name}",
                        len(numbers))
    commitments = [reader.take(32, "commitments")
                   for _ in range(reader.number(2, "commitments"))]
    if len(commitments) not in kind.commitments:
        raise NotProven(part + ".commitments",
                        f"{kind.commitments[0]} to {kind.commitments[-1]} in "
                        f"{kind.name}", len(commitments))
    text = reader.take(reader.number(2, "text"), "text")
    if not all(0x20 <= byte < 0x7f for byte in text):
        raise NotProven(part + ".text", "printable ASCII", "another byte")
    if bool(text) != kind.has_text:
        raise NotProven(part + ".text", ("some in " if kind.has_text else "none in ")
                        + kind.name, f"{len(text)} bytes")
    reader.end()
    leaf = Leaf(number, outcome, day, jurisdiction.decode(), tag, numbers,
                commitments, text.decode())
    if number == 7 and parse_vkey(leaf.text, part + ".text").kind != ED25519:
        raise NotProven(part + ".text", "a key that signs", "one that cosigns")
    return leaf


def prf(key, label, *parts):
    return hashlib.blake2b(
        b"".join(len(part).to_bytes(8, "big") + part for part in parts), key=key,
        person=label, salt=b"subrosa/prf/v1", digest_size=32).digest()


@dataclasses.dataclass
class Opening:
    """Shows a consumer that one of a leaf's commitments is to them."""

    which: int
    opening: bytes
    detail: bytes

    def check(self, leaf, account, part):
        commitment = prf(self.opening, b"leaf consumer", account.encode(), self.detail)
        if not hmac.compare_digest(commitment, leaf.commitments[self.which]):
            raise NotProven(part, "one that opens the commitment for this account",
                            "another")


def parse_extra(data, part):
    """(leaf's bytes, leaf, opening or None) of a receipt's extra."""
    reader = Reader(data, part)
    if reader.take(4, "magic") != b"SBX1":
        raise NotProven(part + ".magic", "SBX1", "another")
    leaf_bytes = reader.take(reader.number(2, "leaf"), "leaf")
    leaf = parse_leaf(leaf_bytes, part + ".leaf")
    openings = reader.number(1, "openings")
    if openings > 1:
        raise NotProven(part + ".openings", "0 or 1", openings)
    opening = None
    if openings:
        which = reader.number(2, "which")
        if (which >= len(leaf.commitments)
                or which not in KINDS[leaf.kind].to_consumers):
            raise NotProven(part + ".which", "a commitment to a consumer", which)
        secret = reader.take(32, "opening")
        detail = reader.take(reader.number(4, "detail"), "detail")
        if leaf.kind == 1 and (not detail or len(detail) % ROW_BYTES):
            raise NotProven(part + ".detail", f"rows of {ROW_BYTES} bytes",
                            f"{len(detail)} bytes")
        if leaf.kind == 4 and detail:
            raise NotProven(part + ".detail", "none in " + KINDS[4].name,
                            f"{len(detail)} bytes")
        opening = Opening(which, secret, detail)
    reader.end()
    return leaf_bytes, leaf, opening
