// What a look at a pair tells, in words.
#pragma once

#include <string>

#include "pairs/pair_look.h"

namespace shadenet {

/// "3.0 pixels to the right and 2.0 up"
std::string shift_text(double x, double y);
/// "mirrored left to right, then turned by 90 degrees"
std::string turn_text(const PairPlacement& placement);
/// "1.11 times", of PairPlacement::scale
std::string scale_text(double scale);
/// "512x512, 16 bits before and 8 after; the target lies 3.0 pixels to the right; its own fit errs by 0.3
/// grey levels"
std::string describe(const PairLook& look);

}  // namespace shadenet
