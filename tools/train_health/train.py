#!/usr/bin/env python3
"""Trains the model that tells a request for help from what only looks like one.

Usage: train.py SENTENCE_PARTS LABELLED_LINES OUT

Texts are made from SENTENCE_PARTS, which are ours; of LABELLED_LINES
(docs/examples/labelled/health_lines.tsv) the lines of the tune half that are not about health
join those that ask for nothing. The model is a logistic regression over words and pairs of
words, by their hashes, so that no text can be read from its weights. OUT is
src/classify/health_language/help_weights.tsv; the same input gives the same bytes.
"""

import math
import re
import sys

MASK64 = (1 << 64) - 1
SLOT_BITS = 18
SCALE = 16  # A weight of 1.
TEXTS = 10000  # Of each kind.
ROUNDS = 3
RATE = 0.5
SHRINK = 1e-3
SMOOTH = 24  # Words added to a text's length, so that short texts need more.
MIN_TEXTS = 3  # A feature seen in fewer is left out.
TUNE_WEIGHT = 8

WORD = re.compile(rb"[a-z0-9]+(?:['-][a-z0-9]+)*")


class Draws:
  """A small generator of our own: the same numbers under every Python."""

  def __init__(self, seed):
    self.state = seed

  def below(self, limit):
    self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK64
    return (self.state >> 33) % limit

  def one(self, values):
    return values[self.below(len(values))]

  def shuffle(self, values):
    for i in range(len(values) - 1, 0, -1):
      j = self.below(i + 1)
      values[i], values[j] = values[j], values[i]


def word_hash(word):
  """As WordKey::Hash of src/classify/health_vocabulary.h, its high half."""
  first = int.from_bytes(word[:8], "little")
  last = int.from_bytes(word[8:16] if len(word) <= 16 else word[-8:], "little")
  mixed = ((first ^ len(word)) * 0x9E3779B97F4A7C15 & MASK64) ^ (
      (last + len(word)) * 0xC2B2AE3D27D4EB4F & MASK64)
  return ((mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & MASK64) >> 32


def slots(text):
  """The features of a text: its words and the pairs of words side by side."""
  hashes = [word_hash(word) for word in
            WORD.findall(text.lower().replace("\u2019", "'").encode())]
  pairs = [((a * 0x85EBCA6B ^ b) & 0xFFFFFFFF) * 0x9E3779B1 & 0xFFFFFFFF
           for a, b in zip(hashes, hashes[1:])]
  return [value >> (32 - SLOT_BITS) for value in hashes + pairs]


def read_parts(path):
  parts = {}
  with open(path, encoding="utf-8") as lines:
    for line in map(str.strip, lines):
      if line.startswith("["):
        here = parts.setdefault(line[1:-1], [])
      elif line and not line.startswith("#"):
        here.append(line)
  return parts


class Texts:
  """Makes texts of either kind."""

  def __init__(self, parts, draws):
    self.parts = parts
    self.draws = draws

  def part(self, name):
    return self.draws.one(self.parts[name])

  def filled(self, name):
    return (self.part(name).replace("{n}", str(2 + self.draws.below(8)))
            .replace("{m}", self.draws.one(["two", "three"]))
            .replace("{a}", str(14 + self.draws.below(32))))

  def complaint(self):
    return self.part("person") + " " + self.part("does")

  def asking(self):
    if self.draws.below(20) == 0:
      return [self.part("asks")]
    makers = [self.complaint, lambda: self.part("feels"), lambda: self.part("feels"),
              lambda: self.filled("about")]
    made = [self.draws.one(makers)() for _ in range(self.draws.one([1, 1, 2, 2, 3, 4]))]
    return made + [self.part("asks")] if self.draws.below(2) == 0 else made

  def other(self):
    kind = self.draws.below(8)
    if kind == 0:
      news = self.part("person") + " " + self.part("news")
      return [news] + ([self.part("diary")] if self.draws.below(2) == 0 else [])
    name = ["remark", "remark", "opinion", "service", "message", "diary", "diary"][kind - 1]
    made = []
    for _ in range(self.draws.one([1, 1, 2, 2, 3])):
      if name == "remark" and self.draws.below(2) == 0:
        made.append(self.part("people") + " " + self.part("remark"))
      else:
        made.append(self.part("opinion" if name == "remark" else name))
    return made

  def joined(self, parts):
    text = " ".join(
        part if part[-1] in "?!." else part + self.draws.one([".", ".", ".", ",", " and"])
        for part in parts)
    return text.replace("'", "") if self.draws.below(8) == 0 else text


def train(examples, draws):
  """Weights by slot and the bias, by stochastic descent with rates for each (AdaGrad)."""
  weights, squares, bias = {}, {}, 0.0
  for _ in range(ROUNDS):
    draws.shuffle(examples)
    for label, features in examples:
      part = 1 / math.sqrt(len(features) + SMOOTH)
      total = bias + part * sum(weights.get(slot, 0.0) for slot in features)
      wrong = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - label
      bias -= 0.01 * wrong
      for slot in features:
        step = wrong * part + SHRINK * weights.get(slot, 0.0)
        squares[slot] = squares.get(slot, 0.0) + step * step
        weights[slot] = weights.get(slot, 0.0) - RATE * step / math.sqrt(1e-3 + squares[slot])
  return weights, bias


def make_examples(parts_path, lines_path, draws):
  texts = Texts(read_parts(parts_path), draws)
  examples = []
  for _ in range(TEXTS):
    examples.append((1, slots(texts.joined(texts.asking()))))
    examples.append((0, slots(texts.joined(texts.other()))))
  with open(lines_path, encoding="utf-8") as lines:
    for line in lines:
      half, label, _, _, _, text = line.rstrip("\n").split("\t")
      if half == "tune" and label == "not":
        examples += [(0, slots(text))] * TUNE_WEIGHT
  seen = {}
  for _, features in examples:
    for slot in set(features):
      seen[slot] = seen.get(slot, 0) + 1
  return [(label, [slot for slot in features if seen[slot] >= MIN_TEXTS])
          for label, features in examples]


def quantised(weights):
  made = {slot: max(-127, min(127, round(weight * SCALE))) for slot, weight in weights.items()}
  return {slot: weight for slot, weight in sorted(made.items()) if weight != 0}


def main():
  if len(sys.argv) != 4:
    sys.exit("usage: train.py SENTENCE_PARTS LABELLED_LINES OUT")
  draws = Draws(7)
  weights, bias = train(make_examples(sys.argv[1], sys.argv[2], draws), draws)
  with open(sys.argv[3], "w", encoding="utf-8") as out:
    out.write("# Made by tools/train_health/train.py; docs/help_model.md says from what.\n")
    out.write(f"bias\t{round(bias * SCALE)}\n")
    for slot, weight in quantised(weights).items():
      out.write(f"{slot}\t{weight}\n")


if __name__ == "__main__":
  main()
