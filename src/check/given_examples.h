// Examples of given numbers, for checks on the device.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "data/examples.h"

namespace shadenet::check {

/// Examples of any shapes. At their end the numbers begin again, so that one example can stand for many.
class GivenExamples : public Examples {
  public:
    /// `input` and `target`: the shapes of one example. `inputs` and `targets`: the values of one or more
    /// examples.
    GivenExamples(std::uint32_t size, const Shape& input, std::vector<float> inputs, const Shape& target,
                  std::vector<float> targets)
        : Examples(size, input, target), inputs_(std::move(inputs)), targets_(std::move(targets)) {}
    /// The examples of two tensors [n,c,h,w].
    GivenExamples(const Shape& inputs_shape, std::vector<float> inputs, const Shape& targets_shape,
                  std::vector<float> targets)
        : GivenExamples(inputs_shape.n, one_of(inputs_shape), std::move(inputs), one_of(targets_shape),
                        std::move(targets)) {}

    bool whole_levels() const override {
        return std::all_of(inputs_.begin(), inputs_.end(), is_whole_level) &&
               std::all_of(targets_.begin(), targets_.end(), is_whole_level);
    }
    std::vector<float> input(std::uint32_t index) const override {
        return part(inputs_, input_shape().values(), index);
    }
    std::vector<float> target(std::uint32_t index) const override {
        return part(targets_, target_shape().values(), index);
    }

  private:
    static Shape one_of(const Shape& shape) { return {1, shape.c, shape.h, shape.w}; }
    static std::vector<float> part(const std::vector<float>& all, std::size_t size, std::uint32_t index) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index * size % all.size());
        return {begin, begin + static_cast<std::ptrdiff_t>(size)};
    }

    std::vector<float> inputs_, targets_;
};

}  // namespace shadenet::check
