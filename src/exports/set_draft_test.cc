#include "src/exports/set_draft.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SetDraftTest : public testing::Test {
 protected:
  std::vector<std::string> PartsOf(const std::string& schema) {
    std::vector<std::string> parts;
    const absl::Status visited =
        draft_->Visit(schema, [&](const SetDraft::Part& part) {
          parts.push_back(
              absl::StrCat(part.consumer, " ", part.records, " ", part.text));
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return parts;
  }

  std::unique_ptr<SetDraft> draft_ =
      SetDraft::Create(testing::TempDir()).value();
};

TEST_F(SetDraftTest, WhatWasPutDownComesBackByTypeInOrder) {
  ASSERT_TRUE(draft_->Add("a", {0, 2, "calm"}).ok());
  ASSERT_TRUE(draft_->Add("b", {0, 1, ""}).ok());
  ASSERT_TRUE(draft_->Add("a", {7, 1, "calmer"}).ok());

  EXPECT_THAT(PartsOf("a"), ElementsAre("0 2 calm", "7 1 calmer"));
  EXPECT_THAT(PartsOf("a"), ElementsAre("0 2 calm", "7 1 calmer"));
  EXPECT_THAT(PartsOf("b"), ElementsAre("0 1 "));
  EXPECT_THAT(PartsOf("c"), IsEmpty());
}

TEST_F(SetDraftTest, PartsOfAllSizesComeBackWhole) {
  std::vector<std::string> want;
  for (uint32_t i = 0; i < 200; ++i) {
    const std::string text(i * i * 20, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(draft_->Add("a", {i, i + 1, text}).ok());
    want.push_back(absl::StrCat(i, " ", i + 1, " ", text));
  }

  EXPECT_EQ(PartsOf("a"), want);
}

TEST_F(SetDraftTest, TheFirstErrorEndsAVisit) {
  ASSERT_TRUE(draft_->Add("a", {0, 1, "calm"}).ok());
  ASSERT_TRUE(draft_->Add("a", {1, 1, "calm"}).ok());
  int visited = 0;

  const absl::Status status = draft_->Visit("a", [&](const SetDraft::Part&) {
    ++visited;
    return absl::CancelledError("enough");
  });

  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(visited, 1);
}

}  // namespace
}  // namespace subrosa
