#include "src/consent/receipt_json.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace subrosa {

ReceiptJson ReceiptRef(absl::string_view id) {
  return {{"@id", std::string(id)}};
}

ReceiptJson ReceiptNode(absl::string_view type) {
  return {{"@type", std::string(type)}};
}

std::string ReceiptTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string ReceiptUuid(absl::string_view id) {
  std::string bytes(id);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = absl::BytesToHexString(bytes);
  for (const int place : {20, 16, 12, 8}) text.insert(place, "-");
  return text;
}

ReceiptJson ReceiptContext() {
  return {
      {"dpv", "https://w3id.org/dpv#"},
      {"pd", "https://w3id.org/dpv/pd#"},
      {"loc", "https://w3id.org/dpv/loc#"},
      {"dct", "http://purl.org/dc/terms/"},
      {"skos", "http://www.w3.org/2004/02/skos/core#"},
      {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
      {"spdx", "http://spdx.org/rdf/terms#"},
      {"xsd", "http://www.w3.org/2001/XMLSchema#"},
      {"dct:created", {{"@type", "xsd:dateTime"}}},
      {"dct:issued", {{"@type", "xsd:date"}}},
      {"dct:conformsTo", {{"@type", "@id"}}},
      {"dpv:isIndicatedAtTime", {{"@type", "xsd:dateTime"}}},
      {"spdx:checksumValue", {{"@type", "xsd:hexBinary"}}},
  };
}

ReceiptJson ReceiptPlace(absl::string_view code) {
  ReceiptJson place = ReceiptNode("dpv:Location");
  place["dct:identifier"] = std::string(code);
  place["skos:broader"] = ReceiptRef(absl::StrCat("loc:", code.substr(0, 2)));
  return place;
}

ReceiptJson ReceiptContacts(absl::string_view email, absl::string_view url) {
  ReceiptJson contacts = ReceiptJson::array();
  if (!email.empty()) contacts.push_back(absl::StrCat("mailto:", email));
  if (!url.empty()) contacts.push_back(std::string(url));
  return contacts;
}

ReceiptJson ReceiptParty(absl::string_view id, ReceiptJson types,
                         absl::string_view name, absl::string_view postal,
                         absl::string_view email, absl::string_view url) {
  ReceiptJson contacts = ReceiptContacts(email, url);
  ReceiptJson party = {{"@id", std::string(id)}, {"@type", std::move(types)}};
  party["dpv:hasName"] = std::string(name);
  if (!postal.empty()) {
    party["dpv:hasAddress"] = std::string(postal);
  } else if (!contacts.empty()) {
    party["dpv:hasAddress"] = contacts[0];
  }
  party["dpv:hasContact"] = std::move(contacts);
  return party;
}

ReceiptJson ReceiptDuration(absl::string_view text) {
  const bool is_period =
      text.size() > 1 && text[0] == 'P' && text.find(' ') == text.npos;
  ReceiptJson duration = ReceiptNode(is_period ? "dpv:TemporalDuration"
                                               : "dpv:UntilEventDuration");
  duration["rdf:value"] = std::string(text);
  return duration;
}

ReceiptJson ReceiptChecksum(absl::string_view sha256) {
  ReceiptJson checksum = ReceiptNode("spdx:Checksum");
  checksum["spdx:algorithm"] = ReceiptRef("spdx:checksumAlgorithm_sha256");
  checksum["spdx:checksumValue"] = std::string(sha256);
  return checksum;
}

}  // namespace subrosa
