// Stretches of a picture's rows as floats and back, one colour at a time.
#pragma once

#include <cstdint>
#include <span>

#include "image/image.h"

namespace shadenet {

/// Where a stretch begins.
struct RowStart {
    std::uint32_t colour, row, column;
};

/// Integers are divided by 255 or 65535; floats are as they are.
void read_row(const Image& picture, const RowStart& start, std::span<float> values);
void read_row(const Picture8& picture, const RowStart& start, std::span<float> values);
void read_row(const Picture16& picture, const RowStart& start, std::span<float> values);

/// The way back: clamped to 0..1 and rounded to nearest, a half upwards. Throws BadResult, naming the place,
/// for a value that is not finite; floats are as they are.
void write_row(std::span<const float> values, const RowStart& start, Image& picture);
void write_row(std::span<const float> values, const RowStart& start, Picture8& picture);
void write_row(std::span<const float> values, const RowStart& start, Picture16& picture);

}  // namespace shadenet
