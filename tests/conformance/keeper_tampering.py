"""What a dishonest keeper of a log can do, who has its key: checkpoints with lies
in them, rewritten histories, and leaves of a wrong shape.
"""

import log_maker
from log_maker import Log, Signer, cosign, sample_entries, sample_leaf, some_bytes
from tampering import Cases, another_log, flip

SIGNED = Cases()
refused_by = SIGNED.refused_by


# Checkpoints.

@refused_by("checkpoint.root: want the root of the entries, got another", needs_key=True)
def a_false_root_is_signed(t):
    t.sign(root=flip(t.log.root(), 0))


@refused_by("checkpoint.root: want the root of the entries, got another", needs_key=True)
def the_root_of_fewer_entries_is_signed(t):
    t.sign(root=t.log.root(t.size - 1))


@refused_by("tile/entries/002.p/89: want a file, got none", needs_key=True)
def a_size_of_one_more_is_signed(t):
    t.sign(size=t.size + 1, root=t.log.root())


@refused_by("tile/entries/002.p/87: want a file, got none", needs_key=True)
def a_size_of_one_less_is_signed(t):
    t.sign(size=t.size - 1)


@refused_by("checkpoint.root: want the root of the entries, got another", needs_key=True)
def a_size_of_zero_is_signed(t):
    t.sign(size=0, root=t.log.root())


@refused_by("checkpoint.origin: want the name of the key that signed", needs_key=True)
def another_origin_is_signed(t):
    t.sign(origin="elsewhere.example/audit")


@refused_by("checkpoint.extension: want none, got 1 lines", needs_key=True)
def an_extension_line_is_signed(t):
    t.files["checkpoint"] = t.log.sign(t.log.text() + "also true\n")


@refused_by("checkpoint.text: want origin, size and root, got 2 lines", needs_key=True)
def a_text_without_a_root_is_signed(t):
    t.files["checkpoint"] = t.log.sign("".join(t.log.text().splitlines(True)[:2]))


def sign_lines(t, number, change):
    lines = t.log.text().split("\n")
    lines[number] = change(lines[number])
    t.files["checkpoint"] = t.log.sign("\n".join(lines))


@refused_by("checkpoint.size: want a decimal number in its one spelling", needs_key=True)
def a_size_with_a_leading_zero_is_signed(t):
    sign_lines(t, 1, lambda size: "0" + size)


@refused_by("checkpoint.size: want a decimal number in its one spelling", needs_key=True)
def a_size_with_a_sign_is_signed(t):
    sign_lines(t, 1, lambda size: "+" + size)


@refused_by("checkpoint.size: want a decimal number in its one spelling", needs_key=True)
def a_size_beyond_64_bits_is_signed(t):
    sign_lines(t, 1, lambda size: str((1 << 64) + int(size)))


@refused_by("checkpoint.root: want canonical base64, got another text", needs_key=True)
def a_root_without_padding_is_signed(t):
    sign_lines(t, 2, lambda root: root.rstrip("="))


@refused_by("checkpoint.root: want 32 bytes in base64, got 31", needs_key=True)
def a_root_of_31_bytes_is_signed(t):
    t.sign(root=t.log.root()[:-1])


# History.

def rewritten(t):
    """The same log, but that another thing happened long ago."""
    return Log([sample_leaf(0, "rewritten"), *t.log.entries[1:]])


EARLIER = 300


@refused_by("since.root: want the root of this log's first 300 entries", needs_key=True)
def history_is_rewritten_and_signed_again(t):
    t.since = t.log.checkpoint(EARLIER)
    t.files = rewritten(t).files()


@refused_by("since.root: want the root of this log's first 600 entries", needs_key=True)
def two_histories_of_one_size_are_signed(t):
    t.since = rewritten(t).checkpoint()


@refused_by("since.root: want the root of this log's first 300 entries", needs_key=True)
def an_entry_is_put_into_the_past(t):
    t.since = t.log.checkpoint(EARLIER)
    entries = t.log.entries
    t.files = Log([*entries[:7], sample_leaf(7, "put in"), *entries[7:]]).files()


@refused_by("since.root: want the root of this log's first 512 entries", needs_key=True)
def an_entry_is_taken_out_of_the_past(t):
    t.since = t.log.checkpoint(512)
    t.files = Log(t.log.entries[:7] + t.log.entries[8:]).files()


@refused_by("since.size: want at most 300, got 600", needs_key=True)
def the_log_is_shortened_and_signed_again(t):
    t.since = t.log.checkpoint()
    t.files = t.log.files(EARLIER)


@refused_by("since.root: want the root of this log's first 0 entries", needs_key=True)
def the_earlier_checkpoint_lies_about_an_empty_log(t):
    t.since = t.log.sign(t.log.text(size=0, root=some_bytes("no root")))


@refused_by("since.signatures[0]: want a signature of this text, got another")
def the_earlier_checkpoint_is_altered(t):
    t.since = t.files["checkpoint"].replace(
        b"\n%d\n" % t.size, b"\n%d\n" % (t.size - 1))


@refused_by("since.signatures: want one by a known key, got 1 by others")
def the_earlier_checkpoint_is_another_logs(t):
    t.since = another_log(2).checkpoint()


@refused_by("cosigned.root: want the root of this log's first 600 entries",
            needs_key=True)
def the_witness_saw_another_history(t):
    t.witness = Signer(log_maker.WITNESS, 4)
    t.files["cosigned"] = cosign(rewritten(t).checkpoint(), t.witness)


@refused_by("cosigned.size: want at most 300, got 600", needs_key=True)
def the_log_is_shorter_than_a_witness_saw_it(t):
    t.witness = Signer(log_maker.WITNESS, 4)
    t.files = t.log.files(EARLIER)
    t.files["cosigned"] = cosign(t.log.checkpoint(), t.witness)


# Leaves: in the tree, signed, and of a wrong shape.

AT = 300
TAG = log_maker.sample_tag(AT)
SOME = some_bytes("a commitment")


def log_with(entry):
    entries = sample_entries(600)
    entries[AT] = entry
    return Log(entries)


def refused_leaf(part, unseen="", **changes):
    """Adds a case: a leaf of kind 2, which is the simplest, but for `changes`."""
    return refused_leaf_bytes(part, log_maker.leaf(
        **({"kind": 2, "numbers": (7,), "tag": TAG} | changes)), unseen)


def refused_leaf_bytes(part, entry, unseen=""):
    def add(name):
        def tamper(t):
            t.files = log_with(entry).files()
        tamper.__name__ = name
        refused_by(part, needs_key=True, unseen=unseen)(tamper)
    return add


GOOD = log_maker.leaf(2, (7,), tag=TAG)
RETIRED = {"kind": 6, "numbers": (3, 3)}
ANNOUNCED = {"kind": 7, "numbers": ()}
VKEY = Signer("next", 4).vkey.encode()

refused_leaf("leaf 300.kind: want a known one, got 255", kind=255)(
    "a_leaf_is_of_an_unknown_kind")
refused_leaf("leaf 300.kind: want a known one, got 0", kind=0)("a_leaf_is_of_no_kind")
refused_leaf("leaf 300.magic: want SBL1", magic=b"SBL2")(
    "a_leaf_is_of_an_unknown_version")
refused_leaf("leaf 300.outcome: want 1 to 3, got 0", outcome=0)("a_leaf_has_no_outcome")
refused_leaf("leaf 300.outcome: want 1 to 3, got 4", outcome=4)(
    "a_leaf_has_an_unknown_outcome")
refused_leaf("leaf 300.jurisdiction: want", jurisdiction=b"us-wa")(
    "a_jurisdiction_is_in_lower_case")
refused_leaf("leaf 300.jurisdiction: want", jurisdiction=b"US-WASHINGTON-DC1")(
    "a_jurisdiction_is_too_long")
refused_leaf("leaf 300.numbers: want 1 in records deleted, got 2", numbers=(7, 7))(
    "a_leaf_has_too_many_numbers")
refused_leaf("leaf 300.numbers: want 1 in records deleted, got 0", numbers=())(
    "a_leaf_lacks_its_number")
refused_leaf("leaf 300.commitments: want 0 to 0 in records deleted, got 1",
             commitments=(SOME,))("a_leaf_has_a_commitment_too_many")
refused_leaf("leaf 300.commitments: want 1 to 2000 in records put, got 0", kind=1,
             numbers=(1, 0))("records_are_put_for_nobody")
refused_leaf("leaf 300.commitments: want 1 to 2000 in records put, got 2001", kind=1,
             numbers=(1, 0), commitments=(SOME,) * 2001)(
                 "records_are_put_for_too_many_in_one_leaf")
refused_leaf("leaf 300.commitments: want 2 to 2 in consumer key destroyed, got 1",
             kind=4, numbers=(), commitments=(SOME,))("a_tombstone_stands_alone")
refused_leaf("leaf 300.text: want none in records deleted, got 2 bytes", text=b"hi")(
    "a_leaf_says_more_than_its_kind_may")
refused_leaf("leaf 300.text: want some in epoch retired, got 0 bytes", **RETIRED)(
    "an_epoch_is_retired_without_evidence")
refused_leaf("leaf 300.text: want printable ASCII", **RETIRED,
             text="vernichtet, geprüft".encode())("a_text_is_not_ascii")
refused_leaf("leaf 300.text: want printable ASCII", **RETIRED, text=b"two\nlines")(
    "a_text_has_a_control_character")
refused_leaf("leaf 300.text: want name+id+key", **ANNOUNCED, text=b"a new key")(
    "an_announced_key_is_none")
refused_leaf("leaf 300.text: want a key that signs", **ANNOUNCED, text=VKEY)(
    "an_announced_key_is_a_cosigners")
refused_leaf_bytes("leaf 300.end: want nothing after it, got 1 bytes", GOOD + b"\0")(
    "a_byte_follows_a_leaf")
refused_leaf_bytes("leaf 300.text: want 2 bytes, got 1", GOOD[:-1])("a_leaf_is_cut")
refused_leaf_bytes("leaf 300.text: want 5 bytes, got 0", GOOD[:-1] + b"\5")(
    "a_text_is_said_to_be_longer_than_it_is")
refused_leaf_bytes("leaf 300.magic: want 4 bytes, got 0", b"")("an_entry_is_empty")
