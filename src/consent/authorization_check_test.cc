#include "src/consent/authorization_check.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/entity_law.h"
#include "src/consent/sample_choice.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSigned = absl::FromUnixSeconds(1772704800);  // 5 March 2026.

class AuthorizationCheckTest : public testing::Test {
 protected:
  // By the packs of `packs` alone.
  AuthorizationReport Examine(const v1::Choice& choice,
                              std::vector<std::string> packs,
                              absl::Time now = kSigned + absl::Minutes(1),
                              absl::Time revoked_at = absl::InfiniteFuture()) {
    v1::Policy policy = SamplePolicy();
    policy.clear_pack();
    for (std::string& pack : packs) policy.add_pack(std::move(pack));
    absl::StatusOr<EntityLaw> law = EntityLaw::Create(book_, policy);
    EXPECT_TRUE(law.ok()) << law.status();
    return ExamineAuthorization(choice, *law, revoked_at, now);
  }

  // Which rules and keys `report` finds fault with.
  static std::vector<std::string> Faults(const AuthorizationReport& report) {
    std::vector<std::string> faults;
    for (const AuthorizationFinding& finding : report.findings) {
      if (!finding.Holds()) {
        faults.push_back(absl::StrCat(finding.rule->id, "#", finding.key));
      }
    }
    return faults;
  }

  static int Count(const AuthorizationReport& report,
                   AuthorizationDemand demand) {
    int count = 0;
    for (const AuthorizationFinding& finding : report.findings) {
      if (finding.demand == demand) ++count;
    }
    return count;
  }

  const LawBook book_ = *LawBook::BuiltIn();
};

// Spoils one element of an authorization.
struct Spoiling {
  std::string key;
  std::function<void(v1::Choice&)> spoil;
};

v1::Authorization& Document(v1::Choice& choice) {
  return *choice.mutable_authorization();
}

// The nine elements that Washington and Nevada list alike.
const std::vector<Spoiling>& NineElements() {
  static const auto* const kSpoilings = new std::vector<Spoiling>{
      {"data", [](auto& choice) { Document(choice).clear_data(); }},
      {"seller",
       [](auto& choice) { Document(choice).mutable_seller()->clear_name(); }},
      {"seller",
       [](auto& choice) {
         Document(choice).mutable_seller()->clear_contact();
       }},
      {"purchaser",
       [](auto& choice) {
         Document(choice).mutable_purchaser()->clear_name();
       }},
      {"purchaser",
       [](auto& choice) {
         Document(choice).mutable_purchaser()->clear_contact();
       }},
      {"purpose",
       [](auto& choice) { Document(choice).clear_purpose_of_sale(); }},
      {"purpose", [](auto& choice) { Document(choice).clear_how_gathered(); }},
      {"purpose", [](auto& choice) { Document(choice).clear_how_used(); }},
      {"not-conditioned",
       [](auto& choice) { Document(choice).clear_says_not_conditioned(); }},
      {"revocation",
       [](auto& choice) { Document(choice).clear_says_revocable(); }},
      {"revocation",
       [](auto& choice) { Document(choice).clear_revocation_means(); }},
      {"revocation",
       [](auto& choice) {
         Document(choice).set_revocation_means("ask at the desk");
       }},
      {"redisclosure",
       [](auto& choice) { Document(choice).clear_says_redisclosure(); }},
      {"expiry", [](auto& choice) { Document(choice).clear_expires_at(); }},
      {"expiry",
       [](auto& choice) {
         *Document(choice).mutable_expires_at() = Document(choice).signed_at();
       }},
      {"signature", [](auto& choice) { Document(choice).clear_signature(); }},
      {"signature", [](auto& choice) { Document(choice).clear_signed_at(); }},
      {"signature",
       [](auto& choice) {
         choice.mutable_actor()->set_kind(v1::ACTOR_KIND_AGENT);
       }},
  };
  return *kSpoilings;
}

// Covers: wa-mhmda/authorization
TEST_F(AuthorizationCheckTest, WashingtonsNineElementsAreHeldOneByOne) {
  const AuthorizationReport report =
      Examine(SampleAuthorization(), {"wa-mhmda"});

  EXPECT_EQ(Count(report, AuthorizationDemand::kElement), 9);
  EXPECT_THAT(Faults(report), IsEmpty());
  EXPECT_TRUE(report.IsValid());
  EXPECT_TRUE(CheckAuthorization(report).ok());
}

// Covers: wa-mhmda/authorization
TEST_F(AuthorizationCheckTest, EachElementThatIsMissingIsNamedInWashington) {
  for (const Spoiling& spoiling : NineElements()) {
    v1::Choice choice = SampleAuthorization();
    spoiling.spoil(choice);
    const AuthorizationReport report = Examine(choice, {"wa-mhmda"});

    EXPECT_THAT(Faults(report),
                Contains("wa-mhmda/authorization#" + spoiling.key));
    EXPECT_THAT(Faults(report),
                Contains("wa-mhmda/authorization-defects#incomplete"));
    const absl::Status status = CheckAuthorization(report);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StrContains(
        status.message(), "(wa-mhmda/authorization#" + spoiling.key + ")"))
        << status;
  }
}

// Covers: nv-sb370/authorization
TEST_F(AuthorizationCheckTest, EachElementThatIsMissingIsNamedInNevada) {
  EXPECT_THAT(Faults(Examine(SampleAuthorization(), {"nv-sb370"})), IsEmpty());
  for (const Spoiling& spoiling : NineElements()) {
    v1::Choice choice = SampleAuthorization();
    spoiling.spoil(choice);

    EXPECT_THAT(Faults(Examine(choice, {"nv-sb370"})),
                Contains("nv-sb370/authorization#" + spoiling.key));
  }
}

// Covers: nv-sb370/authorization-revocation
TEST_F(AuthorizationCheckTest, ASellerInNevadaHasAMeansOfRevocation) {
  v1::Choice choice = SampleAuthorization();
  Document(choice).set_revocation_means("by telephone");

  EXPECT_THAT(
      Faults(Examine(choice, {"nv-sb370"})),
      Contains("nv-sb370/authorization-revocation#authorization-revocation"));
}

// Covers: wa-mhmda/authorization-life, nv-sb370/authorization-life,
//   ca-cmia/authorization-life
TEST_F(AuthorizationCheckTest, AnAuthorizationLastsAYearAndNoLonger) {
  for (const char* pack : {"wa-mhmda", "nv-sb370", "ca-cmia"}) {
    v1::Choice choice = SampleAuthorization();
    // The last day ends at midnight in the pack's zone.
    *Document(choice).mutable_expires_at() =
        SampleTimestamp("2027-03-06 08:00:00");
    const AuthorizationReport longest = Examine(choice, {pack});
    EXPECT_THAT(Faults(longest), IsEmpty());
    EXPECT_EQ(longest.ends_at, SampleTime("2027-03-06 08:00:00"));

    *Document(choice).mutable_expires_at() =
        SampleTimestamp("2027-03-06 08:00:01");
    const AuthorizationReport longer = Examine(choice, {pack});
    EXPECT_THAT(Faults(longer),
                Contains(absl::StrCat(pack, "/authorization#expiry")));
    EXPECT_EQ(longer.ends_at, SampleTime("2027-03-06 08:00:00"));
    EXPECT_TRUE(absl::StrContains(
        CheckAuthorization(longer).message(),
        absl::StrCat("1 year (", pack, "/authorization-life)")))
        << CheckAuthorization(longer);
  }
}

TEST_F(AuthorizationCheckTest, SignedOnALeapDayItLastsUntilTheEndOfFebruary) {
  v1::Choice choice = SampleAuthorization();
  v1::Authorization& document = Document(choice);
  *document.mutable_signed_at() = SampleTimestamp("2028-02-29 20:00:00");
  *document.mutable_copy_given_at() = document.signed_at();
  *document.mutable_expires_at() = SampleTimestamp("2029-03-01 08:00:01");

  const AuthorizationReport report =
      Examine(choice, {"wa-mhmda"}, SampleTime("2028-03-01 00:00:00"));

  EXPECT_THAT(Faults(report), Contains("wa-mhmda/authorization#expiry"));
  EXPECT_EQ(report.ends_at, SampleTime("2029-03-01 08:00:00"));
}

// Covers: wa-mhmda/authorization-defects, nv-sb370/authorization-defects
TEST_F(AuthorizationCheckTest, EachOfTheFiveDefectsVoidsIt) {
  for (const std::string pack : {"wa-mhmda", "nv-sb370"}) {
    const std::string kRule = pack + "/authorization-defects#";
    const absl::Time later = kSigned + absl::Hours(1);
    v1::Choice combined = SampleAuthorization();
    Document(combined).set_combined_with_other_documents(true);
    v1::Choice conditioned = SampleAuthorization();
    Document(conditioned).set_conditioned(true);
    v1::Choice incomplete = SampleAuthorization();
    Document(incomplete).clear_data();

    EXPECT_THAT(Faults(Examine(SampleAuthorization(), {pack},
                               SampleTime("2027-03-05 10:00:00"))),
                ElementsAre(kRule + "expired"));
    EXPECT_THAT(Faults(Examine(incomplete, {pack})),
                Contains(kRule + "incomplete"));
    EXPECT_THAT(Faults(Examine(SampleAuthorization(), {pack}, later,
                               later - absl::Minutes(1))),
                ElementsAre(kRule + "revoked"));
    EXPECT_THAT(Faults(Examine(combined, {pack})),
                ElementsAre(kRule + "compound"));
    EXPECT_THAT(Faults(Examine(conditioned, {pack})),
                ElementsAre(kRule + "conditioned"));
    EXPECT_EQ(Count(Examine(combined, {pack}), AuthorizationDemand::kDefect),
              5);
  }
}

TEST_F(AuthorizationCheckTest, ARevocationToComeVoidsNothingYet) {
  const AuthorizationReport report =
      Examine(SampleAuthorization(), {"wa-mhmda"}, kSigned + absl::Minutes(1),
              kSigned + absl::Minutes(2));

  EXPECT_TRUE(report.IsValid());
  EXPECT_EQ(report.ends_at, kSigned + absl::Minutes(2));
}

// Covers: wa-mhmda/authorization-copy, ca-cmia/authorization-copy
TEST_F(AuthorizationCheckTest, TheSignerIsGivenACopyOfWhatTheySigned) {
  for (const char* pack : {"wa-mhmda", "ca-cmia"}) {
    const std::string duty =
        absl::StrCat(pack, "/authorization-copy#authorization-copy");
    v1::Choice none = SampleAuthorization();
    Document(none).clear_copy_given_at();
    v1::Choice unsigned_copy = SampleAuthorization();
    *Document(unsigned_copy).mutable_copy_given_at() =
        SampleTimestamp("2026-03-05 09:59:59");

    EXPECT_THAT(Faults(Examine(none, {pack})), ElementsAre(duty));
    EXPECT_THAT(Faults(Examine(unsigned_copy, {pack})), ElementsAre(duty));
  }
}

// Covers: ca-cmia/authorization-copy
TEST_F(AuthorizationCheckTest, CaliforniansAreToldHowToGetMoreCopies) {
  v1::Choice choice = SampleAuthorization();
  Document(choice).clear_copy_means();

  EXPECT_THAT(Faults(Examine(choice, {"ca-cmia"})),
              ElementsAre("ca-cmia/authorization-copy#authorization-copy"));
  EXPECT_THAT(Faults(Examine(choice, {"wa-mhmda"})), IsEmpty());
}

// Covers: ca-cmia/authorization
TEST_F(AuthorizationCheckTest, EachElementThatIsMissingIsNamedInCalifornia) {
  const std::vector<Spoiling> spoilings = {
      {"type-size", [](auto& choice) { Document(choice).clear_type_size(); }},
      {"separate", [](auto& choice) { Document(choice).clear_stands_alone(); }},
      {"separate",
       [](auto& choice) {
         Document(choice).set_combined_with_other_documents(true);
       }},
      {"signature", [](auto& choice) { Document(choice).clear_signature(); }},
      {"signature", [](auto& choice) { Document(choice).clear_signed_at(); }},
      {"data", [](auto& choice) { Document(choice).clear_data(); }},
      {"discloser",
       [](auto& choice) { Document(choice).mutable_seller()->clear_name(); }},
      {"recipients",
       [](auto& choice) {
         Document(choice).mutable_purchaser()->clear_name();
       }},
      {"recipient-uses",
       [](auto& choice) { Document(choice).clear_how_used(); }},
      {"expiry", [](auto& choice) { Document(choice).clear_expires_at(); }},
      {"copy",
       [](auto& choice) { Document(choice).clear_says_right_to_copy(); }},
  };
  EXPECT_EQ(Count(Examine(SampleAuthorization(), {"ca-cmia"}),
                  AuthorizationDemand::kElement),
            9);
  for (const Spoiling& spoiling : spoilings) {
    v1::Choice choice = SampleAuthorization();
    spoiling.spoil(choice);

    EXPECT_THAT(Faults(Examine(choice, {"ca-cmia"})),
                Contains("ca-cmia/authorization#" + spoiling.key));
  }
}

// Covers: ca-cmia/authorization-type-size
TEST_F(AuthorizationCheckTest, TypeIsAsLargeAsThePackSaysOrOfAHand) {
  v1::Choice choice = SampleAuthorization();
  Document(choice).set_type_size(13);
  EXPECT_THAT(Faults(Examine(choice, {"ca-cmia"})),
              ElementsAre("ca-cmia/authorization#type-size"));

  Document(choice).set_handwritten(true);
  EXPECT_THAT(Faults(Examine(choice, {"ca-cmia"})), IsEmpty());
}

// Covers: ca-cmia/mental-health, ca-cmia/reproductive-health
TEST_F(AuthorizationCheckTest, CaliforniaAsksForOneToDiscloseWhatItNames) {
  v1::Choice choice = SampleAuthorization();
  choice.set_action(0, v1::ACTION_SHARE);
  for (const v1::HealthCategory category :
       {v1::HEALTH_CATEGORY_CONDITIONS, v1::HEALTH_CATEGORY_DIAGNOSTICS,
        v1::HEALTH_CATEGORY_MEDICATION, v1::HEALTH_CATEGORY_INFERRED,
        v1::HEALTH_CATEGORY_SEEKING_SERVICES,
        v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL}) {
    choice.set_category(0, category);
    EXPECT_TRUE(Examine(choice, {"ca-cmia"}).IsValid());
  }

  choice.set_category(0, v1::HEALTH_CATEGORY_GENETIC);
  EXPECT_THAT(Examine(choice, {"ca-cmia"}).findings, IsEmpty());
}

TEST_F(AuthorizationCheckTest, EveryPackThatAsksForOneIsAsked) {
  v1::Choice choice = SampleAuthorization();
  choice.set_jurisdiction("US-WA");
  Document(choice).clear_type_size();
  Document(choice).clear_data();

  EXPECT_THAT(Faults(Examine(choice, {"wa-mhmda", "nv-sb370", "ca-cmia"})),
              ElementsAre("wa-mhmda/authorization#data",
                          "wa-mhmda/authorization-defects#incomplete",
                          "nv-sb370/authorization#data",
                          "nv-sb370/authorization-defects#incomplete",
                          "ca-cmia/authorization#type-size",
                          "ca-cmia/authorization#data"));
}

TEST_F(AuthorizationCheckTest, WhatNoPackAsksForIsNotWavedThrough) {
  v1::Choice choice = SampleAuthorization();
  choice.set_action(0, v1::ACTION_COLLECT);
  const AuthorizationReport report = Examine(choice, {"wa-mhmda", "nv-sb370"});

  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_FALSE(report.IsValid());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckAuthorization(report)));
}

TEST_F(AuthorizationCheckTest, OneSignedBeforeTheStatuteHeldIsNoneOfItsOwn) {
  v1::Choice choice = SampleAuthorization();
  *Document(choice).mutable_signed_at() =
      SampleTimestamp("2024-03-31 06:59:59");  // The day begins at 07:00 UTC.

  EXPECT_THAT(Examine(choice, {"wa-mhmda"}).findings, IsEmpty());
  Document(choice).mutable_signed_at()->set_seconds(
      Document(choice).signed_at().seconds() + 1);
  EXPECT_FALSE(Examine(choice, {"wa-mhmda"}).findings.empty());
}

TEST_F(AuthorizationCheckTest, EveryElementAndDefectOfTheShippedPacksIsKnown) {
  const AuthorizationReport report = Examine(
      v1::Choice(SampleAuthorization()), {"wa-mhmda", "nv-sb370", "ca-cmia"});

  for (const AuthorizationFinding& finding : report.findings) {
    EXPECT_FALSE(absl::StrContains(finding.fault, "this version"))
        << finding.rule->id << "#" << finding.key;
    EXPECT_FALSE(finding.text.empty());
  }
}

TEST_F(AuthorizationCheckTest, AnElementThatThisVersionDoesNotKnowIsMissing) {
  const char kPack[] = R"(
    id: "xx-new" title: "New" jurisdiction: "US-OR"
    time_zone: "America/Los_Angeles" as_of: "2026-01-01"
    rule { id: "sell" citation: "1" text: "t" from: "2020-01-01"
      certainty: TEXT_CERTAINTY_MEMORY room: ROOM_CONSENT
      permits { action: ACTION_SELL ground: GROUND_AUTHORIZATION } }
    rule { id: "authorization" citation: "2" text: "t" from: "2020-01-01"
      certainty: TEXT_CERTAINTY_MEMORY room: ROOM_CONSENT
      contents { document: "authorization-to-sell"
        item { key: "witness" text: "the name of a witness" } } })";
  const LawBook book = *LawBook::WithPacks({{"new.textproto", kPack}});
  v1::Policy policy = SamplePolicy();
  policy.clear_pack();
  policy.add_pack("xx-new");
  const EntityLaw law = *EntityLaw::Create(book, policy);

  const AuthorizationReport report = ExamineAuthorization(
      SampleAuthorization(), law, absl::InfiniteFuture(), kSigned);

  EXPECT_THAT(Faults(report), ElementsAre("xx-new/authorization#witness"));
}

TEST_F(AuthorizationCheckTest, NoFaultRepeatsWhatTheDocumentSays) {
  v1::Choice choice = SampleAuthorization();
  Document(choice).set_revocation_means("s3cret place");
  Document(choice).set_copy_means("s3cret place");
  Document(choice).set_conditioned(true);

  for (const AuthorizationFinding& finding :
       Examine(choice, {"wa-mhmda", "nv-sb370", "ca-cmia"}).findings) {
    EXPECT_FALSE(absl::StrContains(finding.fault, "s3cret"));
    EXPECT_FALSE(absl::StrContains(finding.fault, "mood"));
  }
}

}  // namespace
}  // namespace subrosa
