#include "src/ingest/seen_ids.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

// The id that is left of a record of `consumer` under `id`.
std::string Left(SeenIds* seen, const std::string& consumer,
                 const std::string& id, const std::string& content) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.mutable_origin()->set_raw_digest(content);
  seen->Take(&record);
  return record.id();
}

TEST(SeenIdsTest, TheFirstKeepsItsIdAndAnotherContentDoesNotTakeItsPlace) {
  SeenIds seen;

  EXPECT_EQ(Left(&seen, "c-1", "r-1", "new"), "r-1");
  EXPECT_EQ(Left(&seen, "c-1", "r-1", "old"), "");
  EXPECT_EQ(Left(&seen, "c-1", "r-1", "older"), "");
}

TEST(SeenIdsTest, TheSameContentAgainIsTheSameRecord) {
  SeenIds seen;

  EXPECT_EQ(Left(&seen, "c-1", "r-1", "same"), "r-1");
  EXPECT_EQ(Left(&seen, "c-1", "r-1", "same"), "r-1");
}

TEST(SeenIdsTest, AnotherConsumersRecordMayHaveTheSameId) {
  SeenIds seen;

  EXPECT_EQ(Left(&seen, "c-1", "r-1", "x"), "r-1");
  EXPECT_EQ(Left(&seen, "c-2", "r-1", "y"), "r-1");
  EXPECT_EQ(Left(&seen, "c-1", "r-2", "z"), "r-2");
  EXPECT_EQ(Left(&seen, "c-1", "", "z"), "");
}

TEST(SeenIdsTest, WhatIsNoLongerRememberedKeepsItsId) {
  SeenIds seen;
  for (size_t i = 0; i < SeenIds::kMaxIds; ++i) {
    ASSERT_NE(Left(&seen, "c-1", absl::StrCat("r-", i), "x"), "");
  }

  EXPECT_EQ(Left(&seen, "c-1", "late", "x"), "late");
  EXPECT_EQ(Left(&seen, "c-1", "late", "y"), "late");
  EXPECT_EQ(Left(&seen, "c-1", "r-0", "y"), "");
}

}  // namespace
}  // namespace subrosa
