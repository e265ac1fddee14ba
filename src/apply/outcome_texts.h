// What became of pictures, as texts that one process sends another.
#pragma once

#include <string>
#include <vector>

#include "apply/summary.h"

namespace shadenet {

void append_texts(std::vector<std::string>& texts, const PictureOutcome& outcome);
/// Adds the outcomes that append_texts() has put there.
void read_texts(const std::vector<std::string>& texts, std::vector<PictureOutcome>& outcomes);

}  // namespace shadenet
