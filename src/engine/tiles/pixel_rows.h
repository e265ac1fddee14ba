// Stretches of a picture's rows as floats and back, one colour at a time.
#pragma once

#include <cstdint>
#include <span>

#include "image/image.h"
#include "model/pixel_range.h"

namespace shadenet {

/// Where a stretch begins.
struct RowStart {
    std::uint32_t colour, row, column;
};

/// Integers are divided by 255 or 65535; then all go into the range.
void read_row(const Image& picture, const RowStart& start, std::span<float> values, const PixelRange& range);
void read_row(const Picture8& picture, const RowStart& start, std::span<float> values,
              const PixelRange& range);
void read_row(const Picture16& picture, const RowStart& start, std::span<float> values,
              const PixelRange& range);

/// The way back: out of the range, and integers are clamped to 0..1 and rounded to nearest, a half upwards.
/// Throws BadResult, naming the place, for an integer picture's value that is not finite.
void write_row(std::span<const float> values, const RowStart& start, Image& picture, const PixelRange& range);
void write_row(std::span<const float> values, const RowStart& start, Picture8& picture,
               const PixelRange& range);
void write_row(std::span<const float> values, const RowStart& start, Picture16& picture,
               const PixelRange& range);

}  // namespace shadenet
