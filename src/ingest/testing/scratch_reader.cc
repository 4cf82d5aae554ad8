#include "src/ingest/testing/scratch_reader.h"

#include <unistd.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"

namespace subrosa {

ReaderOptions OptionsWithDefaults() {
  ReaderOptions options;
  options.defaults.source = "test-source";
  options.defaults.purpose = "sleep-coaching";
  options.defaults.basis = v1::BASIS_NECESSARY;
  options.defaults.collection = v1::COLLECTION_CONSUMER;
  options.defaults.collected_at = absl::FromUnixSeconds(1700000000);
  return options;
}

Reading ReadAll(const std::string& path, const ReaderOptions& options) {
  Reading reading;
  absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      OpenReader(path, options);
  reading.status = reader.status();
  if (!reader.ok()) return reading;
  v1::HealthRecord record;
  for (;;) {
    const absl::StatusOr<ReadOutcome> outcome = (*reader)->Next(&record);
    reading.status = outcome.status();
    if (!outcome.ok()) return reading;
    const std::string place =
        absl::StrCat((*reader)->unit(), " ", outcome->number, ", byte ",
                     outcome->byte_offset, ": ");
    switch (outcome->step) {
      case ReadStep::kRecord:
        reading.records.push_back(record);
        if (outcome->is_kept_whole) {
          reading.kept_whole.push_back(absl::StrCat(place, outcome->type));
        }
        break;
      case ReadStep::kReject:
        reading.rejects.push_back(
            absl::StrCat(place, outcome->reject.message()));
        EXPECT_TRUE(absl::IsInvalidArgument(outcome->reject))
            << outcome->reject;
        break;
      case ReadStep::kNotAboutConsumer:
        reading.not_about_consumer.push_back(
            absl::StrCat(place, outcome->type));
        break;
      case ReadStep::kEnd:
        reading.end = absl::StrCat(outcome->number, " ", (*reader)->unit(),
                                   "s, ", outcome->byte_offset, " bytes");
        return reading;
    }
  }
}

Reading ReadText(absl::string_view content, const ReaderOptions& options) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/scratch-", getpid());
  const absl::Status written = ReplaceFile(path, content, 0600);
  EXPECT_TRUE(written.ok()) << written;
  Reading reading = ReadAll(path, options);
  unlink(path.c_str());
  return reading;
}

}  // namespace subrosa
