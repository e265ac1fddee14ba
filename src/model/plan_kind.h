// The names of the plans that run a training step, apart from the plans themselves: options, run folders and
// reports name a plan without knowing any device.
#pragma once

#include <string>

namespace shadenet {

enum class PlanKind { automatic, fused, layerwise };

/// "auto", "fused" or "layerwise", as --plan, bench and config.json name them.
std::string to_string(PlanKind kind);
/// Throws InputError for any other word.
PlanKind plan_kind(const std::string& text);

struct PlanChoice {
    PlanKind kind;       ///< fused or layerwise
    std::string reason;  ///< why, in a few words
};

}  // namespace shadenet
