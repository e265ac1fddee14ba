// What is learned from: inputs, each with what the network is to make of it, in host memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/model_classes.h"
#include "model/model_colours.h"
#include "model/network.h"

namespace shadenet {

class PictureCrops;
struct Augmentation;

/// `sizes`, or, of an empty list, one domain of all `size` examples. Throws std::invalid_argument when the
/// sizes do not add up to `size`.
std::vector<std::uint32_t> whole_domains(std::vector<std::uint32_t> sizes, std::uint32_t size);
/// The domain of an example, where so many of each domain lie one after the other.
std::uint32_t domain_of(const std::vector<std::uint32_t>& sizes, std::uint32_t index);

/// Examples of one shape. A plan's source (see engine/learning/batch.h) uploads them in its own layout.
class Examples {
  public:
    virtual ~Examples() = default;

    /// How many examples each domain has: a domain is a kind of examples with statistics of its own, and its
    /// examples lie together.
    const std::vector<std::uint32_t>& domain_sizes() const { return domain_sizes_; }
    std::uint32_t size() const { return size_; }
    /// The domain of an example.
    std::uint32_t domain_of(std::uint32_t index) const { return shadenet::domain_of(domain_sizes_, index); }

    /// Of one example, n = 1. A target may have another shape than the network's result: a label is one
    /// value.
    const Shape& input_shape() const { return input_shape_; }
    const Shape& target_shape() const { return target_shape_; }

    /// All values of inputs and targets, labels apart, are whole 255ths of level_range().
    virtual bool whole_levels() const = 0;
    /// Another than 0..1 only of examples that are kept as bytes, and have labels.
    virtual PixelRange level_range() const { return {}; }
    /// The values of one example, [c,h,w], as the network takes them.
    virtual std::vector<float> input(std::uint32_t index) const = 0;
    virtual std::vector<float> target(std::uint32_t index) const = 0;
    /// The input's 255ths, of examples with whole levels that are kept as bytes; else empty.
    virtual std::span<const std::uint8_t> levels(std::uint32_t /*index*/) const { return {}; }

    /// What a model that has learned from them is to remember of their colours.
    virtual ModelColours colours() const { return {}; }
    /// Likewise of their classes; none where they have no labels, or nobody has named them.
    virtual ModelClasses classes() const { return {}; }
    /// Not null where the examples are others in every epoch: crops of pictures.
    virtual const PictureCrops* crops() const { return nullptr; }
    /// Not null where training, and nothing else, has the inputs moved and mirrored.
    virtual const Augmentation* augmentation() const { return nullptr; }

  protected:
    /// Without domain sizes all `size` examples are of one domain. Throws std::invalid_argument when the
    /// sizes do not add up to `size`.
    Examples(std::uint32_t size, const Shape& input, const Shape& target,
             std::vector<std::uint32_t> domain_sizes = {});

  private:
    std::uint32_t size_;
    Shape input_shape_, target_shape_;
    std::vector<std::uint32_t> domain_sizes_;
};

/// The value is a whole 255th from 0 to 1, as those of 8-bit files.
bool is_whole_level(float value);
/// How many 255ths such a value is.
std::uint8_t whole_level(float value);

}  // namespace shadenet
