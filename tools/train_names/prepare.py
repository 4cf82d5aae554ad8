#!/usr/bin/env python3
"""Makes the training texts of the name tagger's weights.

Usage: prepare.py DATA_FOLDER SIDES LISTS OWN_SENTENCES OUT [--held-out OUT]

DATA_FOLDER holds pii_spans_dev.jsonl, names/ and places/. Of the first only the
half that `subrosa evaluate --split=by-template` develops on is used; SIDES says
which that is, as template_sides prints it. Our own sentences are filled with
names of the United States census of 1990, places and names of treatment
facilities (SAMHSA, 2022), all in the public domain, our own lists, and names
made of beginnings and ends that many languages have. The same input gives the
same bytes on every machine.

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


# Beginnings and ends of which names are made, so that the model learns how names
# of many languages end, and not only those that the lists hold. Our own.
ONSETS = ("al an ar ba be bi bo bra bre cal cor da de dor du el er fa fe fre gal gar ger gra ha he "
          "hol ho ja je jo ka kal ke kor kra la le lin lo lu ma mar me mi mo na ne no nor o pa pe "
          "pre ra re ro ru sa sal se sil so sta ta te tor tre u va ve vi vo wa wei ya ze zo").split()
MIDDLES = "b d g k l ll m n nd r rd rg rl rm s sk st t tt v z".split()
SURNAME_ENDS = ("son sson sen ez es ov ova ev eva enko sky ska ski ic ić ović ević ová ák ek in ina "
                "inen nen la mann man berg stein er ini elli etti ano ese escu eanu shvili dze yan "
                "ian oğlu opoulos akis idis as is aitis ai i a o u eau ier ot ault well ford ton "
                "field worth moto mura naka saki yama ng wala kar patil nathan swamy").split()
PLACE_ENDS = ("heim stadt stad burg borg berg dorf hausen ingen ville court sur-mer ton ham ford bury "
              "port ford vik fors sund köping ås ø grad ovo evo ice ec any ów owo ino sk var hely háza "
              "polis oupoli ona ena ella illo ales os eira inho pur abad garh nagar jima yama stan ia "
              "land o a u").split()
PLACE_FRONTS = ("San Santa São Saint St. Villa Nova Vila El La Las Los Le Bad Alt Nieuw Novi Stary "
                "New North South East West Lower Upper Port Mount Lake Fort").split()
COMPANY_ENDS = ("ly ify io tech soft data net scope gen labs corp works wave point bridge care logic "
                "base link hub med path mine sense stack ware iq zone").split()
COMPANY_WORDS = ("Data Open Health Capital Energy Systems Group Research Media Analytics Solutions "
                 "Consulting Services Partners Global Digital Insight Network Legal Finance Mutual "
                 "Life Home Auto Air Motors Foods Water Science Innovation Design Software Security "
                 "Trust Ventures Holdings Logistics Financial Labs Bright First True Blue Red Golden "
                 "Clear Next Smart Think Green Urban Rural Public Social Mobile").split()


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

    def made(self, ends):
        """A name that no list holds."""
        draws = self.draws
        word = draws.one(ONSETS) + draws.one(MIDDLES)
        if draws.below(3) == 0:
            word += draws.one("aeiou") + draws.one(MIDDLES)
        end = draws.one(ends)
        if end[0] not in "aeiouāéíóöøåú" and draws.below(2):
            word += draws.one("aeio")
        return (word + end).capitalize()

    def given_name(self):
        if self.draws.below(3):
            return self.draws.one(self.lists["given"])
        return self.draws.skewed(self.draws.one(self.given))

    def surname(self):
        if self.draws.below(3) == 0:
            return self.made(SURNAME_ENDS)
        if self.draws.below(2):
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
        kind = self.draws.below(9)
        if kind < 2:
            return self.made(PLACE_ENDS)
        if kind == 2:
            return self.draws.one(PLACE_FRONTS) + " " + self.made(PLACE_ENDS)
        return self.draws.one(self.cities if not self.draws.below(3) else self.lists["place"])

    def organization(self):
        kind = self.draws.below(7)
        if kind == 0:
            return self.draws.one(self.facilities)
        if kind == 6:
            word = self.made(COMPANY_ENDS)
            return word if self.draws.below(3) else word.upper()
        if kind == 7:
            return self.draws.one(COMPANY_WORDS) + self.draws.one(COMPANY_WORDS)
        if kind >= 8:
            words = [self.draws.one(COMPANY_WORDS) for _ in range(2 + self.draws.below(2))]
            if self.draws.below(3) == 0:
                words[0] = self.surname()
            if self.draws.below(4) == 0:
                words.append(self.draws.one(["Inc", "Inc.", "LLC", "Ltd", "Corporation", "Company",
                                             "Co.", "AG", "S.A.", "plc"]))
            return " ".join(words)
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
        style = self.draws.below(12)  # 0: shouted; 1, 2: typed without capitals.
        data, spans = b"", []
        for piece in re.split(r"(\{\w+\})", sentence.replace("\\n", "\n")):
            label = None
            if piece.startswith("{"):
                label, maker = makers[piece[1:-1]]
                piece = maker()
            piece = piece.upper() if style == 0 else piece.lower() if style in (1, 2) else piece
            if label:
                spans.append((len(data), len(data) + len(piece.encode()), label))
            data += piece.encode()
        return data, spans


def main(arguments):
    folder, sides_path, lists, own, out = arguments[:5]
    texts, whole = read_labelled(os.path.join(folder, "pii_spans_dev.jsonl"))
    with open(sides_path, encoding="ascii") as lines:
        sides = [line.strip() == "held-out" for line in lines]
    if len(sides) != len(texts):
        sys.exit("prepare.py: error: want a side for each text, got %d for %d"
                 % (len(sides), len(texts)))
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
    if arguments[5:6] == ["--held-out"]:
        with open(arguments[6], "wb") as file:
            for (data, spans), side, is_whole in zip(texts, sides, whole):
                if side:
                    write_line(file, is_whole, data, spans)


if __name__ == "__main__":
    main(sys.argv[1:])
