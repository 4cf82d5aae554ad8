#!/usr/bin/env python3
"""Writes the seeds of classify_fuzz into corpus/classify, beside this file.

Payloads of our own sample records, each behind a byte that picks a type.
"""
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE / "../../docs/examples/data/wellness.pb"
TYPES = 15  # As many as there are shipped payloads.
PAYLOAD_FIELD = 11  # HealthRecord.payload; its field 2 holds the bytes.


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def field(data, number):
    """The bytes of the last length-delimited field `number` of a message."""
    at, found = 0, b""
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            _, at = varint(data, at)
        else:
            size, at = varint(data, at)
            if tag >> 3 == number:
                found = data[at : at + size]
            at += size
    return found


def main():
    corpus = HERE / "corpus/classify"
    corpus.mkdir(parents=True, exist_ok=True)
    data, at, seen = SAMPLE.read_bytes(), 0, set()
    while at < len(data):
        size, at = varint(data, at)
        payload = field(data[at : at + size], PAYLOAD_FIELD)
        at += size
        name = field(payload, 1).rsplit(b".", 1)[-1].decode()
        if name in seen or len(field(payload, 2)) > 600:
            continue
        first = bytes([len(seen) % TYPES])
        seen.add(name)
        (corpus / name).write_bytes(first + field(payload, 2))


if __name__ == "__main__":
    main()
