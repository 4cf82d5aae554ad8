#include "src/exports/zip_stream.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr uint32_t kHeaderSignature = 0x04034b50;
constexpr uint32_t kListSignature = 0x02014b50;
constexpr uint32_t kLongEndSignature = 0x06064b50;
constexpr uint32_t kLongEndPlaceSignature = 0x07064b50;
constexpr uint32_t kEndSignature = 0x06054b50;

// What reading it takes: 2.0 for deflate, 4.5 for ZIP64. Made under Unix.
constexpr uint32_t kVersion = 20;
constexpr uint32_t kLongVersion = 45;
constexpr uint32_t kMadeUnderUnix = 3 << 8;
constexpr uint32_t kStored = 0;
constexpr uint32_t kDeflated = 8;
// A file, 0600.
constexpr uint32_t kUnixMode = 0100600;

// Stands where a number does not fit and is told in ZIP64's own field.
constexpr uint64_t kLong32 = 0xFFFFFFFF;
constexpr uint64_t kLong16 = 0xFFFF;
constexpr uint32_t kLongExtra = 0x0001;
// Seconds since 1970, since a zip's own date is in nobody knows which zone.
constexpr uint32_t kTimeExtra = 0x5455;

void Put(int bytes, uint64_t number, std::string* out) {
  for (int i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>(number >> (8 * i)));
  }
}

void PutBounded(int bytes, uint64_t number, std::string* out) {
  Put(bytes, std::min(number, bytes == 2 ? kLong16 : kLong32), out);
}

// A zip's date and time: 1980 to 2107, in steps of two seconds.
uint32_t DateAndTime(absl::Time time) {
  const absl::CivilSecond civil =
      std::clamp(absl::ToCivilSecond(time, absl::UTCTimeZone()),
                 absl::CivilSecond(1980, 1, 1),
                 absl::CivilSecond(2107, 12, 31, 23, 59, 58));
  const auto date = static_cast<uint32_t>((civil.year() - 1980) << 9 |
                                          civil.month() << 5 | civil.day());
  const auto clock = static_cast<uint32_t>(
      civil.hour() << 11 | civil.minute() << 5 | civil.second() / 2);
  return date << 16 | clock;
}

void PutTimeExtra(absl::Time time, std::string* out) {
  Put(2, kTimeExtra, out);
  Put(2, 5, out);
  Put(1, 1, out);  // The time of change follows, and no other.
  Put(4, static_cast<uint64_t>(absl::ToUnixSeconds(time)), out);
}

}  // namespace

std::string ZipStream::Facts(const ZipEntry& entry, bool is_long,
                             size_t extra_bytes) const {
  std::string facts;
  Put(2, is_long ? kLongVersion : kVersion, &facts);
  Put(2, 0, &facts);  // Flags.
  Put(2, entry.is_deflated ? kDeflated : kStored, &facts);
  Put(4, DateAndTime(made_at_), &facts);
  Put(4, entry.crc32, &facts);
  Put(4, is_long ? kLong32 : entry.packed_bytes, &facts);
  Put(4, is_long ? kLong32 : entry.bytes, &facts);
  Put(2, entry.name.size(), &facts);
  Put(2, extra_bytes, &facts);
  return facts;
}

absl::Status ZipStream::Begin(const ZipEntry& entry) {
  const bool is_long =
      std::max(entry.bytes, entry.packed_bytes) >= kLong32 || at_ >= kLong32;
  std::string extra;
  PutTimeExtra(made_at_, &extra);
  if (is_long) {
    Put(2, kLongExtra, &extra);
    Put(2, 16, &extra);
    Put(8, entry.bytes, &extra);
    Put(8, entry.packed_bytes, &extra);
  }
  std::string header;
  Put(4, kHeaderSignature, &header);
  absl::StrAppend(&header, Facts(entry, is_long, extra.size()), entry.name,
                  extra);

  if (is_long) {
    // In the list the field holds the place, too.
    extra.clear();
    PutTimeExtra(made_at_, &extra);
    Put(2, kLongExtra, &extra);
    Put(2, 24, &extra);
    Put(8, entry.bytes, &extra);
    Put(8, entry.packed_bytes, &extra);
    Put(8, at_, &extra);
  }
  Put(4, kListSignature, &list_);
  Put(2, kMadeUnderUnix | (is_long ? kLongVersion : kVersion), &list_);
  list_.append(Facts(entry, is_long, extra.size()));
  Put(2, 0, &list_);  // No comment, on disk 0, not known to be text.
  Put(2, 0, &list_);
  Put(2, 0, &list_);
  Put(4, kUnixMode << 16, &list_);
  Put(4, is_long ? kLong32 : at_, &list_);
  absl::StrAppend(&list_, entry.name, extra);

  ++entries_;
  at_ += header.size() + entry.packed_bytes;
  return out_->Append(header);
}

absl::Status ZipStream::Finish() {
  std::string end;
  if (entries_ >= kLong16 || at_ >= kLong32 || list_.size() >= kLong32) {
    Put(4, kLongEndSignature, &end);
    Put(8, 44, &end);  // Bytes of it that follow.
    Put(2, kMadeUnderUnix | kLongVersion, &end);
    Put(2, kLongVersion, &end);
    Put(4, 0, &end);
    Put(4, 0, &end);
    Put(8, entries_, &end);
    Put(8, entries_, &end);
    Put(8, list_.size(), &end);
    Put(8, at_, &end);
    Put(4, kLongEndPlaceSignature, &end);
    Put(4, 0, &end);
    Put(8, at_ + list_.size(), &end);
    Put(4, 1, &end);  // Disks.
  }
  Put(4, kEndSignature, &end);
  Put(2, 0, &end);
  Put(2, 0, &end);
  PutBounded(2, entries_, &end);
  PutBounded(2, entries_, &end);
  PutBounded(4, list_.size(), &end);
  PutBounded(4, at_, &end);
  Put(2, 0, &end);  // No comment.
  SUBROSA_RETURN_IF_ERROR(out_->Append(list_));
  return out_->Append(end);
}

}  // namespace subrosa
