#include "src/request/request_authentication.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

AuthenticationWanted WantedIn(const std::string& state, v1::RequestKind kind) {
  return WantedOf(SampleRequestLaw(),
                  SampleRequest(kind, state, InLosAngeles("2027-02-01 09:00")));
}

v1::RequestAuthentication Matching(int data_points) {
  v1::RequestAuthentication checked;
  for (int i = 0; i < data_points; ++i) {
    checked.add_matched(absl::StrCat("point-", i));
  }
  return checked;
}

absl::Status CheckSelf(const AuthenticationWanted& wanted,
                       const v1::RequestAuthentication& checked) {
  return CheckAuthentication(wanted, v1::REQUESTER_KIND_SELF, checked);
}

v1::RequestAuthentication LogIn() {
  v1::RequestAuthentication checked;
  checked.set_account_login(true);
  return checked;
}

// Covers: ca-ccpa/no-verification
TEST(RequestAuthenticationTest, NobodyIsAskedWhoTheyAreForAnOptOut) {
  for (const auto kind : {v1::REQUEST_KIND_OPT_OUT, v1::REQUEST_KIND_LIMIT,
                          v1::REQUEST_KIND_OPT_OUT_ADMT}) {
    const AuthenticationWanted wanted = WantedIn("US-CA", kind);
    EXPECT_EQ(wanted.needed, Authenticating::kNotNeeded);
    EXPECT_EQ(WantedText(wanted), "nothing");
  }
}

// Covers: ca-ccpa/verify-account, wa-mhmda/authenticate,
//     nv-sb370/authenticate, ct-ctdpa/authenticate
TEST(RequestAuthenticationTest, AFreshLogInToAnAccountIsEnough) {
  for (const char* state : {"US-CA", "US-WA", "US-NV", "US-CT"}) {
    const AuthenticationWanted wanted =
        WantedIn(state, v1::REQUEST_KIND_DELETE);
    EXPECT_EQ(wanted.needed, Authenticating::kNeeded);
    EXPECT_TRUE(wanted.account_login_is_enough);
    EXPECT_TRUE(CheckSelf(wanted, LogIn()).ok());
    EXPECT_TRUE(absl::IsFailedPrecondition(CheckSelf(wanted, {})));
  }
}

// Covers: ct-ctdpa/no-authentication
TEST(RequestAuthenticationTest, InConnecticutNobodyIsAskedForAnOptOutEither) {
  EXPECT_EQ(WantedIn("US-CT", v1::REQUEST_KIND_OPT_OUT).needed,
            Authenticating::kNotNeeded);
  EXPECT_EQ(WantedIn("US-CO", v1::REQUEST_KIND_OPT_OUT).needed,
            Authenticating::kNeeded);
}

// Covers: ca-ccpa/verify-categories
TEST(RequestAuthenticationTest, CategoriesTakeTwoMatchingDataPoints) {
  const AuthenticationWanted wanted = WantedIn("US-CA", v1::REQUEST_KIND_KNOW);
  EXPECT_TRUE(CheckSelf(wanted, Matching(2)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckSelf(wanted, Matching(1))));
}

// Covers: ca-ccpa/verify-specific, ca-ccpa/verify-access-admt,
//     ca-ccpa/verify-account-admt
TEST(RequestAuthenticationTest, ACopyTakesThreeAndASignedDeclaration) {
  for (const auto kind :
       {v1::REQUEST_KIND_ACCESS, v1::REQUEST_KIND_ACCESS_ADMT}) {
    const AuthenticationWanted wanted = WantedIn("US-CA", kind);
    v1::RequestAuthentication checked = Matching(3);
    EXPECT_EQ(CheckSelf(wanted, checked).message(),
              "request.event.authentication: want a fresh log-in to the "
              "account; or 3 matching data points and a signed declaration, "
              "got 3 matching and no declaration (ca-ccpa/verify-" +
                  std::string(kind == v1::REQUEST_KIND_ACCESS
                                  ? "account, ca-ccpa/verify-specific)"
                                  : "account-admt, "
                                    "ca-ccpa/verify-access-admt)"));
    checked.set_signed_declaration(true);
    EXPECT_TRUE(CheckSelf(wanted, checked).ok());
  }
}

// Covers: ca-ccpa/verify-health
TEST(RequestAuthenticationTest, DeletingHealthDataTakesTheHigherDegree) {
  for (const auto kind : {v1::REQUEST_KIND_DELETE, v1::REQUEST_KIND_CORRECT}) {
    const AuthenticationWanted wanted = WantedIn("US-CA", kind);
    EXPECT_TRUE(CheckSelf(wanted, Matching(3)).ok());
    EXPECT_TRUE(absl::IsFailedPrecondition(CheckSelf(wanted, Matching(2))));
  }
}

// Covers: ca-ccpa/agent
TEST(RequestAuthenticationTest, AnAgentShowsWhatTheConsumerSigned) {
  const AuthenticationWanted wanted =
      WantedIn("US-CA", v1::REQUEST_KIND_DELETE);
  const auto check = [&](const v1::RequestAuthentication& checked) {
    return CheckAuthentication(wanted, v1::REQUESTER_KIND_AGENT, checked);
  };
  EXPECT_TRUE(absl::IsFailedPrecondition(check(LogIn())));
  v1::RequestAuthentication seen;
  seen.set_permission_seen(true);
  EXPECT_TRUE(absl::IsFailedPrecondition(check(seen)));
  seen.set_permission_confirmed(true);
  EXPECT_TRUE(check(seen).ok());
  seen.set_permission_confirmed(false);
  seen.set_account_login(true);
  EXPECT_TRUE(check(seen).ok());
}

TEST(RequestAuthenticationTest, AGuardianIsOneOnRecordOrHasShownIt) {
  AuthenticationWanted wanted = WantedIn("US-WA", v1::REQUEST_KIND_ACCESS);
  const auto check = [&](const v1::RequestAuthentication& checked) {
    return CheckAuthentication(wanted, v1::REQUESTER_KIND_GUARDIAN, checked);
  };
  v1::RequestAuthentication seen = LogIn();
  seen.set_guardianship_seen(true);
  EXPECT_TRUE(check(seen).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(check(LogIn())));
  // It does not say who the child is.
  v1::RequestAuthentication alone;
  alone.set_guardianship_seen(true);
  EXPECT_TRUE(absl::IsFailedPrecondition(check(alone)));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelf(wanted, seen)));
  wanted.guardian_is_on_record = true;
  EXPECT_TRUE(check(LogIn()).ok());
}

// Who holds one acts where the consumer cannot: 11 CCR 7063(b).
TEST(RequestAuthenticationTest, InCaliforniaAPowerOfAttorneyIsEnough) {
  v1::RequestAuthentication checked;
  checked.set_power_of_attorney(true);
  const auto check = [&](const std::string& state) {
    return CheckAuthentication(WantedIn(state, v1::REQUEST_KIND_DELETE),
                               v1::REQUESTER_KIND_AGENT, checked);
  };
  EXPECT_TRUE(check("US-CA").ok());
  // No other pack says so: there it is a permission that was seen.
  EXPECT_TRUE(absl::IsFailedPrecondition(check("US-WA")));
  checked.set_permission_confirmed(true);
  EXPECT_TRUE(check("US-WA").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckSelf(WantedIn("US-CA", v1::REQUEST_KIND_DELETE), checked)));
}

TEST(RequestAuthenticationTest, ACopyTakesMoreThanAnAddressEverywhere) {
  for (const char* state : {"US-WA", "US-ID"}) {
    const AuthenticationWanted wanted =
        WantedIn(state, v1::REQUEST_KIND_ACCESS);
    EXPECT_TRUE(absl::IsFailedPrecondition(CheckSelf(wanted, Matching(1))));
    EXPECT_TRUE(CheckSelf(wanted, Matching(2)).ok());
    EXPECT_TRUE(CheckSelf(wanted, LogIn()).ok());
  }
}

TEST(RequestAuthenticationTest, WhatIsAskedForIsAsMuchAsIsWanted) {
  const AuthenticationWanted wanted =
      WantedIn("US-CA", v1::REQUEST_KIND_DELETE);
  EXPECT_TRUE(AskText(wanted, {}, LetterPhrases::BuiltIn()).ok());
  EXPECT_TRUE(AskText(wanted, {"a", "b", "c"}, LetterPhrases::BuiltIn()).ok());
  EXPECT_EQ(
      AskText(wanted, {"a", "b"}, LetterPhrases::BuiltIn()).status().message(),
      "letter.asked_for: want 3 to 16, got 2 (ca-ccpa/verify-account, "
      "ca-ccpa/verify-health)");
  EXPECT_TRUE(
      absl::IsInvalidArgument(AskText(wanted, std::vector<std::string>(17, "a"),
                                      LetterPhrases::BuiltIn())
                                  .status()));
  for (const std::string& wrong :
       {std::string(), std::string("a\nb"), std::string(129, 'a')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        AskText(wanted, {"a", "b", wrong}, LetterPhrases::BuiltIn()).status()));
  }
}

TEST(RequestAuthenticationTest, OnlyAnAgentShowsAPermission) {
  const AuthenticationWanted wanted =
      WantedIn("US-WA", v1::REQUEST_KIND_ACCESS);
  v1::RequestAuthentication seen = LogIn();
  seen.set_permission_seen(true);
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelf(wanted, seen)));
}

TEST(RequestAuthenticationTest, WhereNoStatuteSpeaksSomebodyIsAuthenticated) {
  const AuthenticationWanted wanted =
      WantedIn("US-ID", v1::REQUEST_KIND_DELETE);
  EXPECT_EQ(wanted.needed, Authenticating::kNeeded);
  EXPECT_TRUE(CheckSelf(wanted, LogIn()).ok());
  EXPECT_TRUE(CheckSelf(wanted, Matching(1)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckSelf(wanted, {})));
}

TEST(RequestAuthenticationTest, ADataPointCountsOnceAndIsNamedByASlug) {
  const AuthenticationWanted wanted =
      WantedIn("US-CA", v1::REQUEST_KIND_DELETE);
  v1::RequestAuthentication twice = Matching(2);
  twice.add_matched("point-1");
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelf(wanted, twice)));
  v1::RequestAuthentication value = Matching(2);
  value.add_matched("Rosa@mail.example");
  const absl::Status refused = CheckSelf(wanted, value);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_FALSE(absl::StrContains(refused.message(), "mail.example"));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckSelf(wanted, Matching(17))));
}

}  // namespace
}  // namespace subrosa
