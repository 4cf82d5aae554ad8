#include "src/steward/policy_history.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/steward/home.h"
#include "src/steward/home_policy.h"
#include "src/steward/scratch_home.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PolicyHistoryTest : public testing::Test {
 protected:
  // The home's policy with `comment` at its end, which changes its hash alone.
  absl::Status Set(const std::string& comment) {
    return WriteHomePolicy(home_.folder(), "new.textproto",
                           absl::StrCat(ScratchHomePolicy(), comment), book_);
  }

  std::string Hash() { return home_.steward().gate().policy().sha256(); }

  // What the log says of changes of policy.
  std::vector<Leaf> Changes() {
    std::vector<Leaf> changes;
    EXPECT_TRUE(home_.steward().AwaitCheckpoint().ok());
    const auto log = ReadHomeLog(home_.folder());
    EXPECT_TRUE(log.ok()) << log.status();
    auto reader = LogReader::Open(LogFolderOf(home_.folder()), kCheckpointFile,
                                  log->keys);
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_TRUE(reader
                    ->VisitEntries(0, log->status.size,
                                   [&](uint64_t, absl::string_view entry) {
                                     const auto leaf = ParseLeaf(entry);
                                     if (!leaf.ok()) return leaf.status();
                                     if (leaf->kind ==
                                         LeafKind::kPolicyChanged) {
                                       changes.push_back(*leaf);
                                     }
                                     return absl::OkStatus();
                                   })
                    .ok());
    return changes;
  }

  const LawBook book_ = *LawBook::BuiltIn();
  ScratchHome home_;
};

TEST_F(PolicyHistoryTest, TheFirstPolicyIsNoChange) {
  EXPECT_THAT(Changes(), IsEmpty());

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_THAT(Changes(), IsEmpty());
}

TEST_F(PolicyHistoryTest, AChangeIsInTheLogWithTheHashBeforeAndAfter) {
  const std::string before = Hash();
  ASSERT_TRUE(Set("\n# one purpose less next month").ok());
  EXPECT_THAT(Changes(), IsEmpty()) << "nothing was decided by it yet";

  ASSERT_TRUE(home_.Open().ok());

  const std::vector<Leaf> changes = Changes();
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_NE(Hash(), before);
  EXPECT_EQ(changes[0].text, absl::StrCat(before, " ", Hash()));
  EXPECT_THAT(changes[0].numbers, ElementsAre(2));
  EXPECT_EQ(changes[0].day, static_cast<uint32_t>(DayOf(home_.clock().Now())));
}

TEST_F(PolicyHistoryTest, TheHashIsThatOfTheFile) {
  const auto text = ReadFile(PolicyOf(home_.folder()), kMaxPolicyBytes);
  ASSERT_TRUE(text.ok());

  EXPECT_EQ(Hash(), Policy::Parse("again", *text, book_)->sha256());
  EXPECT_THAT(Hash(), testing::MatchesRegex("[0-9a-f]{64}"));
}

TEST_F(PolicyHistoryTest, WhoeverOpensNextLeavesNoLeafForTheSamePolicy) {
  ASSERT_TRUE(Set("\n# changed").ok());
  ASSERT_TRUE(home_.Open().ok());

  ASSERT_TRUE(home_.Open().ok());

  EXPECT_THAT(Changes(), SizeIs(1));
}

TEST_F(PolicyHistoryTest, GoingBackToAnOldPolicyIsAChangeToo) {
  const std::string first = Hash();
  ASSERT_TRUE(Set("\n# changed").ok());
  ASSERT_TRUE(home_.Open().ok());
  const std::string second = Hash();
  ASSERT_TRUE(Set("").ok());

  ASSERT_TRUE(home_.Open().ok());

  const std::vector<Leaf> changes = Changes();
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[1].text, absl::StrCat(second, " ", first));
  EXPECT_THAT(changes[1].numbers, ElementsAre(3));
}

TEST_F(PolicyHistoryTest, AFileThatWasEditedByHandIsAChangeToo) {
  ASSERT_TRUE(ReplaceFile(PolicyOf(home_.folder()),
                          absl::StrCat(ScratchHomePolicy(), "\n# by hand"),
                          0600)
                  .ok());

  ASSERT_TRUE(home_.Open().ok());

  EXPECT_THAT(Changes(), SizeIs(1));
}

TEST_F(PolicyHistoryTest, APolicyThatIsNoneOpensNothingAndLeavesNoLeaf) {
  ASSERT_TRUE(
      ReplaceFile(PolicyOf(home_.folder()), "entity: 'thornfield'", 0600).ok());
  EXPECT_FALSE(home_.Open().ok());
  ASSERT_TRUE(
      ReplaceFile(PolicyOf(home_.folder()), ScratchHomePolicy(), 0600).ok());

  ASSERT_TRUE(home_.Open().ok());

  EXPECT_THAT(Changes(), IsEmpty());
}

}  // namespace
}  // namespace subrosa
