// A ConsumerMap says which of a service's consumers the people of a file are,
// where the file has ids of its own for them.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_CONSUMER_MAP_H_
#define SUBROSA_SRC_INGEST_CONSUMER_MAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

class ConsumerMap {
 public:
  // How much a map may hold; what is larger is refused. A person costs the
  // bytes of both ids and 8 more, so a map takes at most 160 MiB, and while it
  // is read up to twice that.
  static constexpr size_t kMaxPeople = size_t{4} << 20;
  static constexpr size_t kMaxIdBytesInAll = size_t{128} << 20;

  // Reads `path`, CSV (RFC 4180) of two columns under the header
  // `source,consumer`: the id in the file, and the service's. Two ids of a file
  // may be one consumer; one id is never two.
  //
  // INVALID_ARGUMENT, `consumer map: row 3: want …, got …` and never an id, for
  // another header, a row of other than two ids, an id twice in the first
  // column, and an id that could be read in two ways: empty, over 256 bytes, or
  // with white space at an end or a control character. Then nothing is mapped:
  // part of a map would make strangers of people. RESOURCE_EXHAUSTED beyond the
  // limits. Else errors as OpenForReading.
  static absl::StatusOr<ConsumerMap> Load(const std::string& path);

  // The consumer that `source_id` stands for; empty if it is not in the map.
  // Valid as long as the map.
  absl::string_view Find(absl::string_view source_id) const;

  size_t size() const { return people_.size(); }

 private:
  // Where in ids_ a person stands: the lengths of both ids in two bytes each,
  // then both.
  using Place = uint32_t;

  absl::Status Add(absl::string_view source_id, absl::string_view consumer);
  absl::Status Sort();
  absl::string_view SourceId(Place place) const;
  absl::string_view Consumer(Place place) const;
  size_t LengthAt(size_t at) const;

  std::string ids_;
  std::vector<Place> people_;  // By source id, once sorted.
};

// Reads the one id that the file `path` holds, with or without the end of its
// line: whom a file is about that names nobody.
//
// INVALID_ARGUMENT, without the id, unless it is one that a ConsumerMap takes.
// Else errors as ReadFile.
absl::StatusOr<std::string> ReadConsumerId(const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CONSUMER_MAP_H_
