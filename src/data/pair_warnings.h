// Pairs looked at before they are learned from, in short.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "data/picture_set.h"

namespace shadenet {

/// What `shadenet check` would warn of first, a line each, and that it tells more: of some of the pairs,
/// evenly spread, as the network sees them. Takes some tenths of a second. Empty for pairs in order, and once
/// `stop` is true.
std::vector<std::string> pair_warnings(const PictureSet& pictures, const std::atomic<bool>& stop);

}  // namespace shadenet
