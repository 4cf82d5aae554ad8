"""Makes audit logs for tests, good and bad ones: docs/formats/audit.md.

Shares no code with log_check.py and its parts, and computes everything by the
definitions of RFC 6962, so that a mistake of one is not a mistake of both. It
checks nothing that it is told to write: leaves may have any shape, and the key
signs whatever it is given, as a dishonest keeper of a log would.
"""

import base64
import functools
import hashlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "rosewater/audit/5eedc0de"
WITNESS = "witness.example/w1"
FIRST_DAY = 20454  # 2026-01-01


def some_bytes(name, size=32):
    """Always the same, and like random ones."""
    return hashlib.shake_256(b"subrosa log maker: " + name.encode()).digest(size)


def b64(data):
    return base64.b64encode(data).decode("ascii")


def u(size, number):
    return number.to_bytes(size, "big")


class Signer:
    """A key that signs notes (kind 1) or cosigns them (kind 4)."""

    def __init__(self, name, kind=1, seed=None):
        self.name, self.kind = name, kind
        self.seed = some_bytes(seed or f"key of {name}")
        self._key = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(f"{name}\n".encode() + bytes([kind])
                                 + self.public).digest()[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def signature(self, text):
        return self._key.sign(text.encode())

    def line(self, text, time=None):
        """The signature line under `text`; of kind 4, with its time."""
        if self.kind == 1:
            return signature_line(self.name, self.id, self.signature(text))
        head = f"cosignature/v1\ntime {time}\n"
        return signature_line(self.name, self.id,
                              u(8, time) + self.signature(head + text))


def signature_line(name, key_id, signature):
    return f"— {name} {b64(key_id + signature)}\n"


def prf(key, label, *parts):
    data = b"".join(struct.pack(">Q", len(part)) + part for part in parts)
    return hashlib.blake2b(data, digest_size=32, key=key, person=label.encode(),
                           salt=b"subrosa/prf/v1").digest()


class Consumer:
    """Someone whose key makes openings, commitments and tombstones."""

    def __init__(self, account):
        self.account = account
        self.key = some_bytes(f"consumer key of {account}")

    def opening(self, tag):
        return prf(self.key, "leaf opening", tag)

    def commitment(self, tag, detail=b""):
        return prf(self.opening(tag), "leaf consumer", self.account.encode(), detail)

    @property
    def stable_secret(self):
        """A key that derives of the first version of theirs."""
        return hashlib.blake2b(digest_size=32, key=self.key, person=b"stable secret",
                               salt=b"subrosa/key/v1").digest()

    def tombstone(self):
        return prf(self.stable_secret, "tombstone")

    def key_tombstone(self, version):
        return prf(self.key, "key tombstone", u(4, version))

    def row_tombstone(self, name, revision=1):
        record_ref = some_bytes(f"record {name}", 16)
        return prf(self.key, "row tombstone", record_ref, u(4, revision))


def row(name, revision=1):
    """One row of the detail that a commitment of records put binds."""
    return some_bytes(f"record {name}", 16) + u(4, revision) + some_bytes(
        f"digest {name} {revision}", 16)


def leaf(kind, numbers=(), commitments=(), text=b"", *, tag, outcome=1, day=FIRST_DAY,
         jurisdiction=b"US-WA", magic=b"SBL1"):
    return (magic + u(1, kind) + u(1, outcome) + u(4, day)
            + u(1, len(jurisdiction)) + jurisdiction + tag
            + u(1, len(numbers)) + b"".join(u(8, number) for number in numbers)
            + u(2, len(commitments)) + b"".join(commitments)
            + u(2, len(text)) + text)


def extra(leaf_bytes, which=None, opening=b"", detail=b""):
    opened = b"\0" if which is None else (
        b"\1" + u(2, which) + opening + u(4, len(detail)) + detail)
    return b"SBX1" + u(2, len(leaf_bytes)) + leaf_bytes + opened


def bundle(entries):
    return b"".join(u(2, len(entry)) + entry for entry in entries)


def path(level, index, width):
    """Of a tile or bundle with fewer than a million before it."""
    number = f"{index:03}" if index < 1000 else f"x{index // 1000:03}/{index % 1000:03}"
    return f"tile/{level}/{number}" + (f".p/{width}" if width < 256 else "")


class Log:
    """A log of `entries`, kept by `signer`."""

    def __init__(self, entries, signer=None):
        self.entries = list(entries)
        self.signer = signer or Signer(ORIGIN)
        # The definitions call for the same subtrees again and again.
        self._root_of = functools.lru_cache(maxsize=None)(self._compute_root)

    @property
    def size(self):
        return len(self.entries)

    def _compute_root(self, start, end):
        """MTH(D[start:end])."""
        if start == end:
            return hashlib.sha256().digest()
        if end - start == 1:
            return hashlib.sha256(b"\x00" + self.entries[start]).digest()
        middle = start + split(end - start)
        return hashlib.sha256(b"\x01" + self._root_of(start, middle)
                              + self._root_of(middle, end)).digest()

    def root(self, size=None, start=0):
        return self._root_of(start, self.size if size is None else size)

    def inclusion_proof(self, index, size=None):
        """PATH(index, D[0:size])."""
        def proof(start, end):
            if end - start == 1:
                return []
            middle = start + split(end - start)
            if index < middle:
                return proof(start, middle) + [self._root_of(middle, end)]
            return proof(middle, end) + [self._root_of(start, middle)]
        return proof(0, self.size if size is None else size)

    def text(self, size=None, root=None, origin=None):
        """The text of a checkpoint, true unless told otherwise."""
        size = self.size if size is None else size
        root = self.root(size) if root is None else root
        return f"{origin or self.signer.name}\n{size}\n{b64(root)}\n"

    def sign(self, text):
        return f"{text}\n{self.signer.line(text)}".encode()

    def checkpoint(self, size=None):
        return self.sign(self.text(size))

    def tiles(self, size=None):
        """The files under tile/ of a log that was only ever seen at `size`."""
        size = self.size if size is None else size
        files = {}
        for start in range(0, size, 256):
            end = min(start + 256, size)
            files[path("entries", start // 256, end - start)] = bundle(
                self.entries[start:end])
        level, span = 0, 1
        while size // span:
            hashes = size // span
            for start in range(0, hashes, 256):
                end = min(start + 256, hashes)
                files[path(level, start // 256, end - start)] = b"".join(
                    self._root_of(i * span, (i + 1) * span) for i in range(start, end))
            level, span = level + 1, span * 256
        return files

    def files(self, size=None):
        return self.tiles(size) | {"checkpoint": self.checkpoint(size)}

    def receipt(self, index, extra_bytes, checkpoint=None, proof=None):
        proof = self.inclusion_proof(index) if proof is None else proof
        return receipt(f"index {index}", extra_bytes, proof,
                       self.checkpoint() if checkpoint is None else checkpoint)


def receipt(index_line, extra_bytes, proof, checkpoint):
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64(extra_bytes)}", index_line,
             *map(b64, proof)]
    return ("\n".join(lines) + "\n\n").encode() + checkpoint


def cosign(checkpoint, witness, time=1790000000, text=None):
    """`checkpoint` with the witness's line under it, made over `text` or its own."""
    own, _, _ = checkpoint.decode().rpartition("\n\n")
    return checkpoint + witness.line(own + "\n" if text is None else text, time).encode()


def split(count):
    """The largest power of two below `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def sample_entries(count, name="sample"):
    """Leaves of every kind, in turn. Those of kinds 1, 4, 8, 9 and 10 are of the
    consumers `sample_consumer(index)`."""
    return [sample_leaf(index, name) for index in range(count)]


def sample_consumer(index):
    return Consumer(f"c-{index % 50:06}")


def sample_rows(index):
    return row(f"{index} a") + row(f"{index} b", 2)


def sample_tag(index, name="sample"):
    return some_bytes(f"tag {name} {index}", 16)


def sample_leaf(index, name="sample"):
    tag = sample_tag(index, name)
    ada, bea = sample_consumer(index), sample_consumer(index + 1)
    content = some_bytes(f"content {name} {index}")
    next_key = Signer(ORIGIN, seed=f"next key {index}").vkey.encode()
    kinds = {
        1: ((2, 1), (ada.commitment(tag, sample_rows(index)),
                     bea.commitment(tag, row(f"{index} c"))), b""),
        2: ((index,), (), b""),
        3: ((2,), (), b""),
        4: ((), (ada.tombstone(), ada.commitment(tag)), b""),
        5: ((index,), (), b""),
        6: ((index, 3), (), b"keyring rewritten, generation 7"),
        7: ((), (), next_key),
        8: ((1,), (ada.commitment(tag), content, some_bytes(f"choice {name} {index}")), b""),
        9: ((2,), (ada.commitment(tag), content), b""),
        10: ((2, 1), (ada.commitment(tag), content), b""),
        11: ((), (content,), b""),
        12: ((index, 3), (), b""),
        13: ((index, 3, 2), (), b""),
        16: ((2026, index), (), b""),
        17: ((2026,), (), b"wa-my-health-my-data/consent"),
        14: ((2,), (ada.row_tombstone(f"{index} a"),
                    ada.row_tombstone(f"{index} b", 2)), b""),
        15: ((), (ada.key_tombstone(1),), b""),
    }
    kind = index % 13 + 1
    if kind == 11:
        # Shares its turn with the newer ones, so that the others keep their places.
        turns = [number for number in kinds if number == 11 or number > 13]
        kind = turns[index // 13 % len(turns)]
    numbers, commitments, text = kinds[kind]
    return leaf(kind, numbers, commitments, text, tag=tag, outcome=1 + index % 3,
                day=FIRST_DAY + index // 4,
                jurisdiction=(b"US-WA", b"US-NV", b"US-CA", b"")[index % 4])
