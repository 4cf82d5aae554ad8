"""Signed notes, checkpoints and cosignatures, as the second verifier reads them.

Written from C2SP signed-note, tlog-checkpoint and tlog-cosignature alone. What
has two spellings has one too many: anything but the canonical one is refused.
"""

import base64
import dataclasses
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04

MOST_NOTE_BYTES = 1 << 20
MOST_SIGNATURES = 100
MOST_NAME_BYTES = 255
HASH_BYTES = 32


class NotProven(Exception):
    """`part: want …, got …`: the part at which the proof fails, and why."""

    def __init__(self, part, want, got):
        super().__init__(f"{part}: want {want}, got {got}")


def decimal(text, part):
    """A number below 2^64 as the formats spell it: no sign, no leading zero."""
    if not re.fullmatch("0|[1-9][0-9]{0,19}", text) or int(text) >= 1 << 64:
        raise NotProven(part, "a decimal number in its one spelling", "another text")
    return int(text)


def decode(text, part):
    """Standard base64 with its padding, in the one spelling of those bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    if data is None or base64.b64encode(data).decode("ascii") != text:
        raise NotProven(part, "canonical base64", "another text")
    return data


def decode_hash(text, part):
    data = decode(text, part)
    if len(data) != HASH_BYTES:
        raise NotProven(part, f"{HASH_BYTES} bytes in base64", len(data))
    return data


def is_name(name):
    return (0 < len(name.encode()) <= MOST_NAME_BYTES
            and not any(c.isspace() or c == "+" or c < " " for c in name))


@dataclasses.dataclass(frozen=True)
class Key:
    """The public side of a key that signs notes, or cosigns them."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self):
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind])
                              + self.public).digest()[:4]

    def has_signed(self, message, signature):
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def parse_vkey(text, part="vkey"):
    """`name+id in hexadecimal+base64 of kind and public key`."""
    pieces = text.split("+", 2)
    if len(pieces) != 3 or not is_name(pieces[0]):
        raise NotProven(part, "name+id+key", "another text")
    material = decode(pieces[2], part)
    if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise NotProven(part, "an Ed25519 key or an Ed25519 cosigner's", "another")
    key = Key(pieces[0], material[0], material[1:])
    if pieces[1] != key.id.hex():
        raise NotProven(part, f"the key's id, {key.id.hex()}", "another")
    return key


@dataclasses.dataclass
class Note:
    """A note taken apart; nothing is verified."""

    text: bytes
    signatures: list  # Of (name, key id, signature), as they stand.


def parse_signature(line, part):
    match = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
    if not match or not is_name(match[1]):
        raise NotProven(part, "an em dash, a name and a signature", "another line")
    data = decode(match[2], part)
    if len(data) < 5:
        raise NotProven(part, "a key's id and a signature", f"{len(data)} bytes")
    return match[1], data[:4], data[4:]


def parse_note(data, part):
    if len(data) > MOST_NOTE_BYTES:
        raise NotProven(part, f"at most {MOST_NOTE_BYTES} bytes", len(data))
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotProven(part, "UTF-8", "other bytes") from None
    if any(c < " " and c != "\n" for c in note):
        raise NotProven(part, "no control character but the newline", "another")
    if not note.endswith("\n"):
        raise NotProven(part, "a newline at the end", "none")
    text, blank, rest = note.rpartition("\n\n")
    if not blank:
        raise NotProven(part, "an empty line before the signatures", "none")
    lines = rest.split("\n")[:-1]
    if not 1 <= len(lines) <= MOST_SIGNATURES:
        raise NotProven(part + ".signatures", f"1 to {MOST_SIGNATURES}", len(lines))
    return Note((text + "\n").encode(), [
        parse_signature(line, f"{part}.signatures[{number}]")
        for number, line in enumerate(lines)])


def is_cosigned(key, text, signature):
    """`signature` is a time (u64) and the signature over it and the text."""
    if len(signature) != 72:
        return False
    time = int.from_bytes(signature[:8], "big")
    message = f"cosignature/v1\ntime {time}\n".encode() + text
    return time < 1 << 63 and key.has_signed(message, signature[8:])


def signers(note, keys, part):
    """Those of `keys` that signed or cosigned. A false signature in the name and
    id of one of them is refused, even beside a true one."""
    found = []
    for number, (name, key_id, signature) in enumerate(note.signatures):
        for key in keys:
            if (key.name, key.id) != (name, key_id):
                continue
            if key.kind == ED25519:
                good = len(signature) == 64 and key.has_signed(note.text, signature)
            else:
                good = is_cosigned(key, note.text, signature)
            if not good:
                raise NotProven(f"{part}.signatures[{number}]",
                                "a signature of this text", "another")
            found.append(key)
    return found


@dataclasses.dataclass
class Checkpoint:
    origin: str
    size: int
    root: bytes
    cosigners: list  # The witnesses among the keys asked for.


def open_checkpoint(data, keys, witnesses, part):
    """The checkpoint in a note that one of `keys` signed. Cosignatures of
    `witnesses` are verified where they stand; who needs one looks for it."""
    note = parse_note(data, part)
    found = signers(note, [*keys, *witnesses], part)
    signed_by = [key for key in found if key.kind == ED25519]
    if not signed_by:
        raise NotProven(part + ".signatures", "one by a known key",
                        f"{len(note.signatures)} by others")
    lines = note.text.decode().split("\n")[:-1]
    if len(lines) < 3:
        raise NotProven(part + ".text", "origin, size and root", f"{len(lines)} lines")
    if len(lines) > 3:
        raise NotProven(part + ".extension", "none", f"{len(lines) - 3} lines")
    origin, size, root = lines
    if any(key.name != origin for key in signed_by):
        raise NotProven(part + ".origin", "the name of the key that signed", "another")
    return Checkpoint(origin, decimal(size, part + ".size"),
                      decode_hash(root, part + ".root"),
                      [key for key in found if key.kind == COSIGNATURE])


def check_cosigners(checkpoints, witnesses, part):
    """Checks that each of `witnesses` cosigned one of `checkpoints`."""
    found = {key for checkpoint in checkpoints for key in checkpoint.cosigners}
    for witness in witnesses:
        if witness not in found:
            raise NotProven(part + ".cosignatures", f"one by {witness.name}", "none")
