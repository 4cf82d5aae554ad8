"""Writes the seeds of witness_fuzz: requests to a witness, and mistakes in them.

usage: witness_seeds.py tests/fuzz/corpus
"""

import base64
import hashlib
import os
import sys

ORIGIN = b"example.org/fuzz"


def b64(digest):
    return base64.b64encode(digest)


def leaf(number):
    return hashlib.sha256(b"\0" + str(number).encode()).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


def root(begin, end):
    if end - begin == 0:
        return hashlib.sha256(b"").digest()
    if end - begin == 1:
        return leaf(begin)
    middle = begin + split(end - begin)
    return hashlib.sha256(b"\1" + root(begin, middle) + root(middle, end)).digest()


def proof(old, begin, end, whole=True):
    """RFC 6962's SUBPROOF(old - begin, D[begin:end], whole)."""
    if old == end:
        return [] if whole else [root(begin, end)]
    middle = begin + split(end - begin)
    if old <= middle:
        return proof(old, begin, middle, whole) + [root(middle, end)]
    return proof(old, middle, end, False) + [root(begin, middle)]


def request(old, new, lines=None, top=None, origin=ORIGIN):
    if lines is None:
        lines = proof(old, 0, new) if 0 < old < new else []
    return (b"old %d\n" % old + b"".join(b64(line) + b"\n" for line in lines) + b"\n"
            + origin + b"\n%d\n" % new + b64(top or root(0, new)) + b"\n")


def main(corpus):
    fork = hashlib.sha256(b"fork").digest()
    signed = request(4, 9) + "\n— example.org/fuzz ".encode() + b64(b"k" * 68) + b"\n"
    seeds = {
        "read": b"r" + signed,
        "read_no_proof": b"r" + request(0, 5),
        "read_63_lines": b"r" + request(1, 5, [fork] * 63),
        "read_64_lines": b"r" + request(1, 5, [fork] * 64),
        "read_leading_zero": b"r" + request(4, 9).replace(b"old 4", b"old 04"),
        "read_spaced": b"r" + request(4, 9).replace(b"old 4", b"old  4"),
        "read_crlf": b"r" + request(4, 9).replace(b"\n", b"\r\n"),
        "read_no_checkpoint": b"r" + b"old 4\n\n",
        "read_truncated": b"r" + request(4, 9)[:30],
        "grows": b"w" + b"\0".join(
            [request(0, 3), request(3, 4), request(4, 4), request(4, 19)]),
        "empty_first": b"w" + b"\0".join([request(0, 0), request(0, 0, top=fork),
                                          request(0, 7)]),
        "shrinks": b"w" + b"\0".join([request(0, 7), request(0, 5), request(5, 5),
                                      request(7, 5)]),
        "forks": b"w" + b"\0".join([request(0, 7), request(7, 7, top=fork),
                                    request(7, 9, top=fork), request(7, 9)]),
        "wrong_old": b"w" + b"\0".join([request(0, 7), request(3, 9), request(8, 9),
                                        request(7, 9)]),
        "wrong_proof": b"w" + b"\0".join(
            [request(0, 7), request(7, 9, []), request(7, 9, [fork]),
             request(7, 9, proof(7, 0, 9) + [fork]), request(7, 7, [fork])]),
        "proof_from_nothing": b"w" + request(0, 7, [fork]),
        "another_log": b"w" + request(0, 7, origin=b"example.org/other"),
        "largest": b"w" + b"\0".join(
            [request(0, 5), request(5, 2**64 - 1, [fork] * 63, fork)]),
    }
    folder = os.path.join(corpus, "witness")
    os.makedirs(folder, exist_ok=True)
    for name, content in seeds.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
