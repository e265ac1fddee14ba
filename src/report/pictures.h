// A run's pictures, small enough for a page that contains them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "image/image.h"
#include "report/run_record.h"

namespace shadenet {

struct ShownPicture {
    std::string uri;  ///< the picture itself
    std::uint32_t width = 0, height = 0;
    bool pixelated = false;  ///< so small that its pixels are shown as squares
};

/// As a JPEG whose longer side is shrunk to `side` where it is larger. Throws as resize() and jpeg_bytes()
/// do.
ShownPicture small_picture(const Image& picture, std::uint32_t side);
/// A picture of a few pixels, such as a classifier sees, as it is; a larger one like small_picture(). Throws
/// InputError as read_image().
ShownPicture exact_picture(const std::filesystem::path& path);

/// Pictures of the same size.
template <class Picture>
struct SetOf {
    std::string stem;
    bool originals_too_large;  ///< input and target are left out, because they are too large
    std::optional<Picture> input, before, after, target;
};
using ShownSet = SetOf<ShownPicture>;

struct ShownPictures {
    std::vector<ShownSet> pairs, tests;  ///< some sets, spread evenly over all
    /// The numbers of sets that are left out because they are too large.
    std::size_t pairs_too_large = 0, tests_too_large = 0;
};

/// The most pixels to read for a page: a second or two, and half a gigabyte.
constexpr std::uint64_t most_pixels_read = std::uint64_t{1} << 25;

/// As many of a run's pictures, and as large, as `budget` bytes of text allow: eight pairs and four test
/// pictures of 512 pixels a side if they fit, otherwise fewer, then smaller ones. At most `pixels` pixels are
/// decoded. Throws InputError "<path>: ..." when a picture in the run's folder is damaged; a damaged picture
/// of the user is left out.
ShownPictures show_pictures(const RunRecord& run, std::size_t budget,
                            std::uint64_t pixels = most_pixels_read);

}  // namespace shadenet
