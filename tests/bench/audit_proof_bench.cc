// Proofs out of a log of a hundred million leaves, and what a receipt costs
// whoever checks it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/audit/merkle.h"
#include "src/audit/receipt.h"
#include "src/audit/tile.h"
#include "src/audit/tlog_proof.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/signed_note.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"

namespace subrosa {
namespace {

constexpr absl::string_view kOrigin = "bench.example/audit";
constexpr int kProofs = 2000;

uint64_t LeafCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_PROOF_LEAVES");
  return text == nullptr ? 100'000'000
                         : static_cast<uint64_t>(std::atoll(text));
}

// Stands for the hash of leaf `index`: proofs do not depend on what was hashed.
MerkleHash HashOfLeaf(uint64_t index) {
  MerkleHash hash;
  uint64_t word = index + 1;
  for (size_t i = 0; i < hash.size(); i += sizeof(word)) {
    word = (word ^ (word >> 29)) * 0xbf58476d1ce4e5b9U;
    std::memcpy(hash.data() + i, &word, sizeof(word));
  }
  return hash;
}

// Writes the tiles of a tree of `size` leaves, the last of which hashes to
// `last`, and returns its root. No entries: proofs need none.
MerkleHash WriteTiles(uint64_t size, const MerkleHash& last, LogFiles& files) {
  std::array<std::vector<MerkleHash>, kMaxTileLevels> levels;
  std::array<uint64_t, kMaxTileLevels> filled = {};
  MerkleHasher hasher;
  for (uint64_t i = 0; i < size; ++i) {
    levels[0].push_back(i + 1 == size ? last : HashOfLeaf(i));
    for (int level = 0; levels[level].size() == kTileWidth; ++level) {
      Require(files.Write(TilePath({level, filled[level]++, 256}),
                          SerializeTile(levels[level])));
      levels[level + 1].push_back(SubtreeRoot(levels[level], hasher));
      levels[level].clear();
    }
  }
  MerkleHash root = EmptyRoot();
  bool has_root = false;
  for (int level = 0; level < kMaxTileLevels; ++level) {
    std::vector<MerkleHash> hashes = levels[level];
    if (hashes.empty()) continue;
    Require(files.Write(
        TilePath({level, filled[level], static_cast<int>(hashes.size())}),
        SerializeTile(hashes)));
    if (has_root) hashes.push_back(root);
    root = SubtreeRoot(hashes, hasher);
    has_root = true;
  }
  return root;
}

int Main(bool json) {
  const ScratchFolder folder;
  Require(ReplaceFile(folder / "passphrase", "no secret", 0600));
  const auto passphrase = ReadSecretFile(folder / "passphrase");
  Require(passphrase.status());
  const auto keyring = Keyring::Create(folder / "keyring", *passphrase,
                                       KeyringCost::kInteractive);
  Require(keyring.status());
  const auto public_key = (*keyring)->CreateSigningKey("log");
  Require(public_key.status());
  const auto key = NoteKey::Create(kOrigin, *public_key);
  Require(key.status());

  Leaf leaf = NewLeaf(LeafKind::kConsumerKeyDestroyed, 20782);
  leaf.commitments.resize(2);
  const auto entry = SerializeLeaf(leaf);
  Require(entry.status());
  const uint64_t size = LeafCount();
  LogFiles files(folder / "log");
  Require(files.MakeFolder());
  MerkleHasher hasher;
  Checkpoint checkpoint;
  checkpoint.origin = std::string(kOrigin);
  checkpoint.size = size;
  checkpoint.root = WriteTiles(size, hasher.Leaf(*entry), files);
  const auto note =
      SignNote(SerializeCheckpoint(checkpoint), *key,
               [&](absl::string_view m) { return (*keyring)->Sign("log", m); });
  Require(note.status());
  auto reader = LogReader::AtCheckpoint(folder / "log", *note);
  Require(reader.status());

  std::mt19937_64 random(1);
  std::vector<double> seconds;
  for (int i = 0; i < kProofs; ++i) {
    const uint64_t index = random() % size;
    const auto start = std::chrono::steady_clock::now();
    Require(reader->Prove(index, "").status());
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(seconds.begin(), seconds.end());

  ReceiptExtra extra;
  extra.leaf = *entry;
  const auto proof = reader->Prove(size - 1, SerializeReceiptExtra(extra));
  Require(proof.status());
  const std::string receipt = SerializeTlogProof(*proof);
  Require(VerifyReceipt(receipt, {*key}, {}).status());

  std::vector<Figure> figures(4);
  figures[0].name = absl::StrCat("inclusion proof out of ", size,
                                 " leaves, read from tiles and checked");
  figures[0].unit = "us";
  figures[0].value = 1e6 * seconds[kProofs / 2];
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 1000;
  figures[1].name = "the same, the slowest in a hundred";
  figures[1].unit = "us";
  figures[1].value = 1e6 * seconds[kProofs * 99 / 100];
  const Comparison comparison = Compare(
      50, [&] { Require(VerifyReceipt(receipt, {*key}, {}).status()); },
      [&] {
        Require(OpenNote(*note, {*key}).status());
        MerkleHash hash = hasher.Leaf(*entry);
        for (const MerkleHash& sibling : proof->proof) {
          hash = hasher.Node(sibling, hash);
        }
      });
  figures[2].name = "verifying a receipt";
  figures[2].unit = "us";
  figures[2].value = 1e6 * comparison.seconds;
  figures[2].goal = Goal::kAtMost;
  figures[2].bound = 150;
  figures[3].name = "the same, beside its raw parts";
  figures[3].unit = "us";
  figures[3].value = 1e6 * comparison.seconds;
  figures[3].baseline = "one signature checked, as many hashes made";
  figures[3].baseline_value = 1e6 * comparison.baseline_seconds;
  figures[3].ratio = comparison.time_ratio;
  return PrintFigures("audit", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: audit_proof_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
