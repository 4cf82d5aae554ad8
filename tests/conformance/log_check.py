"""A second verifier of the audit log and its receipts: docs/formats/audit.md.

Written from that page and the public specifications that it names alone, on
hashlib and python3-cryptography. It recomputes the whole log from its entries,
and holds a hash of each in memory.

usage: log_check.py --key VKEY [--witness VKEY] [--since FILE] [--token-file FILE] FOLDER_OR_URL
       log_check.py --key VKEY [--witness VKEY] [--account ID] --receipt FILE

--key and --witness may be given several times: one of the keys must have signed,
and each of the witnesses have cosigned. --since is an earlier checkpoint that the
log must still contain. With --account, the receipt must be that account's.

exit codes: 0 proven, 2 wrong usage, 3 not proven, with one line that says what
"""

import argparse
import pathlib
import re
import struct
import sys

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from log_leaf import parse_leaf
from log_note import (
    COSIGNATURE, ED25519, MOST_NOTE_BYTES, NotProven, check_cosigners, open_checkpoint,
    parse_vkey)
from log_receipt import MOST_RECEIPT_BYTES, check_receipt
from log_source import Folder, Site, need
from log_tree import (
    ENTRIES, TILE_WIDTH, Tree, is_consistent, leaf_hash, parse_tile_path, tile_path)

PROVEN, USAGE, NOT_PROVEN = 0, 2, 3

MOST_TILE_BYTES = TILE_WIDTH * 32
MOST_BUNDLE_BYTES = TILE_WIDTH * (2 + 65535)

# What a crash may leave of a file that was being written.
HALF_WRITTEN = re.compile(r"incoming/[^/]+|[^/]+\.new-[A-Za-z0-9]{6}")


def need_tile(source, level, index, width, most):
    """A tile or bundle and how much it holds: the full one will do, since a log
    may drop a partial one once that is there."""
    for held in (width, TILE_WIDTH):
        path = tile_path(level, index, held)
        data = source.read(path, most)
        if data is not None:
            if len(data) > most:
                raise NotProven(path, f"at most {most} bytes", "more")
            return path, held, data
    raise NotProven(tile_path(level, index, width), "a file", "none")


def parse_bundle(data, width, path):
    entries, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise NotProven(path, f"the length of entry {len(entries)}", "its half")
        size, = struct.unpack_from(">H", data, at)
        if at + 2 + size > len(data):
            raise NotProven(path, f"{size} bytes of entry {len(entries)}",
                            len(data) - at - 2)
        entries.append(data[at + 2:at + 2 + size])
        at += 2 + size
    if len(entries) != width:
        raise NotProven(path, f"{width} entries", len(entries))
    return entries


def parse_tile(data, width, path):
    if len(data) != 32 * width:
        raise NotProven(path, f"{32 * width} bytes", len(data))
    return [data[at:at + 32] for at in range(0, len(data), 32)]


def read_entries(source, size):
    """The tree of all entries, and the first fault of a leaf: held back, since
    where the tree is wrong too, the tree says more."""
    hashes, fault = [], None
    for index in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        path, held, data = need_tile(source, ENTRIES, index, width, MOST_BUNDLE_BYTES)
        for entry in parse_bundle(data, held, path)[:width]:
            try:
                parse_leaf(entry, f"leaf {len(hashes)}")
            except NotProven as found:
                fault = fault or found
            hashes.append(leaf_hash(entry))
    return Tree(hashes), fault


def explain_root(source, tree):
    """Says at which entry bundles and leaf tiles part; if they do not, the entries
    are not those that were signed."""
    for level, index, width in tree.tiles():
        if level > 0:
            break
        path, held, data = need_tile(source, level, index, width, MOST_TILE_BYTES)
        for at, (want, got) in enumerate(zip(parse_tile(data, held, path),
                                             tree.tile(level, index, width))):
            if want != got:
                raise NotProven(f"{tile_path(ENTRIES, index, width)}: entry "
                                f"{index * TILE_WIDTH + at}", f"the one in {path}",
                                "another")
    raise NotProven("checkpoint.root", "the root of the entries", "another")


def check_tile(tree, level, index, width, data, path):
    """Checks a tile's or bundle's bytes, all of which lie within the signed tree."""
    if level == ENTRIES:
        hashes = [leaf_hash(entry) for entry in parse_bundle(data, width, path)]
    else:
        hashes = parse_tile(data, width, path)
    want = tree.tile(0 if level == ENTRIES else level, index, width)
    for at, (wanted, got) in enumerate(zip(want, hashes)):
        if wanted != got:
            raise NotProven(f"{path}: hash {at}", "that of the entries", "another")


def check_tiles(source, tree):
    for level, index, width in tree.tiles():
        path, held, data = need_tile(source, level, index, width, MOST_TILE_BYTES)
        hashes = parse_tile(data, held, path)[:width]
        check_tile(tree, level, index, width, b"".join(hashes), path)


def check_rest(source, tree, notes):
    """Looks at what else lies in the folder. Older partial tiles must be of this
    log; what a crash left beyond the signed size is noted."""
    checked = {"checkpoint", "cosigned"}
    for level, *place in tree.tiles():
        checked.add(tile_path(level, *place))
        if level == 0:
            checked.add(tile_path(ENTRIES, *place))
    for name in source.names():
        if name in checked:
            continue
        tile = parse_tile_path(name)
        if HALF_WRITTEN.fullmatch(name):
            notes.append(f"{name}: left of a file that was being written")
        elif not name.startswith("tile/"):
            notes.append(f"{name}: not of the log")
        elif tile is None:
            raise NotProven(name, "the path of a tile or bundle", "another")
        elif tree.tile(0 if tile[0] == ENTRIES else tile[0], *tile[1:]) is None:
            notes.append(f"{name}: beyond the signed size")
        else:
            most = MOST_BUNDLE_BYTES if tile[0] == ENTRIES else MOST_TILE_BYTES
            check_tile(tree, *tile, need(source, name, most), name)


def check_earlier(tree, earlier, part):
    """Checks that the tree began with an earlier checkpoint's."""
    if earlier.size > tree.size:
        raise NotProven(part + ".size", f"at most {tree.size}", earlier.size)
    if earlier.size == 0:
        proven = earlier.root == Tree([]).root()
    else:
        proof = tree.consistency_proof(earlier.size)
        proven = is_consistent(earlier.size, tree.size, earlier.root, tree.root(), proof)
    if not proven:
        raise NotProven(part + ".root",
                        f"the root of this log's first {earlier.size} entries", "another")


def check_log(source, keys, witnesses=(), since=None, notes=None):
    """Returns the checkpoint of a log that is proven whole; NotProven else."""
    notes = [] if notes is None else notes
    checkpoint = open_checkpoint(need(source, "checkpoint", MOST_NOTE_BYTES), keys,
                                 witnesses, "checkpoint")
    tree, leaf_fault = read_entries(source, checkpoint.size)
    if tree.root() != checkpoint.root:
        explain_root(source, tree)
    check_tiles(source, tree)
    if leaf_fault:
        raise leaf_fault
    check_rest(source, tree, notes)
    cosigned = source.read("cosigned", MOST_NOTE_BYTES)
    if cosigned is None:
        check_cosigners([checkpoint], witnesses, "checkpoint")
    else:
        earlier = open_checkpoint(cosigned, keys, witnesses, "cosigned")
        check_earlier(tree, earlier, "cosigned")
        check_cosigners([checkpoint, earlier], witnesses, "cosigned")
    if since is not None:
        earlier = open_checkpoint(since, keys, (), "since")
        check_earlier(tree, earlier, "since")
    return checkpoint


def run(arguments, keys, witnesses, notes):
    """Returns what is proven, in words."""
    if arguments.receipt:
        path = pathlib.Path(arguments.receipt)
        data = need(Folder(path.parent), path.name, MOST_RECEIPT_BYTES, "receipt")
        checkpoint, index, leaf = check_receipt(data, keys, witnesses, arguments.account)
        whose = "" if arguments.account is None else "; it is the account's"
        return (f"leaf {index} of {checkpoint.size} in {checkpoint.origin}: "
                f"{leaf}{whose}")
    since = None
    if arguments.since:
        path = pathlib.Path(arguments.since)
        since = need(Folder(path.parent), path.name, MOST_NOTE_BYTES, "since")
    is_url = re.match("https?://", arguments.log)
    if is_url:
        token = arguments.token_file and pathlib.Path(arguments.token_file).read_text().strip()
        source = Site(arguments.log, token)
    else:
        source = Folder(arguments.log)
    checkpoint = check_log(source, keys, witnesses, since, notes)
    return (f"{checkpoint.origin} has {checkpoint.size} leaves and the root "
            f"{checkpoint.root.hex()}")


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="log_check.py", description="Verifies an audit log, or a receipt from one.")
    parser.add_argument("log", nargs="?", metavar="FOLDER_OR_URL")
    parser.add_argument("--key", action="append", required=True, metavar="VKEY")
    parser.add_argument("--witness", action="append", default=[], metavar="VKEY")
    parser.add_argument("--since", metavar="FILE")
    parser.add_argument("--receipt", metavar="FILE")
    parser.add_argument("--account", metavar="ID")
    parser.add_argument("--token-file", metavar="FILE", help="an auditor's, for a URL")
    parsed = parser.parse_args(arguments)
    if (parsed.log is None) == (parsed.receipt is None):
        parser.error("want a log or --receipt, and not both")
    if parsed.account is not None and not parsed.receipt:
        parser.error("--account: goes with --receipt")
    if parsed.since and parsed.receipt:
        parser.error("--since: goes with a log")
    keys = {}
    for flag, kind in (("key", ED25519), ("witness", COSIGNATURE)):
        try:
            keys[flag] = [parse_vkey(text, f"--{flag}") for text in getattr(parsed, flag)]
        except NotProven as fault:
            parser.error(str(fault))
        if any(key.kind != kind for key in keys[flag]):
            parser.error(f"--{flag}: want a key of type {kind}, got another")
    return parsed, keys["key"], keys["witness"]


def main(arguments):
    parsed, keys, witnesses = parse_arguments(arguments)
    notes = []
    try:
        proven = run(parsed, keys, witnesses, notes)
    except NotProven as fault:
        print(f"not proven: {fault}")
        return NOT_PROVEN
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"proven: {proven}")
    return PROVEN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
