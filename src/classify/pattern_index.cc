#include "src/classify/pattern_index.h"

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using Direction = BytePattern::Direction;

// The bytes among `bytes`, moved to the place `index` of a key and folded.
std::set<uint32_t> KeyBytes(const std::bitset<256>& bytes, size_t index,
                            uint32_t fold) {
  std::set<uint32_t> keys;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    if (bytes[byte]) keys.insert(byte << 8 * index & fold);
  }
  return keys;
}

// The keys of what begins so.
std::vector<uint32_t> KeysOf(const BytePattern::Opening& opening,
                             uint32_t fold) {
  std::vector<uint32_t> keys;
  for (const uint32_t first : KeyBytes(opening.bytes[0], 0, fold)) {
    for (const uint32_t second : KeyBytes(opening.bytes[1], 1, fold)) {
      for (const uint32_t third : KeyBytes(opening.bytes[2], 2, fold)) {
        keys.push_back(first | second | third);
      }
    }
  }
  return keys;
}

// Bits that are set, or are not set, in all texts that begin so: bits 8 * i to
// 8 * i + 7 are those of byte i.
uint64_t KnownBits(const BytePattern::Opening& opening, bool set) {
  uint64_t known = 0;
  for (size_t i = 0; i < opening.first_bytes.size(); ++i) {
    uint64_t bits = 0xff;
    for (uint64_t byte = 0; byte < 256; ++byte) {
      if (opening.first_bytes[i][byte]) bits &= set ? byte : ~byte;
    }
    known |= bits << 8 * i;
  }
  return known;
}

WordOpening OpeningOf(const BytePattern::Opening& opening, DigitNeed digit) {
  WordOpening word;
  word.bytes = opening.first_bytes;
  word.digit = digit;
  return word;
}

}  // namespace

absl::StatusOr<PatternIndex> PatternIndex::Create(
    absl::Span<const PlacedPattern> patterns, Direction key) {
  PatternIndex index;
  index.key_ = key;
  index.slots_.assign(kSlots / 64, 0);
  std::map<uint32_t, std::vector<Way>> buckets;  // By number of their slots.
  std::vector<WordOpening> words;
  for (const PlacedPattern& pattern : patterns) {
    auto before = BytePattern::Create(pattern.before, pattern.caseless,
                                      Direction::kBackwards);
    if (!before.ok()) return Annotate(before.status(), pattern.before);
    auto after = BytePattern::Create(pattern.after, pattern.caseless,
                                     Direction::kForwards);
    if (!after.ok()) return Annotate(after.status(), pattern.after);
    const std::vector<BytePattern::Opening> openings =
        (key == Direction::kForwards ? *after : *before).Openings();
    if (openings.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          pattern.before, pattern.after,
          ": want three bytes or more to look it up by, got fewer"));
    }
    for (const BytePattern::Opening& opening : openings) {
      const Way way = {static_cast<uint16_t>(index.patterns_.size()),
                       static_cast<uint16_t>(index.openings_.size()),
                       pattern.digit,
                       {KnownBits(opening, true),
                        KnownBits(opening, true) | KnownBits(opening, false)}};
      words.push_back(OpeningOf(opening, pattern.digit));
      index.openings_.push_back(opening);
      std::set<uint32_t> numbers;
      for (const uint32_t key_bytes : KeysOf(opening, kFold)) {
        const uint32_t slot = SlotOf(key_bytes);
        index.slots_[slot / 64] |= uint64_t{1} << (slot % 64);
        numbers.insert(slot / kBucketSlots);
      }
      for (const uint32_t number : numbers) buckets[number].push_back(way);
    }
    index.patterns_.push_back({*std::move(before), *std::move(after)});
  }
  // The first bucket is none.
  index.buckets_.push_back({0, 0, {~uint64_t{0}, ~uint64_t{0}}});
  index.bucket_of_.assign(kSlots / kBucketSlots, 0);
  for (const auto& [number, ways] : buckets) {
    index.bucket_of_[number] = static_cast<uint16_t>(index.buckets_.size());
    Bucket bucket;
    bucket.first = static_cast<uint32_t>(index.ways_.size());
    index.ways_.insert(index.ways_.end(), ways.begin(), ways.end());
    bucket.last = static_cast<uint32_t>(index.ways_.size());
    bucket.known = ways[0].known;
    for (const Way& way : ways) {
      bucket.known.bits &=
          way.known.bits & ~(bucket.known.value ^ way.known.value);
    }
    index.buckets_.push_back(bucket);
  }
  if (key == Direction::kForwards) index.filter_ = WordFilter(words);
  return index;
}

size_t PatternIndex::Keep(absl::string_view text, size_t base, uint16_t* places,
                          size_t count) const {
  if (count == 0) return 0;
  // Without a branch by what is there: no processor could foretell it.
  const auto keep = [&](const auto& may_be) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint16_t place = places[i];
      places[kept] = place;
      kept += static_cast<size_t>(may_be(base + place));
    }
    return kept;
  };
  if (text.size() - base < places[count - 1] + size_t{8}) {
    return keep([&](size_t place) {
      return BucketOf(KeyAt(text, place)).known.MayBe(BytesAt(text, place));
    });
  }
  const char* const bytes = text.data();
  return keep([&](size_t place) {
    return BucketOf(KeyOf(bytes + place))
        .known.MayBe(EightBytes(bytes + place));
  });
}

uint64_t PatternIndex::SlowBytesAt(absl::string_view text, size_t place,
                                   size_t count) const {
  const bool forwards = key_ == Direction::kForwards;
  const size_t available = forwards ? text.size() - place : place;
  uint64_t bytes = 0;
  for (size_t i = 0; i < count && i < available; ++i) {
    bytes |= uint64_t{ByteAt(text, forwards ? place + i : place - 1 - i)}
             << 8 * i;
  }
  return bytes;
}

}  // namespace subrosa
