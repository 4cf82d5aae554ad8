// Prints our own vectors for docs/formats/envelope.md and keyring.md. Salts are
// random, so each run prints others; envelope_vectors.json holds one run.
//
// usage: envelope_vectors > tests/conformance/envelope_vectors.json
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/prf.h"
#include "src/crypto/row_tag.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

template <typename Result>
Result Need(absl::StatusOr<Result> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "envelope_vectors: error: %s\n",
                 result.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

// 32 bytes that count up from `first`.
std::string KeyBytes(uint8_t first) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) {
    bytes.push_back(static_cast<char>(first + i));
  }
  return bytes;
}

SecretKey KeyFrom(const std::string& bytes) {
  return Need(SecretKey::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()),
                          bytes.size()),
      UnsafeSecretAccess::Get()));
}

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

std::string Hex(absl::Span<const uint8_t> bytes) {
  return Hex(absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                               bytes.size()));
}

std::string Hex(const SecretKey& key) {
  return Hex(absl::MakeConstSpan(key.Bytes(UnsafeSecretAccess::Get()), 32));
}

// `"name":"text"`; the texts here need no escapes.
std::string Text(absl::string_view name, absl::string_view text) {
  return absl::StrCat("\"", name, "\":\"", text, "\"");
}

std::string Number(absl::string_view name, int64_t number) {
  return absl::StrCat("\"", name, "\":", number);
}

std::string Object(std::vector<std::string> members) {
  return absl::StrCat("{", absl::StrJoin(members, ","), "}");
}

std::string List(absl::string_view name, std::vector<std::string> objects) {
  return absl::StrCat("\"", name, "\":[\n", absl::StrJoin(objects, ",\n"), "]");
}

EnvelopeContext Journal() {
  EnvelopeContext context;
  context.entity = "rosewater";
  context.data_ref = "data-ref-16bytes";
  context.record_ref = "record-16-bytes!";
  context.revision = 3;
  context.schema = "subrosa.v1.JournalEntry";
  context.purpose = "sleep-coaching";
  return context;
}

std::vector<std::string> Members(const EnvelopeContext& context) {
  return {Text("entity", context.entity),
          Text("data_ref", Hex(context.data_ref)),
          Text("record_ref", Hex(context.record_ref)),
          Number("revision", context.revision),
          Text("schema", context.schema),
          Text("purpose", context.purpose)};
}

KeyRef SomeKey() {
  KeyRef ref;
  for (size_t i = 0; i < ref.id.size(); ++i) {
    ref.id[i] = static_cast<uint8_t>(0xA0 + i);
  }
  ref.version = 7;
  return ref;
}

std::string Sealed(const EnvelopeContext& context, const SealOptions& options,
                   absl::string_view plaintext) {
  std::string envelope;
  const absl::Status status = Seal(KeyFrom(KeyBytes(0)), SomeKey(), context,
                                   plaintext, options, &envelope);
  if (!status.ok()) Need<int>(status);
  return envelope;
}

std::string EnvelopeObject(absl::string_view name,
                           const EnvelopeContext& context,
                           const SealOptions& options,
                           absl::string_view plaintext) {
  std::vector<std::string> members = {
      Text("name", name),
      Number("suite", static_cast<int>(options.suite)),
      Number("padded", static_cast<int>(options.padding)),
      Text("key", Hex(KeyBytes(0))),
      Text("key_id", Hex(SomeKey().id)),
      Number("key_version", SomeKey().version)};
  for (std::string& member : Members(context)) {
    members.push_back(std::move(member));
  }
  members.push_back(Text("plaintext", Hex(plaintext)));
  members.push_back(Text("envelope", Hex(Sealed(context, options, plaintext))));
  return Object(std::move(members));
}

std::string Envelopes() {
  std::vector<std::string> objects;
  objects.push_back(
      EnvelopeObject("the worked example", Journal(), {}, "slept well"));
  EnvelopeContext bare = Journal();
  bare.entity = "e";
  bare.schema = "s";
  bare.purpose = "";
  bare.revision = 0xFFFFFFFF;
  EnvelopeContext wide = Journal();
  const std::string entity(kMaxEntityBytes, 'e');
  const std::string schema(kMaxSchemaBytes, 's');
  const std::string purpose(kMaxPurposeBytes, 'p');
  wide.entity = entity;
  wide.schema = schema;
  wide.purpose = purpose;
  for (const Suite suite : {Suite::kChaCha20Poly1305, Suite::kAes256Gcm}) {
    for (const Padding padding : {Padding::kNone, Padding::kBuckets}) {
      const SealOptions options = {suite, padding};
      for (const size_t size : {0, 1, 255, 256, 257, 2048, 3001}) {
        objects.push_back(
            EnvelopeObject(absl::StrCat(size, " bytes"), Journal(), options,
                           std::string(size, static_cast<char>(size))));
      }
      objects.push_back(
          EnvelopeObject("a bare context", bare, options, "plain"));
      objects.push_back(
          EnvelopeObject("the widest context", wide, options, "plain"));
    }
  }
  return List("envelopes", std::move(objects));
}

std::string Refused() {
  const struct {
    absl::string_view name;
    std::function<void(std::string*)> spoil;
  } kCases[] = {
      {"another magic", [](std::string* e) { (*e)[3] = '2'; }},
      {"an unknown suite", [](std::string* e) { (*e)[4] = 3; }},
      {"the other suite", [](std::string* e) { (*e)[4] = 2; }},
      {"an unknown flag", [](std::string* e) { (*e)[5] = 2; }},
      {"a flag that does not hold", [](std::string* e) { (*e)[5] = 1; }},
      {"another header size", [](std::string* e) { (*e)[7] = 77; }},
      {"another key id", [](std::string* e) { (*e)[8] ^= 1; }},
      {"another key version", [](std::string* e) { (*e)[27] ^= 1; }},
      {"another salt", [](std::string* e) { (*e)[28] ^= 1; }},
      {"another commitment", [](std::string* e) { (*e)[44] ^= 1; }},
      {"another ciphertext", [](std::string* e) { (*e)[76] ^= 1; }},
      {"another tag", [](std::string* e) { e->back() ^= 1; }},
      {"a byte less", [](std::string* e) { e->pop_back(); }},
      {"a byte more", [](std::string* e) { e->push_back(0); }},
      {"the header alone", [](std::string* e) { e->resize(76); }},
      {"nothing", [](std::string* e) { e->clear(); }},
  };
  std::vector<std::string> objects;
  for (const auto& test : kCases) {
    std::string envelope = Sealed(Journal(), {}, "slept well");
    test.spoil(&envelope);
    std::vector<std::string> members = Members(Journal());
    members.push_back(Text("name", test.name));
    members.push_back(Text("key", Hex(KeyBytes(0))));
    members.push_back(Text("envelope", Hex(envelope)));
    objects.push_back(Object(std::move(members)));
  }
  return List("refused", std::move(objects));
}

std::string Boxes() {
  const SecretKey key = KeyFrom(KeyBytes(0));
  const SecretKey inner = KeyFrom(KeyBytes(100));
  std::vector<std::string> wrapped;
  std::vector<std::string> values;
  for (const std::string& context :
       {std::string(), std::string("a row"), std::string(300, 'c')}) {
    wrapped.push_back(
        Object({Text("wrapping_key", Hex(key)), Text("key", Hex(inner)),
                Text("context", Hex(context)),
                Text("wrapped", Hex(Need(WrapKey(key, inner, context))))}));
    values.push_back(Object(
        {Text("key", Hex(key)), Text("context", Hex(context)),
         Text("plaintext", Hex("a pointer")),
         Text("sealed", Hex(Need(SealValue(key, context, "a pointer"))))}));
  }
  return absl::StrCat(List("wrapped_keys", std::move(wrapped)), ",\n",
                      List("sealed_values", std::move(values)));
}

std::string Outputs() {
  const SecretKey key = KeyFrom(KeyBytes(0));
  std::vector<std::string> prf;
  std::vector<std::string> derived;
  const std::vector<std::vector<std::string>> kInputs = {
      {}, {""}, {"ada"}, {"ada", ""}, {"", "ada"}, {std::string(1000, 'x')}};
  for (const std::vector<std::string>& input : kInputs) {
    const std::vector<absl::string_view> parts(input.begin(), input.end());
    std::vector<std::string> hex;
    for (const std::string& part : input) {
      hex.push_back(absl::StrCat("\"", Hex(part), "\""));
    }
    const std::string list =
        absl::StrCat("\"parts\":[", absl::StrJoin(hex, ","), "]");
    prf.push_back(
        Object({Text("key", Hex(key)), Text("label", "directory"), list,
                Text("output", Hex(Prf(key, "directory", parts)))}));
    derived.push_back(
        Object({Text("key", Hex(key)), Text("label", "0123456789abcdef"), list,
                Text("output",
                     Hex(Need(DeriveKey(key, "0123456789abcdef", parts))))}));
  }
  return absl::StrCat(List("prf", std::move(prf)), ",\n",
                      List("derived_keys", std::move(derived)));
}

std::string RowTags() {
  const std::vector<std::vector<int32_t>> kDays = {
      {}, {20000}, {-1, 20000, 2147483647}};
  std::vector<std::string> objects;
  for (const std::vector<int32_t>& days : kDays) {
    RowColumns columns;
    columns.key_version = 7;
    columns.categories = 0x1005;
    columns.labels = uint64_t{1} << 40;
    columns.told = days.empty() ? 0x40004 : 0;
    columns.source = "ios-app";
    columns.days = days;
    std::vector<std::string> members = Members(Journal());
    members.push_back(Text("key", Hex(KeyBytes(0))));
    members.push_back(Number("key_version", columns.key_version));
    members.push_back(Number("categories", columns.categories));
    members.push_back(Number("labels", static_cast<int64_t>(columns.labels)));
    members.push_back(Number("told", columns.told));
    members.push_back(Text("source", columns.source));
    members.push_back(
        absl::StrCat("\"days\":[", absl::StrJoin(days, ","), "]"));
    members.push_back(
        Text("tag", Hex(RowTag(KeyFrom(KeyBytes(0)), Journal(), columns))));
    objects.push_back(Object(std::move(members)));
  }
  return List("row_tags", std::move(objects));
}

std::string Keyrings() {
  constexpr absl::string_view kPassphrase = "correct horse battery staple";
  KeyringKdf kdf;
  kdf.passes = 2;
  kdf.memory_kib = 65536;
  for (size_t i = 0; i < kdf.salt.size(); ++i) {
    kdf.salt[i] = static_cast<uint8_t>(0x50 + i);
  }
  KeyringContent content;
  content.generation = 4;
  KeyringEntry object;
  object.value = 1790000000;
  object.secret = KeyFrom(KeyBytes(10));
  content.entries[{KeyringEntryKind::kEpochObject, "rosewater", 1}] =
      std::move(object);
  KeyringEntry signing_key;
  signing_key.secret = KeyFrom(KeyBytes(50));
  content.entries[{KeyringEntryKind::kSigningKey, "log", 0}] =
      std::move(signing_key);
  KeyringEntry anchor;
  anchor.value = 1024;
  content.entries[{KeyringEntryKind::kAnchor, "tree", 0}] = std::move(anchor);

  const SecretBuffer passphrase = Need(SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(kPassphrase.data()),
                          kPassphrase.size()),
      UnsafeSecretAccess::Get()));
  const SecretKey key = Need(KeyringKeyOf(passphrase, kdf));
  std::vector<std::string> entries;
  for (const auto& [name, entry] : content.entries) {
    entries.push_back(Object(
        {Number("kind", static_cast<int>(name.kind)), Text("name", name.name),
         Number("number", name.number),
         Number("value", static_cast<int64_t>(entry.value)),
         Text("secret", entry.secret.has_value() ? Hex(*entry.secret) : "")}));
  }
  return List(
      "keyrings",
      {Object({Text("passphrase", Hex(kPassphrase)), Text("key", Hex(key)),
               Text("file", Hex(Need(SealKeyring(key, kdf, content)))),
               Number("generation", static_cast<int64_t>(content.generation)),
               List("entries", std::move(entries))})});
}

}  // namespace
}  // namespace subrosa

int main() {
  std::printf("{\n%s,\n%s,\n%s,\n%s,\n%s,\n%s\n}\n",
              subrosa::Envelopes().c_str(), subrosa::Refused().c_str(),
              subrosa::Boxes().c_str(), subrosa::Outputs().c_str(),
              subrosa::RowTags().c_str(), subrosa::Keyrings().c_str());
}
