// Some of a data set's examples.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "data/examples.h"

namespace shadenet {

class ExampleSubset : public Examples {
  public:
    /// The examples of `all` with these numbers, in the order of the numbers, as one domain. `all` must
    /// outlive the subset.
    ExampleSubset(const Examples& all, std::vector<std::uint32_t> numbers)
        : Examples(static_cast<std::uint32_t>(numbers.size()), all.input_shape(), all.target_shape()),
          all_(all),
          numbers_(std::move(numbers)) {}

    bool whole_levels() const override { return all_.whole_levels(); }
    PixelRange level_range() const override { return all_.level_range(); }
    std::vector<float> input(std::uint32_t index) const override { return all_.input(numbers_[index]); }
    std::vector<float> target(std::uint32_t index) const override { return all_.target(numbers_[index]); }
    std::span<const std::uint8_t> levels(std::uint32_t index) const override {
        return all_.levels(numbers_[index]);
    }
    ModelColours colours() const override { return all_.colours(); }
    ModelClasses classes() const override { return all_.classes(); }

  private:
    const Examples& all_;
    std::vector<std::uint32_t> numbers_;
};

}  // namespace shadenet
