"""log_vectors.json against its generator, the second verifier, and the page that
shows it: docs/formats/audit.md.

usage: log_second_implementation_test.py log_vectors.json audit.md
"""

import hashlib
import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import log_vectors
from log_check import check_log
from log_leaf import parse_extra, parse_leaf, prf
from log_note import NotProven, open_checkpoint, parse_vkey
from log_receipt import check_receipt
from log_tree import leaf_hash, node_hash
from tampering import InMemory

VECTORS, PAGE = (pathlib.Path(path) for path in sys.argv[1:3])


def leaf_fields(leaf):
    """A leaf's bytes, cut where docs/formats/audit.md cuts them."""
    fields, at = {}, 0
    for name, size in (("magic", 4), ("kind", 1), ("outcome", 1), ("day", 4)):
        fields[name], at = leaf[at:at + size], at + size
    for name, width, each in (("jurisdiction", 1, 1), ("tag", 0, 16), ("numbers", 1, 8),
                              ("commitments", 2, 32), ("text", 2, 1)):
        count = int.from_bytes(leaf[at:at + width], "big") if width else 1
        size = width + count * each
        fields[name], at = leaf[at:at + size], at + size
    return fields


def shown(vectors):
    """{label: hex} of what the page's worked example shows."""
    leaves = vectors["leaves"]
    values = {"log key: seed": vectors["log_key"]["seed"],
              "log key: public": vectors["log_key"]["public"]}
    for index in (0, 1):
        values[f"leaf {index}"] = leaves[index]["leaf"]
    for name, value in leaf_fields(bytes.fromhex(leaves[2]["leaf"])).items():
        values[f"leaf 2: {name}"] = value.hex()
    erased = vectors["commitments"][2]
    values |= {"consumer key": erased["consumer_key"], "opening": erased["opening"],
               "consumer": erased["commitment"],
               "stable secret": vectors["tombstones"][0]["stable_secret"],
               "tombstone": vectors["tombstones"][0]["tombstone"]}
    for index, leaf in enumerate(leaves):
        values[f"hash of leaf {index}"] = leaf["hash"]
    return values | {"node of 0 and 1": vectors["node"], "root": vectors["root"],
                     "extra": vectors["receipts"][2]["extra"]}


def render(values):
    """As the page shows them: a label, and hexadecimal in lines of 64 digits."""
    lines = []
    for label, value in values.items():
        for at in range(0, len(value), 64):
            lines.append(f"{label:<22}{value[at:at + 64]}")
            label = ""
    return "\n".join(lines)


class LogSecondImplementationTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
        cls.keys = [parse_vkey(cls.vectors["log_key"]["vkey"])]
        cls.witnesses = [parse_vkey(cls.vectors["witness_key"]["vkey"])]

    def files(self):
        return {path: bytes.fromhex(data) for path, data in
                self.vectors["files"].items()} | {
                    "checkpoint": self.vectors["checkpoint"].encode(),
                    "cosigned": self.vectors["cosigned"].encode()}

    def test_the_generator_makes_them_again(self):
        self.assertEqual(log_vectors.vectors(), self.vectors)

    def test_the_log_is_proven(self):
        checkpoint = check_log(InMemory(self.files()), self.keys, self.witnesses,
                               self.vectors["earlier_checkpoint"].encode())
        self.assertEqual((self.vectors["origin"], 3, self.vectors["root"]),
                         (checkpoint.origin, checkpoint.size, checkpoint.root.hex()))

    def test_hashes_are_those_of_the_leaves(self):
        hashes = []
        for leaf in self.vectors["leaves"]:
            parse_leaf(bytes.fromhex(leaf["leaf"]), "leaf")
            hashes.append(leaf_hash(bytes.fromhex(leaf["leaf"])))
            self.assertEqual(leaf["hash"], hashes[-1].hex())
        node = node_hash(hashes[0], hashes[1])
        self.assertEqual(self.vectors["node"], node.hex())
        self.assertEqual(self.vectors["root"], node_hash(node, hashes[2]).hex())

    def test_commitments_and_tombstones_come_of_the_consumers_key(self):
        for vector in self.vectors["commitments"]:
            opening = prf(bytes.fromhex(vector["consumer_key"]), b"leaf opening",
                          bytes.fromhex(vector["tag"]))
            commitment = prf(opening, b"leaf consumer", vector["account"].encode(),
                             bytes.fromhex(vector["detail"]))
            leaf = parse_leaf(bytes.fromhex(
                self.vectors["leaves"][vector["leaf"]]["leaf"]), "leaf")
            self.assertEqual(vector["opening"], opening.hex())
            self.assertEqual(vector["commitment"], commitment.hex())
            self.assertEqual(vector["tag"], leaf.tag.hex())
            self.assertEqual(commitment, leaf.commitments[vector["which"]])
        for vector in self.vectors["tombstones"]:
            leaf = parse_leaf(bytes.fromhex(
                self.vectors["leaves"][vector["leaf"]]["leaf"]), "leaf")
            secret = hashlib.blake2b(
                digest_size=32, key=bytes.fromhex(vector["consumer_key"]),
                person=b"stable secret", salt=b"subrosa/key/v1").digest()
            tombstone = prf(secret, b"tombstone")
            self.assertEqual(vector["stable_secret"], secret.hex())
            self.assertEqual(vector["tombstone"], tombstone.hex())
            self.assertEqual(tombstone, leaf.commitments[0])

    def test_each_receipt_is_proven_for_its_account_and_no_other(self):
        for number, vector in enumerate(self.vectors["receipts"]):
            with self.subTest(vector["name"]):
                receipt = vector["receipt"].encode()
                _, index, _ = check_receipt(receipt, self.keys, (),
                                            vector["account"] or None)
                self.assertEqual(number, index)
                parse_extra(bytes.fromhex(vector["extra"]), "extra")
                with self.assertRaises(NotProven):
                    check_receipt(receipt, self.keys, (), "c-000005")

    def test_the_cosigned_receipt_alone_has_a_witness(self):
        for vector in self.vectors["receipts"][:2]:
            with self.assertRaises(NotProven):
                check_receipt(vector["receipt"].encode(), self.keys, self.witnesses)
        check_receipt(self.vectors["receipts"][2]["receipt"].encode(), self.keys,
                      self.witnesses)

    def test_a_witness_is_no_log(self):
        with self.assertRaises(NotProven):
            open_checkpoint(self.vectors["cosigned"].encode(), self.witnesses, (), "note")

    def test_the_page_shows_these_bytes(self):
        page = PAGE.read_text(encoding="utf-8")
        example = page.partition("\n## Worked example\n")[2].partition("\n## ")[0]
        blocks = re.findall(r"^```\n(.*?)^```", example, re.DOTALL | re.MULTILINE)
        self.assertEqual([render(shown(self.vectors)) + "\n", self.vectors["checkpoint"],
                          self.vectors["receipts"][2]["receipt"]], blocks)
        self.assertIn(f"`{self.vectors['witness_key']['vkey']}`", example)

    def test_what_the_page_shows_in_fields_is_the_leaf(self):
        leaf = bytes.fromhex(self.vectors["leaves"][2]["leaf"])
        self.assertEqual(leaf, b"".join(leaf_fields(leaf).values()))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
