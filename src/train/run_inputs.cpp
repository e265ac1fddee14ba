#include "train/run_inputs.h"

#include <cstdint>
#include <string>
#include <vector>

#include "data/batches.h"
#include "engine/training_limits.h"
#include "gpu/device.h"

namespace shadenet {

namespace {

/// As a network with values in this range sees them: in another range than that of files no value is a whole
/// 255th.
PictureExtent extent_of(const CheckedPairs& pairs, const PixelRange& range) {
    if (pairs.pairs.empty()) return {};
    return {static_cast<std::uint32_t>(pairs.pairs.size()), pairs.sizes[0].width, pairs.sizes[0].height,
            pairs.whole_levels && range.is_unit()};
}

std::vector<std::filesystem::path> picture_folders(const TrainOptions& options) {
    std::vector<std::filesystem::path> folders = {options.input, options.target};
    for (const Domain& domain : options.domains) folders.insert(folders.end(), {domain.input, domain.target});
    folders.insert(folders.end(), {options.validation_input, options.validation_target, options.test});
    return folders;
}

PictureInputs checked_inputs(const TrainOptions& options) {
    PictureInputs inputs;
    inputs.training = options.domains.empty() ? check_pairs(options.input, options.target, options.size)
                                              : check_domains(options.domains, options.size);
    inputs.test = check_pictures(options.test);
    if (!options.validation_input.empty()) {
        inputs.validation = check_pairs(options.validation_input, options.validation_target, options.size);
    }
    inputs.folders = picture_folders(options);
    return inputs;
}

}  // namespace

std::unique_ptr<Task> make_task(const Device& device, const TrainOptions& options, const RunPaths& paths,
                                const std::atomic<bool>& stop) {
    const PictureInputs inputs = checked_inputs(options);
    auto task = std::make_unique<ImageToImage>(device, inputs, options.network.range(), paths.images(), stop);
    require_room(device.info(), options, options.plan, inputs);
    return task;
}

void require_room(const DeviceInfo& device, const TrainOptions& options, PlanKind plan,
                  const PictureInputs& inputs) {
    std::vector<std::uint32_t> sizes = inputs.training.domain_sizes;
    const Network network = options.network.network();
    const PictureExtent training = extent_of(inputs.training, network.range);
    if (sizes.empty()) sizes = {training.count};
    const TrainingNeeds needs{.network = network,
                              .plan = plan,
                              .training = training,
                              .validation = extent_of(inputs.validation, network.range),
                              .batch = largest_batch(sizes, options.batch),
                              .histograms = options.histograms};
    require_fit(device, needs, TrainOptions::largest_size);
}

}  // namespace shadenet
