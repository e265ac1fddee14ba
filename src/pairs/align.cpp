#include "pairs/align.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "pairs/pair_look.h"
#include "pairs/plane.h"

namespace shadenet {

namespace {

/// The picture from `start` on, in its own size; beyond the part that is kept its outermost pixels go on.
Image continued(const Image& image, const PixelShift& start, const Part& kept) {
    Image result{image.width, image.height, std::vector<float>(image.values.size())};
    const auto within = [](std::int64_t at, std::uint32_t first, std::uint32_t length) {
        return static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(at, first, std::int64_t{first} + length - 1));
    };
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < image.height; ++y) {
            const std::uint32_t row = within(std::int64_t{start.y} + y, kept.y, kept.height);
            for (std::uint32_t x = 0; x < image.width; ++x) {
                const std::uint32_t column = within(std::int64_t{start.x} + x, kept.x, kept.width);
                result.at(c, y, x) = image.at(c, row, column);
            }
        }
    }
    return result;
}

/// What the input shares with its target.
Part shared_part(const Image& input, const PixelShift& shift) {
    const auto start = [](std::int32_t by) { return static_cast<std::uint32_t>(std::max(0, -by)); };
    const auto size = [](std::uint32_t length, std::int32_t by) {
        return length - static_cast<std::uint32_t>(std::abs(by));
    };
    return {start(shift.x), start(shift.y), size(input.width, shift.x), size(input.height, shift.y)};
}

Part moved(Part part, const PixelShift& shift) {
    part.x = static_cast<std::uint32_t>(part.x + std::int64_t{shift.x});
    part.y = static_cast<std::uint32_t>(part.y + std::int64_t{shift.y});
    return part;
}

}  // namespace

PixelShift found_shift(const Image& input, const Image& target) {
    const PairLook look = look_at_pair(input, target);
    if (!look.is_shifted()) return {};
    const PixelShift shift{static_cast<std::int32_t>(std::lround(look.placement.x)),
                           static_cast<std::int32_t>(std::lround(look.placement.y))};
    const auto leaves = [](std::int32_t by, std::uint32_t length) {
        return std::int64_t{std::abs(by)} < length;
    };
    return leaves(shift.x, input.width) && leaves(shift.y, input.height) ? shift : PixelShift{};
}

void take_out(const PixelShift& shift, Image& input, Image& target) {
    const Part part = shared_part(input, shift);
    input = continued(input, {}, part);
    target = continued(target, shift, moved(part, shift));
}

}  // namespace shadenet
