#include "model/start_values.h"

#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr auto rule_words = words_of<WeightRule>("reference", "he", "glorot", "truncated");

}  // namespace

std::string to_string(const StartWeights& weights) {
    const std::string word = rule_words[weights.rule];
    return weights.rule == WeightRule::truncated ? fmt::format("{}:{}", word, weights.deviation) : word;
}

StartWeights start_weights(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::optional<WeightRule> rule = rule_words.value(text.substr(0, colon));
    const bool has_deviation = colon != text.npos;
    if (!rule || has_deviation != (rule == WeightRule::truncated)) {
        throw InputError(fmt::format(
            "weights {} is not known; use reference, he, glorot or truncated with a deviation, as "
            "in truncated:0.01",
            in_quotes(text)));
    }
    if (!has_deviation) return {*rule};
    const std::optional<float> deviation = number_in<float>(text.substr(colon + 1));
    if (deviation && *deviation > 0 && *deviation <= most_start_deviation) return {*rule, *deviation};
    throw InputError(fmt::format(
        "weights {} has no deviation; use a number above 0, up to {}, after the colon, as in truncated:0.01",
        in_quotes(text), most_start_deviation));
}

}  // namespace shadenet
