// Pairs of pictures of one size, each learned from as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/examples.h"
#include "data/picture_set.h"

namespace shadenet {

class PicturePairs : public Examples {
  public:
    /// Throws std::invalid_argument unless they have one size.
    explicit PicturePairs(PictureSet pictures);
    /// Decodes and resizes them; see PictureSet.
    PicturePairs(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range = {})
        : PicturePairs(PictureSet(pairs, notes, range)) {}
    /// A black pair for every stem, until set() gives another; see PictureSet.
    PicturePairs(std::vector<std::string> stems, std::uint32_t width, std::uint32_t height,
                 std::vector<std::uint32_t> domain_sizes = {}, const PixelRange& range = {});

    /// Throws std::invalid_argument for pictures of another size.
    void set(std::uint32_t index, const Image& input, const Image& target) {
        pictures_.set(index, input, target);
    }

    const PictureSet& pictures() const { return pictures_; }
    PictureSet& pictures() { return pictures_; }
    std::uint32_t width() const { return input_shape().w; }
    std::uint32_t height() const { return input_shape().h; }
    const std::vector<std::string>& stems() const { return pictures_.stems(); }
    const std::vector<PairRecord>& records() const { return pictures_.records(); }
    const PairProfiles& profiles() const { return pictures_.profiles(); }
    Image input_picture(std::uint32_t index) const { return pictures_.input_picture(index); }
    Image target_picture(std::uint32_t index) const { return pictures_.target_picture(index); }

    bool whole_levels() const override { return pictures_.whole_levels(); }
    std::vector<float> input(std::uint32_t index) const override { return pictures_.input(index); }
    std::vector<float> target(std::uint32_t index) const override { return pictures_.target(index); }
    ModelColours colours() const override { return pictures_.profiles().colours(); }

  private:
    PictureSet pictures_;
};

}  // namespace shadenet
