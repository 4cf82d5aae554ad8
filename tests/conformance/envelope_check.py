"""A second implementation of docs/formats/envelope.md and keyring.md.

Written from those two pages alone, on hashlib's BLAKE2b and python3-cryptography.
Every vector is opened, made again with the same salt, and compared byte for byte.

usage: envelope_check.py envelope_vectors.json
"""

import ctypes
import ctypes.util
import hashlib
import hmac
import json
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

ZERO_NONCE = bytes(12)
CIPHERS = {1: ChaCha20Poly1305, 2: AESGCM}
MOST_PLAINTEXT = 67108864


class Refused(Exception):
    """What cannot be opened."""


def u(size, number):
    return number.to_bytes(size, "big")


def h(key, personal, salt, size, data):
    return hashlib.blake2b(data, key=key, person=personal, salt=salt,
                           digest_size=size).digest()


def parts(items):
    return b"".join(u(8, len(item)) + item for item in items)


def name(text):
    return u(2, len(text.encode())) + text.encode()


def context_of(v):
    return (bytes.fromhex(v["data_ref"]) + bytes.fromhex(v["record_ref"])
            + u(4, v["revision"]) + name(v["entity"]) + name(v["schema"])
            + name(v["purpose"]))


def bucket(size):
    if size <= 256:
        return 256
    e = size.bit_length() - 1
    s = e.bit_length() - 1 + 1
    step = 1 << (e - s)
    return (size + step - 1) // step * step


def pad(plaintext):
    padded = plaintext + b"\x80"
    return padded + bytes(bucket(len(padded)) - len(padded))


def unpad(padded):
    stripped = padded.rstrip(b"\0")
    if not stripped.endswith(b"\x80") or bucket(len(stripped)) != len(padded):
        raise Refused("padding")
    return stripped[:-1]


def decrypt(cipher, key, sealed, associated_data):
    try:
        return cipher(key).decrypt(ZERO_NONCE, sealed, associated_data)
    except InvalidTag:
        raise Refused("tag") from None


def seal(key, head, salt, context, plaintext, suite, padded):
    okm = h(key, b"subrosa/rec/v1", salt, 64, head + context)
    header = head + salt + okm[32:]
    if padded:
        plaintext = pad(plaintext)
    return header + CIPHERS[suite](okm[:32]).encrypt(
        ZERO_NONCE, plaintext, header)


def open_envelope(key, context, envelope):
    if len(envelope) < 92 or envelope[:4] != b"SBR1":
        raise Refused("magic or length")
    suite, flags = envelope[4], envelope[5]
    if suite not in CIPHERS or flags > 1 or envelope[6:8] != u(2, 76):
        raise Refused("suite, flags or header size")
    payload_size = len(envelope) - 92
    if flags == 0 and payload_size > MOST_PLAINTEXT:
        raise Refused("length")
    okm = h(key, b"subrosa/rec/v1", envelope[28:44], 64,
            envelope[:28] + context)
    if not hmac.compare_digest(okm[32:], envelope[44:76]):
        raise Refused("commitment")
    plaintext = decrypt(CIPHERS[suite], okm[:32], envelope[76:], envelope[:76])
    return unpad(plaintext) if flags == 1 else plaintext


def seal_box(key, use, salt, context, plaintext):
    okm = h(key, use, salt, 64, b"\x01" + context)
    head = b"\x01" + salt + okm[32:]
    return head + ChaCha20Poly1305(okm[:32]).encrypt(
        ZERO_NONCE, plaintext, head)


def open_box(key, use, context, box):
    if len(box) < 65 or box[0] != 1:
        raise Refused("box")
    okm = h(key, use, box[1:17], 64, box[:1] + context)
    if not hmac.compare_digest(okm[32:], box[17:49]):
        raise Refused("commitment")
    return decrypt(ChaCha20Poly1305, okm[:32], box[49:], box[:49])


def argon2id(passphrase, salt, passes, memory_kib):
    """Argon2id, which no package here offers, is libsodium's."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
    sodium.sodium_init()
    key = ctypes.create_string_buffer(32)
    failed = sodium.crypto_pwhash(
        key, ctypes.c_ulonglong(32), passphrase,
        ctypes.c_ulonglong(len(passphrase)), salt, ctypes.c_ulonglong(passes),
        ctypes.c_size_t(memory_kib << 10), ctypes.c_int(2))
    if failed:
        raise MemoryError("Argon2id")
    return key.raw


def open_keyring(passphrase, file):
    if file[:8] != b"SBRKEYR1" or file[8:12] != b"\x01\0\0\0":
        raise Refused("keyring")
    if hashlib.blake2b(file[:-32], digest_size=32).digest() != file[-32:]:
        raise Refused("checksum")
    passes = int.from_bytes(file[12:16], "big")
    memory = int.from_bytes(file[16:20], "big")
    if not (2 <= passes <= 16 and 65536 <= memory <= 1048576):
        raise Refused("work")
    key = argon2id(passphrase, file[20:36], passes, memory)
    content = open_box(key, b"subrosa/rng/v1", file[:36], file[36:-32])
    generation = int.from_bytes(content[:8], "big")
    entries, rest = [], content[12:]
    for _ in range(int.from_bytes(content[8:12], "big")):
        kind, size = rest[0], rest[1]
        entry_name, rest = rest[2:2 + size].decode("ascii"), rest[2 + size:]
        number = int.from_bytes(rest[:4], "big")
        value = int.from_bytes(rest[4:12], "big")
        secret_size = 0 if kind == 3 else 32
        secret, rest = rest[12:12 + secret_size], rest[12 + secret_size:]
        entries.append({"kind": kind, "name": entry_name, "number": number,
                        "value": value, "secret": secret.hex()})
    if rest:
        raise Refused("entries")
    return key, generation, entries


def check_envelope(v):
    key, envelope = bytes.fromhex(v["key"]), bytes.fromhex(v["envelope"])
    plaintext = bytes.fromhex(v["plaintext"])
    assert open_envelope(key, context_of(v), envelope) == plaintext
    head = (b"SBR1" + u(1, v["suite"]) + u(1, v["padded"]) + u(2, 76)
            + bytes.fromhex(v["key_id"]) + u(4, v["key_version"]))
    assert envelope == seal(key, head, envelope[28:44], context_of(v),
                            plaintext, v["suite"], v["padded"])


def check_refused(v):
    try:
        open_envelope(bytes.fromhex(v["key"]), context_of(v),
                      bytes.fromhex(v["envelope"]))
    except Refused:
        return
    raise AssertionError(v["name"] + " was opened")


def check_box(use, key, context, plaintext, box):
    key, context, plaintext, box = map(bytes.fromhex,
                                       (key, context, plaintext, box))
    assert open_box(key, use, context, box) == plaintext
    assert seal_box(key, use, box[1:17], context, plaintext) == box
    for other in (context + b"x", b"x" + context):
        try:
            open_box(key, use, other, box)
        except Refused:
            continue
        raise AssertionError("a box opened elsewhere")


def check_output(salt, v):
    data = parts(bytes.fromhex(part) for part in v["parts"])
    assert h(bytes.fromhex(v["key"]), v["label"].encode(), salt, 32,
             data).hex() == v["output"]


def check_row_tag(v):
    source = v["source"].encode()
    data = (context_of(v) + u(4, v["key_version"]) + u(4, v["categories"])
            + u(8, v["labels"]) + u(8, len(source)) + source
            + b"".join(u(4, day % (1 << 32)) for day in v["days"])
            + (u(4, v["told"]) if v["told"] else b""))
    assert h(bytes.fromhex(v["key"]), b"subrosa/row/v1", b"", 16,
             data).hex() == v["tag"]


def check_keyring(v):
    key, generation, entries = open_keyring(bytes.fromhex(v["passphrase"]),
                                            bytes.fromhex(v["file"]))
    assert key.hex() == v["key"]
    assert generation == v["generation"]
    assert entries == v["entries"]


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    checks = {
        "envelopes": check_envelope,
        "refused": check_refused,
        "wrapped_keys": lambda v: check_box(
            b"subrosa/wrp/v1", v["wrapping_key"], v["context"], v["key"],
            v["wrapped"]),
        "sealed_values": lambda v: check_box(
            b"subrosa/val/v1", v["key"], v["context"], v["plaintext"],
            v["sealed"]),
        "prf": lambda v: check_output(b"subrosa/prf/v1", v),
        "derived_keys": lambda v: check_output(b"subrosa/key/v1", v),
        "row_tags": check_row_tag,
        "keyrings": check_keyring,
    }
    assert set(vectors) == set(checks), sorted(vectors)
    ran = 0
    for kind, check in checks.items():
        assert vectors[kind], kind
        for number, vector in enumerate(vectors[kind]):
            try:
                check(vector)
            except Exception:
                print(f"{kind}[{number}] {vector.get('name', '')}: fails",
                      file=sys.stderr)
                raise
            ran += 1
    print(f"{ran} vectors pass in the second implementation")


if __name__ == "__main__":
    main(sys.argv[1])
