// What the pairs together tell of the filter that is to be learned: whether it is one filter, of the
// surroundings of a pixel alone, and whether there is enough to learn it from.
#pragma once

#include <span>
#include <vector>

#include "pairs/pair_findings.h"

namespace shadenet {

/// Those of findings_of() that need the fits of several pairs.
std::vector<PairFinding> filter_findings_of(std::span<const PairLook> looks, const LookedFor& about);

}  // namespace shadenet
