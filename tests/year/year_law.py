"""The packs as data, and when their clocks run out, for a program that shares nothing with
src/law and src/request: textproto is read here, and days are counted here."""

import datetime
import functools
import pathlib
import re
import zoneinfo

PACKS = pathlib.Path("src/law/packs")
CALENDARS = pathlib.Path("src/law/calendars")
POLICY = pathlib.Path("docs/examples/policy/policy.textproto")
DAY = datetime.timedelta(days=1)
EPOCH = datetime.date(1970, 1, 1)
ROOMS = {"ROOM_REQUEST", "ROOM_ERASURE"}

TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(-?[0-9]+)|([{}\[\]:,;]))')


def tokens_of(text):
  text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
  at, text = 0, text.strip()
  while at < len(text):
    match = TOKEN.match(text, at)
    assert match, text[at:at + 40]
    at = match.end()
    string, word, number, sign = match.groups()
    if string is not None:
      yield "string", string
    elif word:
      yield "word", {"true": True, "false": False}.get(word, word)
    elif number:
      yield "number", int(number)
    else:
      yield "sign", sign


def parse(text):
  """Text format as {field: [values]}."""
  tokens = list(tokens_of(text)) + [("end", None)]
  at = 0

  def value():
    nonlocal at
    kind, said = tokens[at]
    at += 1
    if said == "{" and kind == "sign":
      return message()
    while kind == "string" and tokens[at][0] == "string":
      said += tokens[at][1]
      at += 1
    return said

  def message():
    nonlocal at
    fields = {}
    while tokens[at] not in (("sign", "}"), ("end", None)):
      name = tokens[at][1]
      at += 1
      if tokens[at] == ("sign", ":"):
        at += 1
      if tokens[at] == ("sign", "["):
        at += 1
        while tokens[at] != ("sign", "]"):
          fields.setdefault(name, []).append(value())
          if tokens[at] == ("sign", ","):
            at += 1
        at += 1
      else:
        fields.setdefault(name, []).append(value())
    at += 1
    return fields

  return message()


def one(message, field, otherwise=None):
  return message.get(field, [otherwise])[0]


def slug(name, prefix):
  return name[len(prefix):].lower().replace("_", "-")


def metrics_items(pack, rule):
  """What a rule on metrics lists, as messages."""
  text = (PACKS / f"{pack.replace('-', '_')}.textproto").read_text(encoding="utf-8")
  for found in parse(text)["rule"]:
    if one(found, "id") == rule:
      return one(found, "contents")["item"]
  raise KeyError(f"{pack}/{rule}")


class Calendar:
  """Which days are no business days, by a file of src/law/calendars."""

  def __init__(self, name):
    said = parse((CALENDARS / f"{name}.textproto").read_text(encoding="utf-8"))
    self.holidays = said["holiday"]
    self.last_weekday = 6 if one(said, "saturdays", False) else 5

  @functools.lru_cache(maxsize=None)
  def of_year(self, year):
    return {self.observed(holiday, year) for holiday in self.holidays
            if one(holiday, "from_year", 0) <= year <= (one(holiday, "until_year") or 9999)}

  @staticmethod
  def observed(holiday, year):
    month, nth = one(holiday, "month"), one(holiday, "nth", 0)
    if one(holiday, "day"):
      day = datetime.date(year, month, one(holiday, "day"))
    else:
      days = [datetime.date(year, month, 1) + DAY * offset for offset in range(31)]
      days = [day for day in days
              if day.month == month and day.isoweekday() == one(holiday, "weekday")]
      day = days[nth - 1] if nth > 0 else days[nth]
    day += DAY * one(holiday, "plus_days", 0)
    moves = {6: one(holiday, "on_saturday"), 7: one(holiday, "on_sunday")}
    move = moves.get(day.isoweekday())
    if move == "OBSERVED_FRIDAY_BEFORE":
      return day - DAY * (day.isoweekday() - 5)
    if move == "OBSERVED_MONDAY_AFTER":
      return day + DAY * (8 - day.isoweekday())
    return day

  def is_business_day(self, day):
    near = set().union(*(self.of_year(day.year + off) for off in (-1, 0, 1)))
    return day.isoweekday() <= self.last_weekday and day not in near

  def after(self, day, count):
    while count:
      day += DAY
      count -= self.is_business_day(day)
    return day


def months_after(day, count):
  month = day.month - 1 + count
  first = datetime.date(day.year + month // 12, month % 12 + 1, 1)
  following = datetime.date(first.year + first.month // 12, first.month % 12 + 1, 1)
  return first + DAY * (min(day.day, (following - first).days) - 1)


class Rule:
  """A rule of a pack, with what it demands."""

  def __init__(self, pack, rule):
    self.id = f"{one(pack, 'id')}/{one(rule, 'id')}"
    self.zone = zoneinfo.ZoneInfo(one(pack, "time_zone"))
    self.room = one(rule, "room")
    self.begin = self.start_of(one(rule, "from"))
    self.end = self.start_of(one(rule, "until"))
    self.deadline = one(rule, "deadline")
    self.authentication = one(rule, "authentication")
    self.frequency = one(rule, "frequency")
    self.keeps = one(rule, "keeps")
    self.contents = one(rule, "contents")
    self.duty = one(one(rule, "duty", {}), "duty")

  def start_of(self, day):
    if not day:
      return float("inf")
    date = datetime.date.fromisoformat(day)
    return datetime.datetime(date.year, date.month, date.day, tzinfo=self.zone).timestamp()

  def holds_at(self, when):
    return self.begin <= when < self.end

  def names(self, demand, kind):
    return kind in (slug(name, "REQUEST_KIND_") for name in demand.get("request", []))

  def day_of(self, when):
    return datetime.datetime.fromtimestamp(when, self.zone).date()

  def last_day(self, period, start, calendar=None, more=0):
    """The last day of `period`, lengthened by `more`, from the day `start` on."""
    count, unit = one(period, "count") + more, one(period, "unit")
    if unit == "PERIOD_UNIT_CALENDAR_DAYS":
      return start + DAY * count
    if unit == "PERIOD_UNIT_BUSINESS_DAYS":
      return calendar.after(start, count)
    return months_after(start, count * (12 if unit == "PERIOD_UNIT_YEARS" else 1))

  def too_late(self, last_day):
    """The first instant after a day, in the pack's zone."""
    day = last_day + DAY
    return datetime.datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()


class Law:
  """The packs of the policy."""

  def __init__(self):
    policy = parse(POLICY.read_text(encoding="utf-8"))
    self.residence_unless_known = one(policy, "residence_unless_known", "")
    self.for_all = set(policy.get("pack_for_all", []))
    files = {one(pack, "id"): pack for pack in (
        parse(path.read_text(encoding="utf-8")) for path in PACKS.glob("*.textproto"))}
    self.packs, self.left_out = [], {}
    for name in policy["pack"]:
      pack = files[name]
      by_collection = any(one(one(rule, "scope", {}), "also_place_of_collection", False)
                          for rule in pack["rule"])
      self.packs.append((name, one(pack, "jurisdiction"), by_collection,
                         [Rule(pack, rule) for rule in pack["rule"]]))
      self.left_out[name] = {slug(kind, "REQUEST_KIND_") for part in pack.get("leaves_out", ())
                             for kind in part.get("request", ())}
    self.calendars = {path.stem: Calendar(path.stem) for path in CALENDARS.glob("*.textproto")}

  @staticmethod
  def lies_in(place, jurisdiction):
    return place == jurisdiction or place.startswith(jurisdiction + "-")

  @functools.lru_cache(maxsize=None)
  def packs_for(self, residence, collected):
    lives = residence or self.residence_unless_known
    return [rules for name, jurisdiction, by_collection, rules in self.packs
            if name in self.for_all or self.lies_in(lives, jurisdiction)
            or (by_collection and any(self.lies_in(each, jurisdiction) for each in collected))]

  def leaves_out(self, residence, collected, kind):
    """Whether a pack that applies has no rules for a right to what is asked."""
    names = {rules[0].id.split("/")[0] for rules in self.packs_for(residence, tuple(collected))}
    return any(kind in self.left_out[name] for name in names)

  def rules_for(self, residence, collected, when):
    return [rule for rules in self.packs_for(residence, tuple(collected)) for rule in rules
            if rule.room in ROOMS and rule.holds_at(when)]

  def last_days(self, rule, start):
    """The last day of a deadline that starts at an instant, and the one if it is extended."""
    within, extension = one(rule.deadline, "within"), one(rule.deadline, "extension")
    calendar = self.calendars.get(one(rule.deadline, "calendar"))
    first = rule.last_day(within, rule.day_of(start), calendar)
    if extension is None:
      return first, None
    assert one(extension, "unit") == one(within, "unit"), rule.id
    return first, rule.last_day(within, rule.day_of(start), calendar, one(extension, "count"))
