"""What a year asks of an installation: a script by a seed, one JSON object a line (year_driver.cc).

It knows no statute: it asks, authenticates, extends, denies and appeals as people do, also too
late, too early or with too little, and what has to be refused is for year_recount.py to say.
"""

import datetime
import random

START = 1_793_577_600  # 2026-11-02; so the year sees a statute change on 2027-01-01.
DAY = 86400
STATES = ("US-WA", "US-NV", "US-CA", "US-CO", "US-CT", "US-MD")
KINDS = {"DELETE": 26, "ACCESS": 20, "KNOW": 8, "THIRD_PARTIES": 7, "CORRECT": 8, "OPT_OUT": 9,
         "LIMIT": 5, "WITHDRAW": 6, "CEASE": 4, "ACCESS_ADMT": 4, "OPT_OUT_ADMT": 3}
DONE_BY_PARTS = {"CORRECT", "DELETE", "OPT_OUT", "LIMIT", "WITHDRAW", "CEASE", "OPT_OUT_ADMT"}
DONE_BY_CHOICE = {"OPT_OUT", "LIMIT", "WITHDRAW", "CEASE"}
SILENT_RECIPIENT = "sleep-lab"  # Never answers.
RECIPIENTS = ("coach-circle", "data-harbor", SILENT_RECIPIENT)
CHANNELS = ("FORM", "EMAIL", "POST", "PHONE", "IN_PERSON", "WIRE")
DENIALS = ("NOT_A_CONSUMER", "EXEMPT", "EXCESSIVE", "REPEATED_CORRECTION", "HELD_TO_BE_RIGHT",
           "FRAUDULENT", "NO_SUCH_RIGHT", "REFUSED_BY_ALL")
OF_CORRECTIONS = ("HELD_TO_BE_RIGHT", "REPEATED_CORRECTION", "EXEMPT")
BY_REQUESTER = {"APPEALED", "TAKEN_BACK"}
WITH_REASON = {"EXTENDED", "DENIED", "APPEAL_GRANTED", "APPEAL_DENIED"}
NIGHTLY = 7200  # Seconds after midnight at which erasures go on.
NIGHTLY_MARGIN = 600  # Seconds before the end, so that what a kill delays is done on that day.


def time_text(seconds):
  return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
      "%Y-%m-%dT%H:%M:%SZ")


def within_hour(seconds):
  """Not near its ends: what a kill has done some seconds later is done on the same day."""
  return seconds - seconds % 3600 + 600 + seconds % 3600 * 2 // 3


class Script:
  """The lines of a script, in the order of time."""

  def __init__(self, seed, consumers, requests, days=365, backup_day=200, restore_day=203):
    self.random = random.Random(seed)
    self.days = days
    self.end = START + days * DAY
    self.consumers = [f"c-{number:05}" for number in range(consumers)]
    self.residences = {each: self.random.choice(STATES) for each in self.consumers}
    self.given_to = {}
    self.asked_to_delete = set()
    self.taken = []  # (at, line)
    times = self.random.sample(range(START + DAY, self.end - 5 * DAY, 2), requests)
    for number, at in enumerate(sorted(times), 1):
      self.tell(number, within_hour(at))
    # At any time of the day: with orders that stand, and with what is half known.
    backup = within_hour(START + backup_day * DAY + self.random.randrange(DAY))
    restore = START + restore_day * DAY
    self.keep_house(backup, restore)
    self.taken.sort(key=lambda taken: taken[0])
    self.enter_again(backup, restore)

  def lines(self):
    begin = {"at": START, "do": "put", "consumers": self.consumers}
    known = sorted(self.residences.items())
    facts = [{"at": START, "do": "know", "residences": dict(known[i:i + 1000])}
             for i in range(0, len(known), 1000)]
    return [begin, *facts, *(line for _, line in self.taken)]

  def add(self, at, **line):
    if at < self.end:
      self.taken.append((at, {"at": at} | line))

  def chance(self, share):
    return self.random.random() < share

  def later(self, at, least, most):
    """An instant so many days later."""
    return within_hour(at + int(self.random.uniform(least, most) * DAY) + 1)

  def step(self, number, at, kind, consumer=None, **fields):
    event = {"kind": f"REQUEST_EVENT_KIND_{kind}", "at": time_text(at),
             "by": f"REQUEST_ACTOR_{'REQUESTER' if kind in BY_REQUESTER else 'OFFICER'}"} | fields
    if kind in WITH_REASON:
      event["reason"] = "as the letter says"
    line = {"do": "take", "n": number, "event": event}
    if consumer:
      line["consumer"] = consumer
    self.add(at, **line)

  # One request.

  def tell(self, number, at):
    """A request, from its receipt on."""
    kind, = self.random.choices(list(KINDS), KINDS.values())
    consumer = self.random.choice(self.consumers)
    if kind == "DELETE":
      while consumer in self.asked_to_delete:
        consumer = self.random.choice(self.consumers)
      self.asked_to_delete.add(consumer)
    requester = self.random.choices(("SELF", "AGENT", "GUARDIAN"), (80, 14, 6))[0]
    asked = {"kind": f"REQUEST_KIND_{kind}", "receivedAt": time_text(at),
             "channel": f"REQUEST_CHANNEL_{self.random.choice(CHANNELS)}",
             "requester": {"kind": f"REQUESTER_KIND_{requester}", "contact": f"{consumer}@mail.example"}}
    if requester != "SELF":
      asked["requester"]["permission"] = f"permission-{number}"
    if not self.chance(0.05):
      asked["consumer"] = consumer
    if not self.chance(0.05):
      asked["residence"] = self.residences[consumer]
    if self.chance(0.08):
      asked["placeOfCollection"] = [self.random.choice(STATES)]
    self.add(at, do="receive", n=number, request=asked)
    if self.chance(0.8):
      self.step(number, self.later(at, 0.1, 16), "ACKNOWLEDGED")
    if self.chance(0.25):
      told = self.later(at, 1, 60)
      self.step(number, told, "EXTENDED")
      if self.chance(0.2):
        self.step(number, self.later(told, 0.1, 3), "EXTENDED")
    if self.chance(0.03):
      self.step(number, self.later(at, 0.5, 9), "TAKEN_BACK")
    if self.chance(0.1):
      self.step_out_of_turn(number, self.later(at, 0.1, 90))
    if self.chance(0.3):
      self.step(number, self.later(at, 0.1, 3), "IDENTIFIED", consumer)
    authenticated = self.authenticate(number, at, consumer, requester)
    if authenticated is None:
      denied = self.later(at, 20, 44)
      self.step(number, denied, "DENIED", denial="DENIAL_REASON_NOT_AUTHENTICATED")
      ended = self.appeal(number, denied, consumer, requester, kind)
    elif self.chance(0.15):
      denied = self.later(authenticated, 3, 40)
      reason = self.random.choice(OF_CORRECTIONS if kind == "CORRECT" else DENIALS)
      self.step(number, denied, "DENIED", denial=f"DENIAL_REASON_{reason}")
      ended = self.appeal(number, denied, consumer, requester, kind)
    else:
      ended = self.do_it(number, authenticated, consumer, kind)
      if self.chance(0.2):
        ended = self.appeal(number, ended, consumer, requester, kind)
    if self.chance(0.6):
      self.step(number, self.later(ended, 10, 70), "CLOSED")

  def step_out_of_turn(self, number, at):
    kind = self.random.choice(("COMPLETED", "APPEALED", "APPEAL_GRANTED", "CLOSED", "PART_DONE",
                               "ACKNOWLEDGED", "PART_OVERDUE", "DENIED"))
    fields = {"part": "records"} if kind.startswith("PART") else {}
    if kind == "DENIED":
      fields["denial"] = "DENIAL_REASON_EXCESSIVE"
    self.step(number, at, kind, **fields)

  def authenticate(self, number, at, consumer, requester):
    """When it was shown who asks; None if it never was."""
    if self.chance(0.3):  # Too little, for some.
      weak = [{"matched": ["email"]}, {"matched": ["email", "plan"]}, {"permissionSeen": True},
              {"powerOfAttorney": True},
              {"matched": ["email", "plan", "birth-date"]},
              {"matched": ["email", "plan", "birth-date"], "signedDeclaration": True}]
      checked = self.random.choice([each for each in weak
                                    if requester == "AGENT"
                                    or not {"permissionSeen", "powerOfAttorney"} & set(each)])
      self.step(number, self.later(at, 0.2, 2), "AUTHENTICATED", consumer, authentication=checked)
    if self.chance(0.07):
      return None
    then = self.later(at, 2.1, 12)
    checked = {"AGENT": {"permissionSeen": True, "permissionConfirmed": True},
               "GUARDIAN": {"accountLogin": True, "guardianshipSeen": not self.chance(0.1)},
               "SELF": {"accountLogin": True}}[requester]
    self.step(number, then, "AUTHENTICATED", consumer, authentication=checked)
    return then

  def do_it(self, number, at, consumer, kind):
    """The parts act; returns when it was completed."""
    if kind not in DONE_BY_PARTS and self.chance(0.9):
      done = self.later(at, 1, 45)
      self.complete(number, done, kind)
      return done
    begin = at + DAY
    if kind == "DELETE":
      last = self.erase(number, begin, consumer)
    else:
      parts = ["records"] if self.chance(0.8) or kind not in DONE_BY_CHOICE else []
      if not parts or self.chance(0.5):
        parts.append(self.random.choices(RECIPIENTS, (10, 10, 1))[0])
      last = max(self.do_part(number, begin, part) for part in parts)
    if self.chance(0.15):  # Before all have answered.
      self.complete(number, self.later(begin, 0.05, 0.1), kind)
    self.add(self.later(at, 31, 75), do="late", n=number)
    done = self.later(last, 0.1, 6)
    self.complete(number, done, kind)
    return done

  def complete(self, number, at, kind):
    fields = {}
    if kind == "CORRECT" and not self.chance(0.1):
      fields["correctedBy"] = "CORRECTION_WAY_REVISION"
    self.step(number, at, "COMPLETED", **fields)

  def erase(self, number, at, consumer):
    """Has the consumer erased; returns when the last was heard of it."""
    self.add(at, do="erase", n=number, consumer=consumer)
    last = at
    for recipient in self.give_out(consumer):
      if recipient != SILENT_RECIPIENT:
        answered = self.later(at, 0.2, 8 if self.chance(0.85) else 60)
        self.add(answered, do="answer", consumer=consumer, party=recipient)
        last = max(last, answered)
    return last + DAY  # The nightly work is done then.

  def do_part(self, number, at, part):
    """What one store or recipient says; returns when it said its last."""
    sort = "STORE" if part == "records" else "RECIPIENT"
    self.step(number, at, "PART_SENT", part=part, partKind=f"REQUEST_PART_KIND_{sort}")
    if part == SILENT_RECIPIENT:
      return at
    if self.chance(0.3):
      at = self.later(at, 0.1, 5)
      self.step(number, at, "PART_ACKNOWLEDGED", part=part)
    answered = self.later(at, 0.2, 8 if self.chance(0.85) else 60)
    refuses = self.chance(0.12)
    self.step(number, answered, "PART_REFUSED" if refuses else "PART_DONE", part=part)
    if refuses and self.chance(0.4):
      at = self.later(answered, 0.5, 4)
      self.step(number, at, "PART_SENT", part=part, partKind=f"REQUEST_PART_KIND_{sort}")
      answered = self.later(at, 0.5, 9)
      self.step(number, answered, "PART_DONE", part=part)
    return answered

  def give_out(self, consumer):
    """The recipients that were given some of the consumer's data at the year's begin."""
    given = [each for each, share in zip(RECIPIENTS, (0.3, 0.2, 0.05)) if self.chance(share)]
    for recipient in given:
      self.add(START + 60, do="disclose", disclosure={
          "consumer": consumer, "kind": "DISCLOSURE_KIND_DECLARED", "recipient": recipient,
          "recipientName": recipient, "recipientContact": f"privacy@{recipient}.example",
          "action": "ACTION_SHARE", "purpose": "coaching", "category": [
              "HEALTH_CATEGORY_CONDITIONS"], "at": time_text(START), "rule": ["wa-mhmda/share"],
          "pseudonym": f"{recipient}-{consumer}"})
    return given

  def appeal(self, number, at, consumer, requester, kind):
    """An appeal, perhaps; returns when the last was said."""
    if not self.chance(0.6):
      return at
    appealed = self.later(at, 2, 25)
    self.step(number, appealed, "APPEALED")
    decided = self.later(appealed, 3, 55)
    if self.chance(0.5):
      self.step(number, decided, "APPEAL_DENIED")
      if self.chance(0.3):
        self.step(number, self.later(decided, 1, 9), "APPEALED")
      return decided
    self.step(number, decided, "APPEAL_GRANTED")
    authenticated = self.authenticate(number, decided, consumer, requester) or decided
    if kind == "DELETE":
      return authenticated  # Who granted it has it done later than this year.
    return self.do_it(number, authenticated, consumer, kind)

  # The installation.

  def keep_house(self, backup, restore):
    for day in range(3, self.days, 7):
      at = START + day * DAY + 3600
      if day % 28 == 3:
        self.add(at, do="rotate")
      self.add(at + 60, do="retire")
    for day in range(1, self.days):
      self.add(START + day * DAY + NIGHTLY, do="continue")
    self.add(self.end - NIGHTLY_MARGIN, do="continue")  # After all else (within_hour).
    self.add(backup, do="backup")
    self.add(restore, do="restore")

  def enter_again(self, backup, restore):
    """After the restore an officer enters what the letters of the days between say."""
    again = [(restore, line | {"at": restore}) for at, line in self.taken
             if backup < at < restore and line["do"] in ("receive", "take", "erase", "answer")]
    place = next(i for i, (_, line) in enumerate(self.taken) if line["do"] == "restore") + 1
    self.taken[place:place] = again
