#include "src/vault/orphans.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/key_tables.h"

namespace subrosa {
namespace {

constexpr size_t kRefBytes = 16;
// Compared as the database compares them.
using DataRef = std::array<uint8_t, kRefBytes>;

// How many are put into strings at one time.
constexpr size_t kVisitedAtOnce = 10000;

absl::StatusOr<DataRef> ParseRef(absl::string_view bytes) {
  if (bytes.size() != kRefBytes) {
    return absl::DataLossError(
        absl::StrCat("record store.record: want ", kRefBytes,
                     " bytes of data_ref, got ", bytes.size()));
  }
  DataRef ref;
  bytes.copy(reinterpret_cast<char*>(ref.data()), ref.size());
  return ref;
}

// The data_refs that have rows, in their order.
class RefReader {
 public:
  explicit RefReader(RecordStore& records) : records_(records) {}

  // The next `limit`; fewer at the end.
  absl::StatusOr<std::vector<DataRef>> Read(size_t limit) {
    std::vector<DataRef> refs;
    while (refs.size() < limit) {
      SUBROSA_ASSIGN_OR_RETURN(std::string next, records_.NextDataRef(last_));
      if (next.empty()) break;
      SUBROSA_ASSIGN_OR_RETURN(refs.emplace_back(), ParseRef(next));
      last_ = std::move(next);
    }
    return refs;
  }

 private:
  RecordStore& records_;
  std::string last_;
};

// Which of `refs`, which go upwards, a directory entry leads to.
absl::StatusOr<std::vector<char>> MarkLive(KeyStore& keys,
                                           absl::Span<const DataRef> refs) {
  const KeyTables tables = keys.Tables();
  std::vector<char> is_live(refs.size(), 0);
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(tables.database));
  // The epochs of this instant: a rotation may have moved the entries.
  SUBROSA_RETURN_IF_ERROR(tables.epochs.Refresh().status());
  const auto mark = [&](absl::string_view data_ref) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const DataRef ref, ParseRef(data_ref));
    const auto found = std::lower_bound(refs.begin(), refs.end(), ref);
    if (found != refs.end() && *found == ref) {
      is_live[static_cast<size_t>(found - refs.begin())] = 1;
    }
    return absl::OkStatus();
  };
  SUBROSA_RETURN_IF_ERROR(VisitDirectory(
      tables,
      [&](const DirectoryPointer& pointer) { return mark(pointer.data_ref); }));
  // What is not resealed yet stands under older references.
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           tables.consumer_keys.ReadRetiring());
  for (const RetiringKey& key : retiring) {
    DirectoryPointer pointer;
    pointer.key_id = key.ref.id;
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables.consumer_keys.Resolve(pointer);
    if (absl::IsNotFound(consumer.status())) continue;
    if (!consumer.ok()) return consumer.status();
    for (const OlderKey& older : (*consumer)->older) {
      SUBROSA_RETURN_IF_ERROR(mark(older.data_ref));
    }
  }
  return is_live;
}

// Hands the data_refs that nobody has to `visit`, some at a time.
absl::Status VisitOrphans(
    KeyStore& keys, RecordStore& records, size_t refs_at_once,
    absl::FunctionRef<absl::Status(absl::Span<const std::string>)> visit) {
  RefReader reader(records);
  for (;;) {
    // The order of these two is what makes it safe: see the header.
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<DataRef> refs,
                             reader.Read(refs_at_once));
    if (refs.empty()) return absl::OkStatus();
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<char> is_live,
                             MarkLive(keys, refs));
    std::vector<std::string> orphans;
    for (size_t i = 0; i < refs.size(); ++i) {
      if (is_live[i] == 0) {
        orphans.emplace_back(reinterpret_cast<const char*>(refs[i].data()),
                             kRefBytes);
      }
      if (orphans.size() == kVisitedAtOnce) {
        SUBROSA_RETURN_IF_ERROR(visit(orphans));
        orphans.clear();
      }
    }
    if (!orphans.empty()) SUBROSA_RETURN_IF_ERROR(visit(orphans));
  }
}

}  // namespace

absl::StatusOr<OrphanCount> CountOrphans(KeyStore& keys, RecordStore& records,
                                         size_t refs_at_once) {
  OrphanCount count;
  SUBROSA_RETURN_IF_ERROR(VisitOrphans(
      keys, records, refs_at_once,
      [&](absl::Span<const std::string> data_refs) -> absl::Status {
        for (const std::string& data_ref : data_refs) {
          SUBROSA_ASSIGN_OR_RETURN(const int64_t rows,
                                   records.CountRows(data_ref));
          count.rows += rows;
        }
        count.consumers += static_cast<int64_t>(data_refs.size());
        return absl::OkStatus();
      }));
  return count;
}

absl::StatusOr<OrphanCount> SweepOrphans(KeyStore& keys, RecordStore& records,
                                         int32_t today, size_t refs_at_once) {
  OrphanCount count;
  SUBROSA_RETURN_IF_ERROR(VisitOrphans(
      keys, records, refs_at_once,
      [&](absl::Span<const std::string> data_refs) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys.ReadIssued());
        SUBROSA_ASSIGN_OR_RETURN(
            const int64_t rows,
            records.DeleteRows(data_refs, today, keys_seen));
        count.rows += rows;
        count.consumers += static_cast<int64_t>(data_refs.size());
        return absl::OkStatus();
      }));
  if (count.rows == 0) return count;
  const absl::Status flushed = records.FlushJournal(absl::ZeroDuration());
  if (!flushed.ok() && !absl::IsUnavailable(flushed)) return flushed;
  return count;
}

}  // namespace subrosa
