// A filter as a table of colours: what it makes of flat areas, by their colour.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "image/image.h"
#include "model/model_file.h"

namespace shadenet {

inline constexpr std::array<std::uint32_t, 3> table_sides = {17, 33, 65};

/// `side`³ colours whose red, green and blue are 0, 1/(side − 1), ... 1, and what becomes of each; not
/// clamped.
struct ColourTable {
    std::uint32_t side = 0;
    std::vector<std::array<float, 3>> colours;  ///< red changes fastest, blue slowest

    /// Between the table's colours: from the four corners of the tetrahedron that holds the colour. Parts
    /// beyond 0..1 count as 0 and 1.
    std::array<float, 3> at(const std::array<float, 3>& colour) const;
};

/// The filter with the same results for flat areas, far from a picture's edges, which looks at single pixels:
/// every convolution with the sum of its weights. Statistics are not in the way: each is of one channel.
Model of_single_pixels(const Model& model);

/// Throws InputError "<source>: ..." for a model that makes no pictures, for one that takes too long for a
/// table of that side, and where a colour becomes no number, or one above largest_exported. Throws Stopped
/// once `stop` is true.
ColourTable colour_table(const Model& model, std::uint32_t side, const std::string& source,
                         const std::atomic<bool>& stop);

/// The table as a .cube file, as Adobe's specification 1.0 has it. `notes`: comments, a line each.
std::string cube_text(const ColourTable& table, const std::vector<std::string>& notes);

/// Every pixel by the table.
Image filtered_by(const ColourTable& table, const Image& image);

/// The sum of squared differences of two pictures of one size, each value clamped to 0..1 as in files.
double squared_difference(const Image& one, const Image& other);

}  // namespace shadenet
