"""Writes the seeds of envelope_fuzz and keyring_fuzz from our own vectors.

usage: crypto_seeds.py tests/conformance/envelope_vectors.json tests/fuzz/corpus
"""

import json
import os
import sys


def write(folder, seeds):
    os.makedirs(folder, exist_ok=True)
    for name, content in seeds.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


def keyring_content(vector):
    entries = [
        bytes([e["kind"], len(e["name"])]) + e["name"].encode()
        + e["number"].to_bytes(4, "big") + e["value"].to_bytes(8, "big")
        + bytes.fromhex(e["secret"]) for e in vector["entries"]]
    return (vector["generation"].to_bytes(8, "big")
            + len(entries).to_bytes(4, "big") + b"".join(entries))


def main(vectors_path, corpus):
    with open(vectors_path, encoding="utf-8") as file:
        vectors = json.load(file)
    unhex = bytes.fromhex
    envelope = unhex(vectors["envelopes"][0]["envelope"])
    padded = next(v for v in vectors["envelopes"] if v["padded"])
    keyring = vectors["keyrings"][0]
    write(os.path.join(corpus, "envelope"), {
        "envelope": b"e" + envelope,
        "envelope_padded": b"e" + unhex(padded["envelope"]),
        "envelope_header_alone": b"e" + envelope[:76],
        "wrapped": b"w" + unhex(vectors["wrapped_keys"][1]["wrapped"]),
        "value": b"v" + unhex(vectors["sealed_values"][1]["sealed"]),
        "seal_plain": b"s\x00\x00slept well",
        "seal_edited": b"s\x03\x02\x00\x04\x01\x00\x50\x80slept well",
        "seal_edits_cancel": b"s\x02\x02\x00\x50\x80\x00\x50\x80slept well",
    })
    file = unhex(keyring["file"])
    content = keyring_content(keyring)
    write(os.path.join(corpus, "keyring"), {
        "file": b"r" + file,
        "file_mended": b"f" + file,
        "file_memory_hungry": b"f" + file[:16] + b"\xff" * 4 + file[20:],
        "file_truncated": b"f" + file[:120],
        "content": b"c" + content,
        "content_empty": b"c" + bytes(12),
        "content_truncated": b"c" + content[:-1],
        "content_twice": b"c" + content[:8] + b"\0\0\0\2" + content[12:66] * 2,
    })


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
