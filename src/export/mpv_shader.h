// A filter as a user shader: what mpv, and all else that draws with libplacebo, runs over videos.
#pragma once

#include <cstdint>
#include <string>

#include "model/model_file.h"

namespace shadenet {

/// Multiply-adds a pixel, above which no shader is written: at 1920x1080 and 60 pictures a second that many
/// are 5 TFLOPS, which a large GPU has.
inline constexpr std::uint64_t most_shader_products = 20'000;

/// What the network takes for each pixel.
std::uint64_t shader_products(const Network& network);

/// The text of the file: for each four channels of a point that is kept, a pass that writes them as a
/// texture. It hooks in where a picture is red, green and blue of 0..1 as files have them, at the video's own
/// size. Where pictures are continued beyond their edges, textures are larger than the picture by what the
/// layers after them still see. Norms are folded in float64. The result is clamped to 0..1. Throws InputError
/// "<source>: ..." for what is no filter of the pixels around each, above most_shader_products, and for
/// weights that are no numbers, or above largest_exported.
std::string mpv_shader(const Model& model, const std::string& source);

}  // namespace shadenet
