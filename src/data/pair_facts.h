// What the files of a pair have told beside their pixels, for those who do not read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/run_data.h"
#include "group/texts.h"
#include "image/colour_profile.h"
#include "pairs/align.h"

namespace shadenet {

struct PictureFileFacts {
    std::uint32_t width = 0, height = 0;
    std::vector<std::string> notes{};  ///< as read_image() has them
    ColourProfile profile{};
};

struct PairFacts {
    PairRecord record{};
    PictureFileFacts input, target;
    std::optional<PixelShift> shift{};      ///< that --align looked for
    bool whole_levels = true;               ///< all values, as they are learned from, are whole 255ths
    std::vector<std::byte> target_profile;  ///< bytes of the target's ICC profile; empty without one
};

// As texts that one process sends another.

void append_texts(Texts& texts, const PairFacts& facts);
/// All that append_texts() has put there.
std::vector<PairFacts> pair_facts_in(const Texts& texts);

}  // namespace shadenet
