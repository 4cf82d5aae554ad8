"""Prints log_vectors.json: a small log, its checkpoint, cosignature and receipts,
which docs/formats/audit.md shows. Each run prints the same.

usage: log_vectors.py > tests/conformance/log_vectors.json
"""

import json
import sys

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import log_maker
from log_maker import Consumer, Log, Signer, cosign, extra, leaf, row, some_bytes

ADA, BEA = Consumer("c-000004"), Consumer("c-000007")
DETAILS = {ADA: row("sleep-11") + row("mood-3", 2), BEA: row("mood-9")}
TAGS = [some_bytes(f"tag {index}", 16) for index in range(3)]


def entries():
    return [
        leaf(5, (1,), tag=TAGS[0], jurisdiction=b""),
        leaf(1, (2, 1), [who.commitment(TAGS[1], DETAILS[who]) for who in (ADA, BEA)],
             tag=TAGS[1], day=log_maker.FIRST_DAY + 1),
        leaf(4, (), [ADA.tombstone(), ADA.commitment(TAGS[2])], tag=TAGS[2],
             day=log_maker.FIRST_DAY + 30),
    ]


def commitment(who, index, which, detail):
    """How a commitment of the log comes about."""
    return {"leaf": index, "which": which, "account": who.account,
            "consumer_key": who.key.hex(), "tag": TAGS[index].hex(),
            "opening": who.opening(TAGS[index]).hex(), "detail": detail.hex(),
            "commitment": who.commitment(TAGS[index], detail).hex()}


def receipt(log, name, index, checkpoint, account="", which=None, opening=b"",
            detail=b""):
    extra_bytes = extra(log.entries[index], which, opening, detail)
    return {"name": name, "account": account, "extra": extra_bytes.hex(),
            "receipt": log.receipt(index, extra_bytes, checkpoint).decode()}


def vectors():
    log, witness = Log(entries()), Signer(log_maker.WITNESS, 4)
    cosigned = cosign(log.checkpoint(), witness)
    return {
        "origin": log.signer.name,
        "log_key": {"seed": log.signer.seed.hex(), "public": log.signer.public.hex(),
                    "vkey": log.signer.vkey},
        "witness_key": {"seed": witness.seed.hex(), "public": witness.public.hex(),
                        "vkey": witness.vkey},
        "leaves": [{"leaf": entry.hex(), "hash": log.root(index + 1, index).hex()}
                   for index, entry in enumerate(log.entries)],
        "node": log.root(2).hex(),
        "root": log.root().hex(),
        "commitments": [
            commitment(ADA, 1, 0, DETAILS[ADA]), commitment(BEA, 1, 1, DETAILS[BEA]),
            commitment(ADA, 2, 1, b"")],
        "tombstones": [{"leaf": 2, "consumer_key": ADA.key.hex(),
                        "stable_secret": ADA.stable_secret.hex(),
                        "tombstone": ADA.tombstone().hex()}],
        "files": {path: data.hex() for path, data in log.tiles().items()},
        "checkpoint": log.checkpoint().decode(),
        "earlier_checkpoint": log.checkpoint(2).decode(),
        "cosigned": cosigned.decode(),
        "receipts": [
            receipt(log, "an epoch opened: of nobody", 0, log.checkpoint()),
            receipt(log, "records put", 1, log.checkpoint(), ADA.account, 0,
                    ADA.opening(TAGS[1]), DETAILS[ADA]),
            receipt(log, "an erasure, cosigned", 2, cosigned, ADA.account, 1,
                    ADA.opening(TAGS[2])),
        ],
    }


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=1))
