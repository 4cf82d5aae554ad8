#include "src/request/letter_book.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/disclosure/disclosure_ledger.h"
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

absl::StatusOr<std::string> WriteOf(Letter letter, const v1::Request& request,
                                    const LetterAnswer* answer = nullptr) {
  KeptRequest kept;
  kept.request_ref = std::string(16, '\x5a');
  *kept.stored.mutable_request() = request;
  const RequestMachine machine = MachineOf(request).value();
  const RequestView view = {
      kept, machine, ClocksOf(SampleRequestLaw(), request, machine).value()};
  LetterFields fields =
      LetterFieldsOf(SampleRequestLaw(), SampleRequestPolicy(), view, Letters(),
                     absl::CivilDay(2026, 12, 10))
          .value();
  if (answer != nullptr) AddAnswer(*answer, &fields);
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
  EXPECT_TRUE(Says(text, "3 matching data points"));
  EXPECT_TRUE(Says(text, "by 15 January 2027 at the latest"));
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

v1::Request Denied(const std::string& state) {
  return With(DeletionIn(state),
              DenialAt(kLater, v1::DENIAL_REASON_NOT_AUTHENTICATED));
}

// Covers: ca-ccpa/denial
TEST(LetterBookTest, ADenialInCaliforniaSaysBasisPartAndOptOut) {
  const std::string text = Text(Letter::kDeny, Denied("US-CA"));
  EXPECT_TRUE(Says(text, "because we could not establish"));
  EXPECT_TRUE(Says(text, "In detail: as the letter says"));
  EXPECT_TRUE(Says(text, "we delete all the same"));
  EXPECT_TRUE(Says(text, "not to sell or share your data"));
  EXPECT_FALSE(Says(text, "looked at again"));
}

TEST(LetterBookTest, WhereAStatuteGivesAnAppealTheDenialSaysHow) {
  const std::string text = Text(Letter::kDeny, Denied("US-WA"));
  EXPECT_TRUE(Says(text,
                   "its reasons in writing within 45 calendar days of our "
                   "receiving it."));
  EXPECT_FALSE(Says(text, "sell or share"));
}

// Covers: wa-mhmda/appeal-denied, nv-sb370/appeal-denied
TEST(LetterBookTest, WhoseAppealIsDeniedIsToldTheReasonsAndTheRegulator) {
  for (const std::string state : {"US-WA", "US-NV"}) {
    v1::Request request =
        With(Denied(state), StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEALED));
    request =
        With(request, StepAt(kLater, v1::REQUEST_EVENT_KIND_APPEAL_DENIED));
    const std::string text = Text(Letter::kAppeal, request);
    EXPECT_TRUE(Says(text, "We stay with our answer."));
    EXPECT_FALSE(Says(text, "We grant your appeal"));
    EXPECT_TRUE(Says(text, "The reasons: as the letter says"));
    EXPECT_TRUE(Says(text, state == "US-WA" ? "atg.wa.gov/file-complaint"
                                            : "Attorney General of Nevada"));
  }
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
      AnswerText(request, {/*records=*/3, {shared, sold}}).value();
  for (const char* said :
       {"We collect and hold data about you.", "We shared some of it.",
        "We sold some of it.", "Coach Circle, privacy@coach-circle.example\n",
        "Data Harbor, https://data-harbor.example/you (sold)"}) {
    EXPECT_TRUE(Says(text, said)) << said;
  }
  const std::string none = AnswerText(request, {0, {}}).value();
  EXPECT_TRUE(Says(none,
                   "We hold no data about you. We did not share it. We "
                   "did not sell it."));
  EXPECT_FALSE(Says(none, "Who received it"));
}

TEST(LetterBookTest, AnAnswerThatConfirmsNothingIsNotWritten) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteOf(Letter::kComplete, AnsweredIn("US-NV", v1::REQUEST_KIND_ACCESS))
          .status()));
  // A correction has nothing to confirm.
  EXPECT_FALSE(Says(Text(Letter::kAcknowledge, DeletionIn("US-NV")), "hold"));
}

TEST(LetterBookTest, WhoseCorrectionIsDeniedInCaliforniaMayStateTheirSide) {
  const v1::Request request =
      With(SampleRequest(v1::REQUEST_KIND_CORRECT, "US-CA", kReceivedAt),
           DenialAt(kLater, v1::DENIAL_REASON_NOT_AUTHENTICATED));
  EXPECT_TRUE(Says(Text(Letter::kDeny, request), "of up to 250 words"));
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

TEST(LetterBookTest, ALetterThatLeavesOutWhatAStatuteAsksForIsRefused) {
  LetterBook book = LetterBook::BuiltIn().value();
  const auto refused = [&](absl::string_view name, absl::string_view text) {
    return std::string(book.Replace(name, text).message());
  };
  EXPECT_EQ(refused("extend.txt", "Subject: {reference}\n{due_on} {contact}\n"),
            "extend.txt:1: want a letter that names {reason}, got one without");
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
