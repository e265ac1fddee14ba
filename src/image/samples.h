// A picture's rows in the form that a file needs: with or without alpha, grey or in colour, in 8 or 16 bits.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "image/picture_file.h"

namespace shadenet {

/// Calls `use` with the colours of a picture without floats. `Colour`: Pixels, const or not.
template <class Colour, class Use>
void with_integers(Colour& colour, const Use& use) {
    if (auto* const deep = std::get_if<Picture16>(&colour)) return use(*deep);
    use(std::get<Picture8>(colour));
}

/// Rec. 709's luma, rounded to nearest; the value itself where all three are the same.
inline std::uint32_t luma(std::uint32_t r, std::uint32_t g, std::uint32_t b) {
    return (2126 * r + 7152 * g + 722 * b + 5000) / 10000;
}

template <class To, class From>
To to_depth(From value) {
    if constexpr (sizeof(To) < sizeof(From)) {
        return static_cast<To>((std::uint32_t{value} * 255 + 32767) / 65535);
    } else {
        static_assert(std::is_same_v<To, From>, "8 bits never become 16");
        return value;
    }
}

struct RowLayout {
    bool grey = false, alpha = false;
    bool repeated = false;  // grey is repeated three times, for formats without grey
    std::size_t channels() const { return (grey && !repeated ? 1u : 3u) + (alpha ? 1u : 0u); }
};

template <class To, class From>
class Rows {
  public:
    Rows(const Picture<From>& colour, const std::vector<std::uint16_t>& alpha, RowLayout layout)
        : colour_(colour), alpha_(alpha), layout_(layout) {
        if (!is_direct()) row_.resize(bytes() / sizeof(To));
    }

    std::size_t bytes() const { return layout_.channels() * colour_.width * sizeof(To); }

    /// Valid until the next call.
    const To* row(std::uint32_t y) {
        const From* from = colour_.rgb.data() + std::size_t{3} * colour_.width * y;
        if constexpr (std::is_same_v<To, From>) {
            if (is_direct()) return from;
        }
        fill(from, y);
        return row_.data();
    }

  private:
    bool is_direct() const { return std::is_same_v<To, From> && !layout_.grey && !layout_.alpha; }

    void fill(const From* from, std::uint32_t y) {
        To* to = row_.data();
        const std::size_t start = std::size_t{colour_.width} * y;
        for (std::size_t x = 0; x < colour_.width; ++x, from += 3) {
            if (layout_.grey) {
                const To value = to_depth<To>(static_cast<From>(luma(from[0], from[1], from[2])));
                for (std::size_t c = 0; c < (layout_.repeated ? 3u : 1u); ++c) *to++ = value;
            } else {
                for (std::size_t c = 0; c < 3; ++c) *to++ = to_depth<To>(from[c]);
            }
            if (layout_.alpha) *to++ = to_depth<To>(static_cast<From>(alpha_[start + x]));
        }
    }

    const Picture<From>& colour_;
    const std::vector<std::uint16_t>& alpha_;
    RowLayout layout_;
    std::vector<To> row_;
};

}  // namespace shadenet
