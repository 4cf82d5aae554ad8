"""Prints cosignature_vectors.json, or checks a file of them.

Written from C2SP signed-note and tlog-cosignature alone, on hashlib and
python3-cryptography: cosignatures, each with the seed of its key, and lines that
are none of the key's over the text.

usage: cosignature_vectors.py [cosignature_vectors.json]
"""

import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TEXT = ("example.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")
LAST_TIME = (1 << 63) - 1


class Cosigner:
    def __init__(self, name, fill, kind=4):
        self.name, self.kind = name, kind
        self.seed = bytes([fill]) * 32
        self._key = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(
            name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def vkey(self):
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    def line(self, text, time, header="cosignature/v1", said=None, size=8):
        """A signature line; the keyword arguments make it a false one."""
        signature = self._key.sign(f"{header}\ntime {time}\n{text}".encode())
        stamp = (time if said is None else said).to_bytes(size, "big")
        data = base64.b64encode(self.id + stamp + signature).decode()
        return f"— {self.name} {data}\n"

    def plain_line(self, text):
        data = base64.b64encode(self.id + self._key.sign(text.encode())).decode()
        return f"— {self.name} {data}\n"


def vectors():
    one = Cosigner("witness.example/w1", 0x77)
    two = Cosigner("żaba.example", 0x01)
    texts = [TEXT, "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
             TEXT + "extension, and an empty line\n\nbelow it\n"]
    good = [{"seed": key.seed.hex(), "vkey": key.vkey(), "text": text, "time": time,
             "line": key.line(text, time)}
            for key in (one, two) for text in texts
            for time in (0, 1, 1679315147, LAST_TIME)]
    time = 1679315147
    bad = {
        "over another text": one.line(TEXT + "x\n", time),
        "of another time": one.line(TEXT, time, said=time + 1),
        "of a time over 2^63 - 1": one.line(TEXT, LAST_TIME + 1),
        "of another version": one.line(TEXT, time, header="cosignature/v2"),
        "without a version": one.line(TEXT, time, header=""),
        "with a time of four bytes": one.line(TEXT, time, size=4),
        "with a time of nine bytes": one.line(TEXT, time, size=9),
        "a signature of the text alone": one.plain_line(TEXT),
        "by another key of the name": Cosigner(one.name, 0x78).line(TEXT, time),
        "by the key under another name": Cosigner("witness.example/w2", 0x77).line(
            TEXT, time),
        "by the key as another kind": Cosigner(one.name, 0x77, kind=1).line(TEXT, time),
    }
    return {"cosignatures": good,
            "refused": [{"what": what, "vkey": one.vkey(), "text": TEXT, "line": line}
                        for what, line in bad.items()]}


def main(paths):
    printed = json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n"
    if not paths:
        sys.stdout.write(printed)
        return 0
    with open(paths[0], encoding="utf-8") as file:
        if file.read() == printed:
            return 0
    print(f"{paths[0]}: want what this program prints, got other vectors")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
