"""Counts a year again: what a script asked, the packs as data, and what the program answered, holds
and wrote to its log have to agree. Each difference is a line.
"""

import collections
import json
import pathlib
import re
import statistics
import sys

sys.path.insert(0, "tests/conformance")

# pylint: disable=wrong-import-position
from certificate_check import check_certificate
from log_check import MOST_BUNDLE_BYTES, check_log, need_tile, parse_bundle
from log_leaf import parse_leaf
from log_note import NotProven, parse_vkey
from log_source import Folder
from log_tree import ENTRIES, TILE_WIDTH
from year_law import EPOCH, Law, metrics_items, one, slug
from year_model import BACKUPS, GROUNDS, OK, OPEN, SILENT, Desk, day_of

KINDS = ("know", "access", "third-parties", "correct", "delete", "opt-out", "limit", "withdraw",
         "cease", "access-admt", "opt-out-admt")
STEPS = ("received", "acknowledged", "authenticated", "extended", "denied", "part-sent",
         "part-acknowledged", "part-overdue", "part-done", "part-refused", "completed",
         "taken-back", "appealed", "appeal-granted", "appeal-denied", "closed", "identified")
REQUEST_STEP, KEY_DESTROYED, EPOCH_RETIRED, RECORDS_RESTORED = 10, 4, 6, 13


class Known:
  """What the home knows of consumers beside their requests."""

  def __init__(self):
    self.residences = {}
    self.given = collections.defaultdict(list)
    self.ordered = {}   # Consumer: the request's number, as it is known after a restore.
    self.erased = {}    # Consumer: the day. Never undone.
    self.said = {}      # (Consumer, recipient): done.
    self.back = set()   # Who chose once more after that.

  def residence(self, consumer):
    return "" if consumer in self.erased else self.residences.get(consumer, "")

  def is_held(self, consumer):
    return consumer not in self.erased

  def owed(self, consumer):
    """The parts that an erasure has still to do."""
    if consumer not in self.ordered:
      return set()
    silent = {each for each in self.given[consumer] if (consumer, each) not in self.said}
    return silent | (set() if consumer in self.erased else {"records"})

  def chose(self, consumer):
    if consumer in self.erased:
      self.back.add(consumer)


class Erasures:
  """Who was erased for which request, and what their recipients said."""

  def __init__(self, desk, known):
    self.desk = desk
    self.known = known
    self.ever = {}      # The request of everybody whose erasure was ordered, ever.
    self.waiting = {}   # Consumers whose request is still told.

  def order(self, line, now):
    request = self.desk.requests.get(line["n"])
    if request is None:
      return "NOT_FOUND"
    if request.status != "working":
      return "FAILED_PRECONDITION"
    consumer = line["consumer"]
    if consumer in self.known.erased and consumer not in self.known.ordered:
      return "NOT_FOUND"
    self.known.ordered[consumer] = self.waiting[consumer] = line["n"]
    self.ever[consumer] = request
    self.report(consumer, now)
    return OK

  def answer(self, line):
    if line["consumer"] not in self.known.ordered or line["party"] not in self.known.given[line["consumer"]]:
      return "NOT_FOUND"
    self.known.said[line["consumer"], line["party"]] = "done"
    return OK

  def go_on(self, now):
    for consumer in self.known.ordered:
      self.known.erased.setdefault(consumer, day_of(now))
    for consumer in list(self.waiting):
      self.report(consumer, now)

  def report(self, consumer, now):
    """The request is told how far each part of the erasure is."""
    number = self.waiting[consumer]
    request = self.desk.requests.get(number)
    if request is None or request.status != "working":
      del self.waiting[consumer]
      return
    said = {"records": "done" if consumer in self.known.erased else None}
    said |= {party: self.known.said.get((consumer, party)) for party in self.known.given[consumer]}
    for part, answer in said.items():
      if part not in request.parts:
        kind = "STORE" if part == "records" else "RECIPIENT"
        self.desk.service(request, "part-sent", part, now, f"REQUEST_PART_KIND_{kind}",
                          reached=part == "records" or answer is not None)
      if answer == "done" and request.parts[part].status in SILENT:
        self.desk.service(request, "part-done", part, now)
    self.desk.mark_late(number, now)
    if consumer in self.known.erased and all(said.values()):
      del self.waiting[consumer]

  def snapshot(self):
    return dict(self.known.ordered), dict(self.known.said), dict(self.waiting)

  def restore(self, copy):
    # Whose keys the copy still has is erased again, from the log.
    self.known.ordered, self.known.said, self.waiting = (dict(each) for each in copy)


class Recount:
  """Judges a script's answers, then what is held."""

  def __init__(self, lines, slack_seconds=0):
    self.law = Law()
    # By how much what a service did may be later, after a kill.
    self.slack_seconds = slack_seconds
    self.lines = lines
    self.known = Known()
    self.desk = Desk(self.law, self.known)
    self.erasures = Erasures(self.desk, self.known)
    self.retired, self.stages, self.log_size = {}, collections.Counter(), 0
    self.wrong = []
    self.codes = collections.Counter()

  def want(self, holds, what):
    if not holds:
      self.wrong.append(what)

  def same(self, wanted, got, what):
    self.want(wanted == got, f"{what}: want {wanted}, got {got}")

  # What was answered.

  def judge(self, answers):
    """`answers` by line, from 1."""
    copy = None
    for number, line in enumerate(self.lines, 1):
      answer = answers.get(number, {"code": "no answer"})
      what, now, code = line["do"], line["at"], OK
      if what == "know":
        self.known.residences.update(line["residences"])
      elif what == "disclose":
        self.known.given[line["disclosure"]["consumer"]].append(line["disclosure"]["recipient"])
      elif what == "receive":
        code = self.desk.receive(line["n"], line["request"], now)
      elif what == "take":
        code = self.desk.take(line["n"], line["event"], now, line.get("consumer", ""))
      elif what == "late":
        if line["n"] in self.desk.requests:
          self.same(self.desk.mark_late(line["n"], now), answer.get("overdue", []),
                    f"line {number}, overdue parts")
        else:
          code = "NOT_FOUND"
      elif what == "erase":
        code = self.erasures.order(line, now)
      elif what == "answer":
        code = self.erasures.answer(line)
      elif what == "continue":
        self.erasures.go_on(now)
      elif what == "retire":
        self.desk.forget(now)
      elif what == "backup":
        copy = self.desk.snapshot(), self.erasures.snapshot()
      elif what == "restore":
        self.desk.restore(copy[0])
        self.erasures.restore(copy[1])
      self.codes[what, code] += 1
      self.same(code, answer["code"], f"line {number}, {json.dumps(line)}")

  # What is held.

  def check_requests(self, held, now):
    self.same(sorted(self.desk.requests), sorted(request["request"] for request in held),
              "the requests that are held")
    for kept in held:
      request = self.desk.requests.get(kept["request"])
      if request is None:
        continue
      name = f"request {kept['request']}"
      self.same(request.status, kept["status"], f"{name}, status")
      self.same(request.kind, kept["kind"], f"{name}, kind")
      self.check_steps(request.steps, kept["steps"], name)
      self.same({part: each.status for part, each in request.parts.items()}, kept["parts"],
                f"{name}, parts")
      if request.status == "closed":
        self.same(("", "", "", False), (kept["consumer"], kept["contact"], kept["permission"],
                                        kept["says_why"]), f"{name}, what is kept of a closed one")
      else:
        self.same(request.consumer, kept["consumer"], f"{name}, consumer")
      if not kept["open"] and kept["status"] != "appealed":
        self.same(0, kept["silent"], f"{name}, silent parts of one that is answered")
      completed = sum(step == "completed" for step, _, _ in kept["steps"])
      granted = sum(step == "appeal-granted" for step, _, _ in kept["steps"])
      self.want(completed <= 1 + granted, f"{name}: completed twice")
      self.check_clocks(request, kept, now, name)

  def check_steps(self, wanted, got, name):
    self.same([(step, part) for step, _, part in wanted], [(step, part) for step, _, part in got],
              f"{name}, steps")
    for (step, wanted_at, part), (_, at, _) in zip(wanted, got):
      slack = self.slack_seconds if step.startswith("part-") else 0
      self.want(0 <= at - wanted_at <= slack, f"{name}, {step} {part}: want {wanted_at}, got {at}")

  def check_clocks(self, request, kept, now, name):
    wanted = {}
    for rule, clock in request.clocks()[0].items():
      wanted[rule] = {"state": clock.state}
      if clock.due_on is not None:
        wanted[rule] |= {"due_on": clock.due_on.isoformat(), "due_at": int(clock.due_at),
                         "extended": clock.extended, "late": clock.late(now)}
    self.same(wanted, kept["clocks"], f"{name}, clocks")

  def check_due(self, due):
    wanted = {number for number, request in self.desk.requests.items() if request.status in OPEN}
    self.same(wanted, set(due["due"]), "what is open")
    self.same(len(wanted), due["open"], "how many are open")
    strictest = [self.desk.requests[number].strictest() for number in due["due"]
                 if number in self.desk.requests]
    days = ["9999-12-31" if clock is None else clock.due_on.isoformat() for clock in strictest]
    self.same(sorted(days), days, "the order in which they are due")

  def check_tally(self, tallies, now):
    by_kind = collections.defaultdict(list)
    for request in self.desk.requests.values():
      by_kind[request.kind].append(request)
    self.same(sorted(by_kind), sorted(tally["tally"] for tally in tallies), "kinds in the report")
    for tally in tallies:
      self.same(self.tally(by_kind[tally["tally"]], now),
                {name: value for name, value in tally.items() if name != "tally"},
                f"the report of {tally['tally']}")

  def check_metrics(self, published, now):
    """The years' metrics, by the kinds that the packs list, of Californians and of all."""
    self.want(published, "metrics: want some, got none")
    for report in published:
      pack, rule = report["metrics"].split("/")
      items = [item for item in metrics_items(pack, rule) if item.get("request")]
      rows = report["report"]["kinds"]
      name = f"{report['metrics']} of {report['year']}"
      self.same([one(item, "key") for item in items], [row["kind"] for row in rows], name)
      for item, row in zip(items, rows):
        kinds = {slug(kind, "REQUEST_KIND_") for kind in item["request"]}
        all_of_them = [request for request in self.desk.requests.values()
                       if request.kind in kinds and
                       day_of(request.received_at).year == report["year"]]
        residents = [request for request in all_of_them if request.residence == "US-CA"]
        for population, requests in (("residents", residents), ("all", all_of_them)):
          counted = self.tally(requests, now)
          wanted = {field: counted[field] for field in row[population] if field != "denied_on"}
          got = {field: value for field, value in row[population].items() if field != "denied_on"}
          self.same(wanted, got, f"{name}: {row['kind']}, {population}")
          self.same(counted["denied_on"],
                    {ground: count for ground, count in row[population]["denied_on"].items()
                     if count}, f"{name}: {row['kind']}, {population}, grounds")

  @staticmethod
  def tally(requests, now):
    answers = collections.Counter()
    denied_on = collections.Counter()
    days = []
    for request in requests:
      refused = any(part.status == "refused" for part in request.parts.values())
      answers[request.answer + ("_in_part" if refused and request.answer == "completed" else "")
              if request.answer else ""] += 1
      if request.answer == "denied":
        denied_on[GROUNDS.get(request.denial, "other")] += 1
      if request.answer in ("completed", "denied"):
        days.append((day_of(request.answered_at) - day_of(request.received_at)).days)
    is_open = [request for request in requests if request.status in OPEN]
    return {"received": len(requests), "open": len(is_open),
            "late": sum(clock is not None and clock.late(now)
                        for clock in (request.strictest() for request in is_open)),
            "completed": answers["completed"], "completed_in_part": answers["completed_in_part"],
            "denied": answers["denied"], "denied_on": dict(denied_on),
            "taken_back": answers["taken-back"],
            "extended": sum(request.was("extended") for request in requests),
            "appeals": sum(request.appeals for request in requests),
            "appeals_granted": sum(request.granted for request in requests),
            "mean_days": sum(days) / len(days) if days else 0.0,
            "median_days": float(statistics.median(days)) if days else 0.0}

  # What the log says.

  def check_log(self, folder, key):
    """Proves the whole log, and counts its leaves."""
    source = Folder(folder)
    try:
      checkpoint = check_log(source, [key])
    except NotProven as fault:
      self.wrong.append(f"the log: {fault}")
      return
    leaves = []
    for index in range(-(-checkpoint.size // TILE_WIDTH)):
      width = min(TILE_WIDTH, checkpoint.size - index * TILE_WIDTH)
      path, held, data = need_tile(source, ENTRIES, index, width, MOST_BUNDLE_BYTES)
      leaves += [parse_leaf(entry, path) for entry in parse_bundle(data, held, path)[:width]]
    steps = collections.Counter(
        (KINDS[leaf.numbers[0] - 1], STEPS[leaf.numbers[1] - 1], leaf.jurisdiction, leaf.outcome,
         leaf.day) for leaf in leaves if leaf.kind == REQUEST_STEP)
    for sort in sorted(set(steps) | set(self.desk.leaves)):
      self.same(self.desk.leaves.get(sort, 0), steps[sort], f"leaves of {sort}")
    self.same(len(self.known.erased), sum(leaf.kind == KEY_DESTROYED for leaf in leaves),
              "leaves of destroyed keys")
    self.retired = {leaf.numbers[0]: EPOCH.toordinal() + leaf.day for leaf in leaves
                    if leaf.kind == EPOCH_RETIRED}
    self.log_size = checkpoint.size

  def check_erasures(self, erasures, folder, key):
    """Everybody who was to be erased is, and has a certificate that says what is so."""
    self.same(set(self.erasures.ever), {each["erasure"] for each in erasures},
              "whose erasure was ordered")
    for each in erasures:
      consumer = each["erasure"]
      # A choice that comes after an erasure is kept, unless the account may not come back.
      self.want(not each["held"] or consumer in self.known.back,
                f"{consumer}: want nobody who is held and erased")
      is_known = consumer in self.known.ordered
      self.same(is_known, each["kept"], f"{consumer}, whether the erasure is known")
      if not is_known:
        self.stages["lost with the stores"] += 1
        continue
      parties = {party: self.known.said.get((consumer, party), "silent")
                 for party in self.known.given[consumer]}
      self.same(parties, each["parties"], f"{consumer}, parties")
      self.check_certificate(consumer, parties, (folder / f"{consumer}.txt").read_bytes(), key)

  def check_certificate(self, consumer, parties, data, key):
    try:
      statement, _ = check_certificate(data, [key], consumer)
    except NotProven as fault:
      self.wrong.append(f"{consumer}, certificate: {fault}")
      return
    is_retired = all(epoch in self.retired for epoch in statement.epochs)
    stage = "final" if is_retired else "interim"
    self.same(stage, statement.stage, f"{consumer}, stage")
    self.stages[stage] += 1
    self.same(statement.requested[0],
              (day_of(self.erasures.ever[consumer].recorded_at) - EPOCH).days,
              f"{consumer}, day of the request")
    erased_on = (self.known.erased[consumer] - EPOCH).days
    self.same(erased_on, statement.erased[0], f"{consumer}, day of the erasure")
    text = statement.text.decode()
    silent = set(re.findall(r"^Recipient: ([a-z-]+), (?:not told yet|told [0-9-]+, no answer)",
                            text, re.M))
    self.same({party for party, said in parties.items() if said == "silent"}, silent,
              f"{consumer}, recipients that the certificate calls silent")
    limits = dict(re.findall(r"^Limit: ([0-9-]+), ([a-z0-9-]+/[a-z0-9-]+)", text, re.M))
    self.same(self.limits(consumer), {rule: day for day, rule in limits.items()},
              f"{consumer}, limits")
    if stage == "final":
      for day in limits:
        self.want((EPOCH.fromordinal(EPOCH.toordinal() + statement.backups)).isoformat() <= day,
                  f"{consumer}: backups hold it after {day}")

  def limits(self, consumer):
    """By when statutes want backups to be free of who was erased."""
    request = self.erasures.ever[consumer]
    found = {}
    for rule in self.law.rules_for(self.known.residences[consumer], request.collected,
                                   request.received_at):
      if (rule.deadline and one(rule.deadline, "step") == BACKUPS
          and rule.names(rule.deadline, "delete")):
        first, _ = self.law.last_days(rule, request.start_of(one(rule.deadline, "start")))
        found[rule.id] = first.isoformat()
    return found


def read_journal(path):
  answers = {}
  for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
    try:
      answer = json.loads(line)
    except ValueError:
      continue  # Empty, or torn by a kill.
    if "i" in answer:
      answers[answer["i"]] = answer
  return answers


def recount(lines, journal, report, certificates, now, slack_seconds=0):
  """The Recount, with all that differs in `wrong`."""
  count = Recount(lines, slack_seconds)
  count.judge(read_journal(journal))
  said = [json.loads(line) for line in report.splitlines()]
  by = {name: [each for each in said if name in each]
        for name in ("request", "due", "tally", "metrics", "erasure", "vkey")}
  key = parse_vkey(by["vkey"][0]["vkey"])
  count.check_requests(by["request"], now)
  count.check_due(by["due"][0])
  count.check_tally(by["tally"], now)
  count.check_metrics(by["metrics"], now)
  count.check_log(by["vkey"][0]["log"], key)
  count.check_erasures(by["erasure"], pathlib.Path(certificates), key)
  return count
