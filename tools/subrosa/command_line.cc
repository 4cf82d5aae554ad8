#include "tools/subrosa/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"

namespace subrosa {

struct CommandLine::Impl {
  Impl(const std::string& command_name, const std::string& description)
      : name(command_name), app(description, "subrosa " + command_name) {}

  std::string name;
  CLI::App app;
};

CommandLine::CommandLine(const std::string& name,
                         const std::string& description)
    : impl_(std::make_unique<Impl>(name, description)) {}

CommandLine::~CommandLine() = default;

void CommandLine::AddFlag(const std::string& name, bool* value,
                          const std::string& help) {
  impl_->app.add_flag(name, *value, help);
}

void CommandLine::AddOption(const std::string& name, std::string* value,
                            const std::string& help, Need need) {
  impl_->app.add_option(name, *value, help)
      ->required(need == Need::kRequired)
      ->option_text("TEXT");
}

void CommandLine::AddArguments(const std::string& name,
                               std::vector<std::string>* values,
                               const std::string& help) {
  impl_->app.add_option(name, *values, help)->option_text("...");
}

void CommandLine::AddOptions(const std::string& name,
                             std::vector<std::string>* values,
                             const std::string& help, Need need) {
  // One value each time, so that what follows may be an argument.
  impl_->app.add_option(name, *values, help)
      ->required(need == Need::kRequired)
      ->allow_extra_args(false)
      ->option_text("TEXT ...");
}

void CommandLine::AddNumber(const std::string& name, uint64_t* value,
                            const std::string& help, Need need) {
  impl_->app
      .add_option_function<std::string>(
          name,
          [value, name](const std::string& text) {
            if (!absl::SimpleAtoi(text, value) ||
                text.find_first_not_of("0123456789") != std::string::npos) {
              throw CLI::ValidationError(name, "want a whole number");
            }
          },
          help)
      ->required(need == Need::kRequired)
      ->option_text("NUMBER");
}

void CommandLine::AddChoice(const std::string& name, int* value,
                            const std::map<std::string, int>& choices,
                            const std::string& help) {
  std::string words;
  for (const auto& [word, number] : choices) {
    words += (words.empty() ? "" : "|") + word;
  }
  impl_->app
      .add_option_function<std::string>(
          name,
          [value, choices, name, words](const std::string& word) {
            const auto choice = choices.find(word);
            if (choice == choices.end()) {
              throw CLI::ValidationError(name, "want one of " + words);
            }
            *value = choice->second;
          },
          help)
      ->option_text(words);
}

std::optional<ExitCode> CommandLine::Parse(
    absl::Span<const std::string> arguments, const Streams& streams) {
  // CLI11 takes arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    impl_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return Print(impl_->app.help(), streams);
  } catch (const CLI::RequiredError& error) {
    return UsageError(impl_->name, error.what(), streams);
  } catch (const CLI::ValidationError& error) {
    return UsageError(impl_->name, error.what(), streams);
  } catch (const CLI::ExtrasError&) {
    // The message would repeat what was typed: perhaps a consumer's id.
    return UsageError(impl_->name,
                      "got a flag or argument that the command does not have",
                      streams);
  } catch (const CLI::ParseError&) {
    return UsageError(impl_->name, "a flag lacks its value", streams);
  }
  return std::nullopt;
}

ExitCode UsageError(const std::string& command, const std::string& message,
                    const Streams& streams) {
  std::fprintf(streams.err,
               "subrosa: error: %s: %s\n"
               "subrosa: hint: `subrosa %s --help` lists what it takes\n",
               command.c_str(), message.c_str(), command.c_str());
  return ExitCode::kUsage;
}

}  // namespace subrosa
