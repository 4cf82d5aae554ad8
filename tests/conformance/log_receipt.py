"""Receipts, as the second verifier checks them.

Written from C2SP tlog-proof and docs/formats/audit.md alone.
"""

import dataclasses

from log_leaf import parse_extra
from log_note import (
    NotProven, check_cosigners, decimal, decode, decode_hash, open_checkpoint)
from log_tree import leaf_hash, root_of_inclusion

MOST_RECEIPT_BYTES = 1 << 20
MOST_PROOF_HASHES = 64


@dataclasses.dataclass
class Receipt:
    extra: bytes
    index: int
    proof: list
    checkpoint: bytes


def parse_receipt(data):
    """Takes a C2SP tlog-proof apart that carries an extra, as ours all do."""
    if len(data) > MOST_RECEIPT_BYTES:
        raise NotProven("receipt", f"at most {MOST_RECEIPT_BYTES} bytes", "more")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise NotProven("receipt", "an empty line before the checkpoint", "none")
    lines = head.decode("utf-8", "replace").split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise NotProven("receipt.first line", "c2sp.org/tlog-proof@v1", "another")
    if len(lines) < 3:
        raise NotProven("receipt", "extra and index", f"{len(lines) - 1} lines")
    for line, name in zip(lines[1:], ("extra", "index")):
        if not line.startswith(name + " "):
            raise NotProven(f"receipt.{name}", "its line here", "another")
    if len(lines) - 3 > MOST_PROOF_HASHES:
        raise NotProven("receipt.proof", f"at most {MOST_PROOF_HASHES} hashes",
                        len(lines) - 3)
    return Receipt(decode(lines[1][len("extra "):], "receipt.extra"),
                   decimal(lines[2][len("index "):], "receipt.index"),
                   [decode_hash(line, f"receipt.proof[{number}]")
                    for number, line in enumerate(lines[3:])], checkpoint)


def check_receipt(data, keys, witnesses=(), account=None):
    """Returns (checkpoint, index, leaf) of a receipt that is proven."""
    receipt = parse_receipt(data)
    checkpoint = open_checkpoint(receipt.checkpoint, keys, witnesses,
                                 "receipt.checkpoint")
    check_cosigners([checkpoint], witnesses, "receipt.checkpoint")
    leaf_bytes, leaf, opening = parse_extra(receipt.extra, "receipt.extra")
    if receipt.index >= checkpoint.size:
        raise NotProven("receipt.index", f"below {checkpoint.size}", receipt.index)
    root = root_of_inclusion(receipt.index, checkpoint.size, leaf_hash(leaf_bytes),
                             receipt.proof)
    if root != checkpoint.root:
        raise NotProven("receipt.proof", f"one from this leaf at index {receipt.index} "
                        f"to the root of {checkpoint.size} leaves", "another")
    if account is not None:
        if opening is None:
            raise NotProven("receipt.opening", "one for the account", "none")
        opening.check(leaf, account, "receipt.opening")
    return checkpoint, receipt.index, leaf
