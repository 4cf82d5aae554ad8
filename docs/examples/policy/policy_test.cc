#include "src/consent/policy.h"

#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/crypto/sha256.h"
#include "src/law/law_book.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

constexpr char kFolder[] = "docs/examples/policy/";

std::string Read(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path, size_t{8} << 20);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

Policy SamplePolicy() {
  const absl::StatusOr<LawBook> book = LawBook::BuiltIn();
  EXPECT_TRUE(book.ok()) << book.status();
  absl::StatusOr<Policy> policy =
      Policy::Parse("policy.textproto",
                    Read(absl::StrCat(kFolder, "policy.textproto")), *book);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

std::string Sha256Hex(const std::string& content) {
  const auto digest = Sha256().Digest({content});
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

TEST(SamplePolicyTest, EveryPurposeOfTheSamplesIsNamed) {
  const Policy policy = SamplePolicy();
  std::set<std::string> purposes;
  for (const absl::string_view line :
       absl::StrSplit(Read("docs/examples/data/wellness.ndjson"), '\n',
                      absl::SkipEmpty())) {
    purposes.insert(nlohmann::json::parse(line)["purpose"].get<std::string>());
  }

  EXPECT_GE(purposes.size(), 11u);
  for (const std::string& purpose : purposes) {
    EXPECT_NE(policy.NumberOf(purpose), 0) << purpose;
  }
}

TEST(SamplePolicyTest, ANoticesHashIsThatOfItsText) {
  const Policy policy = SamplePolicy();

  ASSERT_EQ(policy.proto().notice_size(), 3);
  for (const v1::Notice& notice : policy.proto().notice()) {
    for (const v1::Notice::Text& text : notice.text()) {
      const std::string content =
          Read(absl::StrCat(kFolder, notice.id(), ".", text.locale(), ".txt"));
      EXPECT_EQ(Sha256Hex(content), text.sha256()) << notice.id();
    }
  }
}

}  // namespace
}  // namespace subrosa
