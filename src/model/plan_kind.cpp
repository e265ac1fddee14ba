#include "model/plan_kind.h"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "model/safetensors_header.h"

namespace shadenet {

std::string to_string(PlanKind kind) {
    switch (kind) {
        case PlanKind::automatic:
            return "auto";
        case PlanKind::fused:
            return "fused";
        case PlanKind::layerwise:
            return "layerwise";
    }
    throw std::invalid_argument("no such plan");
}

PlanKind plan_kind(const std::string& text) {
    for (const PlanKind kind : {PlanKind::automatic, PlanKind::fused, PlanKind::layerwise}) {
        if (text == to_string(kind)) return kind;
    }
    throw InputError(fmt::format("plan {} is not known; use auto, fused or layerwise", in_quotes(text)));
}

}  // namespace shadenet
