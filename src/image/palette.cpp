#include "image/palette.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>

namespace shadenet {

namespace {

constexpr std::size_t most_colours = 256;

using Colour = std::array<std::uint8_t, 4>;

// Alpha has the highest bits, so that colours sort by alpha.
std::uint32_t key_of(const Picture8& picture, const std::vector<std::uint16_t>& alpha, std::size_t i) {
    const std::uint8_t* rgb = picture.rgb.data() + 3 * i;
    const std::uint32_t opacity = alpha.empty() ? 255u : alpha[i] & 255u;
    return opacity << 24 | std::uint32_t{rgb[0]} << 16 | std::uint32_t{rgb[1]} << 8 | rgb[2];
}

Colour colour_of(std::uint32_t key) {
    return {static_cast<std::uint8_t>(key >> 16), static_cast<std::uint8_t>(key >> 8),
            static_cast<std::uint8_t>(key), static_cast<std::uint8_t>(key >> 24)};
}

std::uint8_t alpha_of(const Colour& colour) {
    return colour[3];
}

struct Entry {
    std::uint32_t key = 0;
    std::uint64_t count = 0;  // number of pixels; 0 for an empty place in the table
    std::uint8_t index = 0;   // in the palette
    std::uint8_t part(int axis) const { return static_cast<std::uint8_t>(key >> (8 * axis)); }
};

// The number of pixels of each colour: a hash table with open addressing, at most half full.
class Colours {
  public:
    explicit Colours(std::size_t most) : most_(most), slots_(1024) {}

    // False when there are more colours than wanted.
    bool add(std::uint32_t key) {
        Entry* entry = &slots_[place(key)];
        if (entry->count == 0) {
            if (size_ == most_) return false;
            if (2 * (size_ + 1) > slots_.size()) {
                grow();
                entry = &slots_[place(key)];
            }
            entry->key = key;
            ++size_;
        }
        ++entry->count;
        return true;
    }

    Entry& operator[](std::uint32_t key) { return slots_[place(key)]; }
    std::size_t size() const { return size_; }

    std::vector<Entry> sorted() const {
        std::vector<Entry> entries;
        entries.reserve(size_);
        std::ranges::copy_if(slots_, std::back_inserter(entries),
                             [](const Entry& one) { return one.count != 0; });
        std::ranges::sort(entries, {}, &Entry::key);
        return entries;
    }

  private:
    std::size_t place(std::uint32_t key) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = (key * std::uint64_t{0x9e3779b97f4a7c15}) >> 32 & mask;
        while (slots_[at].count != 0 && slots_[at].key != key) at = (at + 1) & mask;
        return at;
    }

    void grow() {
        std::vector<Entry> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Entry& entry : old) {
            if (entry.count != 0) slots_[place(entry.key)] = entry;
        }
    }

    std::size_t most_, size_ = 0;
    std::vector<Entry> slots_;
};

bool collect(Colours& colours, const Picture8& picture, const std::vector<std::uint16_t>& alpha) {
    for (std::size_t i = 0; i < picture.plane(); ++i) {
        if (!colours.add(key_of(picture, alpha, i))) return false;
    }
    return true;
}

PalettePicture indexed(Colours& colours, const Picture8& picture, const std::vector<std::uint16_t>& alpha) {
    PalettePicture result{.indices = std::vector<std::uint8_t>(picture.plane()),
                          .colours_before = colours.size()};
    for (std::size_t i = 0; i < picture.plane(); ++i) {
        result.indices[i] = colours[key_of(picture, alpha, i)].index;
    }
    return result;
}

// Some colours with the same alpha.
struct Box {
    std::span<Entry> entries;
    int axis = 0;         // the axis along which the colours differ most
    double priority = 0;  // the box with the highest priority is cut next
};

Box make_box(std::span<Entry> entries) {
    Box box{.entries = entries};
    int widest = 0;
    double count = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const auto [low, high] = std::minmax_element(
            entries.begin(), entries.end(),
            [axis](const Entry& a, const Entry& b) { return a.part(axis) < b.part(axis); });
        const int width = high->part(axis) - low->part(axis);
        if (width > widest) {
            widest = width;
            box.axis = axis;
        }
    }
    for (const Entry& entry : entries) count += static_cast<double>(entry.count);
    // Invisible colours are cut last.
    const double visible = entries.front().part(3) == 0 ? 1e-9 : 1.0;
    box.priority = count * visible * widest * widest;
    return box;
}

// Cuts at the median of the box's pixels, with at least one colour on either side.
std::pair<Box, Box> cut(const Box& box) {
    const int axis = box.axis;
    std::ranges::sort(box.entries, {},
                      [axis](const Entry& one) { return std::pair(one.part(axis), one.key); });
    std::uint64_t total = 0, before = 0;
    for (const Entry& entry : box.entries) total += entry.count;
    std::size_t at = 0;
    while (at + 1 < box.entries.size() && 2 * (before + box.entries[at].count) <= total) {
        before += box.entries[at++].count;
    }
    at = std::max<std::size_t>(at, 1);
    return {make_box(box.entries.first(at)), make_box(box.entries.subspan(at))};
}

std::vector<Box> cut_all(std::span<Entry> entries) {
    std::vector<Box> boxes;
    for (std::size_t begin = 0; begin < entries.size();) {
        std::size_t end = begin;
        while (end < entries.size() && entries[end].part(3) == entries[begin].part(3)) ++end;
        boxes.push_back(make_box(entries.subspan(begin, end - begin)));
        begin = end;
    }
    while (boxes.size() < most_colours) {
        const auto best = std::ranges::max_element(boxes, {}, &Box::priority);
        if (best->priority == 0) break;
        const auto [low, high] = cut(*best);
        *best = low;
        boxes.push_back(high);
    }
    return boxes;
}

Colour mean_of(const Box& box) {
    std::array<std::uint64_t, 3> sums{};
    std::uint64_t count = 0;
    for (const Entry& entry : box.entries) {
        for (int axis = 0; axis < 3; ++axis)
            sums[static_cast<std::size_t>(axis)] += entry.count * entry.part(axis);
        count += entry.count;
    }
    const auto mean = [&](std::uint64_t sum) { return static_cast<std::uint8_t>((sum + count / 2) / count); };
    return {mean(sums[2]), mean(sums[1]), mean(sums[0]), box.entries.front().part(3)};
}

// The nearest colour with the same alpha; those are neighbours in the palette.
std::uint8_t nearest(const std::vector<Colour>& colours, const Colour& wanted) {
    const auto distance = [&](const Colour& colour) {
        const int red = colour[0] - wanted[0], green = colour[1] - wanted[1], blue = colour[2] - wanted[2];
        return red * red + green * green + blue * blue;
    };
    const auto first = std::ranges::lower_bound(colours, wanted[3], {}, alpha_of);
    const auto last = std::ranges::upper_bound(colours, wanted[3], {}, alpha_of);
    const auto closer = [&](const Colour& a, const Colour& b) { return distance(a) < distance(b); };
    return static_cast<std::uint8_t>(std::min_element(first, last, closer) - colours.begin());
}

}  // namespace

std::optional<PalettePicture> exact_palette(const Picture8& picture,
                                            const std::vector<std::uint16_t>& alpha) {
    Colours colours(most_colours);
    if (!collect(colours, picture, alpha)) return std::nullopt;
    const std::vector<Entry> entries = colours.sorted();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        colours[entries[i].key].index = static_cast<std::uint8_t>(i);
    }
    PalettePicture result = indexed(colours, picture, alpha);
    for (const Entry& entry : entries) result.colours.push_back(colour_of(entry.key));
    return result;
}

PalettePicture reduced_palette(const Picture8& picture, const std::vector<std::uint16_t>& alpha) {
    Colours colours(std::numeric_limits<std::size_t>::max());
    collect(colours, picture, alpha);
    std::vector<Entry> entries = colours.sorted();
    std::vector<Colour> palette;
    for (const Box& box : cut_all(entries)) palette.push_back(mean_of(box));
    std::ranges::stable_sort(palette, {}, alpha_of);
    for (const Entry& entry : entries) colours[entry.key].index = nearest(palette, colour_of(entry.key));
    PalettePicture result = indexed(colours, picture, alpha);
    result.colours = std::move(palette);
    return result;
}

}  // namespace shadenet
