"""Ways to tamper with the entries and tiles of a log, for which no key is needed."""

import log_maker
from log_maker import Log
from tampering import Cases, another_log, flip

FILES = Cases()
refused_by = FILES.refused_by

BESIDE_THE_LOG = "it reads the files that the checkpoint needs, and no others"


# Entries.

@refused_by("{bundle}: entry {entry}: want the one in {tile}, got another")
def a_bit_of_an_entry_is_turned(t):
    t.edit_entries(t.bundle, lambda entries: entries.__setitem__(
        t.at, flip(entries[t.at], 12)))


@refused_by("{bundle}: want")
def a_bit_of_an_entrys_length_is_turned(t):
    t.edit(t.bundle, lambda data: flip(data, 0, 7))


@refused_by("{bundle}: entry {entry}: want the one in {tile}, got another")
def two_entries_are_swapped(t):
    def swap(entries):
        entries[t.at], entries[t.at + 1] = entries[t.at + 1], entries[t.at]
    t.edit_entries(t.bundle, swap)


@refused_by("{bundle}: want ")
def an_entry_is_dropped(t):
    t.edit_entries(t.bundle, lambda entries: entries.pop(t.at))


@refused_by("{bundle}: want ")
def an_entry_is_doubled(t):
    t.edit_entries(t.bundle, lambda entries: entries.insert(t.at, entries[t.at]))


@refused_by("{bundle}: entry {entry}: want the one in {tile}, got another")
def an_entry_stands_in_place_of_another(t):
    t.edit_entries(t.bundle, lambda entries: entries.__setitem__(
        t.at, entries[t.at + 1]))


@refused_by("{last_bundle}: want ")
def the_last_entry_is_dropped(t):
    t.edit_entries(t.last_bundle, lambda entries: entries.pop())


@refused_by("{last_bundle}: want ")
def an_entry_is_added_at_the_end(t):
    t.edit_entries(t.last_bundle, lambda entries: entries.append(entries[-1]))


@refused_by("{bundle}: want ")
def a_bundle_is_cut_within_an_entry(t):
    t.edit(t.bundle, lambda data: data[:-1])


@refused_by("{bundle}: want the length")
def a_byte_is_added_to_a_bundle(t):
    t.edit(t.bundle, lambda data: data + b"\0")


@refused_by("{bundle}: want ")
def a_bundle_is_empty(t):
    t.files[t.bundle] = b""


@refused_by("{bundle}: want a file, got none")
def a_bundle_is_missing(t):
    del t.files[t.bundle]


@refused_by("tile/entries/000: entry 0: want the one in tile/0/000")
def two_bundles_are_swapped(t):
    first, second = "tile/entries/000", "tile/entries/001"
    t.files[first], t.files[second] = t.files[second], t.files[first]


@refused_by("{bundle}: entry ")
def a_bundle_is_another_logs(t):
    t.files[t.bundle] = another_log(t.size).files()[t.bundle]


@refused_by("checkpoint.root: want the root of the entries, got another")
def an_entry_and_its_hash_are_changed_alike(t):
    def change(entries):
        entries[t.at] = flip(entries[t.at], 12)
        changed = Log(entries[t.at:t.at + 1]).root()
        t.edit(t.tile, lambda tile: tile[:32 * t.at] + changed + tile[32 * t.at + 32:])
    t.edit_entries(t.bundle, change)


@refused_by("checkpoint.root: want the root of the entries, got another")
def all_files_but_the_checkpoint_are_another_logs(t):
    t.files = another_log(t.size).tiles() | {"checkpoint": t.files["checkpoint"]}


# Tiles.

@refused_by("{tile}: hash {at}: want that of the entries, got another")
def a_bit_of_a_leaf_hash_is_turned(t):
    t.edit(t.tile, lambda data: flip(data, 32 * t.at))


@refused_by("{above}: hash 1: want that of the entries, got another")
def a_bit_of_a_tile_of_level_one_is_turned(t):
    t.edit(t.above, lambda data: flip(data, 32))


@refused_by("tile/0/000: want a file, got none")
def a_full_tile_is_missing(t):
    del t.files["tile/0/000"]


@refused_by("{last_tile}: want a file, got none")
def a_partial_tile_is_missing(t):
    del t.files[t.last_tile]


@refused_by("{above}: want a file, got none")
def a_tile_of_level_one_is_missing(t):
    del t.files[t.above]


@refused_by("{last_tile}: want ")
def a_partial_tile_has_a_hash_too_many(t):
    t.edit(t.last_tile, lambda data: data + data[:32])


@refused_by("{last_tile}: want ")
def a_partial_tile_has_a_hash_too_few(t):
    t.edit(t.last_tile, lambda data: data[:-32])


@refused_by("{last_tile}: want a file, got none")
def a_partial_tile_says_another_width(t):
    narrower = log_maker.path(0, (t.size - 1) // 256, t.size % 256 - 1)
    t.files[narrower] = t.files.pop(t.last_tile)


@refused_by("{tile}: want ")
def a_tile_is_cut_within_a_hash(t):
    t.edit(t.tile, lambda data: data[:-1])


@refused_by("{tile}: want ")
def a_byte_is_added_to_a_tile(t):
    t.edit(t.tile, lambda data: data + b"\0")


@refused_by("{tile}: want ")
def a_tile_is_empty(t):
    t.files[t.tile] = b""


@refused_by("{tile}: hash 0: want that of the entries, got another")
def a_tile_is_another_logs(t):
    t.files[t.tile] = another_log(t.size).files()[t.tile]


@refused_by("{above}: hash 0: want that of the entries, got another")
def a_tile_lies_at_a_wrong_level(t):
    t.edit(t.above, lambda data: t.files["tile/0/000"][:len(data)])


@refused_by("tile/0/000: hash 0: want that of the entries, got another")
def two_tiles_are_swapped(t):
    first, second = "tile/0/000", "tile/0/001"
    t.files[first], t.files[second] = t.files[second], t.files[first]


@refused_by("{tile}: hash {at}: want that of the entries, got another")
def two_hashes_of_a_tile_are_swapped(t):
    a, b, c = 32 * t.at, 32 * t.at + 32, 32 * t.at + 64
    t.edit(t.tile, lambda data: data[:a] + data[b:c] + data[a:b] + data[c:])


# What lies in the folder beside the log.

@refused_by("tile/0/0: want the path of a tile or bundle, got another",
            unseen=BESIDE_THE_LOG)
def a_tile_lies_under_a_second_name(t):
    t.files["tile/0/0"] = t.files[t.tile]


@refused_by("tile/0/x000/000: want the path of a tile or bundle, got another",
            unseen=BESIDE_THE_LOG)
def a_tile_lies_under_a_name_with_a_zero_too_many(t):
    t.files["tile/0/x000/000"] = t.files[t.tile]


@refused_by("tile/0/000.p/256: want the path of a tile or bundle, got another",
            unseen=BESIDE_THE_LOG)
def a_full_tile_calls_itself_partial(t):
    t.files["tile/0/000.p/256"] = t.files[t.tile]


@refused_by("tile/notes: want the path of a tile or bundle, got another",
            unseen=BESIDE_THE_LOG)
def a_stranger_lies_among_the_tiles(t):
    t.files["tile/notes"] = b"remember"


@refused_by("tile/0/000.p/1: hash 0: want that of the entries, got another",
            unseen=BESIDE_THE_LOG)
def an_older_partial_tile_is_another_logs(t):
    t.files["tile/0/000.p/1"] = another_log(1).tiles()["tile/0/000.p/1"]


@refused_by("tile/entries/000.p/1: hash 0: want that of the entries, got another",
            unseen=BESIDE_THE_LOG)
def an_older_partial_bundle_is_another_logs(t):
    t.files["tile/entries/000.p/1"] = another_log(1).tiles()["tile/entries/000.p/1"]
