#include "src/exports/manifest.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string DigestOf(const std::string& content) {
  const auto digest = Sha256().Digest({content});
  return std::string(reinterpret_cast<const char*>(digest.data()),
                     digest.size());
}

Manifest CopyManifest() {
  Manifest manifest;
  manifest.entity = "rosewater";
  manifest.sealed_to = "whoever has the passphrase";
  manifest.made_at = "2026-11-26T12:00:00Z";
  manifest.files = {{"index.html", 0, DigestOf("page")},
                    {"records/mood-check-in.csv", 0, DigestOf("table")}};
  return manifest;
}

TEST(ManifestTest, OfACopyAndOfASetIsWrittenAsItWasRead) {
  Manifest set = CopyManifest();
  set.kind = ManifestKind::kDeidentifiedSet;
  set.recipient = "institute";
  set.made_at = "2026-11-26";

  for (const Manifest& manifest : {CopyManifest(), set}) {
    const std::string text = ManifestText(manifest);
    const auto parsed = ParseManifest(text);

    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_TRUE(IsManifest(text));
    EXPECT_EQ(ManifestText(*parsed), text);
    EXPECT_EQ(parsed->recipient, manifest.recipient);
    EXPECT_EQ(parsed->files[1].sha256, DigestOf("table"));
  }
}

TEST(ManifestTest, WhatIsNoManifestIsRefusedWithItsLine) {
  const std::string text = ManifestText(CopyManifest());
  const std::string digest = absl::BytesToHexString(DigestOf("page"));
  const struct {
    std::string from;
    std::string to;
    std::string said;
  } cases[] = {
      {"copy v1", "copy v2", "line 1: want `subrosa copy v1`"},
      {"entity rosewater\n", "", "line 2: want `entity `"},
      {"sealed to whoever has the passphrase", "sealed to ", "line 3: want"},
      {"made at", "made on", "line 4: want `made at `"},
      {digest, digest.substr(1), "line 5: want a SHA-256"},
      {digest.substr(0, 1), "G", "line "},
      {"  index", " index", "line 5: want a SHA-256"},
      {"index.html", "../keyring", "line 5: want the name of a file beside"},
      {"index.html", "/etc/passwd", "line 5: want the name"},
      {"index.html", "a//b", "line 5: want the name"},
      {"index.html", "..\\b", "line 5: want the name"},
      {"index.html", "records/mood-check-in.csv", "line 6: want each file"},
      {"index.html", "MANIFEST.txt", "line 5: want the name"},
  };
  for (const auto& each : cases) {
    const absl::Status status =
        ParseManifest(absl::StrReplaceAll(text, {{each.from, each.to}}))
            .status();

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << each.to << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(each.said));
  }
  EXPECT_FALSE(ParseManifest(text.substr(0, text.size() - 1)).ok());
  EXPECT_FALSE(ParseManifest(text.substr(0, text.find(digest))).ok());
  EXPECT_FALSE(ParseManifest("").ok());
  EXPECT_FALSE(IsManifest("subrosa copy v10\n"));
}

class ManifestFilesTest : public testing::Test {
 protected:
  void Write(const std::string& name, const std::string& content) {
    const std::filesystem::path path = std::filesystem::path(folder_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }

  const std::string folder_ = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(ManifestFilesTest, ThatAreAsTheyWereGivenAgree) {
  Write("index.html", "page");
  Write("records/mood-check-in.csv", "table");

  const auto files = CompareFiles(CopyManifest(), folder_);

  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(files->agree,
              ElementsAre("index.html", "records/mood-check-in.csv"));
  EXPECT_THAT(files->differ, IsEmpty());
  EXPECT_THAT(files->missing, IsEmpty());
}

TEST_F(ManifestFilesTest, ThatWereChangedDifferAndThoseNotThereAreSaid) {
  Write("index.html", "another page");

  const auto files = CompareFiles(CopyManifest(), folder_);

  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(files->agree, IsEmpty());
  EXPECT_THAT(files->differ, ElementsAre("index.html"));
  EXPECT_THAT(files->missing, ElementsAre("records/mood-check-in.csv"));
}

TEST_F(ManifestFilesTest, AFolderInTheNameOfAFileIsAnError) {
  Write("index.html/x", "page");

  EXPECT_TRUE(
      absl::IsInvalidArgument(CompareFiles(CopyManifest(), folder_).status()));
}

}  // namespace
}  // namespace subrosa
