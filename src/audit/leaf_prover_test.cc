#include "src/audit/leaf_prover.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/log_reader.h"
#include "src/audit/scratch_log.h"
#include "src/audit/tlog_proof.h"

namespace subrosa {
namespace {

// A log of `size` entries.
void Fill(ScratchLog& log, Sequencer& sequencer, size_t size) {
  std::vector<std::string> entries;
  for (size_t i = 0; i < size; ++i) entries.push_back(absl::StrCat("e", i));
  log.Commit("keys", entries);
  log.TakeAll(sequencer);
}

TEST(LeafProverTest, EachLeafHasTheReceiptThatTheReaderMakes) {
  for (const size_t size : {1, 2, 7, 255, 256, 257, 600, 1030}) {
    ScratchLog log;
    const std::unique_ptr<Sequencer> sequencer = log.Open();
    Fill(log, *sequencer, size);
    auto reader =
        LogReader::AtCheckpoint(log.log_folder(), log.Status().checkpoint);
    ASSERT_TRUE(reader.ok());
    LeafProver prover(*reader);

    for (size_t index = 0; index < size; ++index) {
      const auto proof = prover.Prove(index, "x");

      ASSERT_TRUE(proof.ok()) << size << ": " << proof.status();
      EXPECT_EQ(SerializeTlogProof(*proof),
                SerializeTlogProof(*reader->Prove(index, "x")));
    }
    EXPECT_TRUE(absl::IsInvalidArgument(prover.Prove(size, "").status()));
  }
}

}  // namespace
}  // namespace subrosa
