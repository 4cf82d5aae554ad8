#!/usr/bin/env python3
"""Writes the seeds of audit_fuzz into corpus/audit, beside this file."""
import base64
import hashlib
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ORIGIN = "example.org/rosewater/audit"


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def b64(data):
    return base64.b64encode(data).decode()


def main():
    leaves = [leaf(bytes([i])) for i in range(3)]
    pair = node(leaves[0], leaves[1])
    root = node(pair, leaves[2])
    checkpoint = f"{ORIGIN}\n3\n{b64(root)}\n"
    # No one signed it: a receipt is read before it is verified.
    note = f"{checkpoint}\n\u2014 {ORIGIN} {b64(bytes(68))}\n"
    receipt = "c2sp.org/tlog-proof@v1\n{}index 1\n{}\n{}\n\n{}"
    path = (b64(leaves[0]), b64(leaves[2]), note)
    number = lambda value: value.to_bytes(8, "big")
    put = (b"SBL1\1\1" + (20782).to_bytes(4, "big") + b"\5US-WA" + bytes(range(16)) + b"\2"
           + number(3) + number(1) + b"\0\2" + bytes(64) + b"\0\0")
    retired = (b"SBL1\6\1" + bytes(4) + b"\0" + bytes(16) + b"\2" + number(1) + number(3)
               + b"\0\0" + b"\0\4gone")
    extra = b"SBX1" + len(put).to_bytes(2, "big") + put
    opened = extra + b"\1\0\1" + bytes(32) + (3).to_bytes(4, "big") + b"row"
    seeds = {
        "leaf_put": b"l" + put,
        "leaf_retired": b"l" + retired,
        "leaf_of_no_kind": b"l" + put.replace(b"SBL1\1", b"SBL1\0"),
        "extra": b"x" + extra + b"\0",
        "extra_opened": b"x" + opened,
        "extra_cut": b"x" + opened[:-1],
        "receipt_to_verify": "v" + receipt.format(f"extra {b64(opened)}\n", *path),
        "receipt": "r" + receipt.format("extra bGVhZg==\n", *path),
        "receipt_bare": "r" + receipt.format("", *path),
        "receipt_unsigned": "r" + receipt.format("", *path[:2], checkpoint),
        "checkpoint": "c" + checkpoint,
        "checkpoint_extended": "c" + checkpoint + "extension\n",
        "checkpoint_empty_tree": f"c{ORIGIN}\n0\n{b64(hashlib.sha256().digest())}\n",
        "path_tile": "ptile/0/x001/x234/067.p/5",
        "path_full_tile": "ptile/2/007",
        "path_bundle": "ptile/entries/x072/x057/x594/x037/x927/935.p/255",
        "path_twice_named": "ptile/0/x000/007",
        "tile": b"t\2" + b"".join(leaves),
        "tile_fuller": b"t\1" + b"".join(leaves),
        "tile_cut": b"t\2" + b"".join(leaves)[:-1],
        "bundle": b"b\2\0\1\0\0\0\0\3ent",
        "bundle_cut": b"b\0\0\3en",
        "inclusion": b"i" + number(1) + number(3) + leaves[1] + root + leaves[0] + leaves[2],
        "inclusion_alone": b"i" + number(0) + number(1) + leaves[0] * 2,
        "inclusion_largest": b"i" + number(0) + b"\xff" * 8 + bytes(32 * 66),
        "consistency": b"k" + number(2) + number(3) + pair + root + leaves[2],
        "consistency_equal": b"k" + number(3) + number(3) + root * 2,
        "consistency_from_none": b"k" + number(0) + number(3) + root * 3,
        "made_unchanged": b"m\x04\xaf\x01\x02",
        "made_changed": b"m\x04\xaf\x01\x02\x03\x1f\x80",
        "made_changed_back": b"m\x03\x00\x02\xff\x03\x1f\x80\x03\x1f\x80",
    }
    folder = HERE / "corpus/audit"
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed if isinstance(seed, bytes) else seed.encode())


if __name__ == "__main__":
    main()
