#include "src/base/html_text.h"

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(HtmlTextTest, NothingInATextIsTakenForMarkup) {
  EXPECT_EQ("&lt;script&gt;a(&#39;b&#39;, &quot;c&quot;) &amp;amp;",
            HtmlText("<script>a('b', \"c\") &amp;"));
}

TEST(HtmlTextTest, OtherScriptsStayAsTheyAre) {
  EXPECT_EQ("schläft nicht\n眠れない", HtmlText("schläft nicht\n眠れない"));
}

TEST(HtmlTextTest, ControlCharactersAreReplaced) {
  EXPECT_EQ("a\xEF\xBF\xBD\xEF\xBF\xBD", HtmlText("a\x01\x7F"));
}

}  // namespace
}  // namespace subrosa
