#include "src/recipients/scratch_recipient.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace subrosa {

v1::Recipient ScratchProcessor() {
  return With({}, R"pb(
    id: "cloud"
    name: "Rose Cloud"
    role: RECIPIENT_ROLE_PROCESSOR
    category: "hosting providers"
    contact { email: "privacy@cloud.example" checked_on: "2026-10-01" }
    contract {
      reference: "dpa-2026-03"
      from: "2026-03-01"
      item: [
        "wa-mhmda/processor-contract#instructions",
        "wa-mhmda/processor-contract#limits",
        "wa-mhmda/processor-contract#assistance",
        "nv-sb370/processor-contract#instructions",
        "nv-sb370/processor-contract#limits",
        "nv-sb370/processor-contract#assistance",
        "ca-ccpa/contract#no-sale",
        "ca-ccpa/contract#purposes",
        "ca-ccpa/contract#limits",
        "ca-ccpa/contract#protection",
        "ca-ccpa/contract#remedies",
        "ca-ccpa/contract#notice",
        "ca-ccpa/contract#requests",
        "ct-ctdpa/processor-contract#contract",
        "md-modpa/processor-contract#contract"
      ]
    }
    purpose: "mood-tracking"
    category_allowed: HEALTH_CATEGORY_CONDITIONS
    location: "US-WA"
  )pb");
}

v1::Recipient ScratchThirdParty() {
  return With({}, R"pb(
    id: "coach-desk"
    name: "Coach Desk, Inc."
    role: RECIPIENT_ROLE_THIRD_PARTY
    category: "coaching services"
    contact { url: "https://coach.example/privacy" checked_on: "2026-11-01" }
    contract {
      reference: "share-2026"
      from: "2026-01-01"
      until: "2028-01-01"
      item: [
        "ca-ccpa/third-party-contract#purposes",
        "ca-ccpa/third-party-contract#only-for-them",
        "ca-ccpa/third-party-contract#protection",
        "ca-ccpa/third-party-contract#assurance",
        "ca-ccpa/third-party-contract#remedies",
        "ca-ccpa/third-party-contract#notice"
      ]
    }
    purpose: "coaching"
    category_allowed: HEALTH_CATEGORY_CONDITIONS
    location: "US"
    age_recipient: "age1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqmwn7f2"
  )pb");
}

v1::Recipient With(v1::Recipient recipient, const std::string& text) {
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.MergeFromString(text, &recipient)) << text;
  return recipient;
}

}  // namespace subrosa
