#include "src/ingest/bundle_splitter.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_input.h"

namespace subrosa {
namespace {

using Parts = std::vector<std::string>;

constexpr size_t kMaxEntryBytes = 1000;

// What a text was split into: "1@35 {...}" with the entry's fullUrl before its
// resource, "lone", "end of bundle", the reason of a reject, an error.
Parts Split(absl::string_view text, size_t max_entry_bytes = kMaxEntryBytes) {
  BundleSplitter splitter(ScratchInput(text), max_entry_bytes);
  Parts parts;
  for (;;) {
    const absl::StatusOr<BundlePart> part = splitter.Next();
    if (!part.ok()) {
      parts.push_back(absl::StrCat("error: ", part.status().message()));
      return parts;
    }
    const std::string place =
        absl::StrCat(part->number, "@", part->byte_offset);
    switch (part->kind) {
      case BundlePart::Kind::kEnd:
        EXPECT_EQ(part->byte_offset, text.size());
        return parts;
      case BundlePart::Kind::kBundleEnd:
        parts.push_back("end of bundle");
        break;
      case BundlePart::Kind::kReject:
        EXPECT_TRUE(absl::IsInvalidArgument(part->reject));
        parts.push_back(absl::StrCat(place, " ", part->reject.message()));
        break;
      case BundlePart::Kind::kResource:
        parts.push_back(absl::StrCat(
            part->is_in_bundle ? "" : "lone ", place, " ",
            part->full_url.size == 0 ? "" : splitter.Text(part->full_url),
            splitter.Text(part->resource)));
        break;
    }
  }
}

std::string Bundle(absl::string_view entries) {
  return absl::StrCat(R"({"resourceType":"Bundle","entry":[)", entries, "]}");
}

constexpr char kUnknown[] =
    ": want JSON of FHIR, got something else, and nothing tells where the next "
    "entry starts";

TEST(BundleSplitterTest, EachEntrysResourceIsFoundWithItsUrl) {
  EXPECT_EQ(Split(Bundle(R"({"resource":{"a":1},"fullUrl":"u"},)"
                         R"( {"search":{},"resource":{"b":[]}} )")),
            (Parts{R"(1@34 "u"{"a":1})", R"(2@70 {"b":[]})", "end of bundle"}));
}

TEST(BundleSplitterTest, ResourcesAndBundlesMayFollowEachOther) {
  EXPECT_EQ(Split("\xEF\xBB\xBF\n{\"resourceType\":\"Basic\"}\n" +
                  Bundle("{\"resource\":{}}") + Bundle("") + "{}"),
            (Parts{"lone 1@4 {\"resourceType\":\"Basic\"}", "2@63 {}",
                   "end of bundle", "end of bundle", "lone 3@116 {}"}));
  EXPECT_EQ(Split(""), Parts());
  EXPECT_EQ(Split(" \n "), Parts());
}

TEST(BundleSplitterTest, WhatABundleSaysBeforeAndAfterItsEntriesIsPassedOver) {
  EXPECT_EQ(Split(R"({"meta":{"entry":[1]},"resourceType":"Bundle",)"
                  R"("total":1,"entry":[{"resource":{}}],"link":[{}]})"),
            (Parts{"1@65 {}", "end of bundle"}));
}

TEST(BundleSplitterTest, AnEntryThatHasNoResourceIsRejectedAndTheNextIsRead) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"{}", "entry.resource: want a resource, got none"},
      {R"({"request":{"method":"DELETE"}})",
       "entry.resource: want a resource, got none"},
      {"[]", "entry: want an object, got something else"},
      {"1", "entry: want an object, got something else"},
      {"null", "entry: want an object, got something else"},
      {R"({"fullUrl":1,"resource":{}})",
       "entry.fullUrl: want a string, got something else"},
      {R"({"fullUrl":{},"resource":{}})",
       "entry.fullUrl: want a string, got something else"},
      {R"({"resource":{},"resource":{}})",
       "entry: want each key once, got one twice"},
      {R"({"fullUrl":"a","fullUrl":"b","resource":{}})",
       "entry: want each key once, got one twice"},
      {R"({"\u0072esource":{}})",
       "entry: want keys of FHIR, got one with escapes"},
      {R"({"resource":{},"resourc\u0065":{}})",
       "entry: want keys of FHIR, got one with escapes"},
      {absl::StrCat(R"({"resource":")", std::string(kMaxEntryBytes, 'x'),
                    "\"}"),
       "entry: want at most 1000 bytes, got more"},
      {absl::StrCat("{\"", std::string(500000, 'k'), R"(":1,"resource":{}})"),
       "entry: want at most 1000 bytes, got more"},
      {absl::StrCat(R"({"resource":)", std::string(500000, '['),
                    std::string(500000, ']'), "}"),
       "entry: want at most 1000 bytes, got more"},
  };
  for (const auto& fault : faults) {
    const Parts parts =
        Split(Bundle(absl::StrCat(fault.first, R"(,{"resource":{"a":1}})")));

    ASSERT_EQ(parts.size(), 3u) << fault.second;
    EXPECT_EQ(parts[0], "1@34 " + fault.second);
    EXPECT_EQ(parts[1].substr(0, 2), "2@");
    EXPECT_EQ(parts[2], "end of bundle");
  }
}

TEST(BundleSplitterTest, AnEntryOfExactlyTheLimitIsTaken) {
  const std::string frame = R"({"resource":""})";
  const std::string most =
      absl::StrCat(R"({"resource":")",
                   std::string(kMaxEntryBytes - frame.size(), 'x'), "\"}");
  ASSERT_EQ(most.size(), kMaxEntryBytes);

  EXPECT_EQ(Split(Bundle(most))[0].substr(0, 6), "1@34 \"");
  EXPECT_EQ(
      Split("{" + std::string(kMaxEntryBytes - 2, ' ') + "}")[0].substr(0, 8),
      "lone 1@0");
  EXPECT_EQ(Split("{" + std::string(kMaxEntryBytes - 1, ' ') + "}"),
            Parts{"1@0 resource: want at most 1000 bytes, got more"});
}

TEST(BundleSplitterTest, AFileThatEndsTooEarlyGivesOneReject) {
  const std::string whole = Bundle(R"({"fullUrl":"u","resource":{"a":"}"}})");
  for (size_t size = whole.find("\"entry\""); size < whole.size(); ++size) {
    const Parts parts = Split(whole.substr(0, size));

    ASSERT_GE(parts.size(), 1u) << size;
    EXPECT_NE(parts.back().find(" file: want the end of what it starts, got "
                                "the end of the file"),
              std::string::npos)
        << size << parts.back();
    EXPECT_EQ(parts.size(), size < whole.size() - 2 ? 1u : 2u) << size;
  }
}

TEST(BundleSplitterTest, WhereNobodyCanSayWhatComesNextReadingEnds) {
  for (const char* entries :
       {"{}{}", "{},", "{},,{}", ",{}", "{\"resource\":[}}", "{\"a\" 1}",
        "{\"a\":1 \"b\":2}", "{a:1}", "{\"a\":}", "{,}", "{\"a\":1,}", "}",
        "{\"a\":1]", "=", "{} x"}) {
    const Parts parts = Split(Bundle(entries));

    ASSERT_FALSE(parts.empty()) << entries;
    EXPECT_NE(parts.back().find(kUnknown), std::string::npos)
        << entries << ": " << parts.back();
  }
  EXPECT_EQ(Split("]"), Parts{absl::StrCat("error: byte 0", kUnknown)});
  EXPECT_EQ(Split(Bundle("") + "}").back(),
            absl::StrCat("error: byte 36", kUnknown));
}

TEST(BundleSplitterTest, AMemberThatHidesEntriesIsToldAndReadOn) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {R"("entry":[{}])", "bundle: want each key once, got one twice"},
      {R"("resourceType":"X")", "bundle: want each key once, got one twice"},
      {R"("\u0065ntry":[])", "bundle: want keys of FHIR, got one with escapes"},
      {absl::StrCat("\"", std::string(500000, 'k'), "\":1"),
       "bundle: want keys of FHIR, got one with escapes"},
  };
  for (const auto& fault : faults) {
    const Parts parts = Split(absl::StrCat(
        R"({"resourceType":"Bundle","entry":[],)", fault.first, ",\"x\":1}"));

    ASSERT_EQ(parts.size(), 2u) << fault.second;
    EXPECT_EQ(parts[0].substr(parts[0].find(' ') + 1), fault.second);
    EXPECT_EQ(parts[1], "end of bundle");
  }
  for (const char* none : {"{}", "1", "\"[]\"", "null"}) {
    EXPECT_EQ(
        Split(absl::StrCat(R"({"resourceType":"Bundle","entry":)", none, "}")),
        (Parts{"1@33 bundle.entry: want a list, got something else",
               "end of bundle"}));
  }
}

}  // namespace
}  // namespace subrosa
