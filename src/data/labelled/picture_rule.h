// How a picture becomes the bytes that a classifier sees: in training, and whenever it is asked later.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/labelled_pictures.h"
#include "image/image.h"
#include "model/model_classes.h"

namespace shadenet {

/// The one shape that a classifier takes.
struct ClassifierInput {
    std::uint32_t channels = 0;  ///< 1: grey, 3: red, green and blue
    std::uint32_t height = 0, width = 0;
    bool operator==(const ClassifierInput&) const = default;
};

/// What a model remembers, so that later pictures are treated as those of training were.
struct PictureRule {
    /// Of the upright picture the largest part of the input's proportions is cut out of the centre (an odd
    /// pixel stays at the right or at the bottom), and then resized by resize(). So the shorter side is seen
    /// whole.
    static constexpr const char* resizing = "centre";
    /// One channel is Rec. 709's luma of the resized bytes, which is the level itself where all three are
    /// the same. Three channels of a grey picture are all the same.
    static constexpr const char* grey = "luma";

    ClassifierInput input;
    bool operator==(const PictureRule&) const = default;
};

/// The rule by which these pictures were made, or would have been.
PictureRule picture_rule_of(const LabelledPictures& pictures);

/// That of a model. Throws InputError "<source>: ..." for another that this program does not know.
PictureRule picture_rule_of(const ModelClasses& classes, const std::string& source);

/// The picture's levels, [c][h][w] of 0 to 255, rounded to nearest. Throws InputError for a rule without
/// pixels or of another number of channels than 1 or 3.
std::vector<std::uint8_t> labelled_levels(const Image& picture, const PictureRule& rule);

/// The same of a file: upright as EXIF says, without its alpha, 16 bits rounded to 8. Throws InputError as
/// read_image().
std::vector<std::uint8_t> labelled_picture(const std::filesystem::path& path, const PictureRule& rule);

/// Pictures of the rule's height and width in its channels: grey for colour and colour for grey.
LabelledPictures in_channels_of(const PictureRule& rule, LabelledPictures pictures);

}  // namespace shadenet
