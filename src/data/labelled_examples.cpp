#include "data/labelled_examples.h"

#include <stdexcept>
#include <utility>

namespace shadenet {

LabelledExamples::LabelledExamples(LabelledPictures pictures, const PixelRange& range,
                                   const Augmentation& augmentation, ModelClasses classes)
    : Examples(pictures.size(), pictures.shape, {1, 1, 1, 1}),
      pictures_(std::move(pictures)),
      range_(range),
      augmentation_(augmentation),
      classes_(std::move(classes)) {
    if (pictures_.levels.size() != pictures_.shape.values() * pictures_.labels.size()) {
        throw std::invalid_argument("labelled pictures with another number of bytes");
    }
}

std::vector<float> LabelledExamples::input(std::uint32_t index) const {
    const std::span<const std::uint8_t> levels = pictures_.picture(index);
    std::vector<float> values(levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto level = static_cast<float>(levels[i]);
        values[i] = range_.is_unit() ? level / 255.0f : range_.low + range_.level_step() * level;
    }
    return values;
}

}  // namespace shadenet
