"""What becomes of requests, worked out a second time from docs/requests.md and the packs as data.

Every step of a script is judged: what the program has to answer, and what it has to hold afterwards.
"""

import copy
import dataclasses
import pathlib
import re

from year_law import DAY, EPOCH, one, slug

PAGE = pathlib.Path("docs/requests.md")
NEVER = float("inf")
OK, TWICE, WRONG_STATE = "OK", "ALREADY_EXISTS", "FAILED_PRECONDITION"
DONE_BY_PARTS = {"correct", "delete", "opt-out", "limit", "withdraw", "cease", "opt-out-admt"}
DONE_BY_CHOICE = {"opt-out", "limit", "withdraw", "cease"}
SILENT = {"sent", "acknowledged", "overdue"}
OPEN = {"received", "working", "appealed"}
ENDS = {"completed", "denied", "taken-back", "closed"}
PART_STEPS = {  # From which statuses a part may come to that one.
    "part-sent": ("sent", {None, "refused"}),
    "part-acknowledged": ("acknowledged", {"sent"}),
    "part-overdue": ("overdue", {"sent", "acknowledged"}),
    "part-done": ("done", SILENT),
    "part-refused": ("refused", SILENT),
}
GROUNDS = {"not-authenticated": "not-verifiable", "not-a-consumer": "not-by-a-consumer",
           "exempt": "exempt"}
LIVE, RECIPIENTS, BACKUPS, ACKNOWLEDGE, APPEAL, NOTIFY = (
    f"CLOCK_STEP_{name}" for name in ("DELETE_LIVE", "RECIPIENTS_DELETE", "DELETE_BACKUPS",
                                      "ACKNOWLEDGE", "DECIDE_APPEAL", "NOTIFY_RECIPIENTS"))
AT_LEAST_FOR_A_COPY = 2


def table_of_steps():
  rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$",
                    PAGE.read_text(encoding="utf-8"), re.M)
  return {step: set(before.split(", ")) for step, before, _ in rows}


@dataclasses.dataclass
class Part:
  kind: str
  status: str
  sent_at: int
  changed_at: int
  told_at: float = NEVER  # When it was reached first.

  def notice(self):
    return max(self.sent_at, self.told_at)


@dataclasses.dataclass
class Clock:
  state: str
  start: float = NEVER
  due_on: object = None
  due_at: float = NEVER
  extended: bool = False
  extendable_until: float = -NEVER
  met_at: float = NEVER

  def late(self, now):
    return (self.met_at if self.state == "met" else now) >= self.due_at


class Request:
  """One that came in, and the steps that were taken of it."""

  def __init__(self, law, asked):
    self.law = law
    self.kind = slug(asked["kind"], "REQUEST_KIND_")
    self.consumer = asked.get("consumer", "")
    self.residence = asked.get("residence", "")
    self.collected = tuple(asked.get("placeOfCollection", ()))
    self.requester = slug(asked["requester"]["kind"], "REQUESTER_KIND_")
    self.received_at = seconds_of(asked["receivedAt"])
    self.steps, self.parts = [], {}
    self.at = {}  # When a step was taken the last time.
    self.answered_at = NEVER
    self.granted = self.final = False
    self.denial = self.answer = None
    self.appeals = 0
    self.refused_as = self.keep_until = self.recorded_at = None
    # As it was on receipt: None where nobody may be asked.
    self.wanted = self.what_authentication_wants()
    self.status = "working" if self.wanted is None else "received"
    self.add("received", self.received_at, "")

  def rules(self, when):
    return self.law.rules_for(self.residence, self.collected, when)

  def add(self, step, at, part):
    self.steps.append([step, at, part])
    self.at[step] = at

  def was(self, step):
    return step in self.at

  def copy(self):
    twin = copy.copy(self)
    twin.steps, twin.at = [list(step) for step in self.steps], dict(self.at)
    twin.parts = {name: dataclasses.replace(part) for name, part in self.parts.items()}
    return twin

  def keep(self, now):
    """Until when it is kept if nothing more happens."""
    today = day_of(now)
    log, counting = [], []
    for rule in self.rules(self.received_at):
      if rule.keeps and one(rule.keeps, "what") == "request-log":
        log.append(rule.last_day(one(rule.keeps, "at_least"), today))
      if (rule.frequency and one(rule.frequency, "what") == "free-requests"
          and rule.names(rule.frequency, self.kind)):
        counting.append(rule.last_day(one(rule.frequency, "per"), today))
    self.keep_until = max(log or counting, default=today)
    if self.status != "closed":
      self.keep_until = max(self.keep_until, today + 366 * DAY)

  def erases(self):
    return self.kind == "delete" or self.kind == "withdraw" and any(
        rule.duty == "erase-withdrawn" for rule in self.rules(self.received_at))

  def silent(self):
    return sum(part.status in SILENT for part in self.parts.values())

  def what_authentication_wants(self):
    """None if nobody may be asked; else (log-in is enough, data points, declaration)."""
    login, points, declared = False, 0, False
    for rule in self.rules(self.received_at):
      if rule.authentication is None or not rule.names(rule.authentication, self.kind):
        continue
      wants = [one(rule.authentication, field, 0)
               for field in ("existing_account", "data_points", "signed_declaration")]
      if not any(wants):
        return None
      login, points, declared = login or wants[0], max(points, wants[1]), declared or wants[2]
    return login, points, declared

  def power_of_attorney_is_enough(self):
    return any(rule.contents and one(rule.contents, "document") == "agent-permission"
               and any(one(item, "key") == "power-of-attorney" for item in rule.contents["item"])
               for rule in self.rules(self.received_at))

  def is_enough(self, checked):
    login, points, declared = self.what_authentication_wants() or (False, 0, False)
    if self.requester == "guardian" and not checked.get("guardianshipSeen"):
      return False
    if self.requester == "agent":
      power = checked.get("powerOfAttorney")
      if power and self.power_of_attorney_is_enough():
        return True
      if not (checked.get("permissionSeen") or power):
        return False
      if checked.get("permissionConfirmed"):
        return True
    if checked.get("accountLogin") and (login or points == 0):
      return True
    least = AT_LEAST_FOR_A_COPY if self.kind == "access" else 1
    return (len(checked.get("matched", ())) >= max(points, least)
            and (not declared or bool(checked.get("signedDeclaration"))))

  # Clocks.

  def start_of(self, start):
    if start == "CLOCK_START_RECEIPT":
      return self.received_at
    if start == "CLOCK_START_AUTHENTICATION":
      return self.at.get("authenticated", NEVER)
    assert start == "CLOCK_START_NOTICE", start
    told = [part for part in self.parts.values()
            if part.kind == "recipient" and part.told_at != NEVER]
    waiting = [part.notice() for part in told if part.status in SILENT]
    return min(waiting or [part.notice() for part in told], default=NEVER)

  def done_by(self, kind):
    parts = [part for part in self.parts.values() if part.kind == kind]
    if not parts or any(part.status != "done" for part in parts):
      return NEVER
    return max(part.changed_at for part in parts)

  def met_at(self, step):
    if step == ACKNOWLEDGE:
      return min(self.at.get("acknowledged", NEVER), self.answered_at)
    if step == LIVE:
      return min(self.done_by("store"), self.answered_at)
    if step == RECIPIENTS:
      return min(self.done_by("recipient"), self.answered_at)
    if step == NOTIFY:
      return min(self.all_told_by(), self.answered_at)
    return NEVER if step == BACKUPS else self.answered_at

  def all_told_by(self):
    told = [part.told_at for part in self.parts.values() if part.kind == "recipient"]
    if told:
      return max(told)
    return NEVER if self.answered_at == NEVER else self.done_by("store")

  def clock(self, rule, start, met_at, told):
    if start == NEVER:
      return Clock("waiting" if met_at == NEVER else "met", met_at=met_at)
    first, longer = self.law.last_days(rule, start)
    extended = longer is not None and told < rule.too_late(first)
    last = longer if extended else first
    step = one(rule.deadline, "step")
    state = "met" if met_at != NEVER else "elsewhere" if step == BACKUPS else "running"
    may = longer is not None and not extended and state == "running"
    return Clock(state, start, last, rule.too_late(last), extended,
                 rule.too_late(first) if may else -NEVER, met_at)

  def clocks(self):
    """{rule: clock}; the rules themselves are in the second."""
    found, rules = {}, {}
    told = self.at.get("extended", NEVER)
    for rule in self.rules(self.received_at):
      if rule.deadline and rule.names(rule.deadline, self.kind):
        found[rule.id] = self.clock(rule, self.start_of(one(rule.deadline, "start")),
                                    self.met_at(one(rule.deadline, "step")), told)
        rules[rule.id] = rule
    if "appealed" in self.at:
      decided = NEVER if self.status == "appealed" else self.decided_at()
      for rule in self.rules(self.at["appealed"]):
        if rule.deadline and rule.names(rule.deadline, "appeal"):
          found[rule.id] = self.clock(rule, self.at["appealed"], decided, NEVER)
          rules[rule.id] = rule
    return found, rules

  def decided_at(self):
    return max(self.at.get("appeal-granted", -NEVER), self.at.get("appeal-denied", -NEVER))

  def strictest(self):
    running = [clock for clock in self.clocks()[0].values() if clock.state == "running"]
    return min(running, key=lambda clock: clock.due_at, default=None)

  def late_parts(self, now):
    found, rules = self.clocks()
    own = [rule for rule in rules.values() if one(rule.deadline, "step") == RECIPIENTS]
    due = min((clock.due_at for name, clock in found.items() if clock.state == "running"
               and one(rules[name].deadline, "step") not in (ACKNOWLEDGE, RECIPIENTS)),
              default=NEVER)
    late = []
    for name, part in sorted(self.parts.items()):
      ends = [rule.too_late(self.law.last_days(rule, part.notice())[0]) for rule in own
              if part.kind == "recipient" and part.told_at != NEVER]
      if part.status in SILENT - {"overdue"} and now >= min(ends, default=due):
        late.append(name)
    return late


class Desk:
  """All requests, by the script's numbers."""

  def __init__(self, law, known):
    self.law = law
    self.known = known  # What else the home knows of consumers (year_recount.py).
    self.table = table_of_steps()
    self.requests = {}
    self.leaves = {}  # How many of each sort the log has to hold.

  def leaf(self, request, step, now, outcome=1):
    sort = (request.kind, step, request.residence, outcome, int(now) // 86400)
    self.leaves[sort] = self.leaves.get(sort, 0) + 1

  def receive(self, number, asked, now):
    self.forget(now)
    asked = dict(asked)
    asked["residence"] = asked.get("residence") or self.known.residence(asked.get("consumer", ""))
    request = self.requests[number] = Request(self.law, asked)
    request.recorded_at = now
    request.keep(now)
    self.leaf(request, "received", now)
    return OK

  def snapshot(self):
    return {number: request.copy() for number, request in self.requests.items()}

  def restore(self, requests):
    self.requests = {number: request.copy() for number, request in requests.items()}

  def forget(self, now):
    """What need not be kept any more goes once its year is over."""
    year = day_of(now).year
    self.requests = {number: request for number, request in self.requests.items()
                     if request.keep_until.year >= year}

  def earlier(self, request):
    return [other for other in self.requests.values()
            if other is not request and request.consumer and other.consumer == request.consumer]

  def judge(self, request, step, event):
    """What is answered to a step, by what it breaks first."""
    at, part = seconds_of(event["at"]), event.get("part", "")
    if at < request.steps[-1][1]:
      return "INVALID_ARGUMENT"
    if step in ("acknowledged", "authenticated", "extended") and step in request.at:
      return TWICE
    status = request.parts[part].status if part in request.parts else None
    if step in PART_STEPS and status == PART_STEPS[step][0]:
      return TWICE
    if request.status not in self.table[step]:
      return WRONG_STATE
    denial = slug(event.get("denial", ""), "DENIAL_REASON_")
    if step == "denied":
      unknown = denial == "not-authenticated"
      if (request.granted and not unknown) or (unknown and request.status != "received"):
        return WRONG_STATE
    if step == "appealed" and request.final:
      return WRONG_STATE
    if step in PART_STEPS and status not in PART_STEPS[step][1]:
      return WRONG_STATE
    return self.judge_end(request, step, denial) or self.judge_by_law(request, step, event, at)

  @staticmethod
  def judge_end(request, step, denial):
    if step not in ENDS:
      return None
    done = any(part.status == "done" for part in request.parts.values())
    if request.silent():
      return WRONG_STATE
    done = done or step == "completed" and request.kind in DONE_BY_CHOICE
    if step == "completed" and not done and (request.kind in DONE_BY_PARTS or request.parts):
      return WRONG_STATE
    if step in ("denied", "taken-back") and done:
      return WRONG_STATE
    return WRONG_STATE if denial == "refused-by-all" and not request.parts else None

  def judge_by_law(self, request, step, event, at):
    if step == "authenticated":
      return OK if request.is_enough(event["authentication"]) else WRONG_STATE
    if step in PART_STEPS or step == "completed":
      return OK if self.may_say(request, step, event) else WRONG_STATE
    if step == "extended":
      clocks, rules = request.clocks()
      may = any(at < clock.extendable_until
                or (clock.state == "waiting" and "extension" in rules[name].deadline)
                for name, clock in clocks.items())
      return OK if may else WRONG_STATE
    if step == "denied":
      return OK if self.may_deny(request, event["denial"]) else WRONG_STATE
    return OK

  def may_say(self, request, step, event):
    """Whether what is said of a part, or of the whole, is so by what the home knows."""
    part = event.get("part", "")
    if step == "completed" and request.kind in DONE_BY_CHOICE and not request.consumer:
      return False
    if step == "completed" and (request.kind == "correct") != ("correctedBy" in event):
      return False
    if not request.erases():
      return True
    owed = self.known.owed(request.consumer)
    held = request.kind == "delete" and self.known.is_held(request.consumer)
    if step != "completed":
      return part not in owed and not (held and (step, part) == ("part-done", "records"))
    records = request.parts.get("records")
    return not owed and (not held or (records is not None and records.status not in SILENT))

  def may_deny(self, request, denial):
    reason = slug(denial, "DENIAL_REASON_")
    if reason in ("held-to-be-right", "repeated-correction") and request.kind != "correct":
      return False
    if reason == "no-such-right":
      return not (self.law.leaves_out(request.residence, request.collected, request.kind)
                  or any(rule.deadline and rule.names(rule.deadline, request.kind)
                         for rule in request.rules(request.received_at)))
    if reason not in ("excessive", "repeated-correction"):
      return True
    what = "free-requests" if reason == "excessive" else reason
    rules = [rule for rule in request.rules(request.received_at) if rule.frequency
             and one(rule.frequency, "what") == what
             and rule.names(rule.frequency, request.kind)]
    if reason == "excessive" and any(one(rule.frequency, "fee_alone", False) for rule in rules):
      return False
    for rule in rules:
      def counts(earlier, later, rule=rule):
        return earlier <= later and rule.day_of(later) <= rule.last_day(
            one(rule.frequency, "per"), rule.day_of(earlier))
      if reason == "repeated-correction":
        if any(other.kind == "correct" and other.was("denied")
               and counts(other.answered_at, request.received_at) for other in self.earlier(request)):
          return True
      elif sum(other.was("completed") and rule.names(rule.frequency, other.kind)
               and counts(other.received_at, request.received_at)
               for other in self.earlier(request)) < one(rule.frequency, "times"):
        return False
    return reason == "excessive"

  def take(self, number, event, now, consumer=""):
    if number not in self.requests:
      return "NOT_FOUND"
    request = self.requests[number]
    step = slug(event["kind"], "REQUEST_EVENT_KIND_")
    if step == "identified" and request.consumer and request.status != "closed":
      return TWICE
    before = request.consumer, request.residence
    if consumer:
      # Who it is, and where they live, counts for this step already.
      request.consumer = request.consumer or consumer
      request.residence = request.residence or self.known.residence(request.consumer)
    code = self.judge(request, step, event)
    if code != OK:
      request.consumer, request.residence = before
    else:
      if step == "completed" and request.kind in DONE_BY_CHOICE:
        self.choose(request, seconds_of(event["at"]), now)
      self.apply(request, step, event)
      request.keep(now)
      in_part = step == "completed" and request.status == "completed-in-part"
      outcome = 3 if step in ("denied", "appeal-denied") else 2 if in_part else 1
      self.leaf(request, step, now, outcome)
    return code

  def choose(self, request, at, now):
    """The choice is recorded, as a part of the request that is done."""
    self.known.chose(request.consumer)
    if "choices" in request.parts:
      return
    for step, fields in (("part-sent", {"partKind": "REQUEST_PART_KIND_STORE"}), ("part-done", {})):
      self.apply(request, step, {"at": at, "part": "choices"} | fields)
      self.leaf(request, step, now)

  def service(self, request, step, part, now, kind=None, reached=True):
    """A step that an erasure takes of its request."""
    self.apply(request, step, {"at": now, "part": part, "notReached": not reached}
               | ({"partKind": kind} if kind else {}))
    request.keep(now)
    self.leaf(request, step, now)

  def mark_late(self, number, now):
    """The parts that are overdue afterwards."""
    request = self.requests[number]
    for name in request.late_parts(now):
      request.parts[name].status, request.parts[name].changed_at = "overdue", now
      request.add("part-overdue", now, name)
      self.leaf(request, "part-overdue", now)
      request.keep(now)
    return sorted(name for name, part in request.parts.items() if part.status == "overdue")

  @staticmethod
  def apply(request, step, event):
    at, name = seconds_of(event["at"]), event.get("part", "")
    request.add(step, at, name)
    if step in PART_STEPS:
      part = request.parts.setdefault(name, Part("", "", at, at))
      part.status, part.changed_at = PART_STEPS[step][0], at
      if step == "part-sent":
        part.kind, part.sent_at = slug(event["partKind"], "REQUEST_PART_KIND_"), at
      if step != "part-overdue" and not event.get("notReached") and part.told_at == NEVER:
        part.told_at = at
    elif step == "authenticated":
      request.status = "working"
    elif step in ("completed", "denied", "taken-back"):
      refused = any(part.status == "refused" for part in request.parts.values())
      request.answered_at, request.answer = at, step
      request.status = {"completed": "completed-in-part" if refused else "completed",
                        "denied": "denied", "taken-back": "closed"}[step]
      if step == "denied":
        request.denial = slug(event["denial"], "DENIAL_REASON_")
    elif step == "appealed":
      request.appeals += 1
      request.refused_as, request.status = request.status, "appealed"
    elif step == "appeal-granted":
      request.granted, request.answered_at, request.answer = True, NEVER, None
      unknown = request.wanted is not None and "authenticated" not in request.at
      request.status = "received" if unknown else "working"
    elif step == "appeal-denied":
      request.final, request.status = True, request.refused_as
    elif step == "closed":
      request.status = "closed"


def day_of(now):
  return EPOCH + DAY * (int(now) // 86400)


def seconds_of(text):
  """Of "…Z" as JSON of protobuf writes it, or of what is seconds already."""
  if isinstance(text, int):
    return text
  match = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z", text)
  year, month, day, *clock = (int(group) for group in match.groups())
  days = (EPOCH.replace(year=year, month=month, day=day) - EPOCH).days
  return days * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
