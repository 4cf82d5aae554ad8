// The probes of transparency-dev/merkle (testdata/inclusion and consistency):
// true proofs, and each way in which a proof can be false.
#include <glob.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "src/audit/merkle.h"
#include "src/crypto/base64.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

using Json = simdjson::dom::element;

uint64_t Number(Json probe, const char* name) { return uint64_t(probe[name]); }

// A hash of a probe. One that is empty is none, which whoever reads proofs
// refuses before any check. A few roots that the probes do not care about are
// plain words, shorter than a hash: they get zeros at the end.
absl::optional<MerkleHash> HashIn(Json text) {
  const std::string_view base64(text);
  const absl::optional<std::string> bytes = DecodeBase64(
      absl::string_view(base64.data(), base64.size()), Base64Padding::kEquals);
  MerkleHash hash = {};
  if (!bytes.has_value() || bytes->empty() || bytes->size() > hash.size()) {
    return absl::nullopt;
  }
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

absl::optional<std::vector<MerkleHash>> ProofIn(Json probe) {
  std::vector<MerkleHash> proof;
  const Json hashes = probe["proof"];
  if (hashes.is_null()) return proof;
  for (const Json text : hashes.get_array()) {
    const absl::optional<MerkleHash> hash = HashIn(text);
    if (!hash.has_value()) return absl::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

absl::Status NoHash() {
  return absl::InvalidArgumentError("probe: want hashes, got none");
}

absl::Status CheckInclusionProbe(Json probe) {
  const auto leaf = HashIn(probe["leafHash"]);
  const auto root = HashIn(probe["root"]);
  const auto proof = ProofIn(probe);
  if (!leaf.has_value() || !root.has_value() || !proof.has_value()) {
    return NoHash();
  }
  return CheckInclusion(Number(probe, "leafIdx"), Number(probe, "treeSize"),
                        *leaf, *proof, *root);
}

absl::Status CheckConsistencyProbe(Json probe) {
  const auto old_root = HashIn(probe["root1"]);
  const auto new_root = HashIn(probe["root2"]);
  const auto proof = ProofIn(probe);
  if (!old_root.has_value() || !new_root.has_value() || !proof.has_value()) {
    return NoHash();
  }
  return CheckConsistency(Number(probe, "size1"), Number(probe, "size2"),
                          *old_root, *new_root, *proof);
}

std::vector<std::string> FilesLike(const std::string& pattern) {
  glob_t found = {};
  std::vector<std::string> files;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return files;
}

struct ProbeCount {
  int accepted = 0;
  int refused = 0;
};

// Runs `check` on every probe below `folder` and wants so many of each kind.
void RunProbes(const std::string& folder, ProbeCount want,
               const std::function<absl::Status(Json)>& check) {
  const absl::optional<std::string> data = SharedDataFolder("crypto/merkle");
  if (!data.has_value()) {
    testing::Test::RecordProperty("outside_vectors_skipped",
                                  want.accepted + want.refused);
    GTEST_SKIP() << kNoSharedData;
  }
  ProbeCount run;
  for (const char* depth : {"/*/*.json", "/*/*/*.json"}) {
    for (const std::string& file :
         FilesLike(absl::StrCat(*data, "/", folder, depth))) {
      simdjson::dom::parser parser;
      Json probe;
      ASSERT_EQ(parser.load(file).get(probe), simdjson::SUCCESS) << file;
      const bool want_error = bool(probe["wantErr"]);
      const absl::Status status = check(probe);
      EXPECT_EQ(!status.ok(), want_error) << file << ": " << status;
      EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << file;
      ++(status.ok() ? run.accepted : run.refused);
    }
  }
  EXPECT_EQ(run.accepted, want.accepted);
  EXPECT_EQ(run.refused, want.refused);
  testing::Test::RecordProperty("outside_vectors_run",
                                run.accepted + run.refused);
  std::printf("%s: %d probes accepted, %d refused\n", folder.c_str(),
              run.accepted, run.refused);
}

TEST(MerkleProbesTest, OnlyTrueInclusionProofsAreAccepted) {
  RunProbes("inclusion", {6, 92}, CheckInclusionProbe);
}

TEST(MerkleProbesTest, OnlyTrueConsistencyProofsAreAccepted) {
  RunProbes("consistency", {6, 92}, CheckConsistencyProbe);
}

}  // namespace
}  // namespace subrosa
