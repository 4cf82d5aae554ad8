"""Merkle trees and their tiles, as the second verifier computes them.

Written from RFC 6962 (with the checks of RFC 9162) and C2SP tlog-tiles alone.
"""

import hashlib
import re

TILE_WIDTH = 256
MOST_TILE_LEVEL = 63
ENTRIES = "entries"  # The level of a bundle, in a path.


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """All that is complete in the tree over some leaf hashes.

    `heights[h]` are the roots of the complete subtrees of 2^h leaves, in order.
    """

    def __init__(self, leaf_hashes):
        self.size = len(leaf_hashes)
        self.heights = [list(leaf_hashes)]
        while len(self.heights[-1]) > 1:
            below = self.heights[-1]
            self.heights.append([node_hash(below[i], below[i + 1])
                                 for i in range(0, len(below) - 1, 2)])

    def root(self, size=None):
        """The root of the first `size` leaves: their complete subtrees, from the
        smallest, which is the rightmost, to the largest."""
        size = self.size if size is None else size
        root = None
        for height, subtrees in enumerate(self.heights):
            if size >> height & 1:
                subtree = subtrees[(size >> height) - 1]
                root = subtree if root is None else node_hash(subtree, root)
        return hashlib.sha256(b"").digest() if root is None else root

    def tile(self, level, index, width):
        """The hashes of a tile that lies within the tree; None if it does not."""
        start = index * TILE_WIDTH
        height = 8 * level
        if height >= len(self.heights) or start + width > len(self.heights[height]):
            return None
        return self.heights[height][start:start + width]

    def tiles(self):
        """(level, index, width) of each tile that a log of this size has."""
        level = 0
        while self.size >> 8 * level:
            hashes = self.size >> 8 * level
            for start in range(0, hashes, TILE_WIDTH):
                yield level, start // TILE_WIDTH, min(TILE_WIDTH, hashes - start)
            level += 1

    def _range(self, start, end):
        """The hash of leaves [start, end), where start is a multiple of the
        smallest power of two that is not below end - start."""
        height = (end - start).bit_length() - 1
        if end - start == 1 << height:
            return self.heights[height][start >> height]
        middle = start + (1 << height)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def consistency_proof(self, old_size):
        """RFC 6962, section 2.1.2, for 0 < old_size < size."""
        proof = []
        start, end, old, is_whole = 0, self.size, old_size, True
        while old != end:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start, is_whole = middle, False
        if not is_whole:
            proof.append(self._range(start, end))
        return proof[::-1]


def root_of_inclusion(index, size, leaf, proof):
    """The root to which `proof` leads; None if it has not the length that a leaf
    at `index` of `size` needs (RFC 9162, section 2.1.3.2)."""
    at, last, root = index, size - 1, leaf
    if at > last:
        return None
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(sibling, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(old_size, size, old_root, root, proof):
    """RFC 9162, section 2.1.4.2. An empty tree proves nothing."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size & (old_size - 1) == 0:
        proof = [old_root, *proof]
    if not proof:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_found = found = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_found = node_hash(sibling, old_found)
            found = node_hash(sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


def tile_path(level, index, width):
    """"tile/0/x001/x234/067", or "tile/entries/000.p/5" for a partial bundle."""
    digits = str(index)
    groups = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [groups[i:i + 3] for i in range(0, len(groups), 3)]
    number = "/".join(["x" + part for part in parts[:-1]] + parts[-1:])
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{number}{partial}"


def parse_tile_path(path):
    """(level, index, width); None for what is not a tile's one path."""
    match = re.fullmatch(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})"
                         r"(?:\.p/([0-9]{1,3}))?", path)
    if not match:
        return None
    level = match[1] if match[1] == ENTRIES else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    width = TILE_WIDTH if match[3] is None else int(match[3])
    if level != ENTRIES and level > MOST_TILE_LEVEL or not 1 <= width <= TILE_WIDTH:
        return None
    return (level, index, width) if tile_path(level, index, width) == path else None
