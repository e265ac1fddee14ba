// What is said aloud of a network that was inferred from its tensors.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/presets.h"

namespace shadenet {

/// One line each. `modules` are the file's names of conv1, bn1, conv2 and bn2, or of conv1 and conv2;
/// `metadata` may hold some of to_metadata()'s keys, and what it settles is not said to be assumed.
std::vector<std::string> notes_on_inferred(const NetworkOptions& options,
                                           const std::map<std::string, std::string>& metadata,
                                           const std::vector<std::string>& modules);

}  // namespace shadenet
