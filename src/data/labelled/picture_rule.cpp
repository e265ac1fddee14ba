#include "data/labelled/picture_rule.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/one_line.h"
#include "image/samples.h"

namespace shadenet {

namespace {

/// side · part / whole, rounded to nearest, from 1 to `most`.
std::uint32_t in_proportion(std::uint64_t side, std::uint64_t part, std::uint64_t whole, std::uint32_t most) {
    const std::uint64_t result = (2 * side * part + whole) / (2 * whole);
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(result, 1, most));
}

/// The part of these proportions that is cut out before anything is resized: a strip of a pixel's width never
/// grows to a huge picture.
Image centre_of(const Image& picture, const ClassifierInput& input) {
    const std::uint32_t width = in_proportion(picture.height, input.width, input.height, picture.width);
    const std::uint32_t height = in_proportion(picture.width, input.height, input.width, picture.height);
    if (width == picture.width && height == picture.height) return picture;
    const std::uint32_t left = (picture.width - width) / 2, top = (picture.height - height) / 2;
    Image part{width, height, std::vector<float>(3 * std::size_t{width} * height)};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) part.at(c, y, x) = picture.at(c, top + y, left + x);
        }
    }
    return part;
}

}  // namespace

PictureRule picture_rule_of(const LabelledPictures& pictures) {
    return {{pictures.shape.c, pictures.shape.h, pictures.shape.w}};
}

PictureRule picture_rule_of(const ModelClasses& classes, const std::string& source) {
    const bool known = classes.resizing == PictureRule::resizing && classes.grey == PictureRule::grey &&
                       (classes.channels == 1 || classes.channels == 3);
    if (known) return {{classes.channels, classes.height, classes.width}};
    throw InputError(
        fmt::format("{}: how its pictures are made ({} channels, \"{}\", \"{}\") is not known here; use the "
                    "program that made it",
                    source, classes.channels, on_one_line(classes.resizing), on_one_line(classes.grey)));
}

std::vector<std::uint8_t> labelled_levels(const Image& picture, const PictureRule& rule) {
    const auto [channels, height, width] = rule.input;
    if ((channels != 1 && channels != 3) || height == 0 || width == 0) {
        throw InputError(
            fmt::format("a picture cannot become {} channels of {} x {} pixels: 1 or 3 channels and at least "
                        "one pixel are needed",
                        channels, width, height));
    }
    const Picture8 resized = to_picture8(resize(centre_of(picture, rule.input), width, height));
    const std::size_t plane = resized.plane();
    std::vector<std::uint8_t> levels(channels * plane);
    for (std::size_t i = 0; i < plane; ++i) {
        const std::uint8_t* rgb = resized.rgb.data() + 3 * i;
        if (channels == 1) {
            levels[i] = static_cast<std::uint8_t>(luma(rgb[0], rgb[1], rgb[2]));
        } else {
            for (std::size_t c = 0; c < 3; ++c) levels[c * plane + i] = rgb[c];
        }
    }
    return levels;
}

std::vector<std::uint8_t> labelled_picture(const std::filesystem::path& path, const PictureRule& rule) {
    return labelled_levels(read_image(path).image, rule);
}

LabelledPictures in_channels_of(const PictureRule& rule, LabelledPictures pictures) {
    if (pictures.shape.c == rule.input.channels) return pictures;
    std::vector<std::uint8_t> all;
    for (std::uint32_t i = 0; i < pictures.size(); ++i) {
        const std::vector<std::uint8_t> levels = labelled_levels(to_image(picture_of(pictures, i)), rule);
        all.insert(all.end(), levels.begin(), levels.end());
    }
    pictures.shape.c = rule.input.channels;
    pictures.levels = std::move(all);
    return pictures;
}

}  // namespace shadenet
