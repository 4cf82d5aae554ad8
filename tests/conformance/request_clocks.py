#!/usr/bin/env python3
"""When each clock of a request runs out, worked out from the statutes a second time.

This shares nothing with src/request, src/law or the packs: periods, holidays and zones are written
here anew, from the statutes (or from the account of them that docs/law_map.md names).
request_clocks_test.cc asks the program about the same requests.

    request_clocks.py          compares request_clocks.tsv with what this file says
    request_clocks.py --write  writes it anew; look at every line that changed before you keep it
"""

import datetime
import itertools
import pathlib
import sys
import zoneinfo

FILE = pathlib.Path(__file__).parent / "request_clocks.tsv"
DAY = datetime.timedelta(days=1)
PACIFIC = zoneinfo.ZoneInfo("America/Los_Angeles")
EASTERN = zoneinfo.ZoneInfo("America/New_York")


def nth_weekday(year, month, weekday, nth):
  """The nth weekday (Monday 0) of a month; the last for -1."""
  if nth == -1:
    day = datetime.date(year + month // 12, month % 12 + 1, 1) - DAY
    return day - DAY * ((day.weekday() - weekday) % 7)
  day = datetime.date(year, month, 1)
  return day + DAY * ((weekday - day.weekday()) % 7 + 7 * (nth - 1))


def california_holidays(year):
  """Government Code 6700: on a Sunday, the Monday after; Veterans Day on a Saturday the Friday too."""
  days = {nth_weekday(year, 1, 0, 3), nth_weekday(year, 2, 0, 3), nth_weekday(year, 5, 0, -1),
          nth_weekday(year, 9, 0, 1), nth_weekday(year, 11, 3, 4),
          nth_weekday(year, 11, 3, 4) + DAY}
  for month, day in ((1, 1), (3, 31), (7, 4), (11, 11), (12, 25)):
    date = datetime.date(year, month, day)
    if date.weekday() == 6:
      date += DAY
    elif date.weekday() == 5 and month == 11:
      days.add(date - DAY)
    days.add(date)
  return days


def business_days_after(day, count):
  """Civil Code 7, 9: every day is one but Sundays and the state's holidays."""
  while count:
    day += DAY
    if day.weekday() < 6 and day not in california_holidays(day.year):
      count -= 1
  return day


def months_after(day, months):
  year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
  for last in (day.day, 30, 29, 28):
    try:
      return datetime.date(year, month, min(day.day, last))
    except ValueError:
      continue
  raise AssertionError(day)


def washington(kind, received, authenticated, told):
  """RCW 19.373.040(1): 45 days from receipt, 45 more if told in time; backups six months."""
  if kind not in ("access", "third-parties", "delete", "withdraw"):
    return
  end = received + 45 * DAY
  more = told is not None and told <= end
  yield "wa-mhmda/respond", end + 45 * DAY * more
  if kind == "delete":
    yield "wa-mhmda/delete", end + 45 * DAY * more
    yield "wa-mhmda/delete-backups", authenticated and months_after(authenticated, 6)


def nevada(kind, _, authenticated, told):
  """NRS 603A.510, .515: from authentication, 45 and 45 days to answer whatever is asked, 30 to
  delete and to tell recipients."""
  if kind in ("access", "third-parties", "cease", "delete"):
    end = authenticated and authenticated + 45 * DAY
    more = end is not None and told is not None and told <= end
    yield "nv-sb370/respond", end and end + 45 * DAY * more
  if kind == "delete":
    yield "nv-sb370/delete", authenticated and authenticated + 30 * DAY
    yield "nv-sb370/delete-backups", authenticated and months_after(authenticated, 24)
    yield "nv-sb370/delete-recipients", None
    yield "nv-sb370/notify-recipients", authenticated and authenticated + 30 * DAY


def california(kind, received, _, told):
  """Cal. Civ. Code 1798.130(a)(2), 11 CCR 7021, 7026(f), 7027(g), 7221."""
  if kind in ("opt-out", "limit") or (kind == "opt-out-admt" and received.year >= 2027):
    yield f"ca-ccpa/{kind}-clock", business_days_after(received, 15)
  if (kind in ("know", "access", "third-parties", "correct", "delete")
      or (kind == "access-admt" and received.year >= 2027)):
    end = received + 45 * DAY
    more = told is not None and told <= end
    which = "-access-admt" if kind == "access-admt" else ""
    yield f"ca-ccpa/acknowledge{which}", business_days_after(received, 10)
    yield f"ca-ccpa/respond{which}", end + 45 * DAY * more
    if kind == "delete":
      yield "ca-ccpa/delete", end + 45 * DAY * more


def connecticut(kind, received, _, told):
  """Conn. Gen. Stat. 42-518(c)(1): 45 days from receipt, 45 more if told in time."""
  if kind not in ("know", "access", "correct", "delete", "opt-out"):
    return
  end = received + 45 * DAY
  more = told is not None and told <= end
  yield "ct-ctdpa/respond", end + 45 * DAY * more
  if kind == "delete":
    yield "ct-ctdpa/delete", end + 45 * DAY * more


KINDS = ("know", "access", "third-parties", "correct", "delete", "opt-out", "limit", "withdraw",
         "cease", "access-admt", "opt-out-admt")
STATES = {"US-WA": (washington,), "US-NV": (nevada,), "US-CA": (california,), "US-ID": (),
          "US-CA+US-WA": (california, washington), "US-WA+US-NV": (washington, nevada),
          "US-CT": (connecticut,)}
# Instants in UTC: evenings of the Pacific's day before, both ends of summer time, leap days, holidays
# that fall on weekends, the end of a month that another lacks, and New Year's Eve there.
RECEIVED = ("2026-11-25T07:59:59", "2026-12-17T20:00:00", "2027-01-01T07:59:59",
            "2027-01-01T08:00:00", "2027-03-14T09:30:00", "2027-08-31T18:00:00",
            "2028-01-14T12:00:00", "2028-02-29T12:00:00", "2029-12-20T02:00:00")
# Hours after receipt at which the requester was authenticated, and an extension was told.
STEPS = ((None, None), (5, None), (24 * 9 + 3, 24 * 44), (24 * 20, 24 * 47), (24 * 2, 24 * 31))


def days_of(statute, instants):
  zone = EASTERN if statute is connecticut else PACIFIC
  return [instant and instant.astimezone(zone).date() for instant in instants]


def lines():
  for received, kind, places, (authenticated, told) in itertools.product(
      RECEIVED, KINDS, STATES, STEPS):
    if authenticated and (kind in ("opt-out", "limit", "opt-out-admt") and "US-CA" in places
                          or kind == "opt-out" and "US-CT" in places):
      continue  # Nobody may be asked who they are.
    start = datetime.datetime.fromisoformat(received).replace(tzinfo=datetime.timezone.utc)
    after = [start + datetime.timedelta(hours=hours) if hours else None
             for hours in (authenticated, told)]
    clocks = sorted(f"{rule}={last or 'waits'}" for statute in STATES[places]
                    for rule, last in statute(kind, *days_of(statute, [start, *after])))
    yield "\t".join([
        kind, places, received + "Z",
        *(instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else "-" for instant in after),
        " ".join(clocks) or "none"])


def main():
  text = "".join(line + "\n" for line in lines())
  if "--write" in sys.argv[1:]:
    FILE.write_text(text, encoding="utf-8")
    return 0
  if FILE.read_text(encoding="utf-8") == text:
    return 0
  print(f"{FILE}: is not what request_clocks.py says", file=sys.stderr)
  return 1


if __name__ == "__main__":
  sys.exit(main())
