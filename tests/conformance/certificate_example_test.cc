// The example of docs/formats/certificate.md, as the command reads it.
#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/signed_note.h"
#include "src/erasure/certificate_file.h"

namespace subrosa {
namespace {

// The vkey that the page quotes, on a line of its own.
NoteKey KeyOf(const std::string& page) {
  for (absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!absl::ConsumePrefix(&line, "    ")) continue;
    const auto key = NoteKey::Parse(line);
    if (key.ok()) return *key;
  }
  ADD_FAILURE() << "the page quotes no vkey";
  return NoteKey::Parse("").value();
}

TEST(CertificateExampleTest, TheExampleOfThePageIsProven) {
  const std::string page =
      ReadFile("docs/formats/certificate.md", size_t{1} << 20).value();
  const std::string file =
      ReadFile("docs/formats/certificate_example.txt", kMaxCertificateBytes)
          .value();

  const auto verified = VerifyCertificate(file, {KeyOf(page)}, {});

  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_TRUE(CheckCertificateConsumer(*verified, "ada").ok());
  EXPECT_FALSE(CheckCertificateConsumer(*verified, "bo").ok());
}

}  // namespace
}  // namespace subrosa
