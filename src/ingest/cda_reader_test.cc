#include "src/ingest/cda_reader.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/ingest/cda_time.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {
namespace {

constexpr char kPatient[] =
    "<recordTarget><patientRole>"
    "<id root=\"2.16.840.1.113883.4.1\" extension=\"078-05-1120\"/>"
    "<id root=\"1.2.3\" extension=\"p-7\"/><patient><name><given>Ada</given>"
    "</name></patient></patientRole></recordTarget>";

constexpr char kProblem[] =
    "<entry><act classCode=\"ACT\" moodCode=\"EVN\">"
    "<id root=\"1.9\" extension=\"a1\"/>"
    "<code code=\"CONC\" codeSystem=\"2.16.840.1.113883.5.6\"/>"
    "<statusCode code=\"active\"/>"
    "<effectiveTime><low value=\"20140302\"/></effectiveTime>"
    "<author><time value=\"19990101\"/><assignedAuthor>"
    "<code code=\"207R\" codeSystem=\"1.1\"/></assignedAuthor></author>"
    "<entryRelationship><observation>"
    "<value xsi:type=\"CD\" code=\"385093006\" "
    "codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"pneumonia\">"
    "<translation code=\"J18.9\" codeSystem=\"2.16.840.1.113883.6.90\"/>"
    "</value></observation></entryRelationship></act></entry>";

std::string Section(const std::string& code, const std::string& content) {
  return absl::StrCat("<component><section><code code=\"", code,
                      "\" codeSystem=\"2.16.840.1.113883.6.1\"/>", content,
                      "</section></component>");
}

std::string Document(const std::string& patients, const std::string& sections) {
  return absl::StrCat(
      "<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\" "
      "xmlns:xsi=\"x\"><effectiveTime value=\"20240501103000-0700\"/>",
      patients, "<component><structuredBody>", sections,
      "</structuredBody></component></ClinicalDocument>");
}

v1::CdaEntry EntryOf(const v1::HealthRecord& record) {
  v1::CdaEntry entry;
  EXPECT_TRUE(record.payload().UnpackTo(&entry));
  return entry;
}

TEST(CdaReaderTest, AProblemIsTakenWithItsCodesTimesAndXml) {
  const Reading reading = ReadText(
      Document(kPatient, Section("11450-4", kProblem)), OptionsWithDefaults());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(EntryOf(reading.records[0]).section(), "cda:patient");
  const v1::HealthRecord& record = reading.records[1];
  // Not the social security number.
  EXPECT_EQ(record.consumer(), "p-7");
  EXPECT_EQ(record.id(), "1.9^a1");
  EXPECT_EQ(record.collected_at().seconds(), 1714584600);
  EXPECT_EQ(record.effective().given_start(), "20140302");
  EXPECT_EQ(record.effective().start().seconds(), 1393718400);
  const v1::CdaEntry entry = EntryOf(record);
  EXPECT_EQ(entry.section(), "cda:problems");
  EXPECT_EQ(entry.entry_class(), "act");
  EXPECT_EQ(entry.status(), "active");
  EXPECT_EQ(entry.code().coding(0).code(), "CONC");
  ASSERT_EQ(entry.values_size(), 1);
  ASSERT_EQ(entry.values(0).coding_size(), 2);
  EXPECT_EQ(entry.values(0).coding(0).system(),
            "urn:oid:2.16.840.1.113883.6.96");
  EXPECT_EQ(entry.values(0).coding(0).display(), "pneumonia");
  EXPECT_EQ(entry.values(0).coding(1).code(), "J18.9");
  EXPECT_EQ(entry.xml(), kProblem);
}

TEST(CdaReaderTest, AMeasurementKeepsItsNumberAndUnit) {
  const Reading reading = ReadText(
      Document(kPatient,
               Section("8716-3",
                       "<entry><organizer><component><observation>"
                       "<code code=\"8480-6\" "
                       "codeSystem=\"2.16.840.1.113883.6.1\"/>"
                       "<effectiveTime value=\"201405211030\"/>"
                       "<value xsi:type=\"PQ\" value=\"120\" unit=\"mm[Hg]\"/>"
                       "</observation></component></organizer></entry>")),
      OptionsWithDefaults());
  ASSERT_EQ(reading.records.size(), 2u) << reading.status;
  const v1::CdaEntry entry = EntryOf(reading.records[1]);
  EXPECT_EQ(entry.section(), "cda:vital-signs");
  EXPECT_EQ(entry.value().value(), 120);
  EXPECT_EQ(entry.value().unit(), "mm[Hg]");
  EXPECT_EQ(entry.values(0).coding(0).code(), "8480-6");
}

TEST(CdaReaderTest, AMedicineIsKnownByItsMaterialAndANegationIsSaid) {
  const Reading reading = ReadText(
      Document(kPatient,
               Section("10160-0",
                       "<entry><substanceAdministration negationInd=\"true\">"
                       "<consumable><manufacturedProduct>"
                       "<manufacturedMaterial><code code=\"573621\" "
                       "codeSystem=\"2.16.840.1.113883.6.88\"/>"
                       "</manufacturedMaterial></manufacturedProduct>"
                       "</consumable></substanceAdministration></entry>")),
      OptionsWithDefaults());
  ASSERT_EQ(reading.records.size(), 2u) << reading.status;
  const v1::CdaEntry entry = EntryOf(reading.records[1]);
  EXPECT_TRUE(entry.negated());
  EXPECT_EQ(entry.code().coding(0).code(), "573621");
}

TEST(CdaReaderTest, WordsOfASectionAndABodyThatIsNoXmlAreKept) {
  const std::string text = "<text>No <b>known</b> problems</text>";
  const Reading reading = ReadText(
      Document(kPatient, absl::StrCat(Section("11450-4", text),
                                      "<nonXMLBody>JVBERi0=</nonXMLBody>")),
      OptionsWithDefaults());
  ASSERT_EQ(reading.records.size(), 3u) << reading.status;
  EXPECT_EQ(EntryOf(reading.records[1]).entry_class(), "text");
  EXPECT_EQ(EntryOf(reading.records[1]).xml(), text);
  EXPECT_EQ(EntryOf(reading.records[2]).section(), "cda:unstructured");
}

std::string ProblemInWords(const std::string& original_text) {
  return absl::StrCat(
      "<entry><observation><value xsi:type=\"CD\" nullFlavor=\"UNK\">",
      original_text, "</value></observation></entry>");
}

std::string ReferenceTo(const std::string& id) {
  return ProblemInWords(absl::StrCat("<originalText><reference value=\"", id,
                                     "\"/></originalText>"));
}

// The words of the one value of the last record.
std::string WordsOf(const Reading& reading) {
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  if (reading.records.empty()) return "no record";
  const v1::CdaEntry entry = EntryOf(reading.records.back());
  return entry.values_size() == 1 ? entry.values(0).text() : "no value";
}

constexpr char kProblemsText[] =
    "<text><list><item ID=\"p1\">Ringing in <b>both</b> ears</item>"
    "<item ID=\"p2\"><content>Gout &amp; more</content></item>"
    "<item ID=\"p3\">A</item><item ID=\"p3\">B</item></list></text>";

TEST(CdaReaderTest, AProblemWithoutACodeCarriesTheWordsThatItRefersTo) {
  for (const auto& known : {std::make_pair("#p1", "Ringing in both ears"),
                            std::make_pair("#p2", "Gout & more")}) {
    const Reading reading = ReadText(
        Document(kPatient,
                 Section("11450-4", absl::StrCat(kProblemsText,
                                                 ReferenceTo(known.first)))),
        OptionsWithDefaults());

    EXPECT_EQ(WordsOf(reading), known.second);
    // What is kept is what was read.
    EXPECT_EQ(EntryOf(reading.records.back()).xml(), ReferenceTo(known.first));
  }
}

TEST(CdaReaderTest, AnActWithoutACodeCarriesTheWordsOfItsText) {
  const auto words = [](const std::string& code, const std::string& text) {
    const Reading reading = ReadText(
        Document(kPatient,
                 Section("11450-4", absl::StrCat(kProblemsText, "<entry><act>",
                                                 code, "<text>", text,
                                                 "</text></act></entry>"))),
        OptionsWithDefaults());
    EXPECT_TRUE(reading.status.ok()) << reading.status;
    return EntryOf(reading.records.back()).code().text();
  };
  const std::string reference = "<reference value=\"#p1\"/>";

  EXPECT_EQ(words("", reference), "Ringing in both ears");
  EXPECT_EQ(words("<code nullFlavor=\"UNK\"/>", "Tinnitus"), "Tinnitus");
  EXPECT_EQ(words("<code nullFlavor=\"UNK\"><originalText>Own"
                  "</originalText></code>",
                  reference),
            "Own");
  // What has a code says what it is; the words stay in the section's text.
  EXPECT_EQ(words("<code code=\"60862001\" "
                  "codeSystem=\"2.16.840.1.113883.6.96\"/>",
                  reference),
            "");
  EXPECT_EQ(words("", "<reference value=\"#p4\"/>"), "");
}

TEST(CdaReaderTest, AReferenceThatLeadsNowhereIsNotGuessed) {
  const std::string elsewhere =
      Section("48765-2", "<text><content ID=\"a1\">Nuts</content></text>");
  for (const std::string id : {"#p3", "#p4", "#", "", "p1", "##p1", "#P1",
                               "http://x.example/#p1", "#a1"}) {
    const Reading reading = ReadText(
        Document(kPatient,
                 absl::StrCat(elsewhere,
                              Section("11450-4", absl::StrCat(kProblemsText,
                                                              ReferenceTo(id))),
                              elsewhere)),
        OptionsWithDefaults());

    ASSERT_EQ(reading.records.size(), 5u) << id;
    const v1::CdaEntry entry = EntryOf(reading.records[3]);
    EXPECT_EQ(entry.values(0).text(), "") << id;
  }
}

TEST(CdaReaderTest, AnEntrysOwnWordsAreNearerThanThoseItRefersTo) {
  for (const char* own :
       {"<originalText>Tinnitus<reference value=\"#p1\"/></originalText>",
        "<originalText><reference value=\"#p1\"/> Tinnitus\n</originalText>",
        "Tinnitus"}) {
    EXPECT_EQ(
        WordsOf(ReadText(
            Document(kPatient,
                     Section("11450-4",
                             absl::StrCat(kProblemsText, ProblemInWords(own)))),
            OptionsWithDefaults())),
        "Tinnitus");
  }
}

TEST(CdaReaderTest, OtherWordsInTheSectionMakeAnotherRecordOfTheEntry) {
  const auto digest = [](const std::string& text, const std::string& entry) {
    const Reading reading = ReadText(
        Document(kPatient, Section("11450-4", absl::StrCat(text, entry))),
        OptionsWithDefaults());
    return reading.records.back().origin().raw_digest();
  };
  const std::string changed =
      absl::StrReplaceAll(kProblemsText, {{"both", "the left"}});

  EXPECT_NE(digest(kProblemsText, ReferenceTo("#p1")),
            digest(changed, ReferenceTo("#p1")));
  EXPECT_EQ(digest(kProblemsText, ReferenceTo("#p2")),
            digest(changed, ReferenceTo("#p2")));
  EXPECT_EQ(digest(kProblemsText, kProblem), digest(changed, kProblem));
}

TEST(CdaReaderTest,
     WordsAreRememberedOnlyWhileThoseOfTheOuterSectionsLeaveRoom) {
  const auto words = [](int outer_ids) {
    std::string outer = "<text>";
    for (int i = 0; i < outer_ids; ++i) {
      absl::StrAppend(&outer, "<content ID=\"o", i, "\"/>");
    }
    outer += "</text>";
    return WordsOf(ReadText(
        Document(
            kPatient,
            Section("11450-4",
                    absl::StrCat(
                        outer,
                        Section("11450-4", absl::StrCat(kProblemsText,
                                                        ReferenceTo("#p1")))))),
        OptionsWithDefaults()));
  };

  EXPECT_EQ(words(10), "Ringing in both ears");
  // These fill the room, and the last one goes beyond it.
  EXPECT_EQ(words(12000), "");
}

TEST(CdaReaderTest, APatientWhoIsNotReadToTheEndIsTakenForNobody) {
  const std::string long_one = absl::StrReplaceAll(
      kPatient,
      {{"<patient>", absl::StrCat("<patient><name>", std::string(4 << 20, 'n'),
                                  "</name>")}});
  const Reading reading = ReadText(
      Document(long_one, Section("11450-4", kProblem)), OptionsWithDefaults());

  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_TRUE(reading.records.empty());
  ASSERT_EQ(reading.rejects.size(), 2u);
  EXPECT_NE(reading.rejects[1].find("recordTarget: want at most 4194304 bytes"),
            std::string::npos);
}

TEST(CdaReaderTest, ADocumentAboutNobodyOrAboutTwoIsRejected) {
  const std::string sections = Section("11450-4", kProblem);
  const Reading nobody =
      ReadText(Document("", sections), OptionsWithDefaults());
  EXPECT_TRUE(nobody.status.ok());
  ASSERT_EQ(nobody.rejects.size(), 1u);
  EXPECT_NE(nobody.rejects[0].find("recordTarget.patientRole.id: want"),
            std::string::npos);
  const Reading two = ReadText(
      Document(absl::StrCat(kPatient,
                            absl::StrReplaceAll(kPatient, {{"p-7", "p-8"}})),
               sections),
      OptionsWithDefaults());
  EXPECT_TRUE(two.records.empty());
  ASSERT_EQ(two.rejects.size(), 3u);
  for (const std::string& reject : two.rejects) {
    EXPECT_NE(reject.find("want one patient, got several"), std::string::npos);
  }
}

TEST(CdaReaderTest, TwoPatientsAreNotTakenForTheOneWhomTheCallerNames) {
  const std::string other = absl::StrReplaceAll(kPatient, {{"p-7", "p-8"}});
  const std::string two_in_one = absl::StrReplaceAll(
      kPatient, {{"</recordTarget>",
                  "<patientRole><id root=\"1.2\" extension=\"p-8\"/>"
                  "</patientRole></recordTarget>"}});
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.consumer = "robin";
  for (const std::string& people :
       {absl::StrCat(kPatient, other), two_in_one}) {
    const Reading reading =
        ReadText(Document(people, Section("11450-4", kProblem)), options);
    EXPECT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_TRUE(reading.records.empty());
    EXPECT_GE(reading.rejects.size(), 2u);
  }
  const Reading one =
      ReadText(Document(kPatient, Section("11450-4", kProblem)), options);
  ASSERT_EQ(one.records.size(), 2u) << one.status;
  EXPECT_EQ(one.records[1].consumer(), "robin");
}

TEST(CdaReaderTest, AnIdThatStandsTwiceTakesNobodysPlace) {
  const std::string second =
      absl::StrReplaceAll(kProblem, {{"active", "completed"}});
  const Reading reading = ReadText(
      Document(kPatient, Section("11450-4", absl::StrCat(kProblem, second))),
      OptionsWithDefaults());
  ASSERT_EQ(reading.records.size(), 3u) << reading.status;
  EXPECT_EQ(reading.records[1].id(), "1.9^a1");
  EXPECT_EQ(reading.records[2].id(), "");
}

TEST(CdaReaderTest, AFragmentIsTakenForWhomTheCallerNames) {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kCda;
  options.defaults.consumer = "robin";
  const Reading section = ReadText(
      absl::StrCat("<section><code code=\"48765-2\"/>", kProblem, "</section>"),
      options);
  ASSERT_EQ(section.records.size(), 1u) << section.status;
  EXPECT_EQ(section.records[0].consumer(), "robin");
  EXPECT_EQ(EntryOf(section.records[0]).section(), "cda:allergies");
  const Reading act = ReadText(
      "<observation><value value=\"1\" unit=\"kg\"/></observation>", options);
  ASSERT_EQ(act.records.size(), 1u) << act.status;
  EXPECT_EQ(EntryOf(act.records[0]).entry_class(), "observation");
}

TEST(CdaReaderTest, ATimeThatIsNoneIsRejectedWithoutSayingIt) {
  const Reading reading = ReadText(
      Document(kPatient,
               Section("11450-4", absl::StrReplaceAll(
                                      kProblem, {{"20140302", "02.03.14"}}))),
      OptionsWithDefaults());
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_NE(reading.rejects[0].find("entry.effectiveTime: want a time of HL7"),
            std::string::npos);
  EXPECT_EQ(reading.rejects[0].find("02.03"), std::string::npos);
}

TEST(CdaReaderTest, TimesOfHl7AreReadStrictly) {
  EXPECT_EQ(ParseCdaTime("1970")->seconds, 0);
  EXPECT_EQ(ParseCdaTime("197001")->seconds, 0);
  EXPECT_EQ(ParseCdaTime("19700101")->seconds, 0);
  EXPECT_EQ(ParseCdaTime("1970010100")->seconds, 0);
  EXPECT_EQ(ParseCdaTime("197001010001")->seconds, 60);
  EXPECT_EQ(ParseCdaTime("19700101000001.5+0100")->seconds, -3599);
  EXPECT_EQ(ParseCdaTime("19700101000001-0500")->utc_offset_minutes, -300);
  EXPECT_EQ(ParseCdaPeriodEnd("1970")->seconds, 365 * 86400 - 1);
  for (const char* wrong :
       {"", "19", "197", "19700", "1970-01-01", "19701301", "197002301",
        "1970+0100", "20240501.5", "20240501103000+01:00", "2024050125"}) {
    EXPECT_FALSE(ParseCdaTime(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace subrosa
