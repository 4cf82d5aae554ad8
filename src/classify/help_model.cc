#include "src/classify/help_model.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

// All of these as in tools/train_health/train.py.
constexpr int kSlotBits = 18;
constexpr double kScale = 16;
constexpr double kSmooth = 24;
constexpr uint32_t kFirstFactor = 0x85ebca6bU;
constexpr uint32_t kPairFactor = 0x9e3779b1U;

constexpr int kMaxWeight = 127;
constexpr int kMaxBias = 32767;

uint32_t SlotOf(uint32_t hash) { return hash >> (32 - kSlotBits); }

absl::Status WantInModel(size_t number, absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", number, ": want ", wanted, ", got another"));
}

}  // namespace

absl::StatusOr<HelpModel> HelpModel::Parse(absl::string_view text) {
  HelpModel model;
  std::vector<std::pair<size_t, int8_t>> weights;
  bool has_bias = false;
  int64_t last_slot = -1;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> columns =
        absl::StrSplit(line, absl::MaxSplits('\t', 1));
    int value;
    if (!absl::SimpleAtoi(columns.second, &value)) {
      return WantInModel(number, "a slot and a whole number");
    }
    if (columns.first == "bias") {
      if (has_bias || value < -kMaxBias - 1 || value > kMaxBias) {
        return WantInModel(number, "one bias of 16 bits");
      }
      has_bias = true;
      model.bias_ = value;
      continue;
    }
    int64_t slot;
    if (!absl::SimpleAtoi(columns.first, &slot) || slot <= last_slot ||
        slot >= int64_t{1} << kSlotBits || value < -kMaxWeight ||
        value > kMaxWeight) {
      return WantInModel(number, "slots in rising order and small weights");
    }
    last_slot = slot;
    weights.emplace_back(slot, static_cast<int8_t>(value));
  }
  if (!has_bias) return WantInModel(number, "a bias before the end");
  model.weights_.resize(size_t{1} << kSlotBits);
  for (const auto& [slot, weight] : weights) model.weights_[slot] = weight;
  return model;
}

double HelpModel::Score(absl::Span<const HealthWord> words) const {
  if (words.empty()) return bias_ / kScale;
  int64_t sum = weights_[SlotOf(words[0].hash)];
  for (size_t i = 1; i < words.size(); ++i) {
    const uint32_t pair =
        (words[i - 1].hash * kFirstFactor ^ words[i].hash) * kPairFactor;
    sum += weights_[SlotOf(words[i].hash)] + weights_[SlotOf(pair)];
  }
  const double features = 2 * static_cast<double>(words.size()) - 1;
  return (bias_ + static_cast<double>(sum) / std::sqrt(features + kSmooth)) /
         kScale;
}

}  // namespace subrosa
