#include "src/ingest/apple_zip_reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "src/ingest/zip_members.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

// A member of a zip that a test makes; a link leads to what is its content.
struct Member {
  std::string name;
  std::string content;
  bool is_link = false;
};

std::string Zip(const std::vector<Member>& members) {
  std::string bytes(size_t{1} << 20, '\0');
  for (const Member& member : members)
    bytes.resize(bytes.size() + 512 + member.content.size());
  struct archive* const zip = archive_write_new();
  archive_write_set_format_zip(zip);
  size_t used = 0;
  EXPECT_EQ(archive_write_open_memory(zip, bytes.data(), bytes.size(), &used),
            ARCHIVE_OK);
  for (const Member& member : members) {
    struct archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_perm(entry, 0644);
    if (member.is_link) {
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, member.content.c_str());
    } else {
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_size(entry,
                             static_cast<la_int64_t>(member.content.size()));
    }
    EXPECT_EQ(archive_write_header(zip, entry), ARCHIVE_OK);
    if (!member.is_link) {
      archive_write_data(zip, member.content.data(), member.content.size());
    }
    archive_entry_free(entry);
  }
  archive_write_close(zip);
  archive_write_free(zip);
  bytes.resize(used);
  return bytes;
}

constexpr char kExport[] =
    "<HealthData><Record type=\"HKQuantityTypeIdentifierStepCount\" "
    "value=\"7\" unit=\"count\" startDate=\"2024-05-01 08:00:00 +0200\"/>"
    "</HealthData>";
constexpr char kCondition[] =
    R"({"resourceType":"Condition","id":"c1","subject":)"
    R"({"reference":"Patient/of-the-clinic"},"code":{"text":"x"}})";

ReaderOptions OfRobin() {
  ReaderOptions options = OptionsWithDefaults();
  options.defaults.consumer = "robin";
  return options;
}

TEST(AppleZipReaderTest, AnExportIsReadWithItsClinicalRecordsAndRoutes) {
  const Reading reading = ReadText(
      Zip({{"apple_health_export/clinical-records/Condition-1.json",
            kCondition},
           {"apple_health_export/export.xml", kExport},
           {"apple_health_export/export_cda.xml", "<ClinicalDocument/>"},
           {"apple_health_export/workout-routes/r.gpx", "<gpx/>"},
           {"apple_health_export/electrocardiograms/e.csv", "1,2\n"}}),
      OfRobin());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 4u);
  for (const v1::HealthRecord& record : reading.records) {
    EXPECT_EQ(record.consumer(), "robin");
  }
  v1::FhirResource resource;
  ASSERT_TRUE(reading.records[0].payload().UnpackTo(&resource));
  EXPECT_EQ(resource.resource_type(), "Condition");
  v1::HealthSample route;
  ASSERT_TRUE(reading.records[2].payload().UnpackTo(&route));
  EXPECT_EQ(route.type().coding(0).code(), "workout-routes");
  EXPECT_EQ(route.raw(), "<gpx/>");
  ASSERT_EQ(reading.not_about_consumer.size(), 1u);
  EXPECT_TRUE(reading.rejects.empty());
}

TEST(AppleZipReaderTest, RecordsOfTwoCareSystemsNumberedAlikeAreBothKept) {
  const std::string other =
      absl::StrReplaceAll(kCondition, {{"\"x\"", "\"y\""}});
  const Reading reading =
      ReadText(Zip({{"e/clinical-records/Condition-1.json", kCondition},
                    {"e/clinical-records/Condition-2.json", other},
                    {"e/export.xml", kExport}}),
               OfRobin());
  ASSERT_EQ(reading.records.size(), 3u) << reading.status;
  EXPECT_EQ(reading.records[0].id(), "Condition/c1");
  EXPECT_EQ(reading.records[1].id(), "");
  EXPECT_EQ(reading.records[1].origin().id(), "Condition/c1");
}

TEST(AppleZipReaderTest, WhatMacOsPacksBesideIsPassedOver) {
  const Reading reading =
      ReadText(Zip({{"__MACOSX/apple_health_export/._export.xml", "\x05\x16"},
                    {"apple_health_export/.DS_Store", "Bud1"},
                    {"apple_health_export/export.xml", kExport},
                    {"apple_health_export/._export.xml", "\x05\x16"}}),
               OfRobin());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_TRUE(reading.rejects.empty());
}

TEST(AppleZipReaderTest, ANameThatLeadsOutOfTheArchiveIsRejected) {
  const Reading reading =
      ReadText(Zip({{"../../etc/cron.d/x.xml", kExport},
                    {"/etc/passwd", "root"},
                    {"a/link", "/etc/passwd", /*is_link=*/true},
                    {"apple_health_export/export.xml", kExport}}),
               OfRobin());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects.size(), 3u);
  // Of a link, a stream tells no more than that it is a member of no folder;
  // where it leads is never opened.
  for (const std::string& reject : reading.rejects) {
    EXPECT_NE(reject.find("archive member: want"), std::string::npos);
    EXPECT_EQ(reject.find("passwd"), std::string::npos);
  }
}

TEST(AppleZipReaderTest, AZipBombEndsWhereItUnpacksTooMuch) {
  std::string bomb = "<HealthData>";
  while (bomb.size() < size_t{200} << 20) bomb += "<ExportDate/>";
  const std::string zip = Zip({{"x/export.xml", bomb}});
  ASSERT_LT(zip.size() * ZipMembers::kMaxRatio, bomb.size());
  const Reading reading = ReadText(zip, OfRobin());
  EXPECT_TRUE(absl::IsInvalidArgument(reading.status));
  EXPECT_NE(reading.status.message().find("bytes out of one"),
            absl::string_view::npos);
}

TEST(AppleZipReaderTest, AFileThatIsTooLongOrNoTextIsRejected) {
  ReaderOptions options = OfRobin();
  options.max_record_bytes = 1024;
  const Reading reading =
      ReadText(Zip({{"x/export.xml", kExport},
                    {"x/electrocardiograms/long.csv", std::string(1025, '1')},
                    {"x/electrocardiograms/e.csv", "\xFF\xFE"},
                    {"x/clinical-records/c.json", "{"}}),
               options);
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects.size(), 3u);
}

TEST(AppleZipReaderTest, AZipWithoutAnExportIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadText(Zip({{"a/letter.txt", "hello"}}), OfRobin()).status));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadText(Zip({{"a/export.xml", "<Letters/>"}}), OfRobin()).status));
}

TEST(AppleZipReaderTest, AZipThatIsNobodysIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadText(Zip({{"a/export.xml", kExport}}), OptionsWithDefaults())
          .status));
}

TEST(AppleZipReaderTest, ADamagedZipIsRefused) {
  const std::string zip = Zip({{"x/export.xml", kExport}});
  const Reading cut = ReadText(zip.substr(0, 60), OfRobin());
  EXPECT_TRUE(absl::IsInvalidArgument(cut.status));
  EXPECT_EQ(cut.records.size(), 0u);
}

}  // namespace
}  // namespace subrosa
