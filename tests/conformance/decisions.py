#!/usr/bin/env python3
"""What each use in decisions.tsv should come to, worked out from the statutes a second time.

This shares nothing with src/consent or the packs of src/law: each statute below is a function in
its own words, with its own days, ages and grounds, written from the statute (or from the account of
it that docs/law_map.md names). decisions_test.cc asks the Decider about the same uses and prints
where the two differ.

    decisions.py          compares decisions.tsv with what this file says
    decisions.py --write  writes it anew; look at every line that changed before you keep it
"""

import dataclasses
import pathlib
import sys

FILE = pathlib.Path(__file__).parent / "decisions.tsv"

# decisions_policy.textproto, once more. What a purpose may be about, what is done for it, and the
# need: "asked" (none), "needed" (for the service), "strictly", "other-law".
WELLNESS = ["conditions", "interventions", "medication", "body", "gender", "reproductive"]
PURPOSES = {
    "journal": (WELLNESS + ["location"], "collect use share", "needed"),
    "therapy": (WELLNESS, "collect use share", "strictly"),
    "coaching": (WELLNESS, "collect use share", "asked"),
    "cycle": (["reproductive"], "collect use share", "strictly"),
    "clinic-files": (["conditions", "medication"], "collect use share", "asked"),
    "orders": (["conditions", "body"], "use share", "other-law"),
    "newsletter": (["interventions"], "use", "asked"),
    "advertising": (["conditions", "interventions", "body"], "use share sell", "asked"),
    "data-sale": (["conditions", "interventions", "body", "reproductive"], "share sell", "asked"),
}
GOES_ON_WHEN_LIMITED = {"therapy", "cycle"}
TARGETED = {"advertising"}
UNDER_HIPAA = {"clinic-files"}

# Role, whether it pays, for which purposes, which data ("all"), and whether it has ended.
EVERYTHING = WELLNESS + ["location"]
RECIPIENTS = {
    "coach": ("third-party", False, list(PURPOSES), EVERYTHING, False),
    "host": ("processor", False, list(PURPOSES), EVERYTHING, False),
    "lab": ("contractor", False, list(PURPOSES), EVERYTHING, False),
    "sister": ("affiliate", False, list(PURPOSES), EVERYTHING, False),
    "broker": ("third-party", True, ["data-sale", "advertising"], EVERYTHING, False),
    "insurer": ("third-party", True, ["data-sale"], EVERYTHING, False),
    "sleep-shop": ("third-party", False, ["coaching"], ["body"], False),
    "gone": ("third-party", False, ["coaching"], EVERYTHING, True),
}


@dataclasses.dataclass
class Choice:
  kind: str
  actions: tuple = ()
  purpose: str = ""
  recipient: str = ""
  only: tuple = ()
  by: str = "self"
  until: str = ""  # The last day on which it stands.

  def text(self):
    words = [self.kind, *self.actions]
    words += [self.purpose] if self.purpose else []
    words += [f"to={self.recipient}"] if self.recipient else []
    words += [f"only={','.join(self.only)}"] if self.only else []
    words += [f"by={self.by}"] if self.by != "self" else []
    words += [f"until={self.until}"] if self.until else []
    return " ".join(words)

  def speaks_of(self, use, act):
    # Who lets data be collected for a purpose lets it be used for it: collection without any use is
    # not what anybody agrees to. Sharing and selling are agreed to apart.
    means = set(self.actions)
    if "collect" in means:
      means.add("use")
    return ((not means or act in means) and self.purpose in ("", use.purpose) and
            self.recipient in ("", use.recipient) and (not self.until or use.day <= self.until))


@dataclasses.dataclass
class Use:
  residence: str
  action: str
  purpose: str
  recipient: str = ""
  about: tuple = ()  # Empty: not known, and so all that the purpose may be about.
  choices: tuple = ()
  born: str = "1990-05-01"
  collected: str = ""  # Where data is collected too.
  day: str = "2026-11-25"
  for_all: str = ""  # A pack that the entity keeps for everybody.

  def age(self):
    if not self.born:
      return 120
    years = int(self.day[:4]) - int(self.born[:4])
    return years - (1 if self.day[5:] < self.born[5:] else 0)


class Standing:
  """What the choices come to for one use, category by category; the last word counts."""

  def __init__(self, use, act, categories, is_own_hands):
    self.agreed = {category: set() for category in categories}  # By whom.
    self.authorized, self.refused, self.stopped, self.limited = set(), set(), set(), set()
    for choice in use.choices:
      about = [c for c in categories if not choice.only or c in choice.only]
      if choice.kind == "lost" or not choice.speaks_of(use, act):
        continue
      for category in about:
        if choice.kind in ("consent", "authorization"):
          self.agreed[category] |= {choice.by}
          if choice.kind == "authorization":
            self.authorized.add(category)
          for said_no in (self.refused, self.stopped, self.limited):
            said_no.discard(category)
        elif choice.kind in ("refusal", "withdrawal"):
          self.agreed[category] = set()
          self.authorized.discard(category)
          self.refused.add(category)
        elif choice.kind in ("opt-out", "signal"):
          # Not against whoever acts for the entity, unless it is named.
          if is_own_hands and not choice.recipient:
            continue
          self.agreed[category] = set()
          self.authorized.discard(category)
          self.stopped.add(category)
        elif choice.kind == "limit":
          self.limited.add(category)


@dataclasses.dataclass
class Rule:
  """One clause that applies: on which grounds it lets the use be, for which categories."""
  name: str
  grounds: tuple = ()  # Empty: it bans.
  about: tuple = ()    # Empty: all.
  chooser: str = ""    # Who has to agree; empty: whoever may.


# Each statute says which of its clauses speak of the use. `act` is the use's action, where giving
# data to somebody who pays for it is selling it.

def washington(use, act, role):
  """My Health My Data Act, RCW 19.373: residents, and whoever's data is collected in the state."""
  lives = use.residence or "US-WA"
  if "US-WA" not in (lives, use.collected) and use.for_all != "wa-mhmda":
    return
  if use.day < "2024-03-31" or use.purpose in UNDER_HIPAA:  # .100: protected health information.
    return
  if act in ("collect", "use"):  # .030(1)(a): consent, or necessary for what was asked for.
    yield Rule("wa-mhmda/collect", ("consent", "necessary"))
  if act == "share" and role != "processor":  # .030(1)(b); .010(27): a processor is no sharing.
    yield Rule("wa-mhmda/share", ("consent", "necessary"))
  if act == "sell":  # .070(1): a valid authorization, and nothing else.
    yield Rule("wa-mhmda/sell", ("authorization",))


def nevada(use, act, role):
  """SB 370, NRS 603A.400 to .550: residents, and whoever's data is collected there. An entity under
  HIPAA is left out as a whole; that some of its data is, is not enough."""
  del role  # Sharing has no exception for processors (.480).
  if "US-NV" not in (use.residence, use.collected) or use.day < "2024-03-31":
    return
  if act in ("collect", "use"):  # .500(1)
    yield Rule("nv-sb370/collect", ("consent", "necessary"))
  if act == "share":  # .500(2)
    yield Rule("nv-sb370/share", ("consent", "necessary", "other-law"))
  if act == "sell":  # .535(1)
    yield Rule("nv-sb370/sell", ("authorization",))


def california(use, act, role):
  """CCPA and its regulations, then the CMIA as it reaches apps."""
  if use.residence != "US-CA":
    return
  outside = role not in ("processor", "contractor")
  gives = act in ("share", "sell") and outside
  if gives and use.day >= "2023-01-01":  # Civ. Code 1798.120
    if use.age() >= 16:
      yield Rule("ca-ccpa/opt-out-of-sale", ("consent", "no-opt-out"))
    elif use.age() >= 13:
      yield Rule("ca-ccpa/minors-13-to-15", ("consent",), chooser="self")
    else:
      yield Rule("ca-ccpa/minors-under-13", ("consent",), chooser="parent")
  # 1798.121; 11 CCR 7027(m). What another law requires no request restricts (1798.145(a)).
  if act != "collect" and use.day >= "2023-03-29":
    yield Rule("ca-ccpa/limit", ("limited-purpose", "other-law"))
  if gives and use.day >= "2023-01-01":  # 56.05, 56.06, 56.10: mental health digital services.
    yield Rule("ca-cmia/mental-health", ("authorization",), (
        "conditions", "interventions", "medication", "diagnostics", "seeking", "inferred"))
  if gives and use.day >= "2024-01-01":  # Reproductive health digital services.
    yield Rule("ca-cmia/reproductive-health", ("authorization",), (
        "reproductive", "gender", "medication", "diagnostics", "seeking", "inferred"))


def colorado(use, act, role):
  """4 CCR 904-3, Rule 6.10(A): sensitive data only with consent, whatever it is needed for. Rule
  7.06(A): for a child, a parent's."""
  del act
  if use.residence == "US-CO" and use.day >= "2023-07-01" and role != "processor":
    yield Rule("co-cpa/sensitive-data", ("consent",))
    if use.age() < 13:
      yield Rule("co-cpa/children", ("consent",), chooser="parent")


def connecticut(use, act, role):
  """CTDPA with PA 25-113, in force since July 2026."""
  if use.residence != "US-CT":
    return
  if act == "sell" and use.day >= "2023-07-01":  # 42-526(a)(1)(D)
    yield Rule("ct-ctdpa/sell", ("consent",))
  if use.day >= "2026-07-01":
    if act != "sell" and role != "processor":  # 42-520
      yield Rule("ct-ctdpa/sensitive-data", ("consent",))
    if 13 <= use.age() <= 17 and (act == "sell" or use.purpose in TARGETED):
      yield Rule("ct-ctdpa/teens")  # 42-520(a)(1)(I): consent does not help.


def maryland(use, act, role):
  """MODPA 14-4707: strictly necessary or not at all; no sale; no advertising to minors."""
  del role
  if use.residence != "US-MD" or use.day < "2025-10-01":
    return
  if act == "sell":
    yield Rule("md-modpa/sell")
  else:
    yield Rule("md-modpa/sensitive-data", ("strictly",))
  if use.age() <= 17 and (act == "sell" or use.purpose in TARGETED):
    yield Rule("md-modpa/minors")


def virginia(use, act, role):
  """SB 754: reproductive or sexual health, by consent alone. It speaks of obtaining and giving on,
  and not of use."""
  del role
  if use.residence == "US-VA" and use.day >= "2025-07-01" and act != "use":
    yield Rule("va-sb754/reproductive-health", ("consent",), ("reproductive",))


STATUTES = (washington, nevada, california, colorado, connecticut, maryland, virginia)


def ground_of(rule, use, standing, categories):
  """The ground that `rule` finds for `categories`; None if it finds none."""
  need = PURPOSES[use.purpose][2]
  has = {
      "authorization": all(c in standing.authorized for c in categories),
      "consent": all(rule.chooser in standing.agreed[c] if rule.chooser else standing.agreed[c]
                     for c in categories),
      "other-law": need == "other-law",
      "strictly": need == "strictly",
      "necessary": need in ("needed", "strictly"),
      "limited-purpose": use.purpose in GOES_ON_WHEN_LIMITED,
      # Who was asked and said no has opted out as well as one who said so unasked.
      "no-opt-out": not (standing.stopped | standing.refused).intersection(categories),
  }
  return next((ground for ground in has if ground in rule.grounds and has[ground]), None)


def is_outside_policy(use, act):
  """Whether the policy or the recipient's terms do not have the use at all."""
  if use.purpose not in PURPOSES:
    return True
  about, actions, _ = PURPOSES[use.purpose]
  if use.action not in actions.split() or not set(use.about) <= set(about):
    return True
  if act in ("collect", "use"):
    return False
  if use.recipient not in RECIPIENTS:
    return True
  _, _, purposes, theirs, has_ended = RECIPIENTS[use.recipient]
  return has_ended or use.purpose not in purposes or not set(use.about) <= set(theirs)


def decide(use):
  """The verdict, and each rule that was looked at with the ground that it found."""
  role, pays = RECIPIENTS.get(use.recipient, ("", False))[:2]
  if use.action in ("collect", "use"):
    role = ""
  act = "sell" if use.action == "share" and pays else use.action
  if is_outside_policy(use, act):
    return "deny", []
  need = PURPOSES[use.purpose][2]
  categories = use.about or tuple(PURPOSES[use.purpose][0])
  standing = Standing(use, act, categories, role in ("processor", "contractor"))

  looked_at, lacking, refused, banned = [], [], False, False
  for statute in STATUTES:
    for rule in statute(use, act, role):
      concerned = [c for c in categories if not rule.about or c in rule.about]
      if not concerned or ("limited-purpose" in rule.grounds and
                           not standing.limited.intersection(categories)):
        continue
      ground = ground_of(rule, use, standing, concerned)
      looked_at.append((rule.name, "necessary" if ground == "limited-purpose" else ground))
      if ground is None:
        lacking.append(rule)
        banned = banned or not rule.grounds
        refused = refused or bool(standing.refused.intersection(concerned))

  agreed = all(standing.agreed[c] for c in categories)
  if not agreed and role in ("processor", "contractor"):
    # Where handing data to whoever acts for the entity is no sharing, it is the entity's own use.
    own = Standing(use, "use", categories, True)
    agreed = all(own.agreed[c] for c in categories)
  asked = need == "asked" and not agreed
  if any(choice.kind == "lost" for choice in use.choices):
    return "deny", looked_at  # They may have said no: they are asked again.
  if need != "other-law" and standing.stopped.intersection(categories):
    return "deny", looked_at
  if (need != "other-law" and use.purpose not in GOES_ON_WHEN_LIMITED and
      standing.limited.intersection(categories)):
    return "deny", looked_at
  if banned or refused:
    return "deny", looked_at
  if not looked_at:  # No statute speaks of it: the entity's own word stands.
    if not asked:
      return "permit", looked_at
    return ("deny" if standing.refused.intersection(categories) else "needs consent"), looked_at
  if any(not {"consent", "authorization"}.intersection(rule.grounds) for rule in lacking):
    return "deny", looked_at
  if any("consent" not in rule.grounds for rule in lacking):
    return "needs authorization", looked_at
  return ("needs consent" if lacking else "permit"), looked_at


def consent(*actions, purpose, **more):
  return Choice("consent", actions, purpose, **more)


def authorization(purpose="data-sale", recipient="broker", until="2027-06-30", **more):
  return Choice("authorization", ("sell",), purpose, recipient, until=until, **more)


STATES = ("US-WA", "US-NV", "US-CA", "US-CO", "US-CT", "US-MD", "US-VA", "US-TX")
BODY, CONDITIONS, REPRODUCTIVE = ("body",), ("conditions",), ("reproductive",)
SALE = {"action": "sell", "purpose": "data-sale", "recipient": "broker", "about": CONDITIONS}
SHARING = {"action": "share", "purpose": "coaching", "recipient": "coach", "about": BODY}


def collecting():
  yield "Collecting: what is asked for, needed, strictly needed; without a choice, and with consent"
  for state in STATES + ("",):
    for purpose in ("coaching", "journal", "therapy"):
      yield Use(state, "collect", purpose, about=CONDITIONS)
      yield Use(state, "collect", purpose, about=CONDITIONS,
                choices=(consent("collect", purpose=purpose),))


def using():
  yield "Using: consent to collect carries use; consent to share carries neither"
  for state in STATES:
    yield Use(state, "use", "coaching", about=BODY, choices=(consent("collect",
              purpose="coaching"),))
    yield Use(state, "use", "coaching", about=BODY, choices=(consent("share", purpose="coaching"),))
    yield Use(state, "collect", "coaching", about=BODY, choices=(consent("use",
              purpose="coaching"),))
  yield "A newsletter: unasked, agreed to, and after the consumer unsubscribed"
  agreed = consent("use", purpose="newsletter")
  for state in STATES:
    for choices in ((), (agreed,), (agreed, Choice("opt-out", ("use",), "newsletter"))):
      yield Use(state, "use", "newsletter", about=("interventions",), choices=choices)


def sharing():
  yield "Sharing with a third party, an affiliate, a processor and a contractor; with consent to"
  yield "collect alone; with consent to share"
  for state in STATES:
    for recipient in ("coach", "sister", "host", "lab"):
      for choices in ((), (consent("collect", purpose="coaching"),),
                      (consent("share", purpose="coaching"),)):
        if choices and choices[0].actions == ("collect",) and recipient == "sister":
          continue
        yield Use(state, "share", "coaching", recipient, BODY, choices)
  yield "Sharing what the service needs"
  for state in STATES:
    for purpose in ("journal", "therapy"):
      for recipient in ("coach", "host"):
        yield Use(state, "share", purpose, recipient, BODY)
  yield "Consent names one recipient, and another asks"
  for state in STATES:
    yield Use(state, "share", "coaching", "sleep-shop", BODY,
              (consent("share", purpose="coaching", recipient="coach"),))


def selling():
  yield "Selling: nothing, consent, a valid authorization, one that is over, one to another"
  yield "purchaser, one that was revoked"
  agreed = consent("sell", purpose="data-sale")
  for state in STATES:
    for choices in ((), (agreed,), (authorization(),), (authorization(until="2026-11-24"),),
                    (authorization(recipient="insurer"),),
                    (authorization(), Choice("withdrawal", ("sell",), "data-sale", "broker"))):
      yield Use(state, choices=choices, **SALE)
  yield "Sharing with who pays is selling"
  for state in STATES:
    yield Use(state, "share", "data-sale", "broker", BODY, (consent("share", purpose="data-sale"),))
    yield Use(state, "share", "data-sale", "broker", BODY, (authorization(),))
  yield "The last day of an authorization, and the day after"
  for state in ("US-WA", "US-NV"):
    for day in ("2026-11-25", "2026-11-26"):
      yield Use(state, choices=(authorization(until="2026-11-25"),), day=day, **SALE)


def places():
  yield "Data collected in a state in which the consumer does not live"
  for state in ("US-TX", "US-CA", "US-CO", "US-MD"):
    for collected in ("US-WA", "US-NV", "US-CT"):
      yield Use(state, "collect", "coaching", about=BODY, collected=collected)
      yield Use(state, collected=collected, **SHARING)
      yield Use(state, collected=collected, choices=(consent("sell", purpose="data-sale"),), **SALE)
  yield "A consumer who lives in one of the two, with data collected in the other"
  for state, collected in (("US-WA", "US-NV"), ("US-NV", "US-WA")):
    yield Use(state, "share", "orders", "coach", BODY, collected=collected)
    yield Use(state, "share", "coaching", "host", BODY, collected=collected)
    yield Use(state, choices=(authorization(),), collected=collected, **SALE)
  yield "Washington's rules kept for everybody"
  for state in ("US-TX", "US-CA", "US-CO", "US-MD"):
    yield Use(state, "collect", "coaching", about=BODY, for_all="wa-mhmda")
    yield Use(state, "collect", "journal", about=BODY, for_all="wa-mhmda")
    yield Use(state, for_all="wa-mhmda", **SHARING)
    yield Use(state, for_all="wa-mhmda", choices=(consent("share", purpose="coaching"),), **SHARING)
    yield Use(state, for_all="wa-mhmda", choices=(authorization(),), **SALE)
  yield "A consumer abroad, and one whose home is not known"
  for state in ("DE-BE", ""):
    yield Use(state, "collect", "journal", about=BODY)
    yield Use(state, **SHARING)
    yield Use(state, **SALE)


def minors():
  yield "California: below 13 a parent chooses, from 13 to 15 the teen, from 16 it stands until no"
  for born in ("2014-02-01", "2012-02-01", "2010-11-25", "2010-11-26", "2009-02-01"):
    for choices in ((), (consent("share", purpose="coaching"),),
                    (consent("share", purpose="coaching", by="parent"),)):
      yield Use("US-CA", born=born, choices=choices, **SHARING)
  sale = {**SALE, "about": BODY}
  for born in ("2014-02-01", "2012-02-01", "2009-02-01"):
    for choices in ((consent("sell", purpose="data-sale"),),
                    (consent("sell", purpose="data-sale", by="parent"),)):
      yield Use("US-CA", born=born, choices=choices, **sale)
  yield "California's minors, and who acts for the entity"
  for recipient in ("host", "lab", "sister"):
    yield Use("US-CA", "share", "therapy", recipient, BODY, born="2012-02-01")
  yield "Connecticut, Maryland: no sale of teens' data, no advertising to them, whatever they say"
  for state in ("US-CT", "US-MD"):
    for born in ("2013-11-25", "2009-02-01", "2008-11-26", "2008-11-25"):
      yield Use(state, born=born, choices=(consent("sell", purpose="data-sale"),), **SALE)
      yield Use(state, "use", "advertising", about=CONDITIONS, born=born,
                choices=(consent("use", purpose="advertising"),))
      yield Use(state, "use", "newsletter", about=("interventions",), born=born,
                choices=(consent("use", purpose="newsletter"),))
  yield "Colorado: below 13 a parent consents"
  for born in ("2013-11-26", "2013-11-25"):
    for by in ("self", "parent"):
      yield Use("US-CO", born=born, choices=(consent("share", purpose="coaching", by=by),),
                **SHARING)
      yield Use("US-CO", "collect", "therapy", about=BODY, born=born,
                choices=(consent("collect", purpose="therapy", by=by),))
    yield Use("US-CO", "share", "therapy", "host", BODY, born=born)
  yield "A teen in Washington and Nevada"
  for state in ("US-WA", "US-NV"):
    yield Use(state, born="2011-02-01", **SHARING)
    yield Use(state, born="2011-02-01", choices=(consent("share", purpose="coaching"),), **SHARING)


def categories():
  yield "Reproductive health: collected, used, shared, sold"
  for state in ("US-VA", "US-CA", "US-WA", "US-MD"):
    for action in ("collect", "use"):
      yield Use(state, action, "cycle", about=REPRODUCTIVE)
    yield Use(state, "collect", "cycle", about=REPRODUCTIVE,
              choices=(consent("collect", purpose="cycle"),))
    for recipient in ("coach", "host"):
      yield Use(state, "share", "cycle", recipient, REPRODUCTIVE)
      yield Use(state, "share", "cycle", recipient, REPRODUCTIVE, (consent("share",
                purpose="cycle"),))
    sale = {**SALE, "about": REPRODUCTIVE}
    yield Use(state, choices=(consent("sell", purpose="data-sale"),), **sale)
    yield Use(state, choices=(authorization(),), **sale)
  yield "Virginia speaks of reproductive health alone"
  yield Use("US-VA", "share", "journal", "coach", BODY + REPRODUCTIVE)
  yield Use("US-VA", "share", "journal", "coach", BODY)
  yield Use("US-VA", "share", "journal", "coach")
  yield "California's apps for mental and reproductive health: some data needs an authorization"
  for about in (BODY, CONDITIONS, ("gender",), ("medication",), BODY + CONDITIONS, ()):
    yield Use("US-CA", "share", "coaching", "coach", about)
    yield Use("US-CA", "share", "coaching", "coach", about, (consent("share", purpose="coaching"),))
    yield Use("US-CA", "share", "coaching", "coach", about,
              (Choice("authorization", ("share",), "coaching", "coach"),))
  yield "Consent to some of the data"
  for state in ("US-WA", "US-NV", "US-CO", "US-TX"):
    some = consent("share", purpose="coaching", only=BODY)
    for about in (BODY, CONDITIONS, BODY + CONDITIONS, ()):
      yield Use(state, "share", "coaching", "coach", about, (some,))


def objections():
  yield "A browser's signal: an opt-out of sharing and selling, not against who acts for the entity"
  signal = Choice("signal", ("share", "sell"))
  for state in STATES:
    yield Use(state, choices=(signal,), **SHARING)
    yield Use(state, choices=(consent("share", purpose="coaching"), signal), **SHARING)
    yield Use(state, "share", "therapy", "host", BODY, (signal,))
  yield "The signal and use; the signal and a sale that was authorized before, and after"
  for state in ("US-WA", "US-CA", "US-TX"):
    yield Use(state, "use", "journal", about=BODY, choices=(signal,))
    yield Use(state, choices=(authorization(), signal), **SALE)
    yield Use(state, choices=(signal, authorization()), **SALE)
  yield "A request to limit: what the service needs goes on, the rest does not"
  limit = Choice("limit", ("use", "share", "sell"))
  for state in ("US-CA", "US-WA", "US-TX"):
    for purpose in ("therapy", "journal", "coaching"):
      yield Use(state, "use", purpose, about=BODY, choices=(limit,))
    yield Use(state, "use", "coaching", about=BODY, choices=(limit, consent("use",
              purpose="coaching")))
    yield Use(state, "use", "coaching", about=BODY, choices=(consent("use", purpose="coaching"),
              limit))
    yield Use(state, "share", "therapy", "host", BODY, (limit,))
    yield Use(state, "use", "orders", about=BODY, choices=(limit,))
  yield "A refusal and a withdrawal: of what is asked for, and of what the service needs"
  for state in ("US-WA", "US-NV", "US-CO", "US-CT", "US-TX"):
    agreed = consent("share", purpose="coaching")
    yield Use(state, choices=(Choice("refusal", ("share",), "coaching"),), **SHARING)
    yield Use(state, choices=(agreed, Choice("withdrawal", ("share",), "coaching")), **SHARING)
    yield Use(state, choices=(agreed, Choice("withdrawal", ("share",), "coaching"), agreed),
              **SHARING)
    yield Use(state, "collect", "therapy", about=BODY,
              choices=(Choice("withdrawal", ("collect",), "therapy"),))
  yield "In California: who was asked to let data be shared or sold, and said no, has opted out"
  for kind in ("refusal", "withdrawal"):
    yield Use("US-CA", choices=(Choice(kind, ("share",), "coaching"),), **SHARING)
    yield Use("US-CA", choices=(authorization(), Choice(kind, ("sell",), "data-sale")), **{**SALE,
              "about": BODY})
  yield "A request to cease collecting, sharing and selling (NRS 603A.505): whatever the purpose"
  for state in ("US-NV", "US-WA"):
    for action, recipient in (("collect", ""), ("share", "coach")):
      yield Use(state, action, "therapy", recipient, BODY, (Choice("opt-out", ("collect", "share",
                "sell")),))
    yield Use(state, "share", "orders", "coach", BODY, (Choice("opt-out", ("collect", "share",
              "sell")),))
  yield "Choices that a restore may have lost"
  for state in ("US-WA", "US-TX"):
    yield Use(state, "collect", "therapy", about=BODY, choices=(Choice("lost"),))
    yield Use(state, choices=(consent("share", purpose="coaching"), Choice("lost")), **SHARING)


def regimes():
  yield "Under HIPAA: Washington leaves the data out, Nevada the whole entity and not the data"
  for state in ("US-WA", "US-NV", "US-CO", "US-TX"):
    yield Use(state, "collect", "clinic-files", about=CONDITIONS)
    yield Use(state, "share", "clinic-files", "coach", CONDITIONS)
    yield Use(state, "collect", "clinic-files", about=CONDITIONS,
              choices=(consent("collect", purpose="clinic-files"),))
  yield "Orders that bind the entity"
  for state in STATES:
    yield Use(state, "use", "orders", about=BODY)
    yield Use(state, "share", "orders", "coach", BODY)


def dates():
  yield "The day before a statute and its first day"
  for state, first, before, use in (
      ("US-WA", "2024-03-31", "2024-03-30", SHARING), ("US-NV", "2024-03-31", "2024-03-30",
      SHARING),
      ("US-CO", "2023-07-01", "2023-06-30", SHARING), ("US-CT", "2026-07-01", "2026-06-30",
      SHARING),
      ("US-CT", "2023-07-01", "2023-06-30", SALE), ("US-MD", "2025-10-01", "2025-09-30", SALE),
      ("US-MD", "2025-10-01", "2025-09-30", SHARING),
      ("US-CA", "2023-01-01", "2022-12-31", SALE),
      ("US-CA", "2024-01-01", "2023-12-31", {**SALE, "about": REPRODUCTIVE}),
      ("US-VA", "2025-07-01", "2025-06-30", {**SALE, "about": REPRODUCTIVE})):
    for day in (before, first):
      yield Use(state, day=day, **use)


def terms():
  yield "What the policy or the recipient's terms do not have, whatever the consumer says"
  everything = (consent("collect", "use", purpose="coaching"), consent("share", purpose="coaching"))
  for state in ("US-WA", "US-TX"):
    yield Use(state, "use", "profiling", about=BODY, choices=everything)
    yield Use(state, "sell", "coaching", "coach", BODY, everything)
    yield Use(state, "collect", "newsletter", about=("interventions",), choices=everything)
    yield Use(state, "collect", "coaching", about=("location",), choices=everything)
    yield Use(state, "share", "coaching", "nobody", BODY, everything)
    yield Use(state, "share", "coaching", "", BODY, everything)
    yield Use(state, "share", "coaching", "gone", BODY, everything)
    yield Use(state, "share", "therapy", "sleep-shop", BODY)
    yield Use(state, "share", "coaching", "sleep-shop", CONDITIONS, everything)
    yield Use(state, "share", "coaching", "sleep-shop", BODY, everything)


PARTS = (collecting, using, sharing, selling, places, minors, categories, objections, regimes,
         dates,
         terms)


def lines():
  yield "# Uses, what each comes to, and by which rules: written by decisions.py from the statutes,"
  yield "# read line by line, and compared with what the Decider says by decisions_test.cc. Columns"
  yield "# by tabs: residence, action, purpose, recipient, categories, the consumer's choices in"
  yield "# their order, day of birth, where data is collected too, day, pack kept for all; verdict;"
  yield "# rules with the ground that each finds, \"!\" for none. \"-\" is nothing, or not known."
  for part in PARTS:
    was_said = False
    for each in part():
      if isinstance(each, str):
        if not was_said:
          yield ""
        yield f"# {each}"
        was_said = True
        continue
      was_said = False
      verdict, rules = decide(each)
      columns = [
          each.residence, each.action, each.purpose, each.recipient, ",".join(each.about),
          "; ".join(choice.text() for choice in each.choices), each.born, each.collected, each.day,
          each.for_all, verdict, " ".join(f"{name}={ground}" if ground else f"{name}!"
                                          for name, ground in sorted(rules))]
      yield "\t".join(column or "-" for column in columns)


def main():
  said = "".join(f"{line}\n" for line in lines())
  if sys.argv[1:] == ["--write"]:
    FILE.write_text(said, encoding="utf-8")
  elif FILE.read_text(encoding="utf-8") != said:
    sys.exit("decisions.tsv: want what decisions.py works out, got something else")


if __name__ == "__main__":
  main()
