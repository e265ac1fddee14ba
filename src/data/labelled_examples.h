// Labelled pictures as examples: a target is one value, the number of the class.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/augmentation.h"
#include "data/examples.h"
#include "data/labelled_pictures.h"

namespace shadenet {

class LabelledExamples : public Examples {
  public:
    /// `range`: of the network that sees them; bytes from 0 to 255 lie from its low to its high end.
    /// `augmentation`: what training does to them. `classes`: what a model is to remember of them.
    /// Throws std::invalid_argument when there are not as many bytes as the pictures have.
    explicit LabelledExamples(LabelledPictures pictures, const PixelRange& range = {},
                              const Augmentation& augmentation = {}, ModelClasses classes = {});

    const LabelledPictures& pictures() const { return pictures_; }
    std::uint32_t label(std::uint32_t index) const { return pictures_.labels[index]; }

    bool whole_levels() const override { return true; }
    PixelRange level_range() const override { return range_; }
    std::vector<float> input(std::uint32_t index) const override;
    std::vector<float> target(std::uint32_t index) const override {
        return {static_cast<float>(label(index))};
    }
    std::span<const std::uint8_t> levels(std::uint32_t index) const override {
        return pictures_.picture(index);
    }
    ModelClasses classes() const override { return classes_; }
    const Augmentation* augmentation() const override {
        return augmentation_.any() ? &augmentation_ : nullptr;
    }

  private:
    LabelledPictures pictures_;
    PixelRange range_;
    Augmentation augmentation_;
    ModelClasses classes_;
};

}  // namespace shadenet
