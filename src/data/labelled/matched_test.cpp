#include "data/labelled/matched_test.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// Of each class of the data, its number in the model.
std::vector<std::uint32_t> matched_classes(const LabelledData& data, const ModelClasses& classes,
                                           const std::string& folder) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& name : data.classes) {
        const auto found = std::ranges::find(classes.names, name);
        if (found == classes.names.end()) {
            throw InputError(
                fmt::format("{}: has a class \"{}\", which the model does not know; give the data that it "
                            "has learned from, or "
                            "others with its classes",
                            folder, name));
        }
        numbers.push_back(static_cast<std::uint32_t>(found - classes.names.begin()));
    }
    return numbers;
}

}  // namespace

LabelledPictures matched_test(const LabelledData& data, const ModelClasses& classes, const PictureRule& rule,
                              const std::string& folder) {
    if (data.test.size() == 0) {
        throw InputError(
            fmt::format("{}: has no test part; give data with one, or, of folders of pictures, --input {} -r "
                        "for the answers "
                        "alone",
                        folder, folder));
    }
    const std::vector<std::uint32_t> numbers = matched_classes(data, classes, folder);
    LabelledPictures test = data.test;
    const auto [channels, height, width] = rule.input;
    const Shape shape = test.shape;
    if (shape.h != height || shape.w != width) {
        throw InputError(
            fmt::format("{}: its pictures are {} x {}, and the model takes {} x {}; give data of that size",
                        folder, shape.w, shape.h, width, height));
    }
    for (std::uint32_t& label : test.labels) label = numbers[label];
    if (shape.c == channels) return test;
    test.shape.c = channels;
    test.levels.clear();
    for (std::uint32_t i = 0; i < data.test.size(); ++i) {
        const std::vector<std::uint8_t> levels = labelled_levels(to_image(picture_of(data.test, i)), rule);
        test.levels.insert(test.levels.end(), levels.begin(), levels.end());
    }
    return test;
}

}  // namespace shadenet
