#!/usr/bin/env python3
"""A consumer asks by the form that `subrosa request serve` shows, and sees what became of it; officers
work on the same requests, some at the same time."""

import html.parser
import http.client
import subprocess
import sys
import unittest
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, USAGE, InstallationTest)

FORM = {"ask": "delete", "who": "self", "residence": "US-WA", "contact": "rosa@mail.example",
        "permission": "", "from": "", "to": ""}
OFFICERS = 5


class Page(html.parser.HTMLParser):
  """What of a page a reader with or without a screen needs."""

  VOID = {"meta", "input", "br"}

  def __init__(self, text):
    super().__init__()
    self.tags, self.open, self.labelled, self.fields, self.forms = [], [], set(), {}, []
    self.code = self.text = ""
    self.feed(text)
    self.close()
    assert not self.open, self.open

  def handle_starttag(self, tag, attrs):
    attrs = dict(attrs)
    self.tags.append(tag)
    if tag not in self.VOID:
      self.open.append(tag)
    if tag == "label":
      self.labelled.add(attrs["for"])
    if tag in ("input", "select"):
      self.fields[attrs["id"]] = attrs["name"]
    if tag == "form":
      self.forms.append((attrs["method"], attrs["action"]))

  def handle_endtag(self, tag):
    assert self.open.pop() == tag, tag

  def handle_data(self, data):
    self.text += data
    if self.open and self.open[-1] == "code":
      self.code += data


class RequestPagesTest(InstallationTest):
  """A home whose pages are served."""

  def setUp(self):
    super().setUp()
    self.init()
    said, _ = self.start_server("serve", family="request")
    self.port = said["port"]

  def send(self, method, path, fields=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
    self.addCleanup(connection.close)
    body = None if fields is None else urllib.parse.urlencode(fields)
    head = {} if fields is None else {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, head | (headers or {}))
    answer = connection.getresponse()
    self.assertIsNone(answer.getheader("Set-Cookie"))
    text = answer.read().decode()
    return answer.status, Page(text) if text else None

  def ask(self, **changes):
    status, page = self.send("POST", "/requests", FORM | changes)
    self.assertEqual(200, status)
    return page.code

  def request(self, *words, **options):
    return self.subrosa("request", *words, "--format", "json", **options).json()

  def test_who_asks_sees_what_became_of_it(self):
    reference = self.ask()
    kept = self.request("show", reference)
    self.assertEqual(("delete", "received", "form"),
                     (kept["kind"], kept["status"], kept["channel"]))
    self.assertEqual("rosa@mail.example", kept["contact"])

    self.subrosa("request", "deny", reference, "--because", "not-authenticated", "--reason",
                 "the birth date differs")
    status, page = self.send("POST", "/requests/status", {"reference": reference.upper()})
    self.assertEqual(200, status)
    self.assertIn("We did not do it", page.text)
    self.assertNotIn("birth date", page.text)
    self.assertNotIn("rosa", page.text)

  def test_the_pages_can_be_read_and_filled_in_by_anybody(self):
    for path, names in (("/requests", set(FORM)), ("/requests/status", {"reference"})):
      status, page = self.send("GET", path)
      self.assertEqual(200, status)
      self.assertEqual([("post", path)], page.forms)
      self.assertEqual(names, set(page.fields.values()))
      self.assertEqual(set(page.fields), page.labelled)
      self.assertEqual(1, page.tags.count("h1"))
      self.assertFalse({"script", "img", "link", "style", "iframe"} & set(page.tags))

  def test_what_no_form_sends_is_refused_and_nothing_is_taken_in(self):
    for fields in ({}, FORM | {"ask": "appeal"}, FORM | {"contact": ""}, FORM | {"consumer": "c"},
                   FORM | {"contact": "a\r\nBcc: b"}):
      self.assertEqual(400, self.send("POST", "/requests", fields)[0])
    self.assertEqual(413, self.send("POST", "/requests", {"contact": "x" * 20_000})[0])
    self.assertEqual(415, self.send("POST", "/requests", FORM,
                                    {"Content-Type": "text/plain"})[0])
    self.assertEqual(404, self.send("GET", "/requests/../keyring")[0])
    self.assertEqual(405, self.send("PUT", "/requests", FORM)[0])
    listed = self.subrosa("request", "list", "--format", "json", "--all").json_lines()
    self.assertEqual([], listed)

  def test_of_officers_who_take_a_step_at_the_same_time_one_does_and_the_others_are_told(self):
    reference = self.ask()
    for command in (("acknowledge", reference), ("authenticate", reference, "--account-login",
                                                 "--consumer", "c-1"),
                    ("part", reference, "--part", "records", "--status", "sent"),
                    ("part", reference, "--part", "records", "--status", "done"),
                    ("complete", reference)):
      processes = [subprocess.Popen(self.arguments("request", *command), cwd=self.work,
                                    env=self.environment(), stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
                   for _ in range(OFFICERS)]
      said = [process.communicate(timeout=240) for process in processes]
      codes = sorted(process.returncode for process in processes)
      self.assertEqual([DONE] + [NO] * (OFFICERS - 1), codes, said)
      for process, (_, err) in zip(processes, said):
        if process.returncode == NO:
          self.assertRegex(err, "once more|a later one|got completed")
    steps = [step["step"] for step in self.request("show", reference)["steps"]]
    self.assertEqual(["received", "acknowledged", "authenticated", "part-sent", "part-done",
                      "completed"], steps)
    self.subrosa("audit", "verify")

  def test_without_a_home_or_an_address_nothing_is_served(self):
    self.subrosa("request", "serve", "--listen", "everywhere", expect=USAGE)
    self.subrosa("request", "serve", expect=USAGE)
    self.subrosa("request", "serve", "--listen", "127.0.0.1:0", "--home", self.work / "none",
                 expect=FAILED)


if __name__ == "__main__":
  sys.exit(unittest.main(verbosity=1))
