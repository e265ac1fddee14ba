#include "engine/training_limits.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "data/picture_crops.h"
#include "engine/stack/evaluator.h"
#include "engine/stack/layer_classes.h"
#include "engine/stack/memory_plan.h"
#include "engine/tensors/device_pictures.h"
#include "engine/tensors/example_tensor.h"
#include "engine/tensors/tensor.h"
#include "engine/tensors/weight_blocks.h"
#include "engine/two_layer/fused.h"

namespace shadenet {

namespace {

/// Something that the run keeps on the device.
struct Need {
    std::string what;
    std::uint64_t bytes = 0;  ///< in one buffer
    std::uint64_t bound = 0;  ///< the part of them in one binding
    bool shares = false;      ///< lies in memory that counts for itself
};

Shape picture_of(const Network& network, const PictureExtent& extent) {
    return {1, network.input.c, extent.height, extent.width};
}

/// Of these examples what lies on the device: a batch of crops, which the stack plan has as floats, or
/// all.
PictureExtent kept_examples(const TrainingNeeds& needs, PictureExtent kept, std::uint32_t batch) {
    if (!kept.crops) return kept;
    kept.count = std::min(kept.count, batch);
    kept.whole_levels = kept.whole_levels && needs.plan == PlanKind::fused;
    return kept;
}

/// The inputs and the targets of a data set.
void add_examples(const TrainingNeeds& needs, const std::string& of, const PictureExtent& extent,
                  std::vector<Need>& list) {
    const Network& network = needs.network;
    const Shape input = picture_of(network, extent), output = point_shapes(network, input).back();
    const auto bytes = [&](const Shape& shape) {
        return ExampleTensor::bytes(with_images(shape, extent.count),
                                    extent.whole_levels ? ExampleValues::levels : ExampleValues::floats);
    };
    if (needs.labels) return list.push_back({fmt::format("the {}pictures", of), bytes(input)});
    list.push_back({fmt::format("the {}pictures before the filter", of), bytes(input)});
    list.push_back({fmt::format("the {}pictures after the filter", of), bytes(output)});
}

void add_fused(const DeviceInfo& device, const TrainingNeeds& needs, const FusedNetwork& network,
               std::vector<Need>& list) {
    const PictureExtent kept = kept_examples(needs, needs.training, needs.batch);
    const auto [count, width, height] = std::tuple(kept.count, kept.width, kept.height);
    const std::uint64_t pair =
        FusedLayout{width, height, network.conv1.kernel, kept.whole_levels}.pair_bytes();
    const std::uint64_t y = image_bytes({1, 3, height, width});
    list.push_back({"the pictures of the fused plan", count * pair, std::max(pair, y)});
    if (needs.batch < count) list.push_back({"a batch of the fused plan", needs.batch * pair, 0});
    list.push_back({"the results of a batch", needs.batch * y, 0});
    const FusedTile tile = default_tiles(device.kind, network.conv1.kernel).forward;
    const std::uint64_t moments = FusedPlan::moments_bytes(width, height, tile) * needs.batch;
    list.push_back({"the partial results of a batch", moments, moments});
}

/// Each layer's are bound by themselves. They are among the parameters that room_beside() leaves room for.
void add_weights(const Network& network, std::vector<Need>& list) {
    const auto add = [&](const std::string& layer, const WeightExtent& extent) {
        const std::uint64_t bytes = extent.block_values() * sizeof(float);
        list.push_back({.what = "the weights of " + layer, .bytes = bytes, .bound = bytes, .shares = true});
    };
    for (const Layer& layer : network.layers) {
        if (const auto* conv = std::get_if<Conv>(&layer)) {
            add(conv->name, {conv->out_channels, conv->in_channels, conv->kernel * conv->kernel});
        } else if (const auto* dense = std::get_if<Dense>(&layer)) {
            add(dense->name, {dense->out_features, dense->in_features, 1});
        }
    }
}

/// What the stack plan's tiles leave of the point with the most of them. Where the device cannot bind that,
/// other passes leave less.
std::uint64_t most_partials(const DeviceInfo& device, const Network& network, const Shape& input) {
    std::uint64_t most = 0;
    for (const Shape& point : point_shapes(network, input)) {
        const std::uint64_t bytes = partials_bytes(device.kind, point);
        if (bytes <= device.max_storage_range) most = std::max(most, bytes);
    }
    return most;
}

/// What a stack plan is for.
struct StackUse {
    Purpose purpose = Purpose::inference;
    std::set<std::size_t> kept{};
    bool compares = false;  ///< its results with targets
    std::uint64_t most_bytes = any_bytes;
};

/// What the stack plan keeps for batches of `images`.
void add_stack(const DeviceInfo& device, const TrainingNeeds& needs, const PictureExtent& extent,
               std::uint32_t images, const StackUse& use, std::vector<Need>& list) {
    const Network& network = needs.network;
    const std::vector<Unit> units = units_of(network, use.purpose, use.kept);
    const Shape input{images, network.input.c, extent.height, extent.width};
    const Shape result = point_shapes(network, input).back();
    const MemoryPlan plan = plan_memory({.network = network,
                                         .units = units,
                                         .input = input,
                                         .purpose = use.purpose,
                                         .kept = use.kept,
                                         .target = use.compares ? std::optional(result) : std::nullopt,
                                         .most_bytes = use.most_bytes},
                                        device.max_allocation);
    for (const PlannedTensor& tensor : plan.tensors) {
        list.push_back(
            {.what = tensor.text, .bytes = tensor.life.bytes, .bound = tensor.image_bytes, .shares = true});
    }
    // A block larger than what the device allocates is that of a tensor above.
    for (const std::uint64_t bytes : plan.blocks) list.push_back({"the feature maps", bytes});
}

/// What a SetScorer keeps.
void add_scored(const DeviceInfo& device, const TrainingNeeds& needs, const PictureExtent& set,
                std::vector<Need>& list) {
    const std::uint32_t batch =
        Evaluator::fitting_batch(needs.network, picture_of(needs.network, set), set.count);
    add_examples(needs, "scored ", kept_examples(needs, set, batch), list);
    add_stack(device, needs, set, batch, {.purpose = Purpose::training, .compares = true}, list);
}

/// Of training: all but the feature maps.
struct Rest {
    std::vector<Need> named_before, named_after;  ///< the maps, where an obstacle is looked for
};

Rest rest_of(const DeviceInfo& device, const TrainingNeeds& needs) {
    Rest rest;
    if (needs.training.crops && needs.training.picture_bytes <= PictureRoom(device).bytes) {
        // In as many buffers as the device wants.
        for (std::uint64_t left = needs.training.picture_bytes, part; left > 0; left -= part) {
            part = std::min(left, device.max_allocation);
            rest.named_before.push_back({"the pictures that crops are cut from", part});
        }
    }
    if (needs.plan == PlanKind::stack) {
        add_examples(needs, "", kept_examples(needs, needs.training, needs.batch), rest.named_before);
        const Shape input = with_images(picture_of(needs.network, needs.training), needs.batch);
        rest.named_after.push_back(
            {"the partial sums of a batch", most_partials(device, needs.network, input), 0});
    } else if (const FusedMatch match = match_fused(needs.network); match.network) {
        add_fused(device, needs, *match.network, rest.named_before);
    }
    if (needs.histograms) {
        rest.named_after.push_back({"a picture", image_bytes(picture_of(needs.network, needs.training)), 0});
        add_stack(device, needs, needs.training, 1, {.kept = norm_points(needs.network)}, rest.named_after);
    }
    for (const PictureExtent& scored : needs.scored) add_scored(device, needs, scored, rest.named_after);
    if (needs.validation.count == 0) return rest;
    add_examples(needs, "validation ", needs.validation, rest.named_after);
    const std::uint32_t batch = Evaluator::fitting_batch(
        needs.network, picture_of(needs.network, needs.validation), needs.validation.count);
    add_stack(device, needs, needs.validation, batch, {.compares = true}, rest.named_after);
    return rest;
}

std::uint64_t sum_of(const std::vector<Need>& list) {
    std::uint64_t sum = 0;
    for (const Need& need : list) sum += need.shares ? 0 : need.bytes;
    return sum;
}

/// The desktop and other programs have some of the memory, and parameters and small buffers take some.
std::uint64_t room_beside(const DeviceInfo& device, const Rest& rest) {
    const std::uint64_t taken =
        device.memory_bytes / 8 + sum_of(rest.named_before) + sum_of(rest.named_after);
    return device.memory_bytes - std::min(device.memory_bytes, taken);
}

std::vector<Need> list_of(const DeviceInfo& device, const TrainingNeeds& needs) {
    Rest rest = rest_of(device, needs);
    const std::uint64_t room = room_beside(device, rest);
    std::vector<Need> list = std::move(rest.named_before);
    if (needs.plan == PlanKind::stack) {
        add_weights(needs.network, list);
        add_stack(device, needs, needs.training, needs.batch,
                  {.purpose = Purpose::training, .compares = true, .most_bytes = room}, list);
    }
    list.insert(list.end(), rest.named_after.begin(), rest.named_after.end());
    return list;
}

std::string size_text(std::uint64_t bytes) {
    const auto mib = static_cast<double>(bytes) / (1 << 20);
    return mib < 10 ? fmt::format("{:.2f} MiB", mib) : fmt::format("{:.0f} MiB", mib);
}

}  // namespace

std::string obstacle(const DeviceInfo& device, const TrainingNeeds& needs) {
    const std::vector<Need> list = list_of(device, needs);
    for (const Need& need : list) {
        if (need.bound > device.max_storage_range) {
            return fmt::format("{} take {} in one binding, and the device binds {}", need.what,
                               size_text(need.bound), size_text(device.max_storage_range));
        }
        if (need.bytes > device.max_allocation) {
            return fmt::format("{} take {} in one buffer, and the device allocates {}", need.what,
                               size_text(need.bytes), size_text(device.max_allocation));
        }
    }
    const std::uint64_t all = sum_of(list);
    if (device.unified_memory || all <= device.memory_bytes) return "";
    return fmt::format("the run takes {} on the device, which has {}", size_text(all),
                       size_text(device.memory_bytes));
}

PictureExtent extent_of(const Examples& examples) {
    PictureExtent extent{examples.size(), examples.input_shape().w, examples.input_shape().h,
                         examples.whole_levels()};
    if (const PictureCrops* crops = examples.crops()) {
        extent.crops = true;
        if (extent.whole_levels) extent.picture_bytes = DevicePictures::bytes(crops->pictures().sizes());
    }
    return extent;
}

std::uint64_t feature_map_room(const DeviceInfo& device, const TrainingNeeds& needs) {
    if (needs.plan != PlanKind::stack) return any_bytes;
    return room_beside(device, rest_of(device, needs));
}

std::uint32_t largest_side(const DeviceInfo& device, TrainingNeeds needs, std::uint32_t most) {
    std::uint32_t fits = 0, fails = most + 1;
    while (fails - fits > 1) {
        const std::uint32_t side = fits + (fails - fits) / 2;
        const auto resize = [&](PictureExtent& extent) {
            extent.width = extent.height = side;
            extent.whole_levels = extent.whole_levels && needs.resized_keep_levels;
        };
        for (PictureExtent* extent : {&needs.training, &needs.validation}) resize(*extent);
        std::ranges::for_each(needs.scored, resize);
        (obstacle(device, needs).empty() ? fits : fails) = side;
    }
    return fits;
}

void require_fit(const DeviceInfo& device, const TrainingNeeds& needs, std::uint32_t most) {
    const std::string why_not = obstacle(device, needs);
    if (why_not.empty()) return;
    // A network that was fitted to the pictures would be another at another size.
    const bool of_any_size = needs.resizable && needs.network.input.h == 0;
    const std::uint32_t side = of_any_size ? largest_side(device, needs, most) : 0;
    throw InputError(fmt::format(
        "{}: {}; {}", device.name, why_not,
        side > 0 ? fmt::format("the largest --size that fits is {}", side)
                 : fmt::format("use a smaller {}--batch, fewer pictures, {}or a network with fewer channels",
                               needs.resizable && !of_any_size ? "--size or " : "",
                               needs.scored.empty() ? "" : "no --evaluate-both, ")));
}

}  // namespace shadenet
