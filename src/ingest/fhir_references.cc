#include "src/ingest/fhir_references.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr absl::string_view kHistory = "/_history/";
// In place of a patient's number, where two entries of one fullUrl lead to two.
constexpr uint32_t kSeveral = ~uint32_t{0};

absl::string_view WithoutVersion(absl::string_view url) {
  return url.substr(0, url.find(kHistory));
}

bool IsUrn(absl::string_view reference) {
  return absl::StartsWithIgnoreCase(reference, "urn:");
}

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalpha(static_cast<unsigned char>(c));
  });
}

}  // namespace

std::optional<FhirReference> SplitReference(absl::string_view reference) {
  if (IsUrn(reference) || absl::StartsWith(reference, "#")) return {};
  reference = WithoutVersion(reference);
  const size_t id_slash = reference.rfind('/');
  if (id_slash == absl::string_view::npos || id_slash == 0) return {};
  FhirReference split;
  split.id = reference.substr(id_slash + 1);
  const absl::string_view head = reference.substr(0, id_slash);
  const size_t type_slash = head.rfind('/');
  split.type = head;
  if (type_slash != absl::string_view::npos) {
    split.type = head.substr(type_slash + 1);
    split.server = head.substr(0, type_slash);
    if (!absl::StartsWith(split.server, "http://") &&
        !absl::StartsWith(split.server, "https://")) {
      return {};
    }
  }
  if (!IsWord(split.type) || absl::StrContains(split.id, '?')) return {};
  return split;
}

void FhirReferences::Clear() {
  patient_keys_.clear();
  entries_.clear();
  numbers_.clear();
  patients_.resize(1);
  patient_entries_.clear();
  StartEntry({});
  patient_server_.clear();
}

void FhirReferences::StartEntry(absl::string_view full_url) {
  full_url = WithoutVersion(full_url);
  full_url_.assign(full_url.data(), full_url.size());
  const std::optional<FhirReference> split = SplitReference(full_url);
  entry_server_.clear();
  if (split.has_value()) {
    entry_server_.assign(split->server.data(), split->server.size());
  }
}

FhirReferences::Key FhirReferences::KeyOf(absl::string_view server,
                                          absl::string_view rest) {
  if (!server.empty()) {
    whole_url_.clear();
    absl::StrAppend(&whole_url_, server, "/", rest);
    rest = whole_url_;
  }
  const TableHash::Output hash = hash_(rest);
  return {hash.high, hash.low};
}

std::optional<uint32_t> FhirReferences::PatientNumber(absl::string_view id) {
  if (id.empty()) return 0;
  const auto found = numbers_.find(id);
  if (found != numbers_.end()) return found->second;
  if (patients_.size() > kMaxPatients) return {};
  const uint32_t number = static_cast<uint32_t>(patients_.size());
  patients_.emplace_back(id);
  numbers_.emplace(id, number);
  return number;
}

absl::Status FhirReferences::AddPatient(absl::string_view id) {
  const std::optional<FhirReference> split = SplitReference(full_url_);
  if (split.has_value() && split->type == "Patient" && split->id != id) {
    return absl::InvalidArgumentError(
        "fullUrl: want the id of its Patient, got another");
  }
  if (!IsSameServer({})) {
    return absl::InvalidArgumentError(
        "fullUrl: want one server for all patients, got another");
  }
  const std::optional<uint32_t> number = PatientNumber(id);
  if (!number.has_value()) return absl::OkStatus();
  const Key key =
      full_url_.empty() ? KeyOf("Patient", id) : KeyOf({}, full_url_);
  const auto entry = patient_entries_.emplace(*number, key);
  if (entry.first->second != key) {
    return absl::InvalidArgumentError(
        "fullUrl: want one for each patient's id, got another");
  }
  if (!AddKey(key, *number, &patient_keys_, &entries_)) {
    return absl::InvalidArgumentError(
        "fullUrl: want one for each patient, got one of two");
  }
  return absl::OkStatus();
}

bool FhirReferences::AddKey(const Key& key, uint32_t number, Keys* keys,
                            Keys* others) {
  const auto other = others->find(key);
  if (other != others->end() && other->second != number) {
    other->second = kSeveral;
    return false;
  }
  // Patients have room of their own, so that none is forgotten for the many
  // entries that nobody refers to.
  if (keys == &entries_ && keys->size() >= kMaxEntries) return true;
  const auto added = keys->emplace(key, number);
  if (added.first->second == number) return true;
  added.first->second = kSeveral;
  return false;
}

void FhirReferences::Add(absl::string_view type, absl::string_view id,
                         absl::string_view consumer) {
  if (full_url_.empty() && id.empty()) return;
  const std::optional<uint32_t> number = PatientNumber(consumer);
  if (!number.has_value()) return;
  AddKey(full_url_.empty() ? KeyOf(type, id) : KeyOf({}, full_url_), *number,
         &entries_, &patient_keys_);
}

std::optional<absl::string_view> FhirReferences::Find(
    absl::string_view reference) {
  reference = WithoutVersion(reference);
  const std::optional<FhirReference> split = SplitReference(reference);
  const bool is_relative = split.has_value() && split->server.empty();
  const Key key =
      KeyOf(is_relative ? absl::string_view(entry_server_) : "", reference);
  auto found = patient_keys_.find(key);
  if (found == patient_keys_.end()) {
    found = entries_.find(key);
    if (found == entries_.end()) return {};
  }
  if (found->second == kSeveral) return {};
  return patients_[found->second];
}

bool FhirReferences::IsSameServer(absl::string_view server) {
  if (server.empty()) server = entry_server_;
  if (server.empty()) return true;
  if (patient_server_.empty()) {
    patient_server_.assign(server.data(), server.size());
  }
  return server == patient_server_;
}

}  // namespace subrosa
