// Which tensors the stack plan needs, when, and where they lie: decided before any memory is taken.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/stack/placement.h"
#include "engine/stack/point_layout.h"
#include "engine/stack/units.h"
#include "engine/stack/value_steps.h"
#include "model/network.h"

namespace shadenet {

/// No limit.
inline constexpr std::uint64_t any_bytes = std::numeric_limits<std::uint64_t>::max();

enum class TensorUse {
    value,              ///< of a point, as the forward pass writes it
    remade,             ///< the same, made again for the backward passes
    gradient,           ///< of a point
    features,           ///< the point's images as a dense layer reads them
    features_gradient,  ///< likewise
    part,               ///< the last part of the point's gradient, before it is added to the others
    target,             ///< what the last point is compared with, where it is a tensor
    planar,             ///< the copy in which a point is handed out; under point 0
};

struct TensorName {
    TensorUse use = TensorUse::value;
    std::size_t point = 0;
    auto operator<=>(const TensorName&) const = default;
};

/// With the largest batch. `shape` and `image_bytes` are of one share of it, `life` and `place` of all.
struct PlannedTensor {
    std::string text;  ///< such as "conv1's 16 channels of 32x32 pixels"
    Shape shape;
    std::uint64_t image_bytes = 0;  ///< the least that a pass binds: of images side by side all
    Life life;                      ///< see StackSteps
    Place place;
};

struct MemoryPlan {
    PointLayout layout;
    StackSteps steps;
    std::vector<PlannedTensor> tensors;
    std::map<TensorName, std::size_t> where;  ///< in `tensors`: several names may share one
    std::vector<std::uint64_t> blocks;        ///< bytes
    std::uint32_t shares = 1;                 ///< that each tensor has room for, one after the other
    /// For each unit: those whose results are made again right before its backward pass, in this order.
    std::vector<std::vector<std::size_t>> remade_before;

    std::uint64_t bytes() const;
    bool remakes() const;
    /// Where a share's part of a tensor lies.
    std::uint64_t offset(const PlannedTensor& tensor, std::uint32_t share) const {
        return tensor.place.offset + share * (tensor.life.bytes / shares);
    }
};

/// What a plan is to be for, with up to `input`.n images of each share.
struct MemoryNeeds {
    const Network& network;
    const std::vector<Unit>& units;  ///< units_of() for the same purpose and points
    Shape input;
    Purpose purpose = Purpose::training;
    std::set<std::size_t> kept{};          ///< points that are handed out at any time, apart from the result
    std::optional<Shape> target{};         ///< none where it is labels, or nothing is compared with any
    std::uint64_t most_bytes = any_bytes;  ///< that there is room for
    std::uint32_t shares = 1;              ///< of the batch, which the passes take one after the other
};

/// A value lives until the last pass that reads it, backward passes included, and a gradient from its first
/// part until it is used up. Where a unit can work in place on what nobody else reads, it does. Where that is
/// more than needs.most_bytes, norms, activations and dropout make their results again on the way back, if
/// that is less; it may still be more than there is room for. No block exceeds `most_of_block` bytes unless
/// one tensor does. Throws InputError when the layers do not fit the input or one another.
MemoryPlan plan_memory(const MemoryNeeds& needs, std::uint64_t most_of_block);

/// Bytes that a plan keeps for feature maps, and in training their gradients, with targets like the results,
/// where there is room for `most_bytes`. Throws InputError as plan_memory() does.
std::uint64_t feature_map_bytes(const Network& network, const Shape& input, Purpose purpose,
                                std::uint64_t most_bytes = any_bytes);

}  // namespace shadenet
