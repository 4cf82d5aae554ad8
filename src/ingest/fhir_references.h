// FhirReferences remember, while a Bundle or a bulk file is read, to which
// patient each of its entries or lines leads, so that what refers to an entry
// goes to that entry's patient.
// An entry is known by its `fullUrl`; a reference is resolved as R4 says
// (http://hl7.org/fhir/R4/bundle.html#references): a URN as it stands, a
// relative one against the server of the entry that holds it.
//
// All patients of a Bundle are of one server, since `Patient/1` of two servers
// is two people, and a record says the id alone.
//
// It keeps 16 bytes of a keyed hash for each of kMaxPatients patients, with
// their ids, and for each of kMaxEntries other entries: 32 MB at most. What
// comes after is not remembered, and what refers to it is rejected: who needs
// more than so many patients in one file writes several.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_FHIR_REFERENCES_H_
#define SUBROSA_SRC_INGEST_FHIR_REFERENCES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/crypto/table_hash.h"

namespace subrosa {

// A reference taken apart: `server` is "https://ehr.example/fhir", or empty for
// a relative one.
struct FhirReference {
  absl::string_view server;
  absl::string_view type;
  absl::string_view id;
};

// Takes `reference` apart; a version behind it is passed over. Absent for a
// URN, a search, a contained resource, and any other form.
std::optional<FhirReference> SplitReference(absl::string_view reference);

class FhirReferences {
 public:
  static constexpr size_t kMaxEntries = 458752;  // What 2^19 slots hold.
  static constexpr size_t kMaxPatients = 65536;

  // Forgets all: another Bundle starts.
  void Clear();

  // The entry to which the next calls belong has `full_url`; empty if none.
  void StartEntry(absl::string_view full_url);

  // The entry is the patient with `id`, which its fullUrl does not deny.
  //
  // INVALID_ARGUMENT, `fullUrl: want …, got …`, if it is of another server than
  // the Bundle's patients before, if an entry of another fullUrl has the id, or
  // an entry of the same fullUrl another id.
  absl::Status AddPatient(absl::string_view id);

  // The entry, a resource of `type` with `id`, leads to `consumer`, or, empty,
  // is about nobody.
  void Add(absl::string_view type, absl::string_view id,
           absl::string_view consumer);

  // To whom the entry leads that `reference` means: a patient's id; empty for
  // nobody; absent if no such entry has been added, or if entries of one
  // fullUrl lead to several. Valid until the next call that is not const.
  std::optional<absl::string_view> Find(absl::string_view reference);

  // False if a patient on `server` is none of the Bundle's. An empty one is
  // the entry's own.
  bool IsSameServer(absl::string_view server);

 private:
  using Key = std::pair<uint64_t, uint64_t>;

  Key KeyOf(absl::string_view server, absl::string_view rest);
  // To an index in patients_.
  using Keys = absl::flat_hash_map<Key, uint32_t>;

  // Puts `key` into `keys`. False if it has led to another patient, also in
  // `others`.
  bool AddKey(const Key& key, uint32_t number, Keys* keys, Keys* others);

  std::optional<uint32_t> PatientNumber(absl::string_view id);

  TableHash hash_;
  std::string whole_url_;
  Keys patient_keys_;  // Of the patients themselves.
  Keys entries_;       // Of all other entries.
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  // patients_[0] is nobody.
  std::vector<std::string> patients_ = {""};
  absl::flat_hash_map<uint32_t, Key> patient_entries_;
  std::string full_url_;
  std::string entry_server_;
  std::string patient_server_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_REFERENCES_H_
