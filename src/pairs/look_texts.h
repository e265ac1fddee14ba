// What pairs show, as texts that one process sends another of the same program.
#pragma once

#include <string>
#include <vector>

#include "pairs/pair_look.h"

namespace shadenet {

/// All of a look, in every bit.
void append_texts(std::vector<std::string>& texts, const PairLook& look);
/// Adds the looks that append_texts() has put there.
void read_texts(const std::vector<std::string>& texts, std::vector<PairLook>& looks);

}  // namespace shadenet
