// The parameters of the epoch that is shown.
#pragma once

#include <cstdint>
#include <string_view>

#include "viewer/run_story.h"

namespace shadenet {

/// Nothing where they were not kept.
const Parameters* parameters_of(const RunStory& story, std::uint32_t epoch);

/// Nothing where there is no tensor of that name, or it has not the values of its shape.
const NamedTensor* find_tensor(const Parameters& parameters, std::string_view name);

}  // namespace shadenet
