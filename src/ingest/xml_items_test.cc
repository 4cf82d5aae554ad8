#include "src/ingest/xml_items.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/document_bytes.h"
#include "src/ingest/reader_options.h"

namespace subrosa {
namespace {

constexpr size_t kMaxItem = 200;

// A text in pieces of `piece` bytes.
class TextSource final : public DocumentBytes {
 public:
  TextSource(std::string text, size_t piece)
      : text_(std::move(text)), piece_(piece) {}
  absl::StatusOr<absl::string_view> Next() override {
    const absl::string_view next = absl::string_view(text_).substr(at_, piece_);
    at_ += next.size();
    return next;
  }

 private:
  std::string text_;
  size_t piece_;
  size_t at_ = 0;
};

// Takes every <item> for an item, and notes what is visited in it.
class NotingVisitor final : public XmlVisitor {
 public:
  bool Begins(int /*depth*/, const char* name,
              const char* const* /*attributes*/) override {
    return absl::string_view(name) == "item";
  }
  void Start(const char* name, const char* const* attributes) override {
    absl::StrAppend(&seen_, "<", name);
    for (; *attributes != nullptr; attributes += 2) {
      absl::StrAppend(&seen_, " ", attributes[0], "=", attributes[1]);
    }
    absl::StrAppend(&seen_, ">");
  }
  void End(const char* name) override {
    absl::StrAppend(&seen_, "</", name, ">");
  }
  void Text(absl::string_view text) override { absl::StrAppend(&seen_, text); }
  void Drop() override { absl::StrAppend(&seen_, "!"); }
  void Left(const char* /*name*/) override {}

  std::string seen_;
};

struct Seen {
  absl::Status status;
  std::vector<std::string> raw;
  int too_long = 0;
  std::string visited;
};

Seen Visit(const std::string& text, size_t piece = 1 << 16,
           XmlText wanted = XmlText::kIgnored) {
  TextSource source(text, piece);
  NotingVisitor visitor;
  XmlItems items(&source, &visitor, kMaxItem, wanted);
  Seen seen;
  for (;;) {
    const absl::StatusOr<XmlItems::Step> step = items.Next();
    seen.status = step.status();
    if (!step.ok() || *step == XmlItems::Step::kEnd) break;
    if (*step == XmlItems::Step::kTooLong) {
      ++seen.too_long;
    } else {
      seen.raw.push_back(std::string(items.raw()));
    }
  }
  seen.visited = visitor.seen_;
  return seen;
}

TEST(XmlItemsTest, EachItemIsHandedOutWithItsBytes) {
  const Seen seen = Visit(
      "<?xml version=\"1.0\"?><r><item a=\"1\"/> <item><b>x</b></item></r>");
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_EQ(seen.raw, (std::vector<std::string>{"<item a=\"1\"/>",
                                                "<item><b>x</b></item>"}));
  EXPECT_EQ(seen.visited, "<item a=1></item><item><b></b></item>");
}

TEST(XmlItemsTest, WhereTheBytesAreCutMakesNoDifference) {
  const std::string text =
      "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- > -->"
      "<!DOCTYPE r [ <!ELEMENT r (item*)> ]>\n<r>\n <item a=\"\xC3\xA9\">"
      "<b c='&lt;'>t&#x1F33F;</b></item>\n <item/><item></item>\n</r>\n";
  const Seen whole = Visit(text, text.size(), XmlText::kWanted);
  ASSERT_TRUE(whole.status.ok()) << whole.status;
  ASSERT_EQ(whole.raw.size(), 3u);
  for (size_t piece = 1; piece < text.size(); ++piece) {
    const Seen cut = Visit(text, piece, XmlText::kWanted);
    EXPECT_TRUE(cut.status.ok()) << piece << " " << cut.status;
    EXPECT_EQ(cut.raw, whole.raw) << piece;
    EXPECT_EQ(cut.visited, whole.visited) << piece;
  }
}

TEST(XmlItemsTest, ABrokenDocumentTypeIsPassedOver) {
  // As exports of iOS 16 have it: an attribute list that never ends.
  const Seen seen = Visit(
      "<?xml version=\"1.0\"?>\n<!DOCTYPE r [\n<!ATTLIST item\n type CDATA "
      "#REQUIRED\n device CDATA #IMPLIED\n<!-- ]> in a comment -->\n"
      "<!ELEMENT > item]>\n<r><item/></r>");
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_EQ(seen.raw.size(), 1u);
}

TEST(XmlItemsTest, AnEntityBombIsRefused) {
  const Seen seen = Visit(
      "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"
      "<!ENTITY c \"&b;&b;&b;&b;\">]><r><item>&c;</item></r>");
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status));
  EXPECT_TRUE(seen.raw.empty());
}

TEST(XmlItemsTest, AnExternalEntityIsNeverOpened) {
  const Seen seen = Visit(
      "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
      "<r><item>&x;</item></r>",
      1 << 16, XmlText::kWanted);
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status));
  EXPECT_EQ(seen.visited.find("root"), std::string::npos);
}

TEST(XmlItemsTest, ControlCharactersAreReadAsSpaces) {
  const Seen seen = Visit("<r><item a=\"x\x0By\"/></r>");
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_EQ(seen.visited, "<item a=x y></item>");
  // The bytes stay what they were.
  EXPECT_EQ(seen.raw, std::vector<std::string>{"<item a=\"x\x0By\"/>"});
}

TEST(XmlItemsTest, AnItemThatIsTooLongIsPassedOverAndTheNextIsTaken) {
  const std::string long_item =
      absl::StrCat("<item>", std::string(kMaxItem, 'x'), "</item>");
  for (const size_t piece : {7u, 64u, 4096u}) {
    const Seen seen =
        Visit(absl::StrCat("<r>", long_item, "<item/></r>"), piece);
    EXPECT_TRUE(seen.status.ok()) << seen.status;
    EXPECT_EQ(seen.too_long, 1);
    EXPECT_EQ(seen.raw, std::vector<std::string>{"<item/>"});
  }
}

TEST(XmlItemsTest, NothingIsVisitedOfWhatComesAfterAnItemHasGrownTooLong) {
  const std::string start = "<item><a><b>";
  const std::string fill(kMaxItem - start.size(), 'x');
  const std::string long_item =
      absl::StrCat(start, fill, "</b>y<c>z</c></a><d/>w</item><item>v</item>");
  for (const size_t piece : {7u, 64u, 4096u}) {
    const Seen seen =
        Visit(absl::StrCat("<r>", long_item, "</r>"), piece, XmlText::kWanted);
    EXPECT_TRUE(seen.status.ok()) << seen.status;
    EXPECT_EQ(seen.too_long, 1);
    // The last end that is visited begins within what is allowed.
    EXPECT_EQ(seen.visited, absl::StrCat(start, fill, "</b>y!<item>v</item>"));
  }
}

TEST(XmlItemsTest, ATagWithoutAnEndTakesNoEndlessMemory) {
  std::string text = "<r><item a=\"";
  text.append(size_t{4} << 20, 'x');
  const Seen seen = Visit(text);
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status));
  EXPECT_NE(seen.status.message().find("want tags and text of at most"),
            absl::string_view::npos);
}

TEST(XmlItemsTest, WhatNestsTooDeepIsRefused) {
  std::string outside = "<r>";
  for (int i = 0; i < kMaxDepth; ++i) outside += "<a>";
  EXPECT_TRUE(absl::IsInvalidArgument(Visit(outside).status));

  std::string deep = "<r><item>";
  for (int i = 0; i < XmlItems::kMaxXmlDepth; ++i) deep += "<a>";
  const Seen seen = Visit(deep);
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status));
  EXPECT_NE(seen.status.message().find("levels"), absl::string_view::npos);
}

TEST(XmlItemsTest, ADocumentThatEndsEarlyKeepsWhatWasWhole) {
  const std::string text = "<r><item/><item a=\"1\"></item></r>";
  for (size_t size = 0; size < text.size(); ++size) {
    const Seen seen = Visit(text.substr(0, size));
    EXPECT_TRUE(absl::IsInvalidArgument(seen.status)) << size;
  }
  EXPECT_EQ(Visit(text.substr(0, 20)).raw.size(), 1u);
}

TEST(XmlItemsTest, WhatIsNotWellFormedIsRefusedWithItsLine) {
  for (const char* wrong :
       {"<r>\n<item></r>", "<r>\n<item a=1/></r>",
        "<r>\n<item a='1' a='2'/></r>", "<r>\n<item/></r><r/>",
        "<r>\n&nbsp;<item/></r>", "<r>\n<item>\xFF</item></r>"}) {
    const Seen seen = Visit(wrong);
    EXPECT_TRUE(absl::IsInvalidArgument(seen.status)) << wrong;
    EXPECT_EQ(seen.status.message().substr(0, 8), "line 2: ") << wrong;
  }
}

TEST(XmlItemsTest, OtherEncodingsAreNamed) {
  EXPECT_NE(Visit("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r/>")
                .status.message()
                .find("another encoding"),
            absl::string_view::npos);
  EXPECT_NE(
      Visit(std::string("\xFF\xFE<\0r\0", 6)).status.message().find("UTF-16"),
      absl::string_view::npos);
}

TEST(XmlItemsTest, WhatHasNoElementIsNoDocument) {
  EXPECT_TRUE(absl::IsInvalidArgument(Visit("").status));
  EXPECT_TRUE(absl::IsInvalidArgument(Visit("words").status));
  EXPECT_TRUE(
      absl::IsInvalidArgument(Visit(std::string(size_t{2} << 20, ' ')).status));
}

}  // namespace
}  // namespace subrosa
