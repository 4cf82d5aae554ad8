#include "src/crypto/table_hash.h"

#include <set>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::pair<uint64_t, uint64_t> Of(const TableHash& hash, const std::string& id) {
  const TableHash::Output output = hash(id);
  return {output.high, output.low};
}

TEST(TableHashTest, OneIdHasOneOutputAndOthersHaveOthers) {
  const TableHash hash;
  std::set<std::pair<uint64_t, uint64_t>> outputs;
  for (int i = 0; i < 10000; ++i) {
    outputs.insert(Of(hash, "account-" + std::to_string(i)));
  }

  EXPECT_EQ(outputs.size(), 10000u);
  EXPECT_EQ(Of(hash, "account-7"), Of(hash, "account-7"));
  EXPECT_NE(Of(hash, ""), Of(hash, std::string(1, '\0')));
}

TEST(TableHashTest, NoTwoTablesAgree) {
  EXPECT_NE(Of(TableHash(), "ada"), Of(TableHash(), "ada"));
}

}  // namespace
}  // namespace subrosa
