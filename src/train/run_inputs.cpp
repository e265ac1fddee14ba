#include "train/run_inputs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "data/batches.h"
#include "data/job_pairs.h"
#include "engine/tensors/device_pictures.h"
#include "engine/training_limits.h"
#include "gpu/device.h"
#include "train/labelled_inputs.h"

namespace shadenet {

namespace {

/// As a network with values in this range sees them: in another range than that of files no value is a whole
/// 255th.
PictureExtent extent_of(const CheckedPairs& pairs, const PixelRange& range) {
    PictureExtent extent{.count = static_cast<std::uint32_t>(pairs.pairs.size()),
                         .whole_levels = pairs.whole_levels && range.is_unit()};
    for (const PictureSize& size : pairs.sizes) {
        extent.width = std::max(extent.width, size.width);
        extent.height = std::max(extent.height, size.height);
    }
    return extent;
}

std::uint32_t own_count(const CheckedPairs& pairs, const Shares& shares) {
    return static_cast<std::uint32_t>(
        shares.own_before(static_cast<std::uint32_t>(pairs.pairs.size())).size());
}

/// What an epoch learns from of these shares of pairs.
PictureExtent extent_of_training(const PictureInputs& inputs, const PixelRange& range, const Shares& shares) {
    PictureExtent extent = extent_of(inputs.training, range);
    std::vector<PictureSize> own;
    for (const std::uint32_t pair : shares.own_before(extent.count))
        own.push_back(inputs.training.sizes[pair]);
    extent.count = own_count(inputs.training, shares);
    if (!inputs.crops) return extent;
    extent.count *= inputs.crops->crops;
    extent.width = extent.height = crop_side(inputs);
    extent.crops = true;
    if (extent.whole_levels) extent.picture_bytes = DevicePictures::bytes(own);
    return extent;
}

/// Throws InputError where they are more than there can be numbers for.
void require_countable(const PictureInputs& inputs) {
    constexpr std::uint64_t most_examples = std::uint64_t{1} << 31;
    const std::size_t pairs = inputs.training.pairs.size();
    if (!inputs.crops || pairs * inputs.crops->crops <= most_examples) return;
    throw InputError(fmt::format("--crops is {}, of each of {} pairs; use fewer, {} together at most",
                                 inputs.crops->crops, pairs, most_examples));
}

std::vector<std::filesystem::path> picture_folders(const TrainOptions& options) {
    std::vector<std::filesystem::path> folders = {options.input, options.target};
    for (const Domain& domain : options.domains) folders.insert(folders.end(), {domain.input, domain.target});
    folders.insert(folders.end(), {options.validation_input, options.validation_target, options.test});
    return folders;
}

/// All listed pairs with the sizes that their headers tell; files have the pairs that this rank is to read.
CheckedPairs checked_pairs(const std::vector<Domain>& domains, CheckedPairs listed,
                           const TrainOptions& options, const std::atomic<bool>& stop, const Shares& shares) {
    CheckedPairs pairs = own_pairs(domains, std::move(listed), shares);
    pairs.stop = &stop;
    check_headers(pairs, options.size_rule());
    pairs.align = options.align;
    return pairs;
}

PictureInputs checked_inputs(const TrainOptions& options, const std::atomic<bool>& stop, const Shares& shares,
                             const std::function<void()>& offer) {
    const std::vector<Domain> training = options.training_domains();
    std::vector<Domain> validation;
    if (!options.validation_input.empty())
        validation = {{"", options.validation_input, options.validation_target}};
    PictureInputs inputs;
    if (shares.group().leads()) {
        inputs.training = list_pairs(training);
        inputs.validation = list_pairs(validation);
        inputs.test = check_pictures(options.test, &stop);
        inputs.folders = picture_folders(options);
        if (offer) offer();
    }
    inputs.training = checked_pairs(training, std::move(inputs.training), options, stop, shares);
    inputs.validation = checked_pairs(validation, std::move(inputs.validation), options, stop, shares);
    return inputs;
}

std::unique_ptr<Task> make_image_to_image(const Device& device, const TrainOptions& options,
                                          PictureInputs inputs, const RunPaths& paths,
                                          const std::atomic<bool>& stop, const Shares& shares) {
    if (options.takes_crops()) {
        inputs.crops = {options.size, options.crops, options.flip, options.seed};
        require_countable(inputs);
    }
    auto task = std::make_unique<ImageToImage>(device, inputs, options.network.range(), paths.images(), stop);
    require_room(device.info(), options, options.plan, inputs, shares);
    return task;
}

}  // namespace

void require_own_folder(const TrainOptions& options) {
    std::vector<std::filesystem::path> folders = picture_folders(options);
    folders.push_back(options.labelled);
    for (const std::filesystem::path& folder : folders) {
        if (folder.empty() || !same_file(folder, options.output)) continue;
        throw InputError(fmt::format("{}: has the pictures that the run is to read; give a new --output",
                                     options.output.string()));
    }
}

std::unique_ptr<Task> make_task(const Device& device, TrainOptions& options, const RunPaths& paths,
                                const std::atomic<bool>& stop, const Shares& shares,
                                const std::function<void()>& offer) {
    std::unique_ptr<Task> task;
    if (options.learns_classes()) {
        task = make_classification(device, options, paths, stop);
        if (offer) offer();
        return task;
    }
    PictureInputs inputs = checked_inputs(options, stop, shares, offer);
    shares.group().leader_first(
        [&] { task = make_image_to_image(device, options, std::move(inputs), paths, stop, shares); });
    return task;
}

void require_room(const DeviceInfo& device, const TrainOptions& options, PlanKind plan,
                  const PictureInputs& inputs, const Shares& shares) {
    std::vector<std::uint32_t> sizes = inputs.training.domain_sizes;
    const Network network = options.network.network();
    const PictureExtent training = extent_of_training(inputs, network.range, shares);
    if (sizes.empty()) sizes = {static_cast<std::uint32_t>(inputs.training.pairs.size())};
    if (inputs.crops) {
        for (std::uint32_t& size : sizes) size *= inputs.crops->crops;
    }
    // Pictures of any sizes go through the device part by part.
    PictureExtent validation = inputs.crops ? PictureExtent{} : extent_of(inputs.validation, network.range);
    std::vector<PictureExtent> scored;
    if (options.evaluate_both && shares.group().leads()) {
        scored.push_back(extent_of_training(inputs, network.range, {}));
        if (validation.count > 0) scored.push_back(validation);
    }
    validation.count = std::min(validation.count, own_count(inputs.validation, shares));
    StepRule rule = options.step_rule();
    rule.shares = shares.count();
    const TrainingNeeds needs{.network = network,
                              .plan = plan,
                              .training = training,
                              .validation = validation,
                              .batch = shares.own() * largest_share(sizes, rule),
                              .histograms = options.histograms,
                              .scored = scored};
    require_fit(device, needs, TrainOptions::largest_size);
}

}  // namespace shadenet
