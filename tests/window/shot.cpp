#include "shot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace shadenet::test {

namespace {

constexpr int unlike = 255;

int level(float value) {
    return static_cast<int>(std::lround(255 * std::clamp(value, 0.0f, 1.0f)));
}

/// The picture's pixel that the middle of a screen pixel falls into; -1 too near to its border to tell.
long pixel_at(double place, std::uint32_t length) {
    const double pixel = std::floor(place);
    if (std::abs(place - std::round(place)) < 0.02) return -1;
    return pixel < 0 || pixel >= length ? -1 : static_cast<long>(pixel);
}

template <class Function>
void for_each_pixel(const Region& region, const Function& function) {
    for (auto y = static_cast<std::uint32_t>(region.top); y < region.bottom; ++y) {
        for (auto x = static_cast<std::uint32_t>(region.left); x < region.right; ++x) function(x, y);
    }
}

}  // namespace

Shot::Shot(const std::filesystem::path& file)
    : picture_(read_image(file).image),
      layout_(nlohmann::json::parse(std::ifstream(file.string() + ".json"))) {}

Region Shot::region(const std::string& name) const {
    const auto sides = layout_.at("regions").at(name).get<std::array<double, 4>>();
    // A pixel belongs to what covers its middle.
    const auto first = [](double side, std::uint32_t end) {
        return std::clamp(std::ceil(side - 0.5), 0.0, static_cast<double>(end));
    };
    return {first(sides[0], width()), first(sides[1], height()), first(sides[2], width()),
            first(sides[3], height())};
}

std::string Shot::text(const std::string& name) const {
    return layout_.at("values").at(name).get<std::string>();
}

int Shot::grey(std::uint32_t c, std::uint32_t y, std::uint32_t x) const {
    return level(picture_.at(c, y, x));
}

int Shot::difference(const std::string& name, const Image& picture) const {
    if (!has(name)) return unlike;
    // A wipe draws over its line, and shows the right picture from there on: both begin where the left does.
    const bool wiped = has("wipe");
    const Region shown = region(name), line = wiped ? region("wipe") : Region{};
    const Region whole = wiped && has("input") ? region("input") : shown;
    std::size_t compared = 0;
    int largest = 0;
    for_each_pixel(shown, [&](std::uint32_t x, std::uint32_t y) {
        if (wiped && x >= line.left && x < line.right) return;
        const double zoom = number("zoom");
        const long column = pixel_at(number("visible.left") + (x + 0.5 - whole.left) / zoom, picture.width);
        const long row = pixel_at(number("visible.top") + (y + 0.5 - whole.top) / zoom, picture.height);
        if (column < 0 || row < 0) return;
        ++compared;
        for (std::uint32_t c = 0; c < 3; ++c) {
            const float value =
                picture.at(c, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column));
            largest = std::max(largest, std::abs(level(value) - grey(c, y, x)));
        }
    });
    return compared < 100 ? unlike : largest;
}

int Shot::difference(const std::string& name, const Shot& other) const {
    const Region here = region(name), there = other.region(name);
    if (here.right - here.left != there.right - there.left) return unlike;
    if (here.bottom - here.top != there.bottom - there.top) return unlike;
    const auto right = static_cast<std::uint32_t>(there.left), down = static_cast<std::uint32_t>(there.top);
    const auto left = static_cast<std::uint32_t>(here.left), top = static_cast<std::uint32_t>(here.top);
    int largest = 0;
    for_each_pixel(here, [&](std::uint32_t x, std::uint32_t y) {
        for (std::uint32_t c = 0; c < 3; ++c) {
            const int theirs = other.grey(c, y - top + down, x - left + right);
            largest = std::max(largest, std::abs(grey(c, y, x) - theirs));
        }
    });
    return largest;
}

std::size_t Shot::colours(const std::string& name) const {
    std::set<std::array<int, 3>> found;
    for_each_pixel(region(name), [&](std::uint32_t x, std::uint32_t y) {
        found.insert({grey(0, y, x), grey(1, y, x), grey(2, y, x)});
    });
    return found.size();
}

}  // namespace shadenet::test
