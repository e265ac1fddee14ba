// What numbers a network takes black and white for.
#pragma once

#include <span>
#include <string>

namespace shadenet {

/// Pictures are values of 0..1 everywhere but inside of a network, which computes, pads with zeros and
/// answers in its own range. Ours all have 0..1; −1..1 and 0..255 are common elsewhere.
struct PixelRange {
    float low = 0, high = 1;
    bool operator==(const PixelRange&) const = default;

    bool is_unit() const { return *this == PixelRange{}; }
    /// From what one of 255 levels is in it to what the next is.
    float level_step() const { return static_cast<float>(span() / 255); }
    double span() const { return static_cast<double>(high) - static_cast<double>(low); }
    /// From 0..1 into the range, and back.
    double into(double value) const { return static_cast<double>(low) + span() * value; }
    double out_of(double value) const { return (value - static_cast<double>(low)) / span(); }
    /// The same in place. Where the range is 0..1 all stay as they are, bit for bit.
    void bring_into(std::span<float> values) const;
    void bring_out_of(std::span<float> values) const;
};

/// Throws InputError naming the range unless its ends are finite, at most 65,536 from 0, and in order.
void require_range(const PixelRange& range);

/// "-1..1".
std::string to_string(const PixelRange& range);
/// The way back. Throws InputError for any other text.
PixelRange pixel_range(const std::string& text);

}  // namespace shadenet
