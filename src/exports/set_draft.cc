#include "src/exports/set_draft.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "src/base/status_macros.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

// Larger than what most consumers have of a type.
constexpr size_t kPartBytes = 64 << 10;
// Handed over at once: what a processor's nearer caches hold.
constexpr size_t kTextBytes = 64 << 10;

absl::string_view BytesOf(const uint64_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<SetDraft>> SetDraft::Create(
    const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<SealedScratch> scratch,
                           SealedScratch::Create(folder));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey order_key, SecretKey::Random());
  return std::unique_ptr<SetDraft>(
      new SetDraft(std::move(scratch), std::move(order_key)));
}

absl::Status SetDraft::Add(const std::string& schema, uint32_t consumer,
                           absl::Span<const uint64_t> ends,
                           absl::string_view text) {
  Parts& parts = parts_[schema];
  if (parts.consumer != consumer) SUBROSA_RETURN_IF_ERROR(PutDown(&parts));
  parts.consumer = consumer;
  const uint64_t before = parts.text.size();
  for (const uint64_t end : ends) parts.ends.push_back(before + end);
  parts.text.append(text.data(), text.size());
  return parts.text.size() < kPartBytes ? absl::OkStatus() : PutDown(&parts);
}

absl::Status SetDraft::PutDown(Parts* parts) {
  if (parts->ends.empty()) return absl::OkStatus();
  parts->text.append(reinterpret_cast<const char*>(parts->ends.data()),
                     parts->ends.size() * sizeof(uint64_t));
  Part part;
  SUBROSA_ASSIGN_OR_RETURN(part.piece, scratch_->Put(parts->text));
  part.consumer = parts->consumer;
  part.records = static_cast<uint32_t>(parts->ends.size());
  parts->sealed.push_back(part);
  parts->ends.clear();
  parts->text.clear();
  return absl::OkStatus();
}

absl::Status SetDraft::Open(const Part& part, Window* window) const {
  if (window->used == window->opened.size()) window->opened.emplace_back();
  std::string& opened = window->opened[window->used++];
  SUBROSA_RETURN_IF_ERROR(scratch_->Get(part.piece, &opened));
  const size_t text_bytes = opened.size() - part.records * sizeof(uint64_t);
  const absl::string_view text = opened;
  uint64_t begin = 0;
  for (size_t at = text_bytes; at < opened.size(); at += sizeof(uint64_t)) {
    uint64_t end;
    std::memcpy(&end, opened.data() + at, sizeof(end));
    window->records.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  window->bytes += text_bytes;
  return absl::OkStatus();
}

absl::Status SetDraft::HandOver(uint64_t place, Window* window,
                                Visitor visit) const {
  std::string& text = window->text;
  size_t records = 0;
  for (const uint32_t i : Shuffled(place, window->records.size())) {
    if (text.size() >= kTextBytes) {
      SUBROSA_RETURN_IF_ERROR(visit(records, text));
      text.clear();
      records = 0;
    }
    const absl::string_view record = window->records[i];
    text.append(record.data(), record.size());
    ++records;
  }
  SUBROSA_RETURN_IF_ERROR(visit(records, text));
  text.clear();
  window->records.clear();
  window->used = 0;
  window->bytes = 0;
  return absl::OkStatus();
}

std::vector<uint32_t> SetDraft::Shuffled(uint64_t place, size_t count) const {
  // Sorted by numbers that nobody else can make, eight of an output.
  constexpr size_t kNumbers = kPrfBytes / sizeof(uint32_t);
  std::vector<uint64_t> keys(count);
  std::array<uint8_t, kPrfBytes> output;
  for (uint64_t i = 0; i < count && count > 1; ++i) {
    if (i % kNumbers == 0) {
      output = Prf(order_key_, "order", {BytesOf(place), BytesOf(i)});
    }
    uint32_t number;
    std::memcpy(&number, &output[i % kNumbers * sizeof(number)],
                sizeof(number));
    keys[i] = uint64_t{number} << 32 | i;
  }
  std::sort(keys.begin(), keys.end());
  std::vector<uint32_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = static_cast<uint32_t>(keys[i]);
  return order;
}

absl::Status SetDraft::Visit(const std::string& schema,
                             absl::Span<const uint32_t> consumers,
                             Visitor visit) {
  SUBROSA_RETURN_IF_ERROR(PutDown(&parts_[schema]));
  const std::vector<Part>& parts = parts_[schema].sealed;
  Window window;
  for (const uint32_t consumer : consumers) {
    const auto first = std::lower_bound(
        parts.begin(), parts.end(), consumer,
        [](const Part& part, uint32_t of) { return part.consumer < of; });
    auto last = first;
    while (last != parts.end() && last->consumer == consumer) ++last;
    if (first == last) continue;
    // No two parts of a draft have one offset: even places are of the parts of
    // a consumer, by the first of them, odd ones of the records of a window, by
    // the part that it ends with.
    size_t left = last - first;
    for (const uint32_t i : Shuffled(2 * first->piece.offset, left)) {
      SUBROSA_RETURN_IF_ERROR(Open(first[i], &window));
      if (--left > 0 && window.bytes < kShuffledBytes) continue;
      SUBROSA_RETURN_IF_ERROR(
          HandOver(2 * first[i].piece.offset + 1, &window, visit));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
