// The names of the plans that run a training step, apart from the plans themselves: options, run folders and
// reports name a plan without knowing any device.
#pragma once

#include <string>

#include "model/known_word.h"

namespace shadenet {

/// layerwise: what earlier versions called the plan for any list of layers. choose_plan() makes it stack.
enum class PlanKind { automatic, fused, stack, layerwise };

/// As --plan, bench and config.json name them.
inline constexpr auto plan_words = words_of<PlanKind>("auto", "fused", "stack");
inline constexpr const char* layerwise_word = "layerwise";
inline std::string to_string(PlanKind kind) {
    return kind == PlanKind::layerwise ? layerwise_word : plan_words[kind];
}
/// Also takes the word of earlier versions, which is no choice any more. Throws InputError for any other.
inline PlanKind plan_kind(const std::string& text) {
    return text == layerwise_word ? PlanKind::layerwise : known_word(plan_words, "plan", text);
}

/// What is said to whoever asks for layerwise, or goes on with a run of it.
inline constexpr const char* layerwise_note =
    "the plan that ran layer by layer (layerwise) is the stack plan now, whose results differ in the last "
    "digits from those before";

struct PlanChoice {
    PlanKind kind;       ///< fused or stack
    std::string reason;  ///< why, in a few words
};

}  // namespace shadenet
