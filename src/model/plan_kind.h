// The names of the plans that run a training step, apart from the plans themselves: options, run folders and
// reports name a plan without knowing any device.
#pragma once

#include <string>

#include "model/known_word.h"

namespace shadenet {

enum class PlanKind { automatic, fused, layerwise };

/// As --plan, bench and config.json name them.
inline constexpr auto plan_words = words_of<PlanKind>("auto", "fused", "layerwise");
inline std::string to_string(PlanKind kind) {
    return plan_words[kind];
}
/// Throws InputError for any other word.
inline PlanKind plan_kind(const std::string& text) {
    return known_word(plan_words, "plan", text);
}

struct PlanChoice {
    PlanKind kind;       ///< fused or layerwise
    std::string reason;  ///< why, in a few words
};

}  // namespace shadenet
