// Sealing and opening into a caller's buffer is for hot paths: it must not
// touch the heap.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/crypto/envelope.h"
#include "src/crypto/prf.h"
#include "src/crypto/row_tag.h"
#include "src/crypto/secret_key.h"
#include "tests/bench/allocation_count.h"

namespace subrosa {
namespace {

EnvelopeContext Context() {
  EnvelopeContext context;
  context.entity = "acme";
  context.data_ref = "data-ref-16bytes";
  context.record_ref = "record-16-bytes!";
  context.schema = "subrosa.v1.JournalEntry";
  context.purpose = "sleep-coaching";
  return context;
}

class AllocationTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer allocates here";
  }
};

TEST_F(AllocationTest, TheCounterCounts) {
  const size_t before = AllocationCount();
  void* volatile memory = std::malloc(1000);  // Not to be optimised away.
  std::free(memory);

  EXPECT_EQ(AllocationCount(), before + 1);
}

TEST_F(AllocationTest, SealingAndOpeningIntoBuffersAllocateNothing) {
  const SecretKey key = *SecretKey::Random();
  for (const Suite suite : {Suite::kChaCha20Poly1305, Suite::kAes256Gcm}) {
    for (const Padding padding : {Padding::kNone, Padding::kBuckets}) {
      for (const size_t size : {0, 100, 1024, 4096, 65536}) {
        const SealOptions options = {suite, padding};
        const std::string plaintext(size, 'p');
        std::vector<uint8_t> envelope(SealedSize(size, options));
        std::vector<uint8_t> opened(envelope.size());
        const absl::string_view sealed(
            reinterpret_cast<const char*>(envelope.data()), envelope.size());
        bool all_well = true;
        size_t before = 0;
        for (int i = 0; i < 1000; ++i) {
          // The thread's first call may set up.
          if (i == 1) before = AllocationCount();
          all_well =
              all_well &&
              SealTo(key, KeyRef(), Context(), plaintext, options,
                     absl::MakeSpan(envelope))
                  .ok() &&
              OpenTo(key, Context(), sealed, absl::MakeSpan(opened)).ok();
        }
        EXPECT_EQ(AllocationCount() - before, 0u) << size;
        EXPECT_TRUE(all_well);
      }
    }
  }
}

TEST_F(AllocationTest, TagsAndTokensAllocateNothing) {
  const SecretKey key = *SecretKey::Random();
  RowColumns columns;
  columns.source = "ios-app";
  uint8_t sink = 0;

  const size_t before = AllocationCount();
  for (int i = 0; i < 1000; ++i) {
    sink ^= RowTag(key, Context(), columns)[0];
    sink ^= Prf(key, "token", {"ada", "lovelace"})[0];
  }

  EXPECT_EQ(AllocationCount() - before, 0u) << static_cast<int>(sink);
}

}  // namespace
}  // namespace subrosa
