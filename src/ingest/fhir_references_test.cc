#include "src/ingest/fhir_references.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kServer[] = "https://ehr.example/fhir";

// Where `reference` leads: an id, "nobody", or "nowhere".
std::string Follow(absl::string_view reference, FhirReferences* references) {
  const std::optional<absl::string_view> found = references->Find(reference);
  if (!found.has_value()) return "nowhere";
  return found->empty() ? "nobody" : std::string(*found);
}

absl::Status AddPatient(absl::string_view full_url, absl::string_view id,
                        FhirReferences* references) {
  references->StartEntry(full_url);
  return references->AddPatient(id);
}

void AddEntry(absl::string_view full_url, absl::string_view type,
              absl::string_view id, absl::string_view consumer,
              FhirReferences* references) {
  references->StartEntry(full_url);
  references->Add(type, id, consumer);
}

TEST(FhirReferencesTest, AReferenceIsTakenApart) {
  const auto relative = SplitReference("Patient/p-1");
  ASSERT_TRUE(relative.has_value());
  EXPECT_EQ(relative->server, "");
  EXPECT_EQ(relative->type, "Patient");
  EXPECT_EQ(relative->id, "p-1");
  const auto absolute =
      SplitReference("https://ehr.example/fhir/Patient/p-1/_history/3");
  ASSERT_TRUE(absolute.has_value());
  EXPECT_EQ(absolute->server, kServer);
  EXPECT_EQ(absolute->type, "Patient");
  EXPECT_EQ(absolute->id, "p-1");
}

TEST(FhirReferencesTest, WhatIsNoReferenceToAnEntryIsNone) {
  for (const char* other :
       {"", "Patient", "/Patient", "/", "#contained", "#Patient/1",
        "urn:uuid:1", "URN:oid:1.2", "Patient?identifier=1",
        "Patient/1?active=true", "ftp://ehr.example/Patient/1",
        "ehr.example/Patient/1", "../Patient/1", "Pat ient/1", "Patient1/2",
        "javascript://x/Patient/1", "//ehr.example/Patient/1", "/_history/3"}) {
    EXPECT_FALSE(SplitReference(other).has_value()) << other;
  }
}

TEST(FhirReferencesTest, AnEntryIsFoundByItsUrnAndByItsServersReference) {
  FhirReferences references;
  ASSERT_TRUE(AddPatient("urn:uuid:a", "ann", &references).ok());
  AddEntry(absl::StrCat(kServer, "/Encounter/e"), "Encounter", "e", "ann",
           &references);
  AddEntry(absl::StrCat(kServer, "/Location/l"), "Location", "l", "",
           &references);

  EXPECT_EQ(Follow("urn:uuid:a", &references), "ann");
  EXPECT_EQ(Follow("Encounter/e", &references), "ann");
  EXPECT_EQ(Follow("Encounter/e/_history/2", &references), "ann");
  EXPECT_EQ(Follow(absl::StrCat(kServer, "/Encounter/e"), &references), "ann");
  EXPECT_EQ(Follow("Location/l", &references), "nobody");
}

TEST(FhirReferencesTest, WhatLeadsNowhereIsNotGuessed) {
  FhirReferences references;
  ASSERT_TRUE(AddPatient("urn:uuid:a", "ann", &references).ok());
  AddEntry(absl::StrCat(kServer, "/Encounter/e"), "Encounter", "e", "ann",
           &references);
  AddEntry("", "Encounter", "", "ann", &references);  // Has no name at all.

  for (const char* other :
       {"", "urn:uuid:b", "urn:uuid:A", "urn:uuid:a/", "Encounter/E",
        "Encounter/f", "Encounter/", "#e", "https://other.example/Encounter/e",
        "http://ehr.example/fhir/Encounter/e", "Encounter/e?x=1"}) {
    EXPECT_EQ(Follow(other, &references), "nowhere") << other;
  }
  // Relative to an entry of another server it is another one's.
  references.StartEntry("https://other.example/Observation/1");
  EXPECT_EQ(Follow("Encounter/e", &references), "nowhere");
  references.Clear();
  EXPECT_EQ(Follow("urn:uuid:a", &references), "nowhere");
}

TEST(FhirReferencesTest, TwoPeopleAreNeverTakenForOne) {
  FhirReferences references;
  ASSERT_TRUE(
      AddPatient(absl::StrCat(kServer, "/Patient/1"), "1", &references).ok());

  const absl::Status other_server =
      AddPatient("https://other.example/Patient/1", "1", &references);
  const absl::Status other_id =
      AddPatient(absl::StrCat(kServer, "/Patient/2"), "3", &references);
  const absl::Status other_url = AddPatient("urn:uuid:x", "1", &references);

  EXPECT_EQ(other_server.message(),
            "fullUrl: want one server for all patients, got another");
  EXPECT_EQ(other_id.message(),
            "fullUrl: want the id of its Patient, got another");
  EXPECT_EQ(other_url.message(),
            "fullUrl: want one for each patient's id, got another");
  EXPECT_EQ(Follow(absl::StrCat(kServer, "/Patient/1"), &references), "1");
  EXPECT_FALSE(references.IsSameServer("https://other.example"));
  EXPECT_TRUE(references.IsSameServer(kServer));
}

TEST(FhirReferencesTest, OneUrlOfTwoLeadsToNeither) {
  FhirReferences references;
  ASSERT_TRUE(AddPatient("urn:uuid:a", "ann", &references).ok());
  EXPECT_EQ(AddPatient("urn:uuid:a", "jane", &references).message(),
            "fullUrl: want one for each patient, got one of two");
  AddEntry("urn:uuid:e", "Encounter", "e", "ann", &references);
  AddEntry("urn:uuid:e", "Encounter", "f", "jane", &references);
  ASSERT_TRUE(AddPatient("urn:uuid:b", "bea", &references).ok());
  AddEntry("urn:uuid:b", "Encounter", "g", "ann", &references);

  EXPECT_EQ(Follow("urn:uuid:a", &references), "nowhere");
  EXPECT_EQ(Follow("urn:uuid:e", &references), "nowhere");
  EXPECT_EQ(Follow("urn:uuid:b", &references), "nowhere");
}

TEST(FhirReferencesTest, OneEntryTwiceIsStillOne) {
  FhirReferences references;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(AddPatient("urn:uuid:a", "ann", &references).ok());
    AddEntry("urn:uuid:e", "Encounter", "e", "ann", &references);
  }

  EXPECT_EQ(Follow("urn:uuid:a", &references), "ann");
  EXPECT_EQ(Follow("urn:uuid:e", &references), "ann");
}

TEST(FhirReferencesTest, WhatComesAfterTheBoundIsNotRemembered) {
  FhirReferences references;
  for (size_t i = 0; i <= FhirReferences::kMaxPatients; ++i) {
    ASSERT_TRUE(AddPatient(absl::StrCat("urn:uuid:", i), absl::StrCat("p", i),
                           &references)
                    .ok());
  }
  for (size_t i = 0; i <= FhirReferences::kMaxEntries; ++i) {
    AddEntry(absl::StrCat("urn:entry:", i), "Encounter", "e", "p7",
             &references);
  }

  const std::string last = absl::StrCat(FhirReferences::kMaxPatients - 1);
  EXPECT_EQ(Follow("urn:uuid:0", &references), "p0");
  EXPECT_EQ(Follow("urn:uuid:" + last, &references), "p" + last);
  EXPECT_EQ(Follow(absl::StrCat("urn:uuid:", FhirReferences::kMaxPatients),
                   &references),
            "nowhere");
  EXPECT_EQ(Follow(absl::StrCat("urn:entry:", FhirReferences::kMaxEntries - 1),
                   &references),
            "p7");
  EXPECT_EQ(Follow(absl::StrCat("urn:entry:", FhirReferences::kMaxEntries),
                   &references),
            "nowhere");
}

}  // namespace
}  // namespace subrosa
