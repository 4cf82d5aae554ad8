#include "src/audit/cosignatures.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/token_provider.h"

namespace subrosa {
namespace {

constexpr absl::string_view kText = "rosewater.example/audit\n0\nAA==\n";
const absl::Time kNow = absl::FromUnixSeconds(1790000000);

class CosignaturesTest : public testing::Test {
 protected:
  NoteKey MakeWitness(const std::string& name) {
    const std::string public_key = *provider_.CreateSigningKey(name);
    return *NoteKey::Create(name, public_key, kNoteTypeCosignature);
  }

  NoteSignature CosignedBy(const NoteKey& key) {
    return *Cosign(kText, key, kNow, [&](absl::string_view message) {
      return provider_.Sign(key.name(), message);
    });
  }

  TokenProvider provider_;
  NoteKey ada_ = MakeWitness("witness.example/ada");
  NoteKey bea_ = MakeWitness("witness.example/bea");
};

TEST_F(CosignaturesTest, AWitnessThatCosignedIsNamedWithTheTime) {
  const Note note{std::string(kText), {CosignedBy(ada_)}};

  const auto seen = VerifyCosignatures(note, {ada_, bea_});

  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_EQ(seen->size(), 1u);
  EXPECT_EQ(seen->front().name, "witness.example/ada");
  EXPECT_EQ(seen->front().at, kNow);
  EXPECT_TRUE(CheckSeenByAll(*seen, {ada_}).ok());
}

TEST_F(CosignaturesTest, AWitnessThatDidNotIsMissed) {
  const Note note{std::string(kText), {CosignedBy(ada_)}};

  const absl::Status missed =
      CheckSeenByAll(*VerifyCosignatures(note, {ada_, bea_}), {ada_, bea_});

  EXPECT_TRUE(absl::IsPermissionDenied(missed));
  EXPECT_EQ(missed.message(),
            absl::StrFormat("want a cosignature by witness.example/bea, got "
                            "none of its key %08x",
                            bea_.id()));
}

TEST_F(CosignaturesTest, OneKeyDoesNotStandForAnotherOfItsName) {
  TokenProvider other;
  const NoteKey renewed = *NoteKey::Create(
      ada_.name(), *other.CreateSigningKey("renewed"), kNoteTypeCosignature);
  const Note note{std::string(kText), {CosignedBy(ada_)}};

  const auto seen = VerifyCosignatures(note, {ada_, renewed});

  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_TRUE(CheckSeenByAll(*seen, {ada_}).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckSeenByAll(*seen, {ada_, renewed})));
}

TEST_F(CosignaturesTest, AFalseCosignatureIsRefused) {
  Note note{std::string(kText), {CosignedBy(ada_)}};
  note.signatures.front().signature[3] ^= 1;  // The time.

  EXPECT_TRUE(
      absl::IsInvalidArgument(VerifyCosignatures(note, {ada_}).status()));
}

TEST_F(CosignaturesTest, WhoeverWasNotAskedForIsIgnored) {
  Note note{std::string(kText), {CosignedBy(ada_)}};
  note.signatures.front().signature[3] ^= 1;

  EXPECT_TRUE(VerifyCosignatures(note, {bea_})->empty());
  EXPECT_TRUE(CheckSeenByAll({}, {}).ok());
}

}  // namespace
}  // namespace subrosa
