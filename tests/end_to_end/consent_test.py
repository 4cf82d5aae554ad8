#!/usr/bin/env python3
"""Plays docs/consent_transcript.md from one end to the other, and compares: what the page shows is
what the command says.

    cd bazel-bin/tests/end_to_end/consent_test.runfiles/subrosa
    tests/end_to_end/consent_test.py --write PAGE

writes the page anew.
"""

import datetime
import hashlib
import os
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    NO, POLICY, InstallationTest, record, ndjson)
from transcript import Transcript, difference, main  # pylint: disable=wrong-import-position

PAGE = os.path.abspath("docs/consent_transcript.md")
EXAMPLES = pathlib.Path("docs/examples/policy").absolute()

HEAD = """# May we? Asked and answered, by consumer

A parent and two teens on a family plan; an employee on an employer's plan; a newsletter;
a sale; and two states whose law asks for more. All of it is real:
`tests/end_to_end/consent_test.py` plays this page and compares what is said, but for days
and random names. The people are made up, and so is Rosewater, whose
[policy](examples/policy/policy.textproto) and [recipients](examples/policy/) these are.

Each command is also given `--passphrase-file passphrase`, and finds its home by
`SUBROSA_HOME=home`. `exit code 3` is "finished, and the answer is no". What a choice
holds is in [consent.proto](../proto/subrosa/v1/consent.proto), what the policy says in
[policy](policy.md). None of this is legal advice.
"""

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def at(days_ago=0, minutes=0):
  """A time before now, or with a negative number after it."""
  moment = NOW - datetime.timedelta(days=days_ago, minutes=minutes)
  return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def born(years):
  """The day of birth of somebody who turned `years` two months ago."""
  day = NOW - datetime.timedelta(days=60)
  return f"{day.year - years}-{day.month:02}-{min(day.day, 28):02}"


def text_hash(notice):
  return hashlib.sha256((EXAMPLES / f"{notice}.en-US.txt").read_bytes()).hexdigest()


def notice_shown(notice, version):
  return {"id": notice, "version": version, "sha256": text_hash(notice), "locale": "en-US",
          "interface": "ios-7.2/choices-1"}


def choice(consumer, kind, state, days_ago=9, **more):
  return {
      "consumer": consumer,
      "kind": f"CHOICE_KIND_{kind}",
      "method": "button",
      "jurisdiction": state,
      "givenAt": at(days_ago),
      "actor": {"kind": "ACTOR_KIND_SELF"},
  } | more


def consent(consumer, state, action, purpose, **more):
  shown = ("ask-to-share", "2") if action in ("SHARE", "SELL") else ("ask-to-collect", "3")
  return choice(consumer, "CONSENT", state, action=[f"ACTION_{action}"], purpose=[purpose],
                notice=notice_shown(*shown)) | more


def authorization(consumer, **more):
  document = {
      "data": "how often I practised in 2026, and my moods",
      "seller": {"name": "Rosewater", "contact": "privacy@rosewater.example"},
      "purchaser": {"name": "Delphi Insights, LLC", "contact": "desk@delphi.example"},
      "purposeOfSale": "to study how people rest",
      "howGathered": "from the app",
      "howUsed": "in a study, without names",
      "saysNotConditioned": True,
      "saysRevocable": True,
      "revocationMeans": "privacy@rosewater.example",
      "saysRedisclosure": True,
      "signature": "QSBzaWduYXR1cmU=",
      "signedAt": at(3),
      "expiresAt": at(-300),
      "documentSha256": "5e" * 32,
      "copyGivenAt": at(3, -1),
      "standsAlone": True,
      "typeSize": 14,
      "saysRightToCopy": True,
      "copyMeans": "https://rosewater.example/copies",
  } | more
  return choice(consumer, "AUTHORIZATION", "US-WA", 3, action=["ACTION_SELL"],
                purpose=["data-sale"], category=["HEALTH_CATEGORY_INTERVENTIONS"],
                recipient=["delphi"], method="signed-form", expiresAt=document.get("expiresAt"),
                authorization=document)


class ConsentTest(InstallationTest):

  def play(self):
    page = Transcript(self, HEAD)
    shutil.copy(POLICY, self.folder / "policy.textproto")
    shutil.copy(EXAMPLES / "recipients.textproto", self.folder / "recipients.textproto")

    def explain(consumer, action, purpose, *more, expect=0):
      page.run("consent", "explain", consumer, "--action", action, "--purpose", purpose, *more,
               expect=expect)

    def take(name, *choices, expect=0, command="record"):
      page.json_lines(name, *choices)
      page.run("consent", command, name, expect=expect)

    page.say("## Who is who")
    page.run("init", "--entity", "rosewater", "--policy", "policy.textproto",
             "--key-derivation", "interactive")
    page.run("recipient", "add", "recipients.textproto")
    take("facts.ndjson",
         {"consumer": "mira", "facts": {"residence": "US-CA", "born": born(41)}},
         {"consumer": "noah", "facts": {"residence": "US-CA", "born": born(14),
                                        "guardian": ["mira"]}},
         {"consumer": "lia", "facts": {"residence": "US-CA", "born": born(11),
                                       "guardian": ["mira"]}},
         {"consumer": "zoe", "facts": {"residence": "US-CT", "born": born(16)}},
         {"consumer": "sam", "facts": {"residence": "US-OR", "placeOfCollection": ["US-WA"]}},
         {"consumer": "ada", "facts": {"residence": "US-WA", "born": "1984"}},
         {"consumer": "finn", "facts": {"residence": "US-MD", "born": "1984"}},
         {"consumer": "ivy", "facts": {"residence": "US-VA", "born": "1984"}},
         command="facts")

    self.play_family(page, explain, take)
    self.play_employer(page, explain, take)
    self.play_newsletter(explain, take, page)
    self.play_sale(page, explain, take)
    self.play_states(page, explain, take)
    self.play_signal(page, explain, take)
    return page.text

  def play_family(self, page, explain, take):
    page.say("## A family plan\n\nMira pays for the plan in California; Noah is 14, Lia is 11. May "
             "Noah's sleep go to the\ncoaching company? At 14 it is Noah who has to say so, and "
             "to confirm it.")
    sharing = ("--recipient", "coach-desk", "--category", "bodily-functions")
    explain("noah", "share", "coach-handover", *sharing, expect=NO)
    body = {"category": ["HEALTH_CATEGORY_BODILY_FUNCTIONS"]}
    parent = {"actor": {"kind": "ACTOR_KIND_PARENT", "account": "mira"}}
    confirmed = {"confirmedAt": at(9, -2)}
    page.say("His mother's word does not do; his own does.")
    take("noah.ndjson",
         consent("noah", "US-CA", "SHARE", "coach-handover", **body, **confirmed, **parent),
         consent("noah", "US-CA", "SHARE", "coach-handover", **body),
         consent("noah", "US-CA", "SHARE", "coach-handover", **body, **confirmed), expect=NO)
    explain("noah", "share", "coach-handover", *sharing)
    page.say("For Lia it is the other way round.")
    take("lia.ndjson",
         consent("lia", "US-CA", "SHARE", "coach-handover", **body, **confirmed),
         consent("lia", "US-CA", "SHARE", "coach-handover", **body, **confirmed, **parent),
         expect=NO)
    explain("lia", "share", "coach-handover", *sharing)
    page.say("Zoe lives in Connecticut and is 16. Advertising by what is known of her health is "
             "banned there,\nwhatever she says.")
    take("zoe.ndjson", consent("zoe", "US-CT", "USE", "advertising",
                               category=["HEALTH_CATEGORY_INTERVENTIONS"]))
    explain("zoe", "use", "advertising", "--category", "interventions", expect=NO)

  def play_employer(self, page, explain, take):
    page.say("## An employer's plan\n\nHarbor Foods pays for Sam's plan. Sam lives in Oregon and "
             "uses the app at work, in Washington,\nwhose law protects whoever's data is "
             "collected there. The employer is a third party: without\nSam's consent it learns "
             "nothing, and consent to collecting is none to sharing.")
    report = ("--recipient", "harbor-foods", "--category", "interventions")
    explain("sam", "share", "sponsor-report", *report, expect=NO)
    page.say("One yes to two things is no consent.")
    some = {"category": ["HEALTH_CATEGORY_INTERVENTIONS"]}
    take("sam.ndjson",
         consent("sam", "US-WA", "SHARE", "sponsor-report", **some) |
         {"action": ["ACTION_COLLECT", "ACTION_SHARE"]},
         consent("sam", "US-WA", "SHARE", "sponsor-report", **some, method="terms-of-use"),
         consent("sam", "US-WA", "SHARE", "sponsor-report", **some, recipient=["harbor-foods"]),
         expect=NO)
    explain("sam", "share", "sponsor-report", *report)

  def play_newsletter(self, explain, take, page):
    page.say("## An unsubscribe\n\nAda said yes to e-mail about new practices, and then no.")
    mail = {"category": ["HEALTH_CATEGORY_INTERVENTIONS"]}
    take("ada.ndjson", consent("ada", "US-WA", "USE", "marketing-email", **mail))
    explain("ada", "use", "marketing-email", "--category", "interventions")
    take("unsubscribe.ndjson",
         choice("ada", "OPT_OUT", "US-WA", 4, action=["ACTION_USE"], purpose=["marketing-email"],
                method="unsubscribe"))
    explain("ada", "use", "marketing-email", "--category", "interventions", expect=NO)

  def play_sale(self, page, explain, take):
    page.say("## A sale\n\nIn Washington a sale needs a valid authorization, signed, on its own, "
             "for one purchaser.\nA consent is less than that.")
    sale = ("--recipient", "delphi", "--category", "interventions")
    explain("ada", "sell", "data-sale", *sale, expect=NO)
    page.say("An authorization that lasts for two years, one that lacks what the purchaser will "
             "do, and one\nthat was a condition of the service are refused with the rule that "
             "says so.")
    take("defective.ndjson", authorization("ada", expiresAt=at(-730)),
         authorization("ada", howUsed=""), authorization("ada", conditioned=True), expect=NO)
    page.say("One that holds what it has to is taken.")
    take("authorization.ndjson", authorization("ada"))
    explain("ada", "sell", "data-sale", *sale)
    page.say("It may be revoked at any time.")
    page.run("consent", "withdraw", "ada", "--action", "sell", "--purpose", "data-sale")
    explain("ada", "sell", "data-sale", *sale, expect=NO)

  def play_states(self, page, explain, take):
    page.say("## Maryland and Virginia\n\nMaryland bans the sale whatever the consumer says.")
    take("finn.ndjson",
         consent("finn", "US-MD", "SELL", "data-sale", category=["HEALTH_CATEGORY_INTERVENTIONS"]))
    explain("finn", "sell", "data-sale", "--recipient", "delphi", "--category", "interventions",
            expect=NO)
    page.say("In Virginia that a service needs reproductive health data is no ground to collect "
             "it: the\nconsumer has to say yes. Elsewhere the diary that she writes is strictly "
             "necessary.")
    explain("ivy", "collect", "cycle-tracking", "--category", "reproductive-or-sexual", expect=NO)
    explain("ada", "collect", "cycle-tracking", "--category", "reproductive-or-sexual")

  def play_signal(self, page, explain, take):
    page.say("## A browser's signal\n\nIn California sharing stands until the consumer opts out. "
             "Mira's browser sends `Sec-GPC: 1`;\nthat is an opt-out of every sharing and sale, "
             "and of no use.")
    sharing = ("--recipient", "coach-desk", "--category", "bodily-functions")
    explain("mira", "share", "coach-handover", *sharing)
    take("signal.ndjson",
         choice("mira", "SIGNAL", "US-CA", 2, action=["ACTION_SHARE", "ACTION_SELL"],
                method="signal", signal={"header": "Sec-GPC: 1", "device": "browser-7"}))
    explain("mira", "share", "coach-handover", *sharing, expect=NO)
    page.say("## What stands")
    page.run("consent", "show", "mira", "--entries")
    page.run("consent", "show", "ada", "--entries")

  def test_the_page_shows_what_the_command_says(self):
    self.assertEqual("", difference(PAGE, self.play()),
                     "write it anew: consent_test.py --write PAGE")

  def test_a_purpose_that_the_policy_does_not_name_takes_nothing_in(self):
    self.init()
    path = self.write("one.ndjson", ndjson(record(purpose="profiling")))

    summary = self.ingest(path, expect=NO)

    self.assertEqual(1, summary["rejected"])
    self.assertIn("the policy names no such purpose", summary["rejects_by_reason"][0]["reason"])

  def test_a_home_without_purposes_says_where_its_policy_is(self):
    outcome = self.subrosa("init", "--entity", "rosewater", "--key-derivation", "interactive")

    self.assertIn(str(self.home / "policy.textproto"), outcome.out)

  def test_no_line_that_is_refused_is_repeated(self):
    self.init()
    secret = "insomnia-9f3a"
    wrong = [choice(secret, "CONSENT", "US-WA", purpose=[secret], action=["ACTION_SHARE"]),
             choice("ada", "CONSENT", "US-WA", method=secret),
             {"consumer": "ada", "kind": secret}, {secret: 1}]
    path = self.write("wrong.ndjson", ndjson(*wrong) + f"{{\"{secret}\n")

    outcome = self.subrosa("consent", "record", path, expect=NO)

    self.assertIn("0 recorded, 5 refused", outcome.out)
    self.assertNotIn(secret, outcome.out + outcome.err)

  def test_nobody_who_is_not_known_is_shown(self):
    self.init()

    self.subrosa("consent", "show", "nobody", expect=NO)


if __name__ == "__main__":
  main(ConsentTest)
