"""Writes the seeds of age_fuzz, with Python's cryptography.

usage: python3 tests/fuzz/age_seeds.py tests/fuzz/corpus/age

A second implementation of age v1, from docs/formats/age.md: so the seeds are
genuine files that Subrosa did not write. Everything random is fixed, so the
same bytes come out every time. The key protects nothing.
"""

import base64
import hashlib
import hmac
import pathlib
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers import aead
from cryptography.hazmat.primitives.kdf import hkdf
from cryptography.hazmat.primitives import serialization

IDENTITY = bytes(range(32))
EPHEMERAL = bytes(range(100, 132))
FILE_KEY = b"sixteen bytes!!!"
NONCE = b"n" * 16
CHUNK = 64 * 1024


def derive(secret, salt, info):
  return hkdf.HKDF(hashes.SHA256(), 32, salt or None, info).derive(secret)


def encode(raw):
  return base64.b64encode(raw).rstrip(b"=")


def public(secret):
  return secret.public_key().public_bytes(
      serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def wrap(key):
  return aead.ChaCha20Poly1305(key).encrypt(bytes(12), FILE_KEY, None)


def x25519_stanza():
  ephemeral = x25519.X25519PrivateKey.from_private_bytes(EPHEMERAL)
  recipient = x25519.X25519PrivateKey.from_private_bytes(IDENTITY).public_key()
  share = public(ephemeral)
  raw = recipient.public_bytes(
      serialization.Encoding.Raw, serialization.PublicFormat.Raw)
  key = derive(ephemeral.exchange(recipient), share + raw,
               b"age-encryption.org/v1/X25519")
  return b"-> X25519 " + encode(share) + b"\n" + encode(wrap(key)) + b"\n"


def scrypt_stanza(work_factor):
  salt = b"s" * 16
  key = hashlib.scrypt(b"rose", salt=b"age-encryption.org/v1/scrypt" + salt,
                       n=1 << work_factor, r=8, p=1, dklen=32)
  return (b"-> scrypt " + encode(salt) + b" %d\n" % work_factor +
          encode(wrap(key)) + b"\n")


def header(*stanzas):
  text = b"age-encryption.org/v1\n" + b"".join(stanzas) + b"---"
  mac = hmac.new(derive(FILE_KEY, b"", b"header"), text, "sha256").digest()
  return text + b" " + encode(mac) + b"\n"


def payload(plaintext):
  cipher = aead.ChaCha20Poly1305(derive(FILE_KEY, NONCE, b"payload"))
  chunks = [plaintext[at:at + CHUNK] for at in range(0, len(plaintext), CHUNK)]
  chunks = chunks or [b""]
  sealed = [
      cipher.encrypt(index.to_bytes(11, "big") +
                     bytes([index == len(chunks) - 1]), chunk, None)
      for index, chunk in enumerate(chunks)
  ]
  return NONCE + b"".join(sealed)


def armor(raw, end=b"\n"):
  text = base64.b64encode(raw)
  lines = [text[at:at + 64] for at in range(0, len(text), 64)]
  return end.join([b"-----BEGIN AGE ENCRYPTED FILE-----", *lines,
                   b"-----END AGE ENCRYPTED FILE-----"]) + end


def main():
  folder = pathlib.Path(sys.argv[1])
  folder.mkdir(parents=True, exist_ok=True)
  to_key = header(x25519_stanza()) + payload(b"under the rose")
  to_passphrase = header(scrypt_stanza(2)) + payload(b"under the rose")
  grease = b"-> grease !x 7&\n" + b"Z" * 64 + b"\n\n"
  seeds = {
      "file_key": b"f" + to_key,
      "file_passphrase": b"f" + to_passphrase,
      "file_empty": b"f" + header(x25519_stanza()) + payload(b""),
      "file_many": b"f" + header(grease, x25519_stanza(), x25519_stanza()) +
                   payload(b"rose"),
      "file_armored": b"f" + armor(to_key),
      "file_truncated": b"f" + to_key[:-1],
      "header_key": b"h" + header(x25519_stanza()),
      "header_passphrase": b"h" + header(scrypt_stanza(12)),
      "header_grease": b"h" + header(grease, b"-> a\n\n"),
      "header_both": b"h" + header(x25519_stanza(), scrypt_stanza(2)),
      "armor_lf": b"a\x00" + armor(to_key),
      "armor_crlf": b"a\xff" + b" \r\n" + armor(to_key, b"\r\n"),
      "armor_full_last_line": b"a\x20" + armor(bytes(96)),
      "armor_padded_full_line": b"a\x20" + armor(bytes(95)),
      "armor_empty": b"a\x10" + armor(b""),
      "key_recipient":
          b"kage13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh",
      "payload_plain": b"p\x00\x00" + b"rose",
      "payload_flip": b"p\x00\x01\x00\x00\x07" + b"rose",
      "payload_cut": b"p\x00\x01\x01\x00\x01" + b"rose",
      "payload_two_chunks": b"p\xff\x00" + b"r" * 400,
      "payload_drop": b"p\xff\x01\x02\x00\x01" + b"r" * 800,
      "payload_repeat": b"p\xff\x01\x03\x00\x00" + b"r" * 800,
      "payload_swap": b"p\xff\x01\x04\x00\x00" + b"r" * 800,
  }
  for name, seed in seeds.items():
    (folder / name).write_bytes(seed)


if __name__ == "__main__":
  main()
