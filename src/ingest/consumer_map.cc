#include "src/ingest/consumer_map.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/csv_splitter.h"

namespace subrosa {
namespace {

constexpr size_t kMaxIdBytes = 256;
constexpr size_t kLengthBytes = 2;
// Room for two ids, each of quotes that are doubled.
constexpr size_t kMaxRowBytes = size_t{2} << 10;
constexpr absl::string_view kSourceColumn = "source";
constexpr absl::string_view kConsumerColumn = "consumer";

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

bool IsControl(char c) { return absl::ascii_iscntrl(c) != 0; }

absl::Status CheckId(absl::string_view path, absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes) {
    return Wrong(path, absl::StrCat("an id of 1 to ", kMaxIdBytes, " bytes"),
                 absl::StrCat(id.size()));
  }
  if (!simdjson::validate_utf8(id.data(), id.size())) {
    return Wrong(path, "UTF-8", "other bytes");
  }
  if (absl::ascii_isspace(static_cast<unsigned char>(id.front())) ||
      absl::ascii_isspace(static_cast<unsigned char>(id.back()))) {
    return Wrong(path, "an id", "one with white space at an end");
  }
  if (std::any_of(id.begin(), id.end(), IsControl)) {
    return Wrong(path, "an id", "one with a control character");
  }
  return absl::OkStatus();
}

absl::Status CheckHeader(const CsvRow& row) {
  if (row.kind == CsvRow::Kind::kRow && row.cells.size() == 2 &&
      row.cells[0] == kSourceColumn && row.cells[1] == kConsumerColumn) {
    return absl::OkStatus();
  }
  return Wrong(
      "header", "`source,consumer`",
      row.kind == CsvRow::Kind::kEnd ? "an empty file" : "another first row");
}

void AppendLength(size_t length, std::string* out) {
  out->push_back(static_cast<char>(length >> 8));
  out->push_back(static_cast<char>(length));
}

}  // namespace

absl::StatusOr<ConsumerMap> ConsumerMap::Load(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  CsvSplitter rows(std::move(input), ',', kMaxRowBytes);
  SUBROSA_ASSIGN_OR_RETURN(const CsvRow header, rows.Next());
  SUBROSA_RETURN_IF_ERROR(Annotate(CheckHeader(header), "consumer map"));
  ConsumerMap map;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const CsvRow row, rows.Next());
    if (row.kind == CsvRow::Kind::kEnd) break;
    absl::Status status = row.reject;
    if (row.kind == CsvRow::Kind::kRow) {
      status = row.cells.size() == 2
                   ? map.Add(row.cells[0], row.cells[1])
                   : Wrong("row", "2 cells", absl::StrCat(row.cells.size()));
    }
    SUBROSA_RETURN_IF_ERROR(
        Annotate(status, absl::StrCat("consumer map: row ", row.number)));
  }
  SUBROSA_RETURN_IF_ERROR(Annotate(map.Sort(), "consumer map"));
  return map;
}

absl::Status ConsumerMap::Add(absl::string_view source_id,
                              absl::string_view consumer) {
  SUBROSA_RETURN_IF_ERROR(CheckId(kSourceColumn, source_id));
  SUBROSA_RETURN_IF_ERROR(CheckId(kConsumerColumn, consumer));
  const size_t bytes = source_id.size() + consumer.size() + 2 * kLengthBytes;
  if (people_.size() == kMaxPeople) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "want at most ", kMaxPeople, " people, got more: split file and map"));
  }
  if (ids_.size() + bytes > kMaxIdBytesInAll) {
    return absl::ResourceExhaustedError(
        absl::StrCat("want ids of at most ", kMaxIdBytesInAll,
                     " bytes in all, got more: split file and map"));
  }
  people_.push_back(static_cast<Place>(ids_.size()));
  AppendLength(source_id.size(), &ids_);
  AppendLength(consumer.size(), &ids_);
  ids_.append(source_id.data(), source_id.size());
  ids_.append(consumer.data(), consumer.size());
  return absl::OkStatus();
}

absl::Status ConsumerMap::Sort() {
  std::sort(people_.begin(), people_.end(),
            [this](Place a, Place b) { return SourceId(a) < SourceId(b); });
  const auto twice = std::adjacent_find(
      people_.begin(), people_.end(),
      [this](Place a, Place b) { return SourceId(a) == SourceId(b); });
  if (twice == people_.end()) return absl::OkStatus();
  return Wrong(kSourceColumn, "each id once", "one twice");
}

size_t ConsumerMap::LengthAt(size_t at) const {
  return static_cast<size_t>(static_cast<unsigned char>(ids_[at])) << 8 |
         static_cast<unsigned char>(ids_[at + 1]);
}

absl::string_view ConsumerMap::SourceId(Place place) const {
  return absl::string_view(ids_).substr(place + 2 * kLengthBytes,
                                        LengthAt(place));
}

absl::string_view ConsumerMap::Consumer(Place place) const {
  return absl::string_view(ids_).substr(
      place + 2 * kLengthBytes + LengthAt(place),
      LengthAt(place + kLengthBytes));
}

absl::string_view ConsumerMap::Find(absl::string_view source_id) const {
  const auto found =
      std::lower_bound(people_.begin(), people_.end(), source_id,
                       [this](Place place, absl::string_view id) {
                         return SourceId(place) < id;
                       });
  if (found == people_.end() || SourceId(*found) != source_id) return {};
  return Consumer(*found);
}

absl::StatusOr<std::string> ReadConsumerId(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(std::string id, ReadFile(path, kMaxIdBytes + 2));
  if (!id.empty() && id.back() == '\n') id.pop_back();
  if (!id.empty() && id.back() == '\r') id.pop_back();
  SUBROSA_RETURN_IF_ERROR(Annotate(CheckId("consumer", id), path));
  return id;
}

}  // namespace subrosa
