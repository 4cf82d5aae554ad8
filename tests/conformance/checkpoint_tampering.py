"""Ways to tamper with checkpoints and cosignatures without the log's key."""

import log_maker
from log_maker import Signer, cosign, signature_line
from tampering import Cases, another_log, flip, turn_text

CHECKPOINTS = Cases()
refused_by = CHECKPOINTS.refused_by



# The checkpoint.

def edit_line(t, number, change):
    lines = t.checkpoint_lines()
    lines[number] = change(lines[number])
    t.set_checkpoint_lines(lines)


@refused_by("checkpoint: want a file, got none", ours="No such file", ours_exit=1)
def the_checkpoint_is_missing(t):
    del t.files["checkpoint"]


@refused_by("checkpoint: want a newline at the end, got none")
def the_checkpoint_is_empty(t):
    t.files["checkpoint"] = b""


@refused_by("checkpoint: want at most 1048576 bytes")
def the_checkpoint_is_too_long(t):
    t.edit("checkpoint", lambda note: note + note.split(b"\n\n")[1] * 10000)


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_root_is_changed(t):
    edit_line(t, 2, lambda root: turn_text(root, 5))


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_size_is_one_more(t):
    edit_line(t, 1, lambda size: str(int(size) + 1))


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_size_is_one_less(t):
    edit_line(t, 1, lambda size: str(int(size) - 1))


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_size_gets_a_leading_zero(t):
    edit_line(t, 1, lambda size: "0" + size)


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_origin_is_changed(t):
    edit_line(t, 0, lambda origin: origin + "/eu")


@refused_by("checkpoint.signatures: want one by a known key, got 1 by others")
def origin_and_name_are_changed_alike(t):
    edit_line(t, 0, lambda origin: origin + "/eu")
    edit_line(t, 4, lambda line: line.replace(" ", "/eu ", 2).replace("/eu ", " ", 1))


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def an_extension_line_is_added(t):
    edit_line(t, 2, lambda root: root + "\nalso true")


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def an_empty_line_is_put_first(t):
    edit_line(t, 0, lambda origin: "\n" + origin)


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def a_bit_of_the_signature_is_turned(t):
    t.edit_signature(lambda data: flip(data, 20))


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def the_signature_is_cut(t):
    t.edit_signature(lambda data: data[:-1])


@refused_by("checkpoint.signatures: want one by a known key, got 1 by others")
def the_keys_id_is_changed(t):
    t.edit_signature(lambda data: flip(data, 0))


@refused_by("checkpoint.signatures[0]: want a key's id and a signature, got 4 bytes")
def the_signature_is_a_keys_id_alone(t):
    t.edit_signature(lambda data: data[:4])


def impostor(t):
    return Signer(t.vkey.split("+")[0], seed="an impostor's key")


@refused_by("checkpoint.signatures: want one by a known key, got 1 by others")
def another_key_of_the_same_name_signed(t):
    edit_line(t, 4, lambda _: impostor(t).line(t.checkpoint_text())[:-1])


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def another_key_signed_under_this_keys_id(t):
    signature = impostor(t).signature(t.checkpoint_text())
    t.edit_signature(lambda data: data[:4] + signature)


@refused_by("checkpoint.signatures[1]: want a signature of this text, got another")
def a_false_signature_stands_beside_the_true_one(t):
    line = t.checkpoint_lines()[4]
    t.edit_signature(lambda data: flip(data, 20))
    edit_line(t, 4, lambda false: line + "\n" + false)


@refused_by("checkpoint.signatures: want 1 to 100, got 0")
def the_signature_is_missing(t):
    t.set_checkpoint_lines(t.checkpoint_lines()[:4] + [""])


@refused_by("checkpoint: want an empty line before the signatures, got none")
def the_empty_line_is_missing(t):
    lines = t.checkpoint_lines()
    t.set_checkpoint_lines(lines[:3] + lines[4:])


@refused_by("checkpoint.signatures[0]: want canonical base64, got another text")
def spare_bits_of_the_base64_are_set(t):
    def spell(line):
        # 68 bytes end in a character that holds four bits, and "=".
        alphabet = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    "0123456789+/")
        return line[:-2] + alphabet[alphabet.index(line[-2]) + 1] + "="
    edit_line(t, 4, spell)


@refused_by("checkpoint.signatures[0]: want canonical base64, got another text")
def the_padding_of_the_base64_is_dropped(t):
    edit_line(t, 4, lambda line: line.rstrip("="))


@refused_by("checkpoint.signatures[0]: want an em dash, a name and a signature")
def a_hyphen_stands_for_the_em_dash(t):
    edit_line(t, 4, lambda line: "-" + line[1:])


@refused_by("checkpoint.signatures[0]: want an em dash, a name and a signature")
def two_spaces_stand_for_one(t):
    edit_line(t, 4, lambda line: line.replace(" ", "  ", 1))


@refused_by("checkpoint.signatures: want 1 to 100, got 101")
def there_are_too_many_signatures(t):
    edit_line(t, 4, lambda line: "\n".join([line] * 101))


@refused_by("checkpoint: want no control character but the newline, got another")
def lines_end_in_crlf(t):
    t.edit("checkpoint", lambda note: note.replace(b"\n", b"\r\n"))


@refused_by("checkpoint: want a newline at the end, got none")
def the_final_newline_is_missing(t):
    t.edit("checkpoint", lambda note: note[:-1])


@refused_by("checkpoint.signatures: want 1 to 100, got 0")
def there_is_a_newline_too_many(t):
    t.edit("checkpoint", lambda note: note + b"\n")


@refused_by("checkpoint: want UTF-8, got other bytes")
def the_checkpoint_is_not_utf_8(t):
    t.edit("checkpoint", lambda note: note[:1] + b"\xff" + note[1:])


@refused_by("checkpoint.signatures: want one by a known key, got 1 by others")
def the_whole_log_is_another(t):
    t.files = another_log(t.size).files()


# Cosignatures.

def witness_of(t):
    t.witness = Signer(log_maker.WITNESS, 4)
    return t.witness


def cosigned(t, **changes):
    t.files["cosigned"] = cosign(t.files["checkpoint"], witness_of(t), **changes)


def edit_cosignature(t, change):
    """Changes time and signature under the witness's name and id."""
    cosigned(t)
    head, _, line = t.files["cosigned"].decode()[:-1].rpartition("\n")
    data = log_maker.base64.b64decode(line.split(" ")[2])
    line = signature_line(t.witness.name, data[:4], change(data[4:]))
    t.files["cosigned"] = f"{head}\n{line}".encode()


@refused_by("checkpoint.cosignatures: want one by witness.example/w1, got none",
            ours="cosigned: want a cosignature by")
def the_cosignature_is_missing(t):
    witness_of(t)


@refused_by("cosigned.cosignatures: want one by witness.example/w1, got none",
            ours="cosigned: want a cosignature by")
def another_witness_of_the_same_name_cosigned(t):
    other = Signer(witness_of(t).name, 4, seed="another witness")
    t.files["cosigned"] = cosign(t.files["checkpoint"], other)


@refused_by("cosigned.signatures[1]: want a signature of this text, got another")
def another_witness_cosigned_under_this_ones_id(t):
    other = Signer(log_maker.WITNESS, 4, seed="another witness")
    line = other.line(t.checkpoint_text(), 1790000000)
    data = log_maker.base64.b64decode(line.split(" ")[2])
    edit_cosignature(t, lambda _: data[4:])


@refused_by("cosigned.signatures[1]: want a signature of this text, got another")
def the_time_of_a_cosignature_is_altered(t):
    edit_cosignature(t, lambda data: flip(data, 7))


@refused_by("cosigned.signatures[1]: want a signature of this text, got another")
def the_time_of_a_cosignature_is_beyond_what_a_time_may_be(t):
    cosigned(t, time=1 << 63)


@refused_by("cosigned.signatures[1]: want a signature of this text, got another")
def a_cosignature_is_over_another_checkpoint(t):
    cosigned(t, text=another_log(t.size).text())


@refused_by("cosigned.signatures[1]: want a signature of this text, got another")
def a_witness_signed_as_a_log_does(t):
    signature = witness_of(t).signature(t.checkpoint_text())
    edit_cosignature(t, lambda _: signature)


@refused_by("checkpoint.signatures: want one by a known key, got 1 by others")
def a_cosignature_stands_for_the_logs_signature(t):
    text = t.checkpoint_text()
    t.files["checkpoint"] = (f"{text}\n" + witness_of(t).line(
        text, 1790000000)).encode()


@refused_by("checkpoint.signatures[0]: want a signature of this text, got another")
def a_cosignature_stands_in_the_logs_name_and_id(t):
    line = witness_of(t).line(t.checkpoint_text(), 1790000000)
    data = log_maker.base64.b64decode(line.split(" ")[2])
    t.edit_signature(lambda signed: signed[:4] + data[4:])


@refused_by("cosigned.signatures: want one by a known key, got 1 by others")
def a_cosigned_checkpoint_lacks_the_logs_signature(t):
    text = t.checkpoint_text()
    t.files["cosigned"] = (f"{text}\n" + witness_of(t).line(
        text, 1790000000)).encode()


@refused_by("cosigned.signatures: want one by a known key, got 2 by others")
def a_cosigned_checkpoint_is_another_logs(t):
    t.files["cosigned"] = cosign(another_log(t.size).checkpoint(), witness_of(t))
