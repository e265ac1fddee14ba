#include "model/pixel_range.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr float farthest_from_zero = 65536;

[[noreturn]] void refuse_range(const std::string& text) {
    throw InputError(fmt::format("range is {}; use LOW..HIGH, two numbers from -{} to {}, as in -1..1",
                                 in_quotes(text), farthest_from_zero, farthest_from_zero));
}

}  // namespace

void PixelRange::bring_into(std::span<float> values) const {
    if (is_unit()) return;
    for (float& value : values) value = static_cast<float>(into(static_cast<double>(value)));
}

void PixelRange::bring_out_of(std::span<float> values) const {
    if (is_unit()) return;
    for (float& value : values) value = static_cast<float>(out_of(static_cast<double>(value)));
}

void require_range(const PixelRange& range) {
    const bool near = std::abs(range.low) <= farthest_from_zero && std::abs(range.high) <= farthest_from_zero;
    if (!near || !(range.low < range.high)) refuse_range(to_string(range));
}

std::string to_string(const PixelRange& range) {
    return fmt::format("{}..{}", range.low, range.high);
}

PixelRange pixel_range(const std::string& text) {
    const std::string_view all = text;
    const std::size_t dots = all.find("..");
    if (dots == all.npos) refuse_range(text);
    const auto low = number_in<float>(all.substr(0, dots)), high = number_in<float>(all.substr(dots + 2));
    if (!low || !high) refuse_range(text);
    const PixelRange range{*low, *high};
    require_range(range);
    return range;
}

}  // namespace shadenet
