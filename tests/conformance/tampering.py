"""What tampering with logs and receipts has in common: named cases, each with
the part by which a verifier must refuse it, and the things they tamper with.
"""

import dataclasses
import re
import struct
from typing import Callable

import log_maker
from log_maker import Log, Signer, b64, sample_entries


# Where our own verifier says in other words what the second one says: it names
# files where that names parts of them.
OUR_WORDS = [(re.compile(theirs), ours) for theirs, ours in (
    (r"(tile/[^:]+): .*", r"  \1: "),
    (r"checkpoint\.root: want the root of the entries.*",
     "  checkpoint: want the root of the "),
    (r"(?:receipt\.)?checkpoint\.(signatures[^:]*): .*", r"note.\1: "),
    (r"checkpoint\.text: .*", "checkpoint.root: "),
    (r"(?:receipt\.)?checkpoint\.(\w+): .*", r"checkpoint.\1"),
    (r"checkpoint: .*", "/log/checkpoint: "),
    (r"(since|cosigned)\..*", r"\1: "),
    (r"leaf (\d+)\.(\w+): .*", r"  leaf \1: leaf.\2: "),
    (r"receipt\.proof: want one from .*", "inclusion."),
    (r"receipt\.index: want below .*", "inclusion.index: "),
    (r"receipt\.first line: .*", "receipt.version: "),
    (r"receipt\.opening: want one that .*", "receipt.consumer: "),
    (r"receipt\.extra\.which: .*", "receipt.extra.commitment: "),
    (r"(receipt\.[\w.]+(?:\[\d+\])?).*", r"\1"),
)]


@dataclasses.dataclass
class Case:
    """One kind of tampering. Its name is the function's, which says what is done."""

    name: str
    part: str  # How the reason starts; `{bundle}` and such are the target's.
    tamper: Callable
    needs_key: bool = False  # The log's own.
    # What our own verifier's reason holds, where OUR_WORDS does not say it.
    ours: str = ""
    ours_exit: int = 3
    # Why our own verifier takes no notice of it; empty: it does.
    unseen: str = ""

    def reason(self, target):
        return self.part.format_map(Attributes(target))

    def our_reason(self, target):
        if self.ours:
            return self.ours
        reason = self.reason(target)
        return next(theirs.sub(ours, reason) for theirs, ours in OUR_WORDS
                    if theirs.fullmatch(reason))


class Attributes:
    def __init__(self, target):
        self.target = target

    def __getitem__(self, name):
        return getattr(self.target, name)


class Cases(list):
    """A list that functions join by a decorator."""

    def refused_by(self, part, **more):
        def add(tamper):
            if any(case.name == tamper.__name__ for case in self):
                raise ValueError(f"two cases are called {tamper.__name__}")
            self.append(Case(tamper.__name__, part, tamper, **more))
            return tamper
        return add


def flip(data, at, bit=0):
    """`data` with one bit turned; `at` may count from the end."""
    turned = bytearray(data)
    turned[at] ^= 1 << bit
    return bytes(turned)


def turn_text(text, at):
    """Base64 `text` with the character at `at`, in the middle, made another."""
    other = "B" if text[at] == "A" else "A"
    return text[:at] + other + text[at + 1:]


def another_log(size):
    return Log(sample_entries(size, "another"), Signer("elsewhere.example/audit"))


def unpack_bundle(data):
    entries = []
    while data:
        size, = struct.unpack(">H", data[:2])
        entries.append(data[2:2 + size])
        data = data[2 + size:]
    return entries


class InMemory:
    """Files as log_check.py reads them."""

    def __init__(self, files):
        self.files = files

    def read(self, name, most):
        return self.files.get(name)

    def names(self):
        return sorted(self.files)


@dataclasses.dataclass
class TamperedLog:
    """A log as the files that it lies in. `log` is its maker, which has the key;
    None for one that the program made."""

    files: dict
    vkey: str
    log: Log = None
    since: bytes = None
    witness: Signer = None

    def __post_init__(self):
        self.files = dict(self.files)
        self.size = int(self.files["checkpoint"].split(b"\n")[1])
        self.entry = self.size // 2
        self.at = self.entry % 256
        self.bundle, self.tile = self.paths(self.entry // 256)
        self.last_bundle, self.last_tile = self.paths((self.size - 1) // 256)
        self.above = log_maker.path(1, 0, min(self.size // 256, 256))

    def paths(self, index):
        width = min(256, self.size - 256 * index)
        return log_maker.path("entries", index, width), log_maker.path(0, index, width)

    def edit(self, path, change):
        self.files[path] = change(self.files[path])

    def edit_entries(self, path, change):
        entries = unpack_bundle(self.files[path])
        change(entries)
        self.files[path] = log_maker.bundle(entries)

    def checkpoint_text(self):
        return self.files["checkpoint"].decode().rpartition("\n\n")[0] + "\n"

    def checkpoint_lines(self):
        """origin, size, root, "", signature line, ""."""
        return self.files["checkpoint"].decode().split("\n")

    def set_checkpoint_lines(self, lines):
        self.files["checkpoint"] = "\n".join(lines).encode()

    def edit_signature(self, change):
        """Changes key id and signature of the first signature line, as bytes."""
        lines = self.checkpoint_lines()
        dash, name, text = lines[4].split(" ")
        data = log_maker.base64.b64decode(text)
        lines[4] = f"{dash} {name} {b64(change(data))}"
        self.set_checkpoint_lines(lines)

    def sign(self, **changes):
        """A checkpoint with lies in it, signed by the log's own key."""
        self.files["checkpoint"] = self.log.sign(self.log.text(**changes))

    def write(self, folder):
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


@dataclasses.dataclass
class TamperedReceipt:
    """A receipt taken apart, so that each part can be changed."""

    raw: bytes
    vkey: str
    account: str
    log: Log = None
    witness: Signer = None

    def __post_init__(self):
        head, _, self.checkpoint = self.raw.partition(b"\n\n")
        self.first_line, extra, self.index_line, *self.proof = head.decode().split("\n")
        extra = log_maker.base64.b64decode(extra[len("extra "):])
        size, = struct.unpack(">H", extra[4:6])
        self.leaf, opened = extra[6:6 + size], extra[6 + size:]
        self.which = int.from_bytes(opened[1:3], "big") if opened[0] else None
        self.opening, self.detail = opened[3:35], opened[39:]
        self.extra = None  # Made of the four, unless it is set.
        self.blank = "\n\n"
        self.hashes, self.last = len(self.proof), len(self.proof) - 1

    @property
    def number(self):
        return int(self.index_line[len("index "):])

    @number.setter
    def number(self, number):
        self.index_line = f"index {number}"

    def true_extra(self):
        return log_maker.extra(self.leaf, self.which, self.opening, self.detail)

    def edit_hash(self, at, change):
        self.proof[at] = b64(change(log_maker.base64.b64decode(self.proof[at])))

    def build(self):
        extra = self.true_extra() if self.extra is None else self.extra
        lines = [self.first_line, f"extra {b64(extra)}", self.index_line, *self.proof]
        return ("\n".join(lines) + self.blank).encode() + self.checkpoint
