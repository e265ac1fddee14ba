#include "statistics/output_difference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <variant>

#include "engine/picture_filter.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most_side = 1024;

float value_of(const Image& image, std::uint32_t c, std::uint32_t y, std::uint32_t x) {
    return image.at(c, y, x);
}
template <class Sample>
float value_of(const Picture<Sample>& picture, std::uint32_t c, std::uint32_t y, std::uint32_t x) {
    const std::size_t at = (std::size_t{y} * picture.width + x) * 3 + c;
    return static_cast<float>(picture.rgb[at]) / std::numeric_limits<Sample>::max();
}

template <class Picture>
Image middle_of(const Picture& picture) {
    Image middle{std::min(picture.width, most_side), std::min(picture.height, most_side), {}};
    const std::uint32_t left = (picture.width - middle.width) / 2, top = (picture.height - middle.height) / 2;
    middle.values.reserve(3 * middle.plane());
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < middle.height; ++y) {
            for (std::uint32_t x = 0; x < middle.width; ++x) {
                middle.values.push_back(value_of(picture, c, top + y, left + x));
            }
        }
    }
    return middle;
}

}  // namespace

void DifferenceSum::add(const Image& one, const Image& other) {
    if (one.width != other.width || one.height != other.height) {
        throw std::invalid_argument("pictures of different sizes are compared");
    }
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        const double a = std::clamp(one.values[i], 0.0f, 1.0f), b = std::clamp(other.values[i], 0.0f, 1.0f);
        const double levels = 255 * std::abs(a - b);
        sum_ += levels;
        if (levels > largest_ || std::isnan(levels)) largest_ = levels;
    }
    values_ += one.values.size();
    ++pictures_;
}

OutputDifference DifferenceSum::difference() const {
    return {pictures_, values_ == 0 ? 0 : sum_ / static_cast<double>(values_), largest_};
}

OutputDifference difference_of(const Device& device, const Network& network, const Parameters& one,
                               const Parameters& other, PictureSource& pictures) {
    PictureFilter first(device, network, one), second(device, network, other);
    DifferenceSum sum;
    for (std::size_t i = 0; i < pictures.size() && sum.pictures() < most_compared; ++i) {
        const std::optional<PictureView> view = pictures.read(i);
        if (!view) continue;
        const Image picture = std::visit([](const auto* of) { return middle_of(*of); }, *view);
        sum.add(first.apply(picture), second.apply(picture));
    }
    return sum.difference();
}

}  // namespace shadenet
