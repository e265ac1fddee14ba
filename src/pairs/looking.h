// Looking at many pairs, in several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "image/pairs.h"
#include "pairs/pair_look.h"

namespace shadenet {

/// Decodes both pictures of a pair and looks at them. What is wrong with a file stands in `problem`. Pictures
/// that are large wait until there is room: those under way in all threads have 2^26 pixels together, or one
/// pair is alone, so that some gigabytes of memory are enough. `processes` that look at pairs on this
/// computer share that room.
PairLook look_at_files(const ImagePair& pair, unsigned processes = 1);

/// What `look` gives for each of `count` pairs, in order. `go_on` is told on this thread how many are done,
/// some ten times a second and at the end; once it says no, those under way end, and nothing is returned.
/// Throws what `look` throws. `processes` on this computer share its processors.
std::optional<std::vector<PairLook>> look_at_all(std::uint32_t count,
                                                 const std::function<PairLook(std::uint32_t)>& look,
                                                 const std::function<bool(std::uint32_t)>& go_on = {},
                                                 unsigned processes = 1);

}  // namespace shadenet
