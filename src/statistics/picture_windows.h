// The parts of picture_quality.h that look at a pixel with its neighbours. Both add to `sums`.
#pragma once

#include "statistics/picture_quality.h"

namespace shadenet {

void add_similarity(const Picture8& result, const Picture8& target, QualitySums& sums);
void add_bands(const Picture8& result, const Picture8& target, QualitySums& sums);

}  // namespace shadenet
