// What packed tensors hold in the channels of the last block beyond the last channel.
#pragma once

#include <string>

#include "check/compare.h"
#include "check/packed_data.h"

namespace shadenet::check {

/// Adds a comparison of these values with 0, if there are such channels. Waits; see Buffer.
void add_zeros_beyond(Report& report, const std::string& kernel, const GuardedPacked& tensor);

}  // namespace shadenet::check
