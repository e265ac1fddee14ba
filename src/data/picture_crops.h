// Squares cut from whole pictures at their own scale, others in every epoch.
#pragma once

#include <cstdint>
#include <vector>

#include "data/examples.h"
#include "data/picture_set.h"
#include "model/network.h"

namespace shadenet {

/// A square of a pair: its upper left pixel, and whether left and right change places.
struct Crop {
    std::uint32_t pair = 0, row = 0, column = 0;
    bool flipped = false;
    bool operator==(const Crop&) const = default;
};

/// The examples of an epoch are crops, equally many of every pair; the crops of a pair follow each other.
class PictureCrops : public Examples {
  public:
    /// `side`: pixels of a crop each way. `crops`: of every pair in an epoch. `flip`: half of the crops are
    /// mirrored. Throws std::invalid_argument when a picture is smaller than the crops, or there are none or
    /// 2³² and more.
    PictureCrops(PictureSet pictures, std::uint32_t side, std::uint32_t crops, bool flip, std::uint64_t seed);

    const PictureSet& pictures() const { return pictures_; }
    PictureSet& pictures() { return pictures_; }
    /// The same crops of these pairs; of others they are black, and no file of theirs is read.
    PictureCrops only(const std::vector<std::uint32_t>& pairs) const;
    std::uint32_t side() const { return input_shape().w; }
    std::uint32_t crops_of_pair() const { return crops_; }

    /// A function of seed, epoch and example, as drawn_place() has it: every place is equally likely, those
    /// at the edges like any other. Passes over the examples are the epochs.
    Crop crop(std::uint32_t epoch, std::uint32_t example) const;

    /// The values of a crop with `margin` more pixels on every side, [3, side + 2 margin, side + 2 margin],
    /// as the network takes them. With zero padding a crop is a picture of its own: around it stands the
    /// network's 0. Otherwise the margin has the picture's own pixels, and beyond its edges what the padding
    /// says (see continued_pixel()). A flipped crop is mirrored with its margin.
    std::vector<float> input(const Crop& crop, std::uint32_t margin, PicturePadding padding) const;
    std::vector<float> target(const Crop& crop, std::uint32_t margin, PicturePadding padding) const;
    /// The input as levels, 0..255, where whole_levels().
    std::vector<std::int16_t> input_levels(const Crop& crop, std::uint32_t margin,
                                           PicturePadding padding) const;

    /// The input of a crop of epoch 0, 0..1 in any range.
    Image input_picture(std::uint32_t index) const;

    bool whole_levels() const override { return pictures_.whole_levels(); }
    /// Of the crops of epoch 0.
    std::vector<float> input(std::uint32_t index) const override;
    std::vector<float> target(std::uint32_t index) const override;
    ModelColours colours() const override { return pictures_.profiles().colours(); }
    const PictureCrops* crops() const override { return this; }

  private:
    /// `read(stored)`: the value of a stored number.
    template <class Value, class Stored, class Read>
    std::vector<Value> cut(const std::vector<Stored>& stored, const Crop& crop, std::uint32_t margin,
                           PicturePadding padding, const Read& read) const;
    std::vector<float> values(const PictureSet::Pixels& pixels, const Crop& crop, std::uint32_t margin,
                              PicturePadding padding) const;

    PictureSet pictures_;
    std::uint32_t crops_;
    bool flip_;
    std::uint64_t seed_;
};

}  // namespace shadenet
