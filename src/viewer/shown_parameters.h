// The parameters of the epoch that is shown.
#pragma once

#include <cstdint>
#include <string_view>

#include "viewer/run_story.h"

namespace shadenet {

/// Null if they were not kept.
const Parameters* parameters_of(const RunStory& story, std::uint32_t epoch);

/// Null if no tensor has this name, or its number of values does not fit its shape.
const NamedTensor* find_tensor(const Parameters& parameters, std::string_view name);

}  // namespace shadenet
