// Pictures with labels in host memory, as bytes: what a classifier learns from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/image.h"
#include "model/network.h"

namespace shadenet {

/// Pictures of one shape, each of a class.
struct LabelledPictures {
    Shape shape{};                      ///< of one of them: n = 1
    std::vector<std::uint8_t> levels;   ///< [picture][c][h][w], as the files have them
    std::vector<std::uint32_t> labels;  ///< [picture], each below the number of classes
    /// Of each, to be shown to people: "train-images-idx3-ubyte 17", "keep/a.png".
    std::vector<std::string> names;

    std::uint32_t size() const { return static_cast<std::uint32_t>(labels.size()); }
    std::span<const std::uint8_t> picture(std::uint32_t index) const {
        const std::size_t each = std::size_t{shape.c} * shape.h * shape.w;
        return std::span(levels).subspan(index * each, each);
    }
};

/// One of them as a picture in colour; a single channel is repeated.
Picture8 picture_of(const LabelledPictures& pictures, std::uint32_t index);

/// What a folder holds.
struct LabelledData {
    std::vector<std::string> classes;  ///< their names; "0", "1", ... where the files have none
    LabelledPictures training;
    LabelledPictures test;                ///< without a picture where the data has no test part
    std::vector<std::string> notes{};     ///< what a person should know
    std::vector<std::string> warnings{};  ///< the same of pictures that are not taken, as damaged ones
    bool resizable = false;               ///< the pictures had other sizes, and LabelledOptions can name one
};

}  // namespace shadenet
