"""What log_check.py accepts, what it notes, and how it is called."""

import contextlib
import gzip
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import log_check
import log_maker
import log_note
import log_tree
from log_maker import Log, Signer, cosign, sample_entries

CHECK = pathlib.Path(__file__).with_name("log_check.py")

# The tree of Certificate Transparency's first tests: eight entries, and the roots
# of the first 0 to 8 of them.
KNOWN_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a folder on the loopback; bundles compressed, unasked."""

    def do_GET(self):
        path = pathlib.Path(self.directory, self.path.lstrip("/"))
        if not path.is_file():
            self.send_error(404 if self.path != "/tile/0/001" else 503)
            return
        data = path.read_bytes()
        self.send_response(200)
        if "entries" in self.path:
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class LogCheckTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = Log(sample_entries(600))

    def write(self, files):
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)

    def run_command(self, *words):
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy")}
        return subprocess.run([sys.executable, CHECK, *map(str, words)], check=False,
                              capture_output=True, text=True, env=environment)

    def check(self, *words):
        return self.run_command("--key", self.log.signer.vkey, *words)

    def assert_proven(self, done, notes=()):
        self.assertEqual((0, "".join(f"note: {note}\n" for note in notes)),
                         (done.returncode, done.stderr), done)
        self.assertTrue(done.stdout.startswith("proven: "), done)

    def assert_refused(self, done, reason):
        self.assertEqual((3, f"not proven: {reason}\n", ""),
                         (done.returncode, done.stdout, done.stderr))

    def assert_usage(self, done, reason):
        self.assertEqual(2, done.returncode, done)
        self.assertIn(reason, done.stderr)

    # Trees.

    def test_roots_are_those_that_others_publish(self):
        entries = [bytes.fromhex(entry) for entry in KNOWN_ENTRIES]
        tree = log_tree.Tree([log_tree.leaf_hash(entry) for entry in entries])
        for size, root in enumerate(KNOWN_ROOTS):
            self.assertEqual(root, tree.root(size).hex())
            self.assertEqual(root, Log(entries).root(size).hex())

    def test_paths_are_those_of_the_specification(self):
        self.assertEqual("tile/0/x001/x234/067", log_tree.tile_path(0, 1234067, 256))
        self.assertEqual((0, 1234067, 256),
                         log_tree.parse_tile_path("tile/0/x001/x234/067"))
        # Its example of a tree of size 70,000.
        self.assertEqual([(0, index, 256) for index in range(273)]
                         + [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)],
                         list(log_tree.Tree([b""] * 70000).tiles()))

    def test_paths_with_two_spellings_are_refused(self):
        for path in ("tile/00/000", "tile/64/000", "tile/0/0", "tile/0/1000",
                     "tile/0/x000/001", "tile/0/x01/001", "tile/0/000.p/0",
                     "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p",
                     "tile/0/000/", "tile/0/001/002", "tile/entry/000", "tile/0/٠٠٠"):
            self.assertIsNone(log_tree.parse_tile_path(path), path)

    def test_each_earlier_size_is_consistent_with_a_larger_and_no_other(self):
        sizes = (1, 2, 3, 7, 8, 64, 255, 256, 257, 512, 599, 600)
        for size in sizes:
            tree = log_tree.Tree([log_tree.leaf_hash(e) for e in self.log.entries[:size]])
            for old in range(1, size + 1):
                proof = tree.consistency_proof(old)
                root, old_root = self.log.root(size), self.log.root(old)
                self.assertTrue(log_tree.is_consistent(old, size, old_root, root, proof))
                for wrong in ((old - 1, size, old_root, root, proof),
                              (old, size + 1, old_root, root, proof[1:]),
                              (old, size, root[::-1], root, proof),
                              (old, size, old_root, root[::-1], proof),
                              (old, size, old_root, root, proof + [root])):
                    self.assertFalse(log_tree.is_consistent(*wrong), (old, size))

    def test_each_entry_is_included_where_it_stands_and_nowhere_else(self):
        for size in (1, 2, 3, 7, 64, 255, 257, 600):
            for index in range(0, size, 1 + size // 60):
                proof = self.log.inclusion_proof(index, size)
                leaf = log_tree.leaf_hash(self.log.entries[index])
                def root(at, of, with_proof, leaf=leaf):
                    return log_tree.root_of_inclusion(at, of, leaf, with_proof)
                self.assertEqual(self.log.root(size), root(index, size, proof))
                self.assertNotEqual(self.log.root(size), root(index + 1, size, proof))
                self.assertIsNone(root(index, size, proof + [leaf]))
                self.assertIsNone(root(size, size, proof))

    # Logs.

    def test_logs_of_each_size_about_a_tile_are_proven(self):
        for size in (0, 1, 2, 255, 256, 257, 512):
            with self.subTest(size=size), tempfile.TemporaryDirectory() as folder:
                self.folder = pathlib.Path(folder)
                self.write(self.log.files(size))
                self.assert_proven(self.check(self.folder))

    def test_a_log_with_full_tiles_of_level_one_is_proven(self):
        entry = log_maker.leaf(2, (7,), tag=bytes(16))
        self.log = Log([entry] * 65800)
        self.write(self.log.files())
        self.assertEqual(8192, (self.folder / "tile/1/000").stat().st_size)
        self.assertEqual(32, (self.folder / "tile/2/000.p/1").stat().st_size)
        self.assert_proven(self.check(self.folder))

        (self.folder / "tile/2/000.p/1").write_bytes(bytes(32))
        self.assert_refused(self.check(self.folder),
                            "tile/2/000.p/1: hash 0: want that of the entries, "
                            "got another")

    def test_a_log_that_grew_since_an_earlier_checkpoint_is_proven(self):
        self.write(self.log.files())
        for size in (0, 1, 256, 300, 512, 600):
            (self.folder / "earlier").write_bytes(self.log.checkpoint(size))
            done = self.check("--since", self.folder / "earlier", self.folder)
            self.assertEqual(0, done.returncode, done)

    def test_a_fuller_tile_stands_for_a_partial_one(self):
        grown = Log(sample_entries(800)).tiles()
        files = self.log.files()
        for path in ("tile/0/002", "tile/entries/002"):
            del files[path + ".p/88"]
            files[path] = grown[path]
        self.write(files)

        self.assert_proven(self.check(self.folder),
                           ["tile/0/002: beyond the signed size",
                            "tile/entries/002: beyond the signed size"])

    def test_what_a_crash_leaves_is_noted(self):
        grown = Log(sample_entries(800)).tiles()
        files = {path: data for path, data in grown.items()}
        files |= self.log.files() | self.log.tiles(560)
        files |= {"checkpoint.new-Ab3dEf": b"half", "incoming/1f-0": b"half"}
        self.write(files)

        self.assert_proven(self.check(self.folder), [
            "checkpoint.new-Ab3dEf: left of a file that was being written",
            "incoming/1f-0: left of a file that was being written",
            "tile/0/002: beyond the signed size",
            "tile/0/003.p/32: beyond the signed size",
            "tile/1/000.p/3: beyond the signed size",
            "tile/entries/002: beyond the signed size",
            "tile/entries/003.p/32: beyond the signed size"])

    def test_a_checkpoint_may_carry_signatures_of_two_keys_and_of_strangers(self):
        following = Signer(log_maker.ORIGIN, seed="the next key")
        note = self.log.checkpoint() + following.line(self.log.text()).encode()
        note = cosign(note, Signer("witness.example/unknown", 4))
        self.write(self.log.files() | {"checkpoint": note})

        for keys in ([self.log.signer.vkey], [following.vkey],
                     [self.log.signer.vkey, following.vkey]):
            flags = [word for key in keys for word in ("--key", key)]
            self.assert_proven(self.run_command(*flags, self.folder))

    def test_an_older_cosigned_checkpoint_will_do(self):
        witness = Signer(log_maker.WITNESS, 4)
        self.write(self.log.files() | {
            "cosigned": cosign(self.log.checkpoint(512), witness)})
        self.assert_proven(self.check("--witness", witness.vkey, self.folder))

    def test_each_witness_that_is_asked_for_is_needed(self):
        first, second = (Signer(f"witness.example/{i}", 4) for i in (1, 2))
        self.write(self.log.files() | {
            "cosigned": cosign(self.log.checkpoint(), first)})
        self.assert_refused(
            self.check("--witness", first.vkey, "--witness", second.vkey, self.folder),
            "cosigned.cosignatures: want one by witness.example/2, got none")

    # Servers.

    @contextlib.contextmanager
    def server(self):
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0),
            lambda *words: Server(*words, directory=str(self.folder)))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def test_a_log_behind_a_url_is_proven(self):
        self.write(self.log.files())
        with self.server() as url:
            self.assert_proven(self.check(url))
            self.assert_proven(self.check(url + "/"))

    def test_a_log_behind_a_url_is_refused_as_one_in_a_folder(self):
        self.write(self.log.files())
        (self.folder / "tile/1/000.p/2").unlink()
        with self.server() as url:
            self.assert_refused(self.check(url),
                                "tile/1/000.p/2: want a file, got none")

    def test_a_server_that_fails_proves_nothing(self):
        self.write(self.log.files())
        (self.folder / "tile/0/001").unlink()
        with self.server() as url:
            self.assert_refused(self.check(url),
                                "tile/0/001: want an answer, got HTTP 503")
        self.assert_refused(self.check(url), "checkpoint: want an answer, got none")

    # The command line.

    def test_what_is_not_there_is_not_proven(self):
        self.assert_refused(self.check(self.folder / "nowhere"),
                            "checkpoint: want a file, got none")
        self.assert_refused(self.check("--receipt", self.folder / "nowhere"),
                            "receipt: want a file, got none")

    def test_a_wrong_command_line_is_told_apart_from_no(self):
        vkey, witness = self.log.signer.vkey, Signer(log_maker.WITNESS, 4).vkey
        self.assert_usage(self.run_command(self.folder), "--key")
        self.assert_usage(self.run_command("--key", vkey), "want a log or --receipt")
        self.assert_usage(self.check("--receipt", "r", self.folder), "not both")
        self.assert_usage(self.check("--account", "c", self.folder), "goes with")
        self.assert_usage(self.check("--receipt", "r", "--since", "s"), "goes with")
        self.assert_usage(self.run_command("--key", witness, "x"), "key of type 1")
        self.assert_usage(self.check("--witness", vkey, "x"), "key of type 4")

    def test_a_key_in_a_second_spelling_is_refused(self):
        name, key_id, material = self.log.signer.vkey.split("+", 2)
        for wrong in (f"{name}+{key_id}0+{material}", f"{name}+00000000+{material}",
                      f"{name}+{key_id}", f"+{key_id}+{material}",
                      f"two words+{key_id}+{material}", f"{name}+{key_id}+{material}=",
                      f"{name}+{key_id}+{material[:-4]}", ""):
            with self.assertRaises(log_note.NotProven, msg=wrong):
                log_note.parse_vkey(wrong)
        self.assertEqual(self.log.signer.id, log_note.parse_vkey(self.log.signer.vkey).id)


if __name__ == "__main__":
    unittest.main()
