// Prints for each text of a labelled file, a line each, on which side of
// `subrosa evaluate --split=by-template` it lies: "develop" or "held-out". So
// that what is trained on is split by the same code as what is measured on.
//
// Usage: template_sides LABELLED.jsonl
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/classify/labelled_text.h"
#include "src/classify/text_template.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: template_sides LABELLED.jsonl\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "template_sides: error: want a file, got none\n");
    return 1;
  }
  subrosa::TextTemplates templates;
  std::string line;
  size_t number = 0;
  while (std::getline(file, line)) {
    ++number;
    const absl::StatusOr<subrosa::LabelledText> text =
        subrosa::ParseLabelledText(line);
    if (!text.ok()) {
      std::fprintf(stderr, "template_sides: error: line %zu: %s\n", number,
                   std::string(text.status().message()).c_str());
      return 1;
    }
    templates.Add(*text);
  }
  for (const bool held_out : templates.HeldOut()) {
    std::puts(held_out ? "held-out" : "develop");
  }
}
