#include "engine/tiles/pixel_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

template <class Sample>
constexpr Sample white = std::numeric_limits<Sample>::max();

template <class Kind>
std::size_t pixel(const Kind& picture, const RowStart& start) {
    return std::size_t{start.row} * picture.width + start.column;
}

template <class Sample>
void read_samples(const Picture<Sample>& picture, const RowStart& start, std::span<float> values,
                  const PixelRange& range) {
    const Sample* from = &picture.rgb[3 * pixel(picture, start) + start.colour];
    constexpr auto divisor = static_cast<float>(white<Sample>);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(from[3 * i]) / divisor;
    range.bring_into(values);
}

void check_finite(std::span<const float> values, const RowStart& start) {
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return;
    throw BadResult(fmt::format(
        "the network makes {} of row {}, column {}, channel {}; its numbers are too large or damaged: check "
        "the model with `shadenet inspect`",
        *bad, start.row, start.column + (bad - values.begin()), start.colour));
}

// In double the product is exact, so a half is the only tie, and it goes up.
template <class Sample>
void write_samples(std::span<const float> values, const RowStart& start, Picture<Sample>& picture,
                   const PixelRange& range) {
    check_finite(values, start);
    Sample* to = &picture.rgb[3 * pixel(picture, start) + start.colour];
    constexpr double factor = white<Sample>;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double clamped = std::clamp(range.out_of(static_cast<double>(values[i])), 0.0, 1.0);
        to[3 * i] = static_cast<Sample>(static_cast<std::int32_t>(clamped * factor + 0.5));
    }
}

}  // namespace

void read_row(const Image& picture, const RowStart& start, std::span<float> values, const PixelRange& range) {
    const float* from = &picture.values[start.colour * picture.plane() + pixel(picture, start)];
    std::copy_n(from, values.size(), values.begin());
    range.bring_into(values);
}

void read_row(const Picture8& picture, const RowStart& start, std::span<float> values,
              const PixelRange& range) {
    read_samples(picture, start, values, range);
}

void read_row(const Picture16& picture, const RowStart& start, std::span<float> values,
              const PixelRange& range) {
    read_samples(picture, start, values, range);
}

void write_row(std::span<const float> values, const RowStart& start, Image& picture,
               const PixelRange& range) {
    float* to = &picture.values[start.colour * picture.plane() + pixel(picture, start)];
    std::copy(values.begin(), values.end(), to);
    range.bring_out_of({to, values.size()});
}

void write_row(std::span<const float> values, const RowStart& start, Picture8& picture,
               const PixelRange& range) {
    write_samples(values, start, picture, range);
}

void write_row(std::span<const float> values, const RowStart& start, Picture16& picture,
               const PixelRange& range) {
    write_samples(values, start, picture, range);
}

}  // namespace shadenet
