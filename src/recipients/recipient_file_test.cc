#include "src/recipients/recipient_file.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kToday(2026, 11, 26);

std::string TextOf(absl::string_view id) {
  return absl::StrCat("recipient {\n  id: '", id, R"('
  name: "Sister"
  role: RECIPIENT_ROLE_AFFILIATE
  contact { email: "privacy@sister.example" checked_on: "2026-11-01" }
  purpose: "coaching"
  location: "IE"
}
)");
}

constexpr char kJson[] = R"( {"recipient": [{"id": "sister", "name": "Sister",
  "role": "RECIPIENT_ROLE_AFFILIATE",
  "contact": {"email": "privacy@sister.example", "checkedOn": "2026-11-01"},
  "purpose": ["coaching"], "location": ["IE"]}]}
)";

class RecipientFileTest : public testing::Test {
 protected:
  RecipientFileTest() : law_(LawBook::BuiltIn().value()) {}

  absl::StatusOr<std::vector<v1::Recipient>> Parse(
      absl::string_view text) const {
    return ParseRecipientFile("partners", text, law_, kToday);
  }

  // Expects that `text` is refused with a message that begins so.
  void ExpectRefused(absl::string_view text, absl::string_view start) const {
    const absl::Status status = Parse(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), start)) << status;
  }

  const LawBook law_;
};

TEST_F(RecipientFileTest, SeveralRecipientsStandInOneFileInTheirOrder) {
  const auto recipients =
      Parse(absl::StrCat("# Ours.\n", TextOf("sister"), TextOf("brother")));

  ASSERT_TRUE(recipients.ok()) << recipients.status();
  ASSERT_EQ(2u, recipients->size());
  EXPECT_EQ("sister", (*recipients)[0].id());
  EXPECT_EQ("brother", (*recipients)[1].id());
}

TEST_F(RecipientFileTest, JsonSaysTheSameAsText) {
  const auto text = Parse(TextOf("sister"));
  const auto json = Parse(kJson);

  ASSERT_TRUE(text.ok()) << text.status();
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ((*text)[0].SerializeAsString(), (*json)[0].SerializeAsString());
}

TEST_F(RecipientFileTest, AnErrorNamesItsLineOrPlace) {
  std::string wrong = TextOf("brother");
  wrong.replace(wrong.find("\"IE\""), 4, "'ie'");
  ExpectRefused(TextOf("sister") + wrong, "partners:9: location[0]: want");

  std::string json = kJson;
  json.replace(json.find("\"IE\""), 4, "\"ie\"");
  ExpectRefused(json, "partners: recipient[0]: location[0]: want");
}

TEST_F(RecipientFileTest, AFileThatIsHalfUnderstoodIsRefused) {
  ExpectRefused("", "partners: recipient: want at least one");
  ExpectRefused("{}", "partners: recipient: want at least one");
  ExpectRefused(TextOf("sister") + "partner { }", "partners:9: ");
  ExpectRefused("recipient { id: 'a' id: 'b' }", "partners:1: ");
  ExpectRefused("recipient {", "partners:1: ");
  ExpectRefused("{\"recipient\": [{\"id\": \"a\", \"id\": \"b\"}]}",
                "partners: ");
  ExpectRefused("{\"recipients\": []}", "partners: ");
  ExpectRefused("{\"recipient\": [", "partners: ");
  ExpectRefused("{\"recipient\": []} {}", "partners: ");
}

TEST_F(RecipientFileTest, OneRecipientTwiceIsRefused) {
  ExpectRefused(TextOf("sister") + TextOf("sister"),
                "partners:9: id: want one that no other");
}

TEST_F(RecipientFileTest, AFileBeyondTheBoundIsRefused) {
  const std::string blank(kMaxRecipientFileBytes, ' ');
  ExpectRefused(blank + "#", "partners: want at most 16777216 bytes");
  ExpectRefused("{" + blank, "partners: want at most 16777216 bytes");
}

}  // namespace
}  // namespace subrosa
