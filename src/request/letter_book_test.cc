#include "src/request/letter_book.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/request/built_in_letters.h"
#include "src/request/letter_fields.h"
#include "src/request/request_clocks.h"
#include "src/request/request_desk.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const absl::Time kReceivedAt = InLosAngeles("2026-12-01 09:30");
const absl::Time kLater = InLosAngeles("2026-12-10 09:30");

const LetterBook& Letters() {
  static const LetterBook* const book =
      new LetterBook(LetterBook::BuiltIn().value());
  return *book;
}

absl::StatusOr<std::string> WriteOf(
    Letter letter, const v1::Request& request,
    const LetterAnswer* answer = nullptr,
    const std::vector<std::string>& asked_for = {}) {
  KeptRequest kept;
  kept.request_ref = std::string(16, '\x5a');
  *kept.stored.mutable_request() = request;
  const RequestMachine machine = MachineOf(request).value();
  const RequestView view = {
      kept,
      machine,
      ClocksOf(SampleRequestLaw(), request, machine).value(),
      {}};
  LetterFields fields =
      LetterFieldsOf(SampleRequestLaw(), SampleRequestPolicy(), view, Letters(),
                     asked_for, absl::CivilDay(2026, 12, 10))
          .value();
  if (answer != nullptr) AddAnswer(*answer, Letters(), &fields);
  return Letters().Write(letter, fields);
}

absl::StatusOr<std::string> AnswerText(const v1::Request& request,
                                       const LetterAnswer& answer) {
  return WriteOf(Letter::kComplete, request, &answer);
}

std::string Text(Letter letter, const v1::Request& request) {
  const absl::StatusOr<std::string> text = WriteOf(letter, request);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

bool Says(const std::string& text, absl::string_view what) {
  return absl::StrContains(text, what);
}

v1::Request DeletionIn(const std::string& state) {
  return SampleRequest(v1::REQUEST_KIND_DELETE, state, kReceivedAt);
}

TEST(LetterBookTest, AnAcknowledgementSaysHowAndUntilWhen) {
  const std::string text = Text(Letter::kAcknowledge, DeletionIn("US-CA"));
  EXPECT_TRUE(Says(text, "Subject: We have your request 5a5a5a"));
  EXPECT_TRUE(Says(text, "to have your data deleted on 1 December 2026"));
  EXPECT_TRUE(Says(text, "3 things that we can compare with what we hold"));
  // Who asks is not known yet: an answer is promised, and no deletion.
  EXPECT_TRUE(Says(text, "We will answer by 15 January 2027 at the latest"));
  EXPECT_FALSE(Says(text, "do what you ask"));
  EXPECT_TRUE(Says(text, "privacy@rosewater.example"));
  EXPECT_FALSE(Says(text, "{"));
}

TEST(LetterBookTest, NoLetterHoldsTheAccountIdOrTheRequestersContact) {
  for (const Letter letter : {Letter::kAcknowledge, Letter::kAuthenticate}) {
    const std::string text = Text(letter, DeletionIn("US-WA"));
    EXPECT_FALSE(Says(text, "c-1"));
    EXPECT_FALSE(Says(text, "rosa@mail.example"));
  }
}

TEST(LetterBookTest, WhoOptsOutIsToldThatNobodyAsksWhoTheyAre) {
  const std::string text =
      Text(Letter::kAcknowledge,
           SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CA", kReceivedAt));
  EXPECT_TRUE(Says(text, "You need not show who you are"));
  EXPECT_FALSE(Says(text, "we have to know"));
}

TEST(LetterBookTest, AnExtensionSaysItsReasonAndTheNewDay) {
  const std::string text = Text(
      Letter::kExtend, With(DeletionIn("US-WA"),
                            StepAt(kLater, v1::REQUEST_EVENT_KIND_EXTENDED)));
  EXPECT_TRUE(Says(text, "The reason: as the letter says"));
  EXPECT_TRUE(Says(text, "by 1 March 2027 at the latest"));
}

TEST(LetterBookTest, ALetterWithoutItsReasonIsNotWritten) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteOf(Letter::kExtend, DeletionIn("US-WA")).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteOf(Letter::kDeny, DeletionIn("US-WA")).status()));
}

// What a clock counts and what a letter says are days of one zone.
TEST(LetterBookTest, DaysAreThoseOfTheZoneInWhichTheClocksRun) {
  const v1::Request evening = SampleRequest(v1::REQUEST_KIND_DELETE, "US-CA",
                                            InLosAngeles("2026-11-19 20:00"));
  const std::string text = Text(Letter::kAcknowledge, evening);
  EXPECT_TRUE(Says(text, "deleted on 19 November 2026"));
  EXPECT_TRUE(Says(text, "by 3 January 2027 at the latest"));
}

TEST(LetterBookTest, WhoIsAskedIsToldWhatTheyCanSend) {
  const v1::Request copy =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US-CA", kReceivedAt);
  const std::string text = Text(Letter::kAuthenticate, copy);
  EXPECT_TRUE(Says(text, "a new log-in to your account with us; or, if you"));
  EXPECT_TRUE(Says(text, "under penalty of perjury"));
  const std::string named =
      WriteOf(Letter::kAuthenticate, copy, nullptr,
              {"your date of birth", "your plan", "your first e-mail address"})
          .value();
  EXPECT_TRUE(Says(named, "your date of birth, your plan, your first e-mail"));
  EXPECT_FALSE(Says(named, "such as"));
}

v1::Request DeniedFor(v1::DenialReason reason, v1::RequestKind kind,
                      const std::string& state) {
  return With(SampleRequest(kind, state, kReceivedAt),
              DenialAt(kLater, reason));
}

v1::Request Denied(const std::string& state) {
  return DeniedFor(v1::DENIAL_REASON_NOT_AUTHENTICATED, v1::REQUEST_KIND_DELETE,
                   state);
}

// Covers: ca-ccpa/denial
TEST(LetterBookTest, ADenialInCaliforniaSaysItsBasisAndThatOneCanOptOut) {
  const std::string text = Text(Letter::kDeny, Denied("US-CA"));
  EXPECT_TRUE(Says(text, "because we could not establish"));
  EXPECT_TRUE(Says(text, "In detail: as the letter says"));
  EXPECT_TRUE(
      Says(text, "You have the right to tell us not to sell your data"));
  EXPECT_TRUE(Says(text, "write to the address below"));
  EXPECT_FALSE(Says(text, "looked at again"));
}

// A request of which a part was done is completed in part, never denied.
TEST(LetterBookTest, NoDenialSaysThatAnythingIsDeleted) {
  for (const std::string state : {"US-CA", "US-WA", "US-NV", "US-CO"}) {
    for (int reason = 1; reason < v1::DenialReason_ARRAYSIZE; ++reason) {
      // Needs a part that refused.
      if (reason == v1::DENIAL_REASON_REFUSED_BY_ALL) continue;
      const std::string text =
          Text(Letter::kDeny, DeniedFor(static_cast<v1::DenialReason>(reason),
                                        v1::REQUEST_KIND_DELETE, state));
      EXPECT_FALSE(Says(text, "we delete")) << state << reason;
      EXPECT_EQ(Says(text, "keep for that reason we use for nothing else"),
                state == "US-CA" && reason == v1::DENIAL_REASON_EXEMPT)
          << state << reason;
    }
  }
}

// Covers: ca-ccpa/denial-exception
TEST(LetterBookTest, WhatAnExceptionKeepsServesNothingElse) {
  EXPECT_TRUE(
      Says(Text(Letter::kDeny, DeniedFor(v1::DENIAL_REASON_EXEMPT,
                                         v1::REQUEST_KIND_DELETE, "US-CA")),
           "What we keep for that reason we use for nothing else."));
}

TEST(LetterBookTest, WhereAStatuteGivesAnAppealTheDenialSaysHow) {
  const std::string text = Text(Letter::kDeny, Denied("US-WA"));
  EXPECT_TRUE(Says(text,
                   "its reasons in writing within 45 calendar days of our "
                   "receiving it."));
  EXPECT_FALSE(Says(text, "sell or share"));
}

// Covers: wa-mhmda/appeal-denied, nv-sb370/appeal-denied,
//     ct-ctdpa/appeal-denied
TEST(LetterBookTest, WhoseAppealIsDeniedIsToldTheReasonsAndTheRegulator) {
  for (const std::string state : {"US-WA", "US-NV", "US-CT"}) {
    v1::Request request =
        With(Denied(state), StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEALED));
    request =
        With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEAL_DENIED));
    const std::string text = Text(Letter::kAppeal, request);
    EXPECT_TRUE(Says(text, "We stay with our answer."));
    EXPECT_FALSE(Says(text, "We grant your appeal"));
    EXPECT_TRUE(Says(text, "The reasons: as the letter says"));
    EXPECT_TRUE(Says(text, state == "US-WA"   ? "atg.wa.gov/file-complaint"
                           : state == "US-NV" ? "Attorney General of Nevada"
                                              : "General of Connecticut: "));
  }
}

v1::Request AppealDeniedOfANevadanInWashington() {
  v1::Request request = Denied("US-NV");
  request.add_place_of_collection("US-WA");
  request = With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEALED));
  return With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEAL_DENIED));
}

TEST(LetterBookTest, WhomTwoStatutesProtectIsToldOfBothRegulators) {
  const std::string text =
      Text(Letter::kAppeal, AppealDeniedOfANevadanInWashington());
  EXPECT_TRUE(Says(text, "complain to the Attorney General of Washington: "));
  EXPECT_TRUE(Says(text,
                   ", or to the Office of the Attorney General of "
                   "Nevada: "));
}

TEST(LetterBookTest, OfTwoRegulatorsNoneIsLeftOut) {
  LetterBook book = LetterBook::BuiltIn().value();
  ASSERT_TRUE(
      book.Replace("regulators.tsv", "US-WA\tsomebody\there\tmemory\n").ok());
  const v1::Request request = AppealDeniedOfANevadanInWashington();
  KeptRequest kept;
  kept.request_ref = std::string(16, '\x5a');
  *kept.stored.mutable_request() = request;
  const RequestView view = {kept, MachineOf(request).value(), {}, {}};
  const LetterFields fields =
      LetterFieldsOf(SampleRequestLaw(), SampleRequestPolicy(), view, book, {},
                     absl::CivilDay(2026, 12, 10))
          .value();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(book.Write(Letter::kAppeal, fields).status()));
}

TEST(LetterBookTest, ADecisionThatHasToNameARegulatorIsNotWrittenWithoutOne) {
  LetterFields fields = {{"reason", "r"}, {"denied", "yes"}, {"appeal", "yes"}};
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Letters().Write(Letter::kAppeal, fields).status()));
  fields["regulator"] = "somebody";
  EXPECT_TRUE(Letters().Write(Letter::kAppeal, fields).ok());
}

TEST(LetterBookTest, APartialCompletionNamesWhoDidNotAct) {
  v1::Request request =
      With(DeletionIn("US-WA"),
           StepAt(kLater, v1::REQUEST_EVENT_KIND_AUTHENTICATED));
  for (const char* part : {"records", "acme"}) {
    request = With(request,
                   PartStepAt(kLater, v1::REQUEST_EVENT_KIND_PART_SENT, part));
  }
  request = With(
      request, PartStepAt(kLater, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  request = With(
      request, PartStepAt(kLater, v1::REQUEST_EVENT_KIND_PART_REFUSED, "acme"));
  request = With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_COMPLETED));
  const std::string text = Text(Letter::kComplete, request);
  EXPECT_TRUE(Says(text,
                   "It is done in part. 1 of those whom we asked to act "
                   "did not do so: acme."));
  EXPECT_TRUE(Says(text, "until 10 June 2027 at the latest"));
}

v1::Request AnsweredIn(const std::string& state, v1::RequestKind kind) {
  v1::Request request = SampleRequest(kind, state, kReceivedAt);
  request = With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_AUTHENTICATED));
  return With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_COMPLETED));
}

// Covers: nv-sb370/rights
TEST(LetterBookTest, InNevadaAnAnswerConfirmsAndListsWhoReceivedIt) {
  ReceivedByOne shared;
  shared.name = "Coach Circle";
  shared.contact = "privacy@coach-circle.example";
  ReceivedByOne sold;
  sold.name = "Data Harbor";
  sold.contact = "https://data-harbor.example/you";
  sold.sold = true;
  const v1::Request request = AnsweredIn("US-NV", v1::REQUEST_KIND_ACCESS);
  const std::string text =
      AnswerText(request,
                 {/*is_known=*/true, /*records=*/3, {shared, sold}, ""})
          .value();
  for (const char* said :
       {"We collect and hold data about you.", "We shared some of it.",
        "We sold some of it.", "Coach Circle, privacy@coach-circle.example\n",
        "Data Harbor, https://data-harbor.example/you (sold)"}) {
    EXPECT_TRUE(Says(text, said)) << said;
  }
  const std::string none = AnswerText(request, {true, 0, {}, ""}).value();
  EXPECT_TRUE(Says(none,
                   "Our records of this account hold no data about you now. We "
                   "have no record of having shared it. We have no record of a "
                   "sale."));
  EXPECT_FALSE(Says(none, "Who received it"));
}

// An erasure takes the list of who received the data with it.
TEST(LetterBookTest, OfAnAccountThatIsNotKnownNobodySaysThatNothingWasShared) {
  const v1::Request request =
      AnsweredIn("US-WA", v1::REQUEST_KIND_THIRD_PARTIES);
  const std::string text = AnswerText(request, {}).value();
  EXPECT_TRUE(Says(text, "our records hold nothing about you now"));
  EXPECT_TRUE(Says(text, "we can no longer say"));
  EXPECT_FALSE(Says(text, "did not"));
  EXPECT_FALSE(Says(text, "no record of"));
}

TEST(LetterBookTest, AnOfficerWhoKnowsMoreSaysItInTheirOwnWords) {
  LetterAnswer answer;
  answer.in_words = "Coach Desk had your check-ins until May.";
  const std::string text =
      AnswerText(AnsweredIn("US-WA", v1::REQUEST_KIND_KNOW), answer).value();
  EXPECT_TRUE(Says(text, "Coach Desk had your check-ins until May."));
  EXPECT_FALSE(Says(text, "Under this account"));
}

TEST(LetterBookTest, AnAnswerThatConfirmsNothingIsNotWritten) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteOf(Letter::kComplete, AnsweredIn("US-NV", v1::REQUEST_KIND_ACCESS))
          .status()));
  // A correction has nothing to confirm.
  EXPECT_FALSE(
      Says(Text(Letter::kAcknowledge, DeletionIn("US-NV")), "our records"));
}

TEST(LetterBookTest, WhoseCorrectionIsDeniedInCaliforniaMayStateTheirSide) {
  const auto denied_for = [](v1::DenialReason reason) {
    return Text(Letter::kDeny,
                DeniedFor(reason, v1::REQUEST_KIND_CORRECT, "US-CA"));
  };
  EXPECT_TRUE(Says(denied_for(v1::DENIAL_REASON_HELD_TO_BE_RIGHT),
                   "of up to 250 words"));
  // Nobody's record takes the words of somebody who may be a stranger to it.
  for (const auto reason :
       {v1::DENIAL_REASON_NOT_AUTHENTICATED, v1::DENIAL_REASON_NOT_A_CONSUMER,
        v1::DENIAL_REASON_FRAUDULENT}) {
    EXPECT_FALSE(Says(denied_for(reason), "statement")) << reason;
  }
  EXPECT_FALSE(Says(
      Text(Letter::kDeny,
           With(SampleRequest(v1::REQUEST_KIND_CORRECT, "US-WA", kReceivedAt),
                DenialAt(kLater, v1::DENIAL_REASON_NO_SUCH_RIGHT))),
      "statement"));
}

TEST(LetterBookTest, AnEntitysOwnLetterTakesThePlaceOfOurs) {
  LetterBook book = LetterBook::BuiltIn().value();
  const std::string own = "Subject: {reference}\n{reason} {due_on} {contact}\n";
  ASSERT_TRUE(book.Replace("extend.txt", own).ok());
  EXPECT_EQ(*book.Write(Letter::kExtend, {{"reference", "r"},
                                          {"reason", "because"},
                                          {"due_on", "then"},
                                          {"contact", "us"}}),
            "Subject: r\nbecause then us\n");
}

std::string BuiltInText(const std::string& name) {
  for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
    if (kBuiltInLetters[i].name != absl::StrCat(name, ".txt")) continue;
    return kBuiltInLetters[i].text + 1;
  }
  return "";
}

TEST(LetterBookTest, WithPhrasesOfItsOwnAFolderSaysNothingInOurWords) {
  LetterBook letters = LetterBook::BuiltIn().value();
  std::string phrases;
  for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
    if (std::string(kBuiltInLetters[i].name) != "phrases.tsv") continue;
    for (const absl::string_view line :
         absl::StrSplit(kBuiltInLetters[i].text, '\n')) {
      const size_t tab = line.find('\t');
      if (tab == absl::string_view::npos || line[0] == '#') continue;
      absl::StrAppend(&phrases, line.substr(0, tab), "\tzz");
      // What is filled in stays.
      for (size_t at = line.find('{'); at != absl::string_view::npos;
           at = line.find('{', at + 1)) {
        absl::StrAppend(&phrases, line.substr(at, line.find('}', at) + 1 - at));
      }
      absl::StrAppend(&phrases, "\n");
    }
  }
  ASSERT_TRUE(letters.Replace("phrases.tsv", phrases).ok());
  const v1::Request request = Denied("US-WA");
  const RequestMachine machine = MachineOf(request).value();
  KeptRequest kept;
  *kept.stored.mutable_request() = request;
  LetterFields fields =
      LetterFieldsOf(SampleRequestLaw(), SampleRequestPolicy(),
                     {kept,
                      machine,
                      ClocksOf(SampleRequestLaw(), request, machine).value(),
                      {}},
                     letters, {}, absl::CivilDay(2026, 12, 10))
          .value();
  AddAnswer(LetterAnswer(), letters, &fields);
  for (const char* name : {"kind", "denial", "received_on", "answered_on",
                           "appeal_within", "confirmation"}) {
    EXPECT_EQ(absl::StrReplaceAll(fields.at(name), {{"zz", ""}})
                  .find_first_not_of("0123456789"),
              std::string::npos)
        << name << ": " << fields.at(name);
  }
}

TEST(LetterBookTest, ALetterThatLeavesOutWhatAStatuteAsksForIsRefused) {
  LetterBook book = LetterBook::BuiltIn().value();
  const auto refused = [&](absl::string_view name, absl::string_view text) {
    return std::string(book.Replace(name, text).message());
  };
  EXPECT_EQ(refused("extend.txt", "Subject: {reference}\n{due_on} {contact}\n"),
            "extend.txt:1: want a letter that names {reason}, got one without");
  // That a record is kept is told with either answer (11 CCR 7022(e)).
  for (const char* name : {"deny", "complete"}) {
    std::string text = BuiltInText(name);
    text.resize(text.find("{?record}"));
    EXPECT_EQ(refused(absl::StrCat(name, ".txt"), text + "{contact}\n"),
              absl::StrCat(name,
                           ".txt:1: want a letter that names {record}, "
                           "got one without"));
  }
  EXPECT_EQ(refused("extend.txt", "Dear {reference}\n"),
            "extend.txt:1: want a line that begins with `Subject: `, got "
            "another");
  EXPECT_EQ(refused("extend.txt", "Subject: x\n\n{diagnosis}\n"),
            "extend.txt:3: want braces around the name of a field that there "
            "is, got another");
  EXPECT_NE(refused("extend.txt", "Subject: {reference\n"), "");
  EXPECT_NE(refused("extend.txt", "Subject: }\n"), "");
  EXPECT_EQ(refused("regulators.tsv", "# ours\nUS-WA\tsomebody\n"),
            "regulators.tsv:2: want place, name, contact and source, got "
            "another");
  EXPECT_NE(refused("other.txt", "Subject: x\n"), "");
  EXPECT_NE(refused("deny.txt", std::string(kMaxLetterBytes + 1, 'x')), "");
}

}  // namespace
}  // namespace subrosa
