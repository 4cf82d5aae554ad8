#include "src/vault/index_keys.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/crypto/slow_token.h"

namespace subrosa {
namespace {

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

std::string BytesOf(const std::array<uint8_t, kPrfBytes>& output, size_t size) {
  return std::string(reinterpret_cast<const char*>(output.data()), size);
}

absl::Status Lost() {
  return absl::DataLossError(
      "key store: an index entry does not open; the file was changed or "
      "damaged");
}

}  // namespace

absl::StatusOr<IndexKeys> IndexKeys::Derive(absl::string_view entity,
                                            uint32_t epoch,
                                            const SecretKey& working,
                                            const SecretKey& inner) {
  SUBROSA_ASSIGN_OR_RETURN(SecretKey values,
                           DeriveKey(inner, "index values", {}));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey tokens,
                           DeriveKey(working, "index tokens", {}));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey pointers,
                           DeriveKey(working, "index pointers", {}));
  return IndexKeys(entity, epoch, std::move(values), std::move(tokens),
                   std::move(pointers));
}

absl::StatusOr<std::string> IndexKeys::ValueToken(
    const BlindIndex& index, absl::string_view value) const {
  // By name: an index that is made again gives a value the same token, and two
  // fields never do.
  const std::string context = LengthPrefixed({index.schema, index.field});
  if (index.kind == IndexKind::kSlow) {
    SUBROSA_ASSIGN_OR_RETURN(const auto token,
                             SlowToken(values_, context, value));
    return BytesOf(token, token.size());
  }
  return BytesOf(Prf(values_, "index value", {context, value}), kPrfBytes);
}

int IndexKeys::PartitionOf(const BlindIndex& index, const KeyId& key_id) const {
  const auto output = Prf(values_, "index partition",
                          {index.schema, index.field, View(key_id)});
  // A power of two, as the planner makes it, or little off an even spread.
  return (output[0] << 8 | output[1]) % index.partitions;
}

std::string IndexKeys::InnerToken(const BlindIndex& index,
                                  absl::string_view value_token,
                                  int partition) {
  std::string inner(1, static_cast<char>(partition));
  int left = index.bits;
  for (size_t i = 0; i + 1 < kInnerTokenBytes; ++i, left -= 8) {
    const int kept = left >= 8 ? 0xff : left <= 0 ? 0 : 0xff00 >> left & 0xff;
    inner.push_back(static_cast<char>(value_token[i] & kept));
  }
  return inner;
}

std::string IndexKeys::Token(int64_t index,
                             absl::string_view inner_token) const {
  return BytesOf(
      Prf(tokens_, "index token", {absl::StrCat(index), inner_token}),
      kEntryTokenBytes);
}

std::string IndexKeys::Owner(int64_t index, const KeyId& key_id) const {
  return BytesOf(
      Prf(tokens_, "index owner", {absl::StrCat(index), View(key_id)}),
      kEntryTokenBytes);
}

std::string IndexKeys::ContextOf(int64_t index, absl::string_view token) const {
  return LengthPrefixed({"subrosa index", entity_, absl::StrCat(epoch_),
                         absl::StrCat(index), token});
}

absl::StatusOr<std::string> IndexKeys::SealPointer(
    int64_t index, absl::string_view token, const IndexPointer& pointer) const {
  return SealValue(pointers_, ContextOf(index, token),
                   absl::StrCat(pointer.inner_token, pointer.data_ref,
                                pointer.consumer_ref, View(pointer.key_id)));
}

absl::StatusOr<IndexPointer> IndexKeys::OpenPointer(
    int64_t index, absl::string_view token, absl::string_view sealed) const {
  const absl::StatusOr<std::string> opened =
      OpenValue(pointers_, ContextOf(index, token), sealed);
  if (!opened.ok()) {
    return absl::IsInvalidArgument(opened.status()) ? Lost() : opened.status();
  }
  if (opened->size() != kIndexPointerBytes) return Lost();
  absl::string_view rest = *opened;
  const auto take = [&rest](size_t size) {
    const absl::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return std::string(part);
  };
  IndexPointer pointer;
  pointer.inner_token = take(kInnerTokenBytes);
  pointer.data_ref = take(kReferenceBytes);
  pointer.consumer_ref = take(kReferenceBytes);
  rest.copy(reinterpret_cast<char*>(pointer.key_id.data()), rest.size());
  return pointer;
}

absl::Status IndexKeys::MoveEntry(const IndexKeys& next, int64_t index,
                                  IndexRow* row) const {
  const auto view = [](const auto& bytes) {
    return absl::string_view(bytes.data(), bytes.size());
  };
  std::array<char, kIndexPointerBytes> pointer;
  const absl::Status opened =
      OpenValueTo(pointers_, ContextOf(index, view(row->token)),
                  view(row->pointer), absl::MakeSpan(pointer));
  if (!opened.ok()) return absl::IsInvalidArgument(opened) ? Lost() : opened;
  KeyId key_id;
  std::memcpy(key_id.data(), pointer.data() + pointer.size() - kReferenceBytes,
              kReferenceBytes);
  next.Token(index, view(pointer).substr(0, kInnerTokenBytes))
      .copy(row->token.data(), row->token.size());
  next.Owner(index, key_id).copy(row->owner.data(), row->owner.size());
  return SealValueTo(next.pointers_, next.ContextOf(index, view(row->token)),
                     view(pointer), absl::MakeSpan(row->pointer));
}

}  // namespace subrosa
