// The weights of a network's first layer as pictures: what each of its units looks for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/image.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

inline constexpr std::uint32_t most_units_drawn = 64;

struct WeightPicture {
    Picture8
        picture;    ///< a weight of 0 is a grey of 128, the largest of the unit white, and black its negative
    float largest;  ///< of the unit, in magnitude
};

struct FirstLayer {
    std::string name;         ///< "fc1"
    bool dense = false;       ///< its units see the whole picture
    std::uint32_t units = 0;  ///< all; drawn are at most most_units_drawn
    bool colours = false;     ///< three channels, which are the colours of the pictures
    std::vector<WeightPicture> pictures{};
};

/// Without pictures where the first layer, of those that are no norm or dropout, is no conv or dense, its
/// input has neither one channel nor three, or no size where it is dense.
FirstLayer first_layer_pictures(const Network& network, const Parameters& parameters);

}  // namespace shadenet
