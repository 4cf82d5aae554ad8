#!/usr/bin/env python3
"""Makes the training texts of the name tagger's weights.

Usage: prepare.py DATA_FOLDER LISTS OWN_SENTENCES OUT [--held-out OUT]

DATA_FOLDER holds pii_spans_dev.jsonl, names/ and places/. Of the first only the
half that `subrosa evaluate --split=by-template` develops on is used; own
sentences are filled with names of the United States census of 1990, places and
names of treatment facilities (SAMHSA, 2022), all in the public domain, and our
own lists. The same input gives the same bytes on every machine.

A line of OUT is 1, or 0 if organizations are not labelled; the text with \\\\, \\n and \\t escaped,
and spans `begin:end:label` in bytes, between tabs.
"""

import json
import os
import re
import sys

LABELS = {"PERSON": "P", "LOCATION": "L", "ORG": "O", "ADDRESS": "S"}
MASK64 = (1 << 64) - 1
FILLS = 25


class Draws:
    """A small generator of our own: the same numbers under every Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK64
        return (self.state >> 33) % limit

    def one(self, values):
        return values[self.below(len(values))]

    def skewed(self, values):
        """Earlier values more often, as names are."""
        return values[min(self.below(len(values)), self.below(len(values)))]


# The split by template, as src/classify/text_template.cc makes it.
def stable_hash(kind, words):
    value = 0xCBF29CE484222325
    for word in [kind.encode()] + words:
        for byte in word:
            value = (value ^ byte) * 0x100000001B3 & MASK64
        value = (value ^ 0xFF) * 0x100000001B3 & MASK64
    return value


def words_of(data):
    found = re.findall(rb"[0-9A-Za-z\x80-\xff]+", data)
    return [re.sub(rb"[0-9]", b"0", word.lower()) for word in found]


def masked_words(data, spans):
    words, at = [], 0
    for begin, end, label in spans:
        if begin < at:
            continue
        words += words_of(data[at:begin]) + [b"<" + label.encode() + b">"]
        at = end
    return words + words_of(data[at:])


def held_out(texts):
    parents, lowest, first_with = [], [], {}

    def root(text):
        while parents[text] != text:
            text = parents[text]
        return text

    def join(key, text):
        low, high = sorted((root(first_with.setdefault(key, text)), root(text)))
        if low != high:
            parents[high] = low
            lowest[low] = min(lowest[low], lowest[high])

    for index, (data, spans) in enumerate(texts):
        words = masked_words(data, spans)
        whole = stable_hash("w", words)
        parents.append(index)
        lowest.append(whole)
        join(whole, index)
        if len(words) >= 8:
            join(stable_hash("b", words[:8]), index)
            join(stable_hash("e", words[-8:]), index)
    return [lowest[root(i)] >> 32 & 1 for i in range(len(texts))]


def read_labelled(path):
    texts, whole = [], []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            spans = sorted((s["bstart"], s["bend"], s["type"]) for s in record["spans"])
            texts.append((record["text"].encode(), spans))
            # These tweets have labels for people and places only.
            whole.append(record["source"] != "wnut17")
    return texts, whole


def write_line(out, is_whole, data, spans):
    text = data.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\t", b"\\t")
    named = ",".join(
        "%d:%d:%s" % (b, e, LABELS[label]) for b, e, label in spans if label in LABELS
    )
    out.write(b"%d\t%s\t%s\n" % (is_whole, text, named.encode()))


def read_lists(path):
    lists = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, words = line.rstrip("\n").split("\t")
                lists.setdefault(name, []).extend(words.split())
    return lists


def capital(word):
    return " ".join(re.sub(r"(^|['-])(\w)", lambda m: m[1] + m[2].upper(), part)
                    for part in word.split("_"))


class Filler:
    def __init__(self, folder, lists, draws):
        self.draws = draws
        self.lists = {name: [capital(w) for w in words] for name, words in lists.items()}

        def census(name, most):
            with open(os.path.join(folder, "names", name), encoding="ascii") as lines:
                return [line.strip().capitalize() for line in lines][:most]

        self.given = [census("census_female_first.txt", 800), census("census_male_first.txt", 600)]
        self.surnames = census("census_last_names.txt", 3000)
        self.cities, self.facilities = [], []
        for name in ("samhsa_mh_facilities_2022.tsv", "samhsa_sa_facilities_2022.tsv"):
            with open(os.path.join(folder, "places", name), encoding="utf-8") as lines:
                for row in list(lines)[1:]:
                    cells = row.rstrip("\n").split("\t")
                    self.facilities.append(cells[0])
                    self.cities.append(cells[4])

    def given_name(self):
        if self.draws.below(3):
            return self.draws.one(self.lists["given"])
        return self.draws.skewed(self.draws.one(self.given))

    def surname(self):
        if self.draws.below(3):
            return self.draws.skewed(self.surnames)
        return self.draws.one(self.lists["surname"])

    def person(self):
        kind = self.draws.below(10)
        given, last = self.given_name(), self.surname()
        if kind < 2:
            return given
        if kind == 2:
            return "%s %s. %s" % (given, self.draws.one("ABCDEFGHJKLMNPRSTW"), last)
        if kind == 3:
            return "%s %s-%s" % (given, last, self.surname())
        if kind == 4:
            return "%s %s %s" % (given, self.given_name(), last)
        return given + " " + last

    def place(self):
        return self.draws.one(self.cities if not self.draws.below(3) else self.lists["place"])

    def organization(self):
        kind = self.draws.below(6)
        if kind == 0:
            return self.draws.one(self.facilities)
        base = self.draws.one([self.surname(), self.place(), self.surname()])
        if kind == 1:
            return "%s %s" % (base, self.draws.one(["Inc", "LLC", "Ltd", "Group", "GmbH", "Corp",
                                                   "Inc.", "& Co", "Partners", "Industries"]))
        if kind == 2:
            return "%s %s Hospital" % (self.draws.one(["St.", "Mount", "Saint"]), base)
        if kind == 3:
            return self.draws.one([
                "%s-%s" % (base, self.surname()),
                "%s, %s and %s" % (base, self.surname(), self.surname()),
                "Department of " + base, "Bank of " + self.place(), base + "tech"])
        if kind == 4:
            return "University of " + self.place()
        return "%s %s" % (base, capital(self.draws.one(
            ["hospital", "clinic", "university", "medical_center", "school", "pharmacy", "bank",
             "health", "college", "institute", "insurance", "technologies", "foundation"])))

    def street(self):
        return "%d %s %s" % (1 + self.draws.below(9000), self.surname(), self.draws.one(
            ["Street", "St", "Ave", "Avenue", "Road", "Rd", "Lane", "Drive", "Blvd", "Court"]))

    def fill(self, sentence):
        makers = {
            "person": ("PERSON", self.person), "given": ("PERSON", self.given_name),
            "surname": ("PERSON", self.surname), "place": ("LOCATION", self.place),
            "organization": ("ORG", self.organization), "street": ("ADDRESS", self.street),
            "drug": (None, lambda: self.draws.one(self.lists["medicine"])),
            "eponym": (None, lambda: self.draws.one(self.lists["eponym"])),
        }
        style = self.draws.below(12)  # 0: shouted; 1: typed without capitals.
        data, spans = b"", []
        for piece in re.split(r"(\{\w+\})", sentence.replace("\\n", "\n")):
            label = None
            if piece.startswith("{"):
                label, maker = makers[piece[1:-1]]
                piece = maker()
            piece = piece.upper() if style == 0 else piece.lower() if style == 1 else piece
            if label:
                spans.append((len(data), len(data) + len(piece.encode()), label))
            data += piece.encode()
        return data, spans


def main(arguments):
    folder, lists, own, out = arguments[:4]
    texts, whole = read_labelled(os.path.join(folder, "pii_spans_dev.jsonl"))
    sides = held_out(texts)
    draws = Draws(20260101)
    filler = Filler(folder, read_lists(lists), draws)
    with open(out, "wb") as file:
        for (data, spans), side, is_whole in zip(texts, sides, whole):
            if not side:
                write_line(file, is_whole, data, spans)
        with open(own, encoding="utf-8") as sentences:
            for sentence in sentences:
                sentence = sentence.rstrip("\n")
                if not sentence or sentence.startswith("#"):
                    continue
                for _ in range(FILLS if "{" in sentence else 12):
                    write_line(file, 1, *filler.fill(sentence))
    if arguments[4:5] == ["--held-out"]:
        with open(arguments[5], "wb") as file:
            for (data, spans), side, is_whole in zip(texts, sides, whole):
                if side:
                    write_line(file, is_whole, data, spans)


if __name__ == "__main__":
    main(sys.argv[1:])
