#include "src/audit/checkpoint.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/audit/reference_tree.h"

namespace subrosa {
namespace {

constexpr char kOrigin[] = "example.org/rosewater/audit";
constexpr char kText[] =
    "example.org/rosewater/audit\n"
    "8\n"
    "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";

// Two keys, and lines that they signed kText with. Made with Python's
// cryptography from the specification.
constexpr char kLogKey[] =
    "example.org/rosewater/audit+06c5078a+"
    "Af7BQoZz9q/okmSzgHNErosmnRJaUDhVICaH21pxKFef";
constexpr char kOtherKey[] =
    "example.net/other+35d2ada3+AchtAa2LL7aUsi/2Djydnn7ZDbVgR3K3RFDUCRO5qcuv";
constexpr char kLogLine[] =
    "\xe2\x80\x94 example.org/rosewater/audit "
    "BsUHiopzJZSlgUCra+RUE8lgFrgySgYxClaq4oNv2MO264CR5kNtzMXs6edvty5Bs0+"
    "jlEILi29SP2+8G5xrT6gQIA4=\n";
constexpr char kOtherLine[] =
    "\xe2\x80\x94 example.net/other "
    "NdKto+x9EnIrqorPMLnV06/GzPNFrF1QHlTJ6h9Oly4pCBRc2oQqVJOntRRKo51fuC0IfWABn"
    "kJxm/RgQg7p+o1qgw4=\n";
// By the log's key over kText and a line "extension".
constexpr char kLogLineOfExtended[] =
    "\xe2\x80\x94 example.org/rosewater/audit "
    "BsUHipfXoCGfqiZQZl/ouC2OOBkIvCnmPHLA1LUnV+nkMNGWMPK5ZKdoocvo/"
    "Q6qRr+TTXPUfDksAjTIm8vP3Q3xTQ0=\n";

NoteKey KeyOf(const char* vkey) { return NoteKey::Parse(vkey).value(); }

std::string NoteOf(absl::string_view text, absl::string_view lines) {
  return absl::StrCat(text, "\n", lines);
}

TEST(CheckpointTest, ACheckpointIsReadAsItIsWritten) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(kText);

  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->origin, kOrigin);
  EXPECT_EQ(checkpoint->size, 8u);
  EXPECT_EQ(checkpoint->root,
            HashFromHex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370"
                        "eff4604328"));
  EXPECT_EQ(SerializeCheckpoint(*checkpoint), kText);
}

TEST(CheckpointTest, TheSmallestAndLargestTreesHaveCheckpoints) {
  for (const uint64_t size : {uint64_t{0}, ~uint64_t{0}}) {
    const std::string text = SerializeCheckpoint({kOrigin, size, EmptyRoot()});

    EXPECT_EQ(ParseCheckpoint(text)->size, size);
  }
}

TEST(CheckpointTest, AMalformedCheckpointIsRefusedWithWhatWasWanted) {
  const auto changed = [](const char* from, const char* to) {
    return absl::StrReplaceAll(kText, {{from, to}});
  };
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "checkpoint.origin: want a line"},
      {"\n", "checkpoint.origin: want a line"},
      {kOrigin, "checkpoint.origin: want a line"},
      {absl::StrCat("\n", kText), "checkpoint.origin"},
      {changed("rosewater/", "rose water/"), "checkpoint.origin"},
      {changed("rosewater/", "rose+water/"), "checkpoint.origin"},
      {changed("rosewater/", "rose\xffwater/"), "checkpoint.origin"},
      {changed(kOrigin, std::string(256, 'o').c_str()), "checkpoint.origin"},
      {absl::StrCat(kOrigin, "\n"), "checkpoint.size: want a line"},
      {absl::StrCat(kOrigin, "\n8"), "checkpoint.size: want a line"},
      {changed("\n8\n", "\n\n"), "checkpoint.size"},
      {changed("\n8\n", "\n08\n"), "checkpoint.size"},
      {changed("\n8\n", "\n+8\n"), "checkpoint.size"},
      {changed("\n8\n", "\n-8\n"), "checkpoint.size"},
      {changed("\n8\n", "\n 8\n"), "checkpoint.size"},
      {changed("\n8\n", "\n8 \n"), "checkpoint.size"},
      {changed("\n8\n", "\n8\r\n"), "checkpoint.size"},
      {changed("\n8\n", "\n0x8\n"), "checkpoint.size"},
      {changed("\n8\n", "\n18446744073709551616\n"), "checkpoint.size"},
      {changed("\n8\n", "\n"), "checkpoint.size"},
      {absl::StrCat(kOrigin, "\n8\n"), "checkpoint.root: want a line"},
      {absl::StrCat(kOrigin, "\n8\n\n"), "checkpoint.root"},
      {changed("Qyg=\n", "Qyg="), "checkpoint.root"},
      {changed("Qyg=", "Qyg"), "checkpoint.root"},
      {changed("Qyg=", "Qyh="), "checkpoint.root"},
      {changed("Qyg=", "QygA"), "checkpoint.root"},
      {changed("Qyg=", "Qw=="), "checkpoint.root"},
      {changed("Qyg=", "Qyg=="), "checkpoint.root"},
      {changed("+", "-"), "checkpoint.root"},
      {changed("Qyg=", "Qyg= "), "checkpoint.root"},
      {absl::StrCat(kText, "extension\n"),
       "checkpoint.extensions: want none, got 10 bytes"},
      {absl::StrCat(kText, "\n"), "checkpoint.extensions"},
      {absl::StrCat(kText, " "), "checkpoint.extensions"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseCheckpoint(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.text;
    EXPECT_TRUE(absl::StartsWith(status.message(), c.wanted))
        << c.wanted << ", but: " << status;
  }
}

TEST(CheckpointTest, ANoteThatTheLogSignedOpens) {
  const std::string note = NoteOf(kText, kLogLine);

  const absl::StatusOr<Checkpoint> checkpoint =
      OpenCheckpoint(note, {KeyOf(kLogKey)});

  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(SerializeCheckpoint(*checkpoint), kText);
}

TEST(CheckpointTest, OthersMaySignBesideTheLog) {
  const std::string note = NoteOf(kText, absl::StrCat(kOtherLine, kLogLine));

  EXPECT_TRUE(OpenCheckpoint(note, {KeyOf(kLogKey)}).ok());
  EXPECT_TRUE(OpenCheckpoint(note, {KeyOf(kOtherKey), KeyOf(kLogKey)}).ok());
}

TEST(CheckpointTest, AKnownKeyDoesNotSpeakForAnotherLog) {
  const std::string note = NoteOf(kText, kOtherLine);
  for (const std::vector<NoteKey>& keys :
       {std::vector<NoteKey>{KeyOf(kOtherKey)},
        std::vector<NoteKey>{KeyOf(kLogKey), KeyOf(kOtherKey)}}) {
    EXPECT_EQ(OpenCheckpoint(note, keys).status(),
              absl::InvalidArgumentError("checkpoint.origin: want the name of "
                                         "the key that signed, got another"));
  }
}

TEST(CheckpointTest, ANoteThatNoKnownKeySignedIsDenied) {
  const std::string note = NoteOf(kText, kLogLine);

  EXPECT_TRUE(absl::IsPermissionDenied(OpenCheckpoint(note, {}).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(
      OpenCheckpoint(note, {KeyOf(kOtherKey)}).status()));
}

TEST(CheckpointTest, AnotherSizeOrRootUnderTheSameSignatureIsRefused) {
  for (const auto& [from, to] :
       {std::pair{"\n8\n", "\n9\n"}, std::pair{"Xcna", "Ycna"},
        std::pair{"audit\n", "audiT\n"}}) {
    const std::string note =
        NoteOf(absl::StrReplaceAll(kText, {{from, to}}), kLogLine);
    EXPECT_TRUE(absl::IsInvalidArgument(
        OpenCheckpoint(note, {KeyOf(kLogKey)}).status()))
        << to;
  }
}

TEST(CheckpointTest, ASignedNoteThatIsNoCheckpointIsRefused) {
  const std::string note =
      NoteOf(absl::StrCat(kText, "extension\n"), kLogLineOfExtended);
  ASSERT_TRUE(OpenNote(note, {KeyOf(kLogKey)}).ok());

  EXPECT_EQ(OpenCheckpoint(note, {KeyOf(kLogKey)}).status(),
            absl::InvalidArgumentError(
                "checkpoint.extensions: want none, got 10 bytes"));
}

}  // namespace
}  // namespace subrosa
