#include "src/classify/free_text_redactor.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/classify/redactor.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

class FreeTextRedactorTest : public testing::Test {
 protected:
  FreeTextRedactorTest()
      : scanner_(std::move(TextScanner::Create({})).value()),
        redactor_(std::move(FreeTextRedactor::Create(*scanner_)).value()) {}

  // Whoever asks leaves titles alone.
  void Redact(google::protobuf::Message* payload) {
    const absl::Status status = redactor_->Redact(
        [](const TextMatch& match, absl::string_view path,
           absl::string_view value) -> std::optional<std::string> {
          if (path == "payload.title") return std::nullopt;
          return Redactor::Markers().Replacement(TextRules()[match.rule].id,
                                                 value);
        },
        payload);
    EXPECT_TRUE(status.ok()) << status;
  }

  // `json` as a resource's, redacted.
  std::string Json(absl::string_view json) {
    v1::FhirResource resource;
    resource.set_json(std::string(json));
    Redact(&resource);
    EXPECT_TRUE(nlohmann::json::accept(resource.json())) << resource.json();
    return resource.json();
  }

  std::string Xml(absl::string_view xml) {
    v1::CdaEntry entry;
    entry.set_xml(std::string(xml));
    Redact(&entry);
    return entry.xml();
  }

  const std::unique_ptr<TextScanner> scanner_;
  const std::unique_ptr<FreeTextRedactor> redactor_;
};

TEST_F(FreeTextRedactorTest, OnlyFreeTextIsRewritten) {
  v1::MoodCheckIn mood;
  mood.set_score(2);
  mood.set_note("slept badly, write to ann@post.example or bo@post.example!");
  mood.set_device_id("cy@post.example");
  Redact(&mood);

  EXPECT_EQ(mood.note(), "slept badly, write to [EMAIL] or [EMAIL]!");
  EXPECT_EQ(mood.device_id(), "cy@post.example");
  EXPECT_EQ(mood.score(), 2);
}

TEST_F(FreeTextRedactorTest, WhatTheCallerLeavesStays) {
  v1::JournalEntry entry;
  entry.set_title("to ann@post.example");
  entry.set_text("from ann@post.example");
  Redact(&entry);

  EXPECT_EQ(entry.title(), "to ann@post.example");
  EXPECT_EQ(entry.text(), "from [EMAIL]");
}

TEST_F(FreeTextRedactorTest, TextsOfMessagesBelowAreRewrittenToo) {
  v1::FhirResource resource;
  resource.mutable_code()->set_text("call (509) 555-0142");
  resource.add_parts()->set_value_text("calm");
  resource.add_parts()->set_value_text("mail ann@post.example");
  Redact(&resource);

  EXPECT_EQ(resource.code().text(), "call [PHONE]");
  EXPECT_EQ(resource.parts(0).value_text(), "calm");
  EXPECT_EQ(resource.parts(1).value_text(), "mail [EMAIL]");
}

TEST_F(FreeTextRedactorTest, JsonStaysJsonAndItsStructureStays) {
  EXPECT_EQ(
      Json(R"({"system":"http://loinc.org","note":"see http://jo.example/a"})"),
      R"({"system":"http://loinc.org","note":"see [URL]"})");
  EXPECT_EQ(Json(R"({"loc":{"latitude":47.606209,"longitude":-122.332069}})"),
            R"({"loc":{"latitude":"[COORDINATES]",)"
            R"("longitude":"[COORDINATES]"}})");
  const std::string address = Json(
      R"({"line":["1200 Pine Street","Apt 4"],"city":"Seattle","zip":"98101"})");
  EXPECT_EQ(address.find("Pine"), std::string::npos) << address;
  EXPECT_NE(address.find("\"line\":["), std::string::npos) << address;
}

TEST_F(FreeTextRedactorTest, NoEscapeOfJsonIsCut) {
  EXPECT_EQ(Json(R"({"a":"x\nann@post.example\n","b":"\"(509) 555-0142\""})"),
            R"({"a":"x\n[EMAIL]\n","b":"\"[PHONE]\""})");
  EXPECT_EQ(
      Json(R"({"div":"<div title=\"bo@post.example\">on 2024-03-05</div>"})"),
      R"({"div":"<div title=\"[EMAIL]\">on [DATE]</div>"})");
  const std::string escaped =
      Json(R"({"a":"\u0061nn@post.example","b":["\\\\bo@post.example\\"]})");
  EXPECT_EQ(escaped.find("post.example"), std::string::npos) << escaped;
}

TEST_F(FreeTextRedactorTest, AnEscapedLineEndHidesNothingBehindIt) {
  EXPECT_EQ(Json(R"({"a":"call\n(509) 555-0142\t(509) 555-0143\\n"})"),
            R"({"a":"call\n[PHONE]\t[PHONE]\\n"})");
}

TEST_F(FreeTextRedactorTest, ANameThatIsAnIdentifierIsReplaced) {
  EXPECT_EQ(Json(R"({"ann@post.example":1,"phone":2})"),
            R"({"[EMAIL]":1,"phone":2})");
}

TEST_F(FreeTextRedactorTest, MarkupStaysMarkup) {
  EXPECT_EQ(Xml("<a code=\"1\"><telecom value=\"tel:+1-206-555-0134\"/>"
                "<t>mail ann@post.example</t></a>"),
            "<a code=\"1\"><telecom value=\"tel:[PHONE]\"/>"
            "<t>mail [EMAIL]</t></a>");
}

}  // namespace
}  // namespace subrosa
