// Pairs of whole pictures in host memory, of any sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "data/pair_profiles.h"
#include "data/run_data.h"
#include "image/image.h"
#include "model/pixel_range.h"

namespace shadenet {

struct CheckedPairs;
class PictureNotes;

struct PictureSize {
    std::uint32_t width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

/// "1536x1024".
std::string to_string(const PictureSize& size);

/// An input and a target of one size; pairs may differ in theirs. The pixels of a picture are kept once: a
/// byte a value where they are all whole 255ths, as those of an 8-bit file that kept its size, else as
/// floats.
class PictureSet {
  public:
    /// [c,h,w] of 0..1, or the 255ths that they are; empty: black.
    using Pixels = std::variant<std::vector<std::uint8_t>, std::vector<float>>;

    /// A black pair for every stem, until set() gives another. `domain_sizes`: how many pairs each domain
    /// has, which lie together; none: all are of one. `range`: the network's, which input() and target() are
    /// in. Throws std::invalid_argument when the domains do not add up to the pairs, or there is no size for
    /// each.
    PictureSet(std::vector<std::string> stems, std::vector<PictureSize> sizes,
               std::vector<std::uint32_t> domain_sizes = {}, const PixelRange& range = {});
    /// Decodes every pair, one after the other, takes a shift out where `pairs` asks for that, and resizes
    /// what has another size than it says. Those elsewhere stay black. Throws InputError for a file that
    /// cannot be decoded.
    PictureSet(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range = {});

    /// Throws std::invalid_argument for pictures of another size than the pair's.
    void set(std::uint32_t index, const Image& input, const Image& target);

    std::uint32_t size() const { return static_cast<std::uint32_t>(stems_.size()); }
    std::uint32_t width(std::uint32_t index) const { return sizes_[index].width; }
    std::uint32_t height(std::uint32_t index) const { return sizes_[index].height; }
    const std::vector<PictureSize>& sizes() const { return sizes_; }
    /// The shortest side of all pictures.
    std::uint32_t smallest_side() const;
    bool of_one_size() const;

    const std::vector<std::uint32_t>& domain_sizes() const { return domain_sizes_; }
    std::uint32_t domain_of(std::uint32_t index) const;
    const std::vector<std::string>& stems() const { return stems_; }
    /// What the files were that the pairs come from, in the order of stems(); none of pairs that were set().
    const std::vector<PairRecord>& records() const { return records_; }
    const PairProfiles& profiles() const { return profiles_; }
    const PixelRange& range() const { return range_; }

    /// The pictures themselves, 0..1 in any range.
    Image input_picture(std::uint32_t index) const { return picture(index, pixels_[index].input); }
    Image target_picture(std::uint32_t index) const { return picture(index, pixels_[index].target); }
    const Pixels& input_pixels(std::uint32_t index) const { return pixels_[index].input; }
    const Pixels& target_pixels(std::uint32_t index) const { return pixels_[index].target; }

    /// All values that a network sees are whole 255ths from 0 to 1, in pairs of other processes too.
    bool whole_levels() const;
    /// The values of a whole picture, [c,h,w], as the network takes them.
    std::vector<float> input(std::uint32_t index) const { return in_range(input_picture(index)); }
    std::vector<float> target(std::uint32_t index) const { return in_range(target_picture(index)); }

  private:
    struct Pair {
        Pixels input, target;
    };
    Image picture(std::uint32_t index, const Pixels& pixels) const;
    std::vector<float> in_range(Image image) const;

    std::vector<std::string> stems_;
    std::vector<PictureSize> sizes_;
    std::vector<std::uint32_t> domain_sizes_;
    PixelRange range_;
    std::vector<PairRecord> records_;
    PairProfiles profiles_;
    std::vector<Pair> pixels_;
    bool others_have_levels_ = true;  ///< the pairs elsewhere
};

}  // namespace shadenet
