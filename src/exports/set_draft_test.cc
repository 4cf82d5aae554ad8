#include "src/exports/set_draft.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SetDraftTest : public testing::Test {
 protected:
  // Puts down `records`, each a text.
  void Add(const std::string& schema, uint32_t consumer,
           const std::vector<std::string>& records) {
    std::string text;
    std::vector<uint64_t> ends;
    for (const std::string& record : records) {
      text += record;
      ends.push_back(text.size());
    }
    const absl::Status added = draft_->Add(schema, consumer, ends, text);
    EXPECT_TRUE(added.ok()) << added;
  }

  // All that is handed over, each time as "records text".
  std::vector<std::string> PartsOf(const std::string& schema,
                                   const std::vector<uint32_t>& consumers) {
    std::vector<std::string> parts;
    const absl::Status visited = draft_->Visit(
        schema, consumers, [&](size_t records, absl::string_view text) {
          parts.push_back(absl::StrCat(records, " ", text));
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return parts;
  }

  // The characters of what is handed over of consumer 0.
  std::string TextOf(const std::string& schema) {
    std::string text;
    for (const std::string& part : PartsOf(schema, {0})) {
      text += part.substr(part.find(' ') + 1);
    }
    return text;
  }

  std::unique_ptr<SetDraft> draft_ =
      SetDraft::Create(testing::TempDir()).value();
};

// A record of each letter.
std::vector<std::string> Letters() {
  std::vector<std::string> letters;
  for (char c = 'a'; c <= 'z'; ++c) letters.emplace_back(1, c);
  return letters;
}

std::string Sorted(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

TEST_F(SetDraftTest, WhatWasPutDownComesBackByTypeInTheOrderAskedFor) {
  Add("a", 0, {"calm"});
  Add("b", 0, {""});
  Add("a", 3, {"calmer"});
  Add("a", 7, {"calmest"});

  EXPECT_THAT(PartsOf("a", {7, 0}), ElementsAre("1 calmest", "1 calm"));
  EXPECT_THAT(PartsOf("a", {0, 7, 5}), ElementsAre("1 calm", "1 calmest"));
  EXPECT_THAT(PartsOf("b", {3, 0}), ElementsAre("1 "));
  EXPECT_THAT(PartsOf("c", {0}), IsEmpty());
  EXPECT_THAT(PartsOf("a", {}), IsEmpty());
}

TEST_F(SetDraftTest, RecordsOfOneConsumerAreShuffledTheSameWayEachTime) {
  Add("a", 0, Letters());
  Add("a", 0, {"0", "1", "2", "3"});
  Add("a", 1, Letters());

  const std::string text = TextOf("a");

  EXPECT_EQ(Sorted(text), "0123abcdefghijklmnopqrstuvwxyz");
  EXPECT_NE(text.substr(0, 26), "abcdefghijklmnopqrstuvwxyz");
  // Four that come last of thirty come last with one chance in 27,405.
  EXPECT_NE(Sorted(text.substr(26)), "0123");
  EXPECT_EQ(TextOf("a"), text);
  EXPECT_NE(PartsOf("a", {1}).front(), absl::StrCat("26 ", text));
}

TEST_F(SetDraftTest, AnotherDraftShufflesOtherwise) {
  Add("a", 0, Letters());
  const std::string first = TextOf("a");

  draft_ = SetDraft::Create(testing::TempDir()).value();
  Add("a", 0, Letters());

  EXPECT_NE(TextOf("a"), first);
}

TEST_F(SetDraftTest, MoreThanIsShuffledAtOnceComesBackWhole) {
  std::map<std::string, int> want;
  for (size_t i = 0; i < 40; ++i) {
    const std::string record(i * 16384, static_cast<char>('a' + i % 26));
    Add("a", 4, {record, record});
    want[record] += 2;
  }

  size_t records = 0;
  size_t bytes = 0;
  std::map<char, size_t> counts;
  size_t most = 0;
  const absl::Status visited =
      draft_->Visit("a", {4}, [&](size_t count, absl::string_view text) {
        records += count;
        bytes += text.size();
        most = std::max(most, text.size());
        for (const char c : text) ++counts[c];
        return absl::OkStatus();
      });

  ASSERT_TRUE(visited.ok()) << visited;
  std::map<char, size_t> wanted;
  for (const auto& [record, times] : want) {
    if (!record.empty()) wanted[record[0]] += record.size() * times;
  }
  EXPECT_EQ(records, 80u);
  EXPECT_GT(bytes, 2 * SetDraft::kShuffledBytes);
  EXPECT_LT(most, 2 * SetDraft::kShuffledBytes);
  EXPECT_EQ(counts, wanted);
}

TEST_F(SetDraftTest, TheFirstErrorEndsAVisit) {
  Add("a", 0, {"calm"});
  Add("a", 1, {"calm"});
  int visited = 0;

  const absl::Status status =
      draft_->Visit("a", {0, 1}, [&](size_t, absl::string_view) {
        ++visited;
        return absl::CancelledError("enough");
      });

  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(visited, 1);
}

}  // namespace
}  // namespace subrosa
