// A run's pictures in a size for a page that carries them inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/run_record.h"

namespace shadenet {

struct ShownPicture {
    std::string uri;  ///< the picture itself, as a JPEG
    std::uint32_t width = 0, height = 0;
};

/// All of one size.
struct ShownSet {
    std::string stem;
    bool originals_too_large;  ///< input and target are left out for their size
    std::optional<ShownPicture> input, before, after, target;
};

struct ShownPictures {
    std::vector<ShownSet> pairs, tests;  ///< some of them, spread evenly over all
    /// Left out for their size.
    std::size_t pairs_too_large = 0, tests_too_large = 0;
};

/// All that is read for a page: a second or two, and half a gigabyte.
constexpr std::uint64_t most_pixels_read = std::uint64_t{1} << 25;

/// As many of a run's pictures, and as large, as `budget` bytes of text allow: eight pairs and four test
/// pictures of 512 pixels a side where they fit, then fewer, then smaller. At most `pixels` are decoded for
/// it. Throws InputError "<path>: ..." when a picture in the run folder is damaged; of the user's own
/// pictures such a one is left out.
ShownPictures show_pictures(const RunRecord& run, std::size_t budget,
                            std::uint64_t pixels = most_pixels_read);

}  // namespace shadenet
