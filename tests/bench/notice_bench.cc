// Measures what `subrosa notice drift` does beside opening a home: it reads the
// published page and a code base of 2,000 marked fields, and compares both with
// the facts. The baseline is reading the same descriptor set alone.
//
// usage: notice_bench [--json]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/descriptor.pb.h"
#include "src/classify/descriptor_set.h"
#include "src/classify/name_rules.h"
#include "src/classify/schema_survey.h"
#include "src/law/law_book.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_drift.h"
#include "src/notice/notice_facts.h"
#include "src/notice/notice_writer.h"
#include "src/notice/published_notice.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/notice.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

constexpr int kRounds = 5;
constexpr int kMessages = 100;
constexpr int kFieldsEach = 20;
constexpr char kRule[] = "wa-mhmda/policy";

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "notice_bench: error: %s\n", std::string(what).c_str());
  std::exit(1);
}

// A code base, as protoc describes it.
std::string CodeBase() {
  google::protobuf::FileDescriptorSet set;
  google::protobuf::FileDescriptorProto::descriptor()->file()->CopyTo(
      set.add_file());
  v1::HealthCategory_descriptor()->file()->CopyTo(set.add_file());
  v1::FieldMark::descriptor()->file()->CopyTo(set.add_file());
  auto* const file = set.add_file();
  file->set_name("service.proto");
  file->set_package("service");
  file->set_syntax("proto3");
  file->add_dependency("subrosa/v1/annotations.proto");
  for (int i = 0; i < kMessages; ++i) {
    auto* const message = file->add_message_type();
    message->set_name(absl::StrCat("Message", i));
    for (int j = 1; j <= kFieldsEach; ++j) {
      auto* const field = message->add_field();
      field->set_name(absl::StrCat("field_", j));
      field->set_number(j);
      field->set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
      field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
      field->mutable_options()->MutableExtension(v1::field)->add_health(
          static_cast<v1::HealthCategory>(1 + (i + j) % 13));
    }
  }
  return set.SerializeAsString();
}

NoticeFacts Facts() {
  NoticeFacts facts;
  facts.policy.set_entity("rosewater");
  facts.policy.set_name("Rosewater");
  facts.policy.set_contact_email("privacy@rosewater.example");
  auto* const purpose = facts.policy.add_purpose();
  purpose->set_id("diary");
  purpose->set_title("To keep your diary");
  purpose->add_action(v1::ACTION_COLLECT);
  for (int i = 1; i <= 12; ++i) {
    purpose->add_category(static_cast<v1::HealthCategory>(i));
  }
  facts.day = absl::CivilDay(2026, 12, 1);
  return facts;
}

int Run(bool json) {
  const auto law = LawBook::BuiltIn();
  if (!law.ok()) Fail(law.status().message());
  const NoticeFacts facts = Facts();
  v1::NoticeWords words;
  words.set_effective_on("2026-12-01");
  const auto document = WriteNotice(*law, kRule, facts, words);
  if (!document.ok()) Fail(document.status().message());
  const std::string page = NoticeHtml(*document);
  const std::string set = CodeBase();
  size_t differences = 0;
  const Comparison compared = Compare(
      kRounds,
      [&] {
        const auto published = ReadPublishedNotice(page);
        const auto files = ReadDescriptorSet(set);
        const auto names = NameRules::BuiltIn();
        if (!published.ok() || !files.ok() || !names.ok()) Fail("reading");
        const SchemaSurvey survey = SurveySchema(*names, {files->files.back()});
        if (survey.fields != kMessages * kFieldsEach) Fail("another survey");
        const auto found =
            FindDrift({*law, kRule, facts, words, *published, &survey, {}, ""});
        if (!found.ok()) Fail(found.status().message());
        differences = found->size();
      },
      [&] {
        if (!ReadDescriptorSet(set).ok()) Fail("reading");
      });
  if (differences == 0) Fail("want a planted difference, got none");
  Figure whole;
  whole.name = "drift of 2,000 marked fields and a page";
  whole.unit = "ms";
  whole.value = compared.seconds * 1e3;
  whole.goal = Goal::kAtMost;
  whole.bound = 500;
  Figure beside = whole;
  beside.name += ", beside its descriptors";
  beside.baseline = "reading the descriptor set";
  beside.baseline_value = compared.baseline_seconds * 1e3;
  beside.ratio = compared.time_ratio;
  beside.goal = Goal::kNone;
  beside.bound = 0;
  return PrintFigures("notice", {whole, beside}, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::Run(argc > 1 && absl::string_view(argv[1]) == "--json");
}
