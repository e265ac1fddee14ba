#include "data/labelled/matched_part.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// Of each class of the data, its number in the model.
std::vector<std::uint32_t> matched_classes(const std::vector<std::string>& names, const ModelClasses& classes,
                                           const std::string& folder) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(classes.names, name);
        if (found == classes.names.end()) {
            throw InputError(
                fmt::format("{}: has a class \"{}\", which the model does not know; give the data that it "
                            "has learned from, or others with its classes",
                            folder, name));
        }
        numbers.push_back(static_cast<std::uint32_t>(found - classes.names.begin()));
    }
    return numbers;
}

}  // namespace

LabelledPictures matched_part(LabelledPictures part, const std::vector<std::string>& names,
                              const ModelClasses& classes, const PictureRule& rule,
                              const std::string& folder) {
    const std::vector<std::uint32_t> numbers = matched_classes(names, classes, folder);
    const std::uint32_t height = rule.input.height, width = rule.input.width;
    const Shape shape = part.shape;
    if (shape.h != height || shape.w != width) {
        throw InputError(
            fmt::format("{}: its pictures are {} x {}, and the model takes {} x {}; give data of that size",
                        folder, shape.w, shape.h, width, height));
    }
    for (std::uint32_t& label : part.labels) label = numbers[label];
    return in_channels_of(rule, std::move(part));
}

}  // namespace shadenet
