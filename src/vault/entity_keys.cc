#include "src/vault/entity_keys.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr PrfLabel kDirectoryTokenLabel = "directory token";

std::string Token(const SecretKey& key, PrfLabel label,
                  absl::string_view input) {
  const auto output = Prf(key, label, {input});
  return std::string(reinterpret_cast<const char*>(output.data()),
                     output.size());
}

std::string EntityKeyContext(absl::string_view entity, uint32_t epoch,
                             absl::string_view role) {
  return LengthPrefixed(
      {"subrosa entity key", entity, absl::StrCat(epoch), role});
}

std::string PointerContext(absl::string_view entity, uint32_t epoch,
                           absl::string_view directory_token) {
  return LengthPrefixed(
      {"subrosa directory", entity, absl::StrCat(epoch), directory_token});
}

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

template <size_t size>
absl::string_view View(const std::array<char, size>& bytes) {
  return absl::string_view(bytes.data(), size);
}

std::string ConsumerKeyContext(absl::string_view entity, uint32_t epoch,
                               const KeyRef& ref) {
  return LengthPrefixed({"subrosa consumer key", entity, absl::StrCat(epoch),
                         View(ref.id), absl::StrCat(ref.version)});
}

std::string EvidenceKeyContext(absl::string_view entity, uint32_t epoch,
                               int32_t year) {
  return LengthPrefixed({"subrosa evidence key", entity, absl::StrCat(epoch),
                         absl::StrCat(year)});
}

absl::StatusOr<WrappedEntityKeys> Wrap(const SecretKey& working,
                                       absl::string_view entity, uint32_t epoch,
                                       const SecretKey& inner,
                                       const SecretKey& suppression) {
  WrappedEntityKeys wrapped;
  SUBROSA_ASSIGN_OR_RETURN(
      wrapped.inner,
      WrapKey(working, inner, EntityKeyContext(entity, epoch, "inner")));
  SUBROSA_ASSIGN_OR_RETURN(
      wrapped.suppression,
      WrapKey(working, suppression,
              EntityKeyContext(entity, epoch, "suppression")));
  return wrapped;
}

// What we wrote no longer opens: whatever the crypto room calls it, here it is
// lost data.
absl::Status Lost(absl::string_view what, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::DataLossError(absl::StrCat(
      "key store: ", what, " does not open; the file was changed or damaged"));
}

}  // namespace

EntityKeys::EntityKeys(absl::string_view entity, uint32_t epoch,
                       SecretKey working, SecretKey directory,
                       SecretKey pointers, SecretKey inner,
                       SecretKey suppression, IndexKeys index)
    : entity_(entity),
      epoch_(epoch),
      working_(std::move(working)),
      directory_(std::move(directory)),
      pointers_(std::move(pointers)),
      inner_(std::move(inner)),
      suppression_(std::move(suppression)),
      index_(std::move(index)) {}

absl::StatusOr<WrappedEntityKeys> EntityKeys::Create(const SecretKey& working,
                                                     absl::string_view entity,
                                                     uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey inner, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey suppression, SecretKey::Random());
  return Wrap(working, entity, epoch, inner, suppression);
}

absl::StatusOr<WrappedEntityKeys> EntityKeys::RewrapFor(
    const SecretKey& next_working, uint32_t next_epoch) const {
  return Wrap(next_working, entity_, next_epoch, inner_, suppression_);
}

absl::StatusOr<EntityKeys> EntityKeys::Open(SecretKey working,
                                            absl::string_view entity,
                                            uint32_t epoch,
                                            const WrappedEntityKeys& wrapped) {
  absl::StatusOr<SecretKey> inner = UnwrapKey(
      working, wrapped.inner, EntityKeyContext(entity, epoch, "inner"));
  if (!inner.ok()) return Lost("the directory's key", inner.status());
  absl::StatusOr<SecretKey> suppression =
      UnwrapKey(working, wrapped.suppression,
                EntityKeyContext(entity, epoch, "suppression"));
  if (!suppression.ok()) {
    return Lost("the suppression key", suppression.status());
  }
  SUBROSA_ASSIGN_OR_RETURN(SecretKey directory,
                           DeriveKey(working, "directory", {}));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey pointers,
                           DeriveKey(working, "pointers", {}));
  SUBROSA_ASSIGN_OR_RETURN(IndexKeys index,
                           IndexKeys::Derive(entity, epoch, working, *inner));
  return EntityKeys(entity, epoch, std::move(working), std::move(directory),
                    std::move(pointers), *std::move(inner),
                    *std::move(suppression), std::move(index));
}

std::string EntityKeys::InnerToken(absl::string_view consumer) const {
  return Token(inner_, "inner token", consumer);
}

std::string EntityKeys::DirectoryToken(absl::string_view inner_token) const {
  return Token(directory_, kDirectoryTokenLabel, inner_token);
}

std::string EntityKeys::SuppressionToken(absl::string_view inner_token) const {
  return Token(suppression_, "suppression", inner_token);
}

absl::StatusOr<std::string> EntityKeys::SealPointer(
    absl::string_view directory_token, const DirectoryPointer& pointer) const {
  return SealValue(pointers_, PointerContext(entity_, epoch_, directory_token),
                   absl::StrCat(pointer.inner_token, pointer.data_ref,
                                pointer.consumer_ref, View(pointer.key_id)));
}

absl::StatusOr<DirectoryPointer> EntityKeys::OpenPointer(
    absl::string_view directory_token, absl::string_view sealed) const {
  const absl::StatusOr<std::string> opened = OpenValue(
      pointers_, PointerContext(entity_, epoch_, directory_token), sealed);
  if (!opened.ok()) return Lost("a directory entry", opened.status());
  if (opened->size() != kDirectoryPointerBytes) {
    return absl::DataLossError(absl::StrCat("key store: directory entry: want ",
                                            kDirectoryPointerBytes,
                                            " bytes, got ", opened->size()));
  }
  absl::string_view rest = *opened;
  const auto take = [&rest](size_t size) {
    const absl::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return std::string(part);
  };
  DirectoryPointer pointer;
  pointer.inner_token = take(kPrfBytes);
  pointer.data_ref = take(kReferenceBytes);
  pointer.consumer_ref = take(kReferenceBytes);
  rest.copy(reinterpret_cast<char*>(pointer.key_id.data()), rest.size());
  return pointer;
}

absl::StatusOr<std::string> EntityKeys::WrapConsumerKey(
    const KeyRef& ref, const SecretKey& key) const {
  return WrapKey(working_, key, ConsumerKeyContext(entity_, epoch_, ref));
}

absl::StatusOr<SecretKey> EntityKeys::UnwrapConsumerKey(
    const KeyRef& ref, absl::string_view wrapped) const {
  absl::StatusOr<SecretKey> key =
      UnwrapKey(working_, wrapped, ConsumerKeyContext(entity_, epoch_, ref));
  if (!key.ok()) return Lost("a consumer's key", key.status());
  return key;
}

absl::Status EntityKeys::MovePointer(const EntityKeys& next,
                                     DirectoryRow* row) const {
  std::array<char, kDirectoryPointerBytes> pointer;
  const absl::Status opened =
      OpenValueTo(pointers_, PointerContext(entity_, epoch_, View(row->token)),
                  View(row->pointer), absl::MakeSpan(pointer));
  if (!opened.ok()) return Lost("a directory entry", opened);
  const auto token = Prf(next.directory_, kDirectoryTokenLabel,
                         {absl::string_view(pointer.data(), kPrfBytes)});
  std::memcpy(row->token.data(), token.data(), token.size());
  return SealValueTo(next.pointers_,
                     PointerContext(entity_, next.epoch_, View(row->token)),
                     View(pointer), absl::MakeSpan(row->pointer));
}

absl::Status EntityKeys::MoveConsumerKey(const EntityKeys& next,
                                         const KeyRef& ref,
                                         WrappedConsumerKey* wrapped) const {
  const absl::Status moved = RewrapKey(
      {working_, ConsumerKeyContext(entity_, epoch_, ref)}, View(*wrapped),
      {next.working_, ConsumerKeyContext(entity_, next.epoch_, ref)},
      absl::MakeSpan(*wrapped));
  return moved.ok() ? moved : Lost("a consumer's key", moved);
}

absl::StatusOr<std::string> EntityKeys::WrapEvidenceKey(
    int32_t year, const SecretKey& key) const {
  return WrapKey(working_, key, EvidenceKeyContext(entity_, epoch_, year));
}

absl::StatusOr<SecretKey> EntityKeys::UnwrapEvidenceKey(
    int32_t year, absl::string_view wrapped) const {
  absl::StatusOr<SecretKey> key =
      UnwrapKey(working_, wrapped, EvidenceKeyContext(entity_, epoch_, year));
  if (!key.ok()) return Lost("a key of evidence", key.status());
  return key;
}

}  // namespace subrosa
