#include "src/notice/notice_writer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/notice/fact_table.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

const v1::NoticeWords::Section* FindSection(const v1::NoticeWords& words,
                                            absl::string_view item) {
  for (const v1::NoticeWords::Section& section : words.section()) {
    if (section.item() == item) return &section;
  }
  return nullptr;
}

class ItemWriter {
 public:
  ItemWriter(const v1::ContentItem& content, const FactTableSource& source,
             NoticeDocument* document)
      : content_(content), source_(source), document_(document) {
    item_.key = content.key();
    item_.rule = absl::StrCat(source.rule.id, "#", content.key());
    item_.heading = item_.key;
  }

  void Write() {
    const v1::NoticeWords::Section* const section =
        FindSection(source_.words, item_.rule);
    if (section == nullptr) {
      Miss("want a section in the words, got none");
    } else {
      WriteWords(*section);
    }
    if (section != nullptr && content_.wants_words() &&
        item_.paragraphs.empty()) {
      Miss("want words, got none");
    }
    FactTable table = TableOf(content_, source_);
    for (const std::string& missing : table.missing) Miss(missing);
    item_.columns = std::move(table.columns);
    for (FactRow& row : table.rows) Add(std::move(row));
    if (section != nullptr && table.missing.empty() &&
        item_.paragraphs.empty() && item_.rows.empty()) {
      Miss("want words, got none");
    }
    CheckExact();
    document_->items.push_back(std::move(item_));
  }

 private:
  void Miss(absl::string_view what) {
    document_->missing.push_back(absl::StrCat(item_.rule, ": ", what));
  }

  NoticeLine* AddLine(std::vector<NoticeLine>* lines) {
    const size_t number = item_.paragraphs.size() + item_.rows.size() + 1;
    lines->push_back({absl::StrCat(item_.key, ".", number), {}, {}, ""});
    return &lines->back();
  }

  void WriteWords(const v1::NoticeWords::Section& section) {
    item_.heading = section.heading();
    const std::string fact = absl::StrCat("words: section ", item_.rule);
    for (const std::string& paragraph : section.paragraph()) {
      NoticeLine* const line = AddLine(&item_.paragraphs);
      line->cells = {paragraph};
      line->facts = {fact};
    }
    for (const v1::NoticeWords::Section::Link& link : section.link()) {
      NoticeLine* const line = AddLine(&item_.paragraphs);
      line->cells = {link.text()};
      line->facts = {fact};
      line->url = link.url();
    }
  }

  void Add(FactRow row) {
    NoticeLine* const line =
        AddLine(item_.columns.empty() ? &item_.paragraphs : &item_.rows);
    line->cells = std::move(row.cells);
    line->facts = {row.facts.begin(), row.facts.end()};
  }

  // Prescribed words stand in a link or heading, with nothing besides.
  void CheckExact() {
    if (content_.exact().empty()) return;
    for (const std::string& exact : content_.exact()) {
      for (const NoticeLine& line : item_.paragraphs) {
        if (!line.url.empty() && line.cells[0] == exact) return;
      }
    }
    Miss(absl::StrCat("want a link of these very words, `",
                      absl::StrJoin(content_.exact(), "` or `"),
                      "`, got none"));
  }

  const v1::ContentItem& content_;
  const FactTableSource& source_;
  NoticeDocument* const document_;
  NoticeItem item_;
};

}  // namespace

absl::StatusOr<NoticeDocument> WriteNotice(const LawBook& law,
                                           absl::string_view rule,
                                           const NoticeFacts& facts,
                                           const v1::NoticeWords& words) {
  const LawEntry* const entry = law.Find(rule);
  if (entry == nullptr || !entry->rule->has_contents()) {
    return absl::NotFoundError(absl::StrCat(
        "notice: want a rule of the packs that lists contents, got `", rule,
        "`"));
  }
  NoticeDocument document;
  document.document = entry->rule->contents().document();
  document.entity = facts.policy.entity();
  document.title = words.title();
  document.locale = words.locale();
  document.version = words.version();
  document.effective_on = words.effective_on();
  const FactTableSource source{law, *entry, facts, words};
  for (const v1::ContentItem& item : entry->rule->contents().item()) {
    if (item.if_sold() && !SellsOrShares(source)) continue;
    ItemWriter(item, source, &document).Write();
  }
  return document;
}

absl::StatusOr<NoticeFacts> FactsOfOnePurpose(const NoticeFacts& facts,
                                              absl::string_view purpose,
                                              absl::string_view recipient) {
  NoticeFacts narrow = facts;
  // What is held is told by the policy of the whole, not where one purpose is
  // asked for.
  narrow.held.lines.clear();
  auto* const purposes = narrow.policy.mutable_purpose();
  purposes->erase(
      std::remove_if(purposes->begin(), purposes->end(),
                     [&](const auto& one) { return one.id() != purpose; }),
      purposes->end());
  if (purposes->empty()) {
    return absl::NotFoundError(
        "--purpose: want one of the policy, got another");
  }
  if (recipient.empty()) return narrow;
  auto& recipients = narrow.recipients;
  recipients.erase(
      std::remove_if(recipients.begin(), recipients.end(),
                     [&](const auto& one) { return one.id() != recipient; }),
      recipients.end());
  if (recipients.empty()) {
    return absl::NotFoundError(
        "--recipient: want one that is on record, got another");
  }
  return narrow;
}

}  // namespace subrosa
