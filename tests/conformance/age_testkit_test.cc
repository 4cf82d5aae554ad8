// The age test kit (C2SP/CCTV): one file per case, with a few lines in front
// that say what a reader must make of it.
#include <dirent.h>
#include <sodium.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/age_armor.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_reader.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/unsafe_secret_access.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

constexpr int kApplicableVectors = 124;
constexpr size_t kMaxVectorBytes = 1 << 20;
constexpr size_t kMaxInflatedBytes = 64 << 20;

struct Vector {
  // Of each name that may stand several times, all values in order.
  std::map<std::string, std::vector<std::string>> fields;
  std::string file;

  std::string Only(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second.front();
  }
};

Vector ParseVector(absl::string_view text) {
  Vector vector;
  const size_t end = text.find("\n\n");
  for (const absl::string_view line :
       absl::StrSplit(text.substr(0, end), '\n')) {
    const std::vector<std::string> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    vector.fields[field[0]].push_back(field[1]);
  }
  vector.file = std::string(text.substr(end + 2));
  return vector;
}

std::string Inflate(const std::string& compressed) {
  std::string bytes(kMaxInflatedBytes, '\0');
  uLongf size = bytes.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(&bytes[0]), &size,
                       reinterpret_cast<const Bytef*>(compressed.data()),
                       compressed.size()),
            Z_OK);
  bytes.resize(size);
  return bytes;
}

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

std::vector<std::unique_ptr<AgeIdentity>> IdentitiesOf(const Vector& vector) {
  std::vector<std::unique_ptr<AgeIdentity>> identities;
  for (const auto& field : vector.fields) {
    for (const std::string& value : field.second) {
      if (field.first == "identity") {
        identities.push_back(absl::make_unique<X25519Identity>(
            *X25519Identity::Parse(Secret(value))));
      } else if (field.first == "passphrase") {
        identities.push_back(absl::make_unique<ScryptIdentity>(
            *ScryptIdentity::Create(Secret(value))));
      }
    }
  }
  return identities;
}

std::string Sha256Hex(const std::string& bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<uint8_t*>(&digest[0]),
                     reinterpret_cast<const uint8_t*>(bytes.data()),
                     bytes.size());
  return absl::BytesToHexString(digest);
}

// In the test kit's words, what the reader's answer was.
std::string Outcome(const absl::Status& status) {
  if (status.ok()) return "success";
  if (absl::IsPermissionDenied(status)) return "no match";
  if (!absl::IsInvalidArgument(status)) return status.ToString();
  if (absl::StartsWith(status.message(), "age.armor: ")) return "armor failure";
  if (absl::StartsWith(status.message(), "age.header.mac: want the MAC")) {
    return "HMAC failure";
  }
  if (absl::StartsWith(status.message(), "age.header")) return "header failure";
  if (absl::StartsWith(status.message(), "age.payload")) {
    return "payload failure";
  }
  return status.ToString();
}

void RunVector(const Vector& vector, int threads) {
  const std::string file =
      vector.Only("compressed") == "zlib" ? Inflate(vector.file) : vector.file;
  const std::vector<std::unique_ptr<AgeIdentity>> identities =
      IdentitiesOf(vector);
  std::vector<const AgeIdentity*> pointers;
  for (const auto& identity : identities) pointers.push_back(identity.get());
  StringSource source(file);
  // Whether a file is armored is told: some of the armored ones are not
  // recognizable as such.
  ArmorSource armor(&source);
  ByteSource* in = &source;
  if (vector.Only("armored") == "yes") in = &armor;
  AgeReadOptions options;
  options.threads = threads;
  std::string plaintext;
  StringSink out(&plaintext);

  const absl::Status status = AgeDecrypt(in, pointers, options, &out);

  EXPECT_EQ(Outcome(status), vector.Only("expect")) << status;
  if (vector.fields.count("payload") > 0) {
    EXPECT_EQ(Sha256Hex(plaintext), vector.Only("payload"));
  } else {
    EXPECT_EQ(plaintext, "");
  }
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* entries = opendir(folder.c_str());
  while (const dirent* entry = readdir(entries)) {
    if (entry->d_name[0] != '.') names.push_back(entry->d_name);
  }
  closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

TEST(AgeTestkitTest, EveryFileIsOpenedOrRefusedAsTheTestKitSays) {
  const absl::optional<std::string> folder =
      SharedDataFolder("crypto/age_testkit");
  if (!folder.has_value()) {
    RecordProperty("outside_vectors_skipped", kApplicableVectors);
    GTEST_SKIP() << kNoSharedData;
  }
  int run = 0;
  int not_applicable = 0;

  for (const std::string& name : FilesIn(*folder)) {
    SCOPED_TRACE(name);
    // Post-quantum recipients need ML-KEM, which Debian 12 does not have.
    if (absl::StrContains(name, "hybrid")) {
      ++not_applicable;
      continue;
    }
    const Vector vector = ParseVector(
        *ReadFile(absl::StrCat(*folder, "/", name), kMaxVectorBytes));
    RunVector(vector, /*threads=*/1);
    RunVector(vector, /*threads=*/3);
    ++run;
  }

  EXPECT_EQ(run, kApplicableVectors);
  RecordProperty("outside_vectors_run", run);
  std::printf("age test kit: %d vectors run, %d not applicable (ML-KEM)\n", run,
              not_applicable);
}

}  // namespace
}  // namespace subrosa
