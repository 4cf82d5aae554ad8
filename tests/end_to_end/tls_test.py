#!/usr/bin/env python3
"""HTTPS is spoken with whom the authorities vouch for, and with nobody else."""

import datetime
import http.server
import ipaddress
import pathlib
import ssl
import subprocess
import tempfile
import threading
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.datetime.utcnow()
DAY = datetime.timedelta(days=1)
FETCH = "tests/end_to_end/fetch"


def name(text):
  return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def pem(certificate):
  return certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
  """Vouches for keys."""

  def __init__(self, title="authority"):
    self.key = ec.generate_private_key(ec.SECP256R1())
    self.name = name(title)
    self.certificate = (
        self.builder(self.key, self.name, NOW - DAY, NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(self.key, hashes.SHA256()))

  def builder(self, key, subject, begin, end):
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(begin).not_valid_after(end))

  def vouch(self, key, names, begin=NOW - DAY, end=NOW + DAY):
    return (self.builder(key, name("server"), begin, end)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self.key, hashes.SHA256()))


class Quiet(http.server.BaseHTTPRequestHandler):

  def do_GET(self):  # pylint: disable=invalid-name
    self.send_response(200)
    self.send_header("Content-Length", "0")
    self.end_headers()

  def log_message(self, *_):  # pylint: disable=arguments-differ
    pass


class TlsTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = pathlib.Path(folder.name)
    self.authority = Authority()
    self.trusted = self.folder / "authorities.pem"
    self.trusted.write_bytes(pem(self.authority.certificate))
    self.key = ec.generate_private_key(ec.SECP256R1())
    self.here = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]

  def serve(self, certificate, most=ssl.TLSVersion.TLSv1_3):
    """The port of a server with `certificate`."""
    identity = self.folder / "server.pem"
    identity.write_bytes(pem(certificate) + self.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)
    if most < ssl.TLSVersion.TLSv1_2:
      # What the system no longer offers by itself.
      context.set_ciphers("ALL:@SECLEVEL=0")
      context.minimum_version = most
    context.maximum_version = most
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    self.addCleanup(thread.join)
    self.addCleanup(server.server_close)
    self.addCleanup(server.shutdown)
    return server.server_address[1]

  def fetch(self, port, *authorities, host="127.0.0.1"):
    return subprocess.run([FETCH, f"https://{host}:{port}/", *authorities],
                          stdout=subprocess.PIPE, text=True, check=True,
                          timeout=60).stdout.strip()

  def assert_refused(self, answer):
    self.assertRegex(answer, r"^UNAVAILABLE: https://[^/]*: want a response, got: ")

  def test_a_server_that_a_trusted_authority_vouches_for_is_spoken_with(self):
    for most in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
      port = self.serve(self.authority.vouch(self.key, self.here), most)
      self.assertEqual(self.fetch(port, self.trusted), "200")

  def test_an_authority_that_is_not_trusted_counts_for_nothing(self):
    port = self.serve(self.authority.vouch(self.key, self.here))
    self.assert_refused(self.fetch(port))
    other = self.folder / "other.pem"
    other.write_bytes(pem(Authority().certificate))
    self.assert_refused(self.fetch(port, other))
    self.assert_refused(self.fetch(port, self.folder / "nowhere.pem"))

  def test_a_server_cannot_vouch_for_itself(self):
    itself = Authority("server")
    itself.key = self.key
    self.assert_refused(self.fetch(self.serve(itself.vouch(self.key, self.here)),
                                   self.trusted))

  def test_a_certificate_of_another_name_is_refused(self):
    port = self.serve(self.authority.vouch(self.key, [x509.DNSName("witness.example")]))
    self.assert_refused(self.fetch(port, self.trusted))
    port = self.serve(self.authority.vouch(self.key, self.here))
    self.assert_refused(self.fetch(port, self.trusted, host="localhost"))

  def test_a_certificate_out_of_its_time_is_refused(self):
    for begin, end in ((NOW - 2 * DAY, NOW - DAY), (NOW + DAY, NOW + 2 * DAY)):
      port = self.serve(self.authority.vouch(self.key, self.here, begin, end))
      self.assert_refused(self.fetch(port, self.trusted))

  def test_an_outdated_protocol_is_refused(self):
    port = self.serve(self.authority.vouch(self.key, self.here), ssl.TLSVersion.TLSv1_1)
    self.assert_refused(self.fetch(port, self.trusted))


if __name__ == "__main__":
  unittest.main()
