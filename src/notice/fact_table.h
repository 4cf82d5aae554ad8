// The tables of a notice: what facts can say of one item of a pack's list. No
// word of a reviewed text stands in them but those for sources.
#ifndef SUBROSA_SRC_NOTICE_FACT_TABLE_H_
#define SUBROSA_SRC_NOTICE_FACT_TABLE_H_

#include <set>
#include <string>
#include <vector>

#include "src/classify/classification.h"
#include "src/law/law_book.h"
#include "src/notice/notice_facts.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/notice.pb.h"

namespace subrosa {

struct FactRow {
  std::vector<std::string> cells;
  std::set<std::string> facts;
};

struct FactTable {
  // None: each row is a sentence.
  std::vector<std::string> columns;
  std::vector<FactRow> rows;
  // What the item has to say, and facts do not tell.
  std::vector<std::string> missing;
};

// What every table is made from; all of it outlives the call.
struct FactTableSource {
  const LawBook& law;
  const LawEntry& rule;
  const NoticeFacts& facts;
  const v1::NoticeWords& words;
};

// The table that `item` asks for; empty where it asks for words alone. Thread-
// safe. The same facts give the same rows in the same order.
FactTable TableOf(const v1::ContentItem& item, const FactTableSource& source);

// Those of California (california_table.cc).
FactTable CaliforniaTableOf(const v1::ContentItem& item,
                            const FactTableSource& source);

// What a table of `kind` calls the categories of `kinds` in its first column;
// none where it has none.
std::vector<std::string> CategoryNamesOf(v1::NoticeTable kind,
                                         const Classification& kinds);

// Whether personal information is sold or shared in California's sense.
bool SellsOrShares(const FactTableSource& source);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_FACT_TABLE_H_
