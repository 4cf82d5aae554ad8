#include "src/crypto/age_io.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

TEST(AgeIoTest, AStringIsReadInPartsToItsEnd) {
  StringSource source("rose");
  char part[3];

  EXPECT_EQ(*source.Read(absl::MakeSpan(part)), 3u);
  EXPECT_EQ(*source.Read(absl::MakeSpan(part)), 1u);
  EXPECT_EQ(*source.Read(absl::MakeSpan(part)), 0u);
  EXPECT_EQ(*source.Read(absl::MakeSpan(part)), 0u);
}

TEST(AgeIoTest, APrefixComesBeforeTheRest) {
  StringSource rest("the rose");
  PrefixedSource source("under ", &rest);
  std::string out(20, '\0');

  EXPECT_EQ(*ReadFully(&source, absl::MakeSpan(out)), 14u);
  EXPECT_EQ(out.substr(0, 14), "under the rose");
}

TEST(AgeIoTest, ReadFullyReadsNoMoreThanAsked) {
  StringSource source("rose");
  char two[2];

  EXPECT_EQ(*ReadFully(&source, absl::MakeSpan(two)), 2u);
  EXPECT_EQ(*source.Read(absl::MakeSpan(two)), 2u);
}

TEST(AgeIoTest, ADescriptorCarriesAllBytesThroughAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  FdSink sink(writer.get(), "pipe");
  FdSource source(reader.get(), "pipe");

  ASSERT_TRUE(sink.Append("under ").ok());
  ASSERT_TRUE(sink.Append("").ok());
  ASSERT_TRUE(sink.Append("the rose").ok());
  writer.Close();

  std::string out(20, '\0');
  EXPECT_EQ(*ReadFully(&source, absl::MakeSpan(out)), 14u);
}

TEST(AgeIoTest, FailuresOfTheSystemNameTheStream) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  char byte;

  const absl::Status write = FdSink(full.get(), "copy.age").Append("x");
  const absl::Status read =
      FdSource(-1, "copy.age").Read(absl::MakeSpan(&byte, 1)).status();

  EXPECT_TRUE(absl::IsUnavailable(write));
  EXPECT_TRUE(absl::StartsWith(write.message(), "copy.age: No space left"));
  EXPECT_TRUE(absl::StartsWith(read.message(), "copy.age: Bad file"));
}

}  // namespace
}  // namespace subrosa
