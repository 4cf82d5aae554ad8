#include "src/audit/cosigned_file.h"

#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/log_files.h"
#include "src/audit/test_log.h"
#include "src/base/file.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"

namespace subrosa {
namespace {

class CosignedFileTest : public testing::Test {
 protected:
  CosignedFileTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    mkdir(folder_.c_str(), 0700);
  }

  // The checkpoint of `size` leaves, cosigned by the witness `name`.
  std::string Cosigned(uint64_t size, const std::string& name,
                       int64_t seconds = 1782864000) {
    Note note = *ParseNote(log_.Checkpoint(size));
    TokenProvider provider;
    const NoteKey key = *NoteKey::Create(name, *provider.CreateSigningKey(name),
                                         kNoteTypeCosignature);
    note.signatures.push_back(*Cosign(note.text, key,
                                      absl::FromUnixSeconds(seconds),
                                      [&](absl::string_view message) {
                                        return provider.Sign(name, message);
                                      }));
    return SerializeNote(note);
  }

  absl::StatusOr<bool> Keep(const std::string& note) {
    return KeepCosigned(folder_, note, log_.keys());
  }

  std::string Kept() {
    return LogFiles(folder_).ReadNote(kCosignedFile).value_or("");
  }

  std::string folder_;
  TestLog log_{"rosewater.example/audit"};
};

TEST_F(CosignedFileTest, TheFirstIsKept) {
  const std::string note = Cosigned(3, "witness.example/w1");

  EXPECT_TRUE(*Keep(note));

  EXPECT_EQ(Kept(), note);
}

TEST_F(CosignedFileTest, ALargerTreeTakesTheSmallersPlace) {
  ASSERT_TRUE(*Keep(Cosigned(3, "witness.example/w1")));
  const std::string larger = Cosigned(5, "witness.example/w1");

  EXPECT_TRUE(*Keep(larger));

  EXPECT_EQ(Kept(), larger);
}

TEST_F(CosignedFileTest, ASmallerTreeNeverTakesTheLargersPlace) {
  const std::string larger = Cosigned(5, "witness.example/w1");
  ASSERT_TRUE(*Keep(larger));

  EXPECT_FALSE(*Keep(Cosigned(3, "witness.example/w1")));

  EXPECT_EQ(Kept(), larger);
}

TEST_F(CosignedFileTest, TwoWitnessesOfOneCheckpointStandTogether) {
  ASSERT_TRUE(*Keep(Cosigned(5, "witness.example/w1")));

  ASSERT_TRUE(*Keep(Cosigned(5, "other.example/w2")));

  EXPECT_EQ(ParseNote(Kept())->signatures.size(), 3u);
}

TEST_F(CosignedFileTest, TheSameAgainAddsNothing) {
  const std::string note = Cosigned(5, "witness.example/w1");
  ASSERT_TRUE(*Keep(note));

  ASSERT_TRUE(*Keep(note));

  EXPECT_EQ(Kept(), note);
}

TEST_F(CosignedFileTest, WhatAnotherLogSignedIsRefused) {
  TestLog other("other.example/audit");

  const absl::Status status = Keep(other.Checkpoint(9)).status();

  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_EQ(Kept(), "");
}

TEST_F(CosignedFileTest, WhatIsNoNoteIsRefusedAndLeavesTheFile) {
  const std::string note = Cosigned(5, "witness.example/w1");
  ASSERT_TRUE(*Keep(note));

  EXPECT_TRUE(absl::IsInvalidArgument(Keep("cosigned").status()));

  EXPECT_EQ(Kept(), note);
}

TEST_F(CosignedFileTest, ADamagedFileIsReplaced) {
  ASSERT_TRUE(ReplaceFile(folder_ + "/cosigned", "rubbish", 0600).ok());
  const std::string note = Cosigned(5, "witness.example/w1");

  EXPECT_TRUE(*Keep(note));

  EXPECT_EQ(Kept(), note);
}

TEST_F(CosignedFileTest, AFolderThatIsNotThereIsAnError) {
  folder_ += "/gone";

  EXPECT_FALSE(Keep(Cosigned(5, "witness.example/w1")).ok());
}

}  // namespace
}  // namespace subrosa
