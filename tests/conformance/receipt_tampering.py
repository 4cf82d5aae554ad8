"""Ways to tamper with any receipt, with one of an erasure (its opening has no
detail), and with one of records put (two consumers in one leaf, each with rows).
"""

import log_maker
from log_maker import Log, Signer, cosign, sample_consumer, sample_entries
from tampering import Cases, another_log, flip, turn_text

RECEIPTS, ERASURES, PUTS = Cases(), Cases(), Cases()
refused_by = RECEIPTS.refused_by
refused_when_erased = ERASURES.refused_by
refused_when_put = PUTS.refused_by

INCLUSION = "receipt.proof: want one from this leaf at index {number} to the root of"
OPENING = "receipt.opening: want one that opens the commitment for this account"


# Place and proof.

@refused_by(INCLUSION)
def the_index_is_two_off(r):
    # Not beyond the log, whose last leaf it may be.
    r.number += -2 if r.number > 1 else 2


@refused_by(INCLUSION)
def the_index_is_one_less(r):
    r.number -= 1


@refused_by("receipt.index: want below ")
def the_index_is_beyond_the_log(r):
    r.number = 1 << 40


@refused_by("receipt.index: want a decimal number in its one spelling")
def the_index_has_a_leading_zero(r):
    r.index_line = r.index_line.replace(" ", " 0")


@refused_by("receipt.index: want its line here")
def the_index_is_missing(r):
    r.index_line = r.proof.pop(0)


@refused_by(INCLUSION)
def a_bit_of_a_proofs_hash_is_turned(r):
    r.edit_hash(r.last, lambda found: flip(found, 0))


@refused_by(INCLUSION)
def a_hash_is_dropped_from_the_proof(r):
    r.proof.pop()


@refused_by(INCLUSION)
def a_hash_is_added_to_the_proof(r):
    r.proof.append(r.proof[-1])


@refused_by(INCLUSION)
def two_hashes_of_the_proof_are_swapped(r):
    r.proof[0], r.proof[1] = r.proof[1], r.proof[0]


@refused_by(INCLUSION)
def the_proof_is_missing(r):
    r.proof = []


@refused_by("receipt.proof: want at most 64 hashes, got 65")
def the_proof_is_longer_than_any(r):
    r.proof = (r.proof * 65)[:65]


@refused_by("receipt.proof[{last}]: want 32 bytes in base64, got 31")
def a_hash_of_the_proof_is_cut(r):
    r.edit_hash(r.last, lambda found: found[:-1])


@refused_by("receipt.proof[{last}]: want canonical base64, got another text")
def a_hash_of_the_proof_lacks_its_padding(r):
    r.proof[-1] = r.proof[-1].rstrip("=")


# Form.

@refused_by("receipt.first line: want c2sp.org/tlog-proof@v1, got another")
def the_first_line_is_altered(r):
    r.first_line = r.first_line.replace("tlog", "t1og")


@refused_by("receipt.first line: want c2sp.org/tlog-proof@v1, got another")
def the_receipt_is_of_an_unknown_version(r):
    r.first_line = r.first_line.replace("v1", "v2")


@refused_by("receipt.proof[{hashes}]: want ")
def the_empty_line_is_missing(r):
    r.blank = "\n"


@refused_by("receipt.checkpoint.signatures[0]: want a signature of this text",
            ours="checkpoint.origin: ")
def there_is_an_empty_line_too_many(r):
    r.blank = "\n\n\n"


@refused_by("receipt.first line: want c2sp.org/tlog-proof@v1, got another")
def there_is_an_empty_line_first(r):
    r.first_line = "\n" + r.first_line


@refused_by("receipt: want an empty line before the checkpoint, got none",
            ours="receipt.version: ")
def lines_end_in_crlf(r):
    return r.build().replace(b"\n", b"\r\n")


@refused_by("receipt.checkpoint: want a newline at the end, got none",
            ours="note.text: ")
def the_final_newline_is_missing(r):
    return r.build()[:-1]


@refused_by("receipt: want an empty line before the checkpoint, got none",
            ours="receipt.version: ")
def the_receipt_is_empty(r):
    return b""


@refused_by("receipt: want at most 1048576 bytes, got more",
            ours="want at most 1048576 bytes")
def the_receipt_is_too_long(r):
    return r.build() + b"x" * (1 << 20)


@refused_by("receipt.index: want its line here")
def the_extra_stands_twice(r):
    r.index_line = f"extra {log_maker.b64(r.true_extra())}\n{r.index_line}"


@refused_by("receipt.extra: want its line here")
def the_extra_is_missing(r):
    head = f"extra {log_maker.b64(r.true_extra())}\n"
    r.index_line += "\n" + r.proof.pop(0)
    return r.build().replace(head.encode(), b"")


@refused_by("receipt.extra: want canonical base64, got another text")
def the_extra_is_not_canonical(r):
    extra = log_maker.b64(r.true_extra()).encode()
    return r.build().replace(extra, extra + b"=")


# What the extra says.

@refused_by(INCLUSION)
def the_leaf_is_altered(r):
    r.leaf = flip(r.leaf, 9)  # The day.


@refused_by(INCLUSION)
def the_leaf_is_another_of_the_log(r):
    r.leaf = log_maker.sample_leaf(r.leaf[4] - 1)  # Of the same kind.


@refused_by("receipt.extra.leaf.kind: want a known one, got 128", ours="inclusion.root: ")
def the_leaf_is_of_an_unknown_kind(r):
    r.leaf = r.leaf[:4] + b"\x80" + r.leaf[5:]


@refused_by("receipt.extra.leaf.end: want nothing after it, got 1 bytes",
            ours="inclusion.root: ")
def a_byte_is_added_to_the_leaf(r):
    r.leaf += b"\0"


@refused_by("receipt.extra.leaf")
def the_leaf_is_said_to_be_longer(r):
    r.extra = r.true_extra()[:4] + b"\xff\xff" + r.true_extra()[6:]


@refused_by("receipt.extra.magic: want SBX1, got another")
def the_extra_is_of_an_unknown_version(r):
    r.extra = b"SBX2" + r.true_extra()[4:]


@refused_by("receipt.extra.end: want nothing after it, got 1 bytes")
def a_byte_is_added_to_the_extra(r):
    r.extra = r.true_extra() + b"\0"


@refused_by("receipt.extra.detail: want ")
def the_extra_is_cut(r):
    r.extra = r.true_extra()[:-1]


@refused_by("receipt.extra.openings: want 0 or 1, got 2")
def there_are_two_openings(r):
    at = len(b"SBX1") + 2 + len(r.leaf)
    r.extra = r.true_extra()[:at] + b"\2" + r.true_extra()[at + 1:]


@refused_by("receipt.opening: want one for the account, got none",
            ours="receipt.extra: want an opening")
def the_opening_is_missing(r):
    r.which = None


@refused_by(OPENING)
def a_bit_of_the_opening_is_turned(r):
    r.opening = flip(r.opening, 31)


@refused_by(OPENING)
def the_account_is_another(r):
    r.account += "0"


@refused_when_erased("receipt.extra.which: want a commitment to a consumer, got 0",
                     ours="receipt.consumer: ")
def the_tombstone_is_opened(r):
    r.which = 0


@refused_when_erased("receipt.extra.which: want a commitment to a consumer, got 2")
def a_commitment_that_is_not_there_is_opened(r):
    r.which = 2


@refused_when_erased("receipt.extra.detail: want none in consumer key destroyed, got 36",
                     ours="receipt.consumer: ")
def an_erasure_gets_a_detail(r):
    r.detail = bytes(36)


@refused_when_put(OPENING)
def another_consumers_commitment_is_opened(r):
    r.which = 1 - r.which


@refused_when_put("receipt.extra.which: want a commitment to a consumer, got 2")
def a_commitment_beyond_the_last_is_opened(r):
    r.which = 2


@refused_when_put(OPENING)
def a_neighbour_takes_the_receipt_for_theirs(r):
    r.account = sample_consumer(r.number + 1).account


@refused_when_put(OPENING)
def a_bit_of_the_detail_is_turned(r):
    r.detail = flip(r.detail, 0)


@refused_when_put(OPENING)
def a_row_is_dropped_from_the_detail(r):
    r.detail = r.detail[:36]


@refused_when_put(OPENING)
def two_rows_of_the_detail_are_swapped(r):
    r.detail = r.detail[36:] + r.detail[:36]


@refused_when_put("receipt.extra.detail: want rows of 36 bytes, got 71 bytes",
                  ours="receipt.consumer: ")
def a_row_of_the_detail_is_cut(r):
    r.detail = r.detail[:-1]


@refused_when_put("receipt.extra.detail: want rows of 36 bytes, got 0 bytes",
                  ours="receipt.consumer: ")
def the_detail_is_missing(r):
    r.detail = b""


@refused_by("receipt.extra.which: want a commitment to a consumer, got 0", needs_key=True)
def a_leaf_of_nobody_is_opened(r):
    r.number = 4  # An epoch is opened.
    r.which, r.leaf = 0, r.log.entries[4]
    r.proof = [log_maker.b64(found) for found in r.log.inclusion_proof(4)]


# The checkpoint.

@refused_by(INCLUSION, needs_key=True)
def the_checkpoint_is_an_earlier_one(r):
    r.checkpoint = r.log.checkpoint(r.number + 1)


@refused_by(INCLUSION, needs_key=True)
def the_checkpoint_is_of_a_rewritten_history(r):
    r.checkpoint = Log(sample_entries(600, "rewritten")).checkpoint()


@refused_by("receipt.checkpoint.signatures: want one by a known key, got 1 by others")
def the_checkpoint_is_another_logs(r):
    r.checkpoint = another_log(600).checkpoint()


@refused_by("receipt.checkpoint.signatures[0]: want a signature of this text")
def the_root_is_changed(r):
    lines = r.checkpoint.decode().split("\n")
    lines[2] = turn_text(lines[2], 5)
    r.checkpoint = "\n".join(lines).encode()


@refused_by("receipt.checkpoint.signatures[0]: want a signature of this text")
def the_signature_is_changed(r):
    lines = r.checkpoint.decode().split("\n")
    lines[4] = turn_text(lines[4], len(lines[4]) - 20)
    r.checkpoint = "\n".join(lines).encode()


@refused_by("receipt.checkpoint.extension: want none, got 1 lines", needs_key=True)
def an_extension_line_is_signed(r):
    r.checkpoint = r.log.sign(r.log.text() + "also true\n")


@refused_by("receipt.checkpoint.cosignatures: want one by witness.example/w1, got none",
            ours="want a cosignature by")
def the_cosignature_is_missing(r):
    r.witness = Signer(log_maker.WITNESS, 4)


@refused_by("receipt.checkpoint.signatures[1]: want a signature of this text",
            ours="want a cosignature of it by")
def the_cosignature_is_over_another_checkpoint(r):
    r.witness = Signer(log_maker.WITNESS, 4)
    r.checkpoint = cosign(r.checkpoint, r.witness, text=another_log(600).text())
