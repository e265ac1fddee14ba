#include "train/labelled_inputs.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "data/labelled/labelled_data.h"
#include "data/split.h"
#include "data/split_parts.h"
#include "engine/training_limits.h"
#include "gpu/device.h"
#include "model/classifier.h"
#include "model/model_classes.h"
#include "model/safetensors.h"
#include "task/classification.h"

namespace shadenet {

namespace {

LabelledData read_data(const TrainOptions& options, const std::atomic<bool>& stop) {
    LabelledOptions how{.coarse = options.coarse, .stop = &stop};
    if (options.size > 0) how.size = options.size;
    return read_labelled_data(options.labelled, how);
}

LabelledParts parts_of(LabelledData data, const TrainOptions& options) {
    const Split split = split_data(data, split_rule(options.split), options.pool, options.seed);
    LabelledParts parts{.classes = std::move(data.classes),
                        .augmentation = {options.flip, options.crop_pad, options.seed},
                        .notes = std::move(data.notes),
                        .warnings = std::move(data.warnings)};
    SplitParts pictures = split_parts(std::move(data), split);
    parts.training = std::move(pictures.training);
    parts.validation = std::move(pictures.validation);
    parts.test = std::move(pictures.test);
    return parts;
}

PictureExtent extent_of_part(const LabelledPictures& pictures) {
    return {pictures.size(), pictures.shape.w, pictures.shape.h, true};
}

void require_validation(const TrainOptions& options, const LabelledParts& parts) {
    if (parts.validation.size() > 0) return;
    const auto refuse = [&](std::uint32_t value, const char* flag) {
        if (value == 0) return;
        throw InputError(
            fmt::format("{} needs pictures for validation, and --split {} leaves none", flag, options.split));
    };
    refuse(options.validate_every, "--validate-every");
    refuse(options.early_stop, "--early-stop");
}

/// Other pictures do not change what the answers of a run mean. That is looked at first: with other classes
/// nothing else of the data fits either.
void require_classes_of_run(const TrainOptions& options, const RunPaths& paths, const LabelledParts& parts) {
    if (!options.resume) return;
    const std::string source = paths.checkpoint().string();
    const ModelClasses known = classes_from(read_safetensors(paths.checkpoint()).metadata, source);
    if (!known.names.empty()) {
        return require_same_classes(known.names, parts.classes, source,
                                    "put the pictures back into the classes that the run was begun with, or "
                                    "train anew with another --output");
    }
    if (options.data.labelled == parts.hash) return;
    throw InputError(
        fmt::format("{}: does not name its classes, as an earlier version has written it, so that nothing "
                    "tells whether the changed data has the same; train anew with another --output",
                    source));
}

/// Which picture is in which part depends on how many there are of each class.
void warn_of_other_split(const TrainOptions& options, bool has_test, LabelledParts& parts) {
    if (!options.resume || options.data.labelled == parts.hash) return;
    if (parts.validation.size() == 0 && has_test) return;
    parts.warnings.push_back(
        fmt::format("{}: has changed and is divided anew, so that pictures of validation{} may be some that "
                    "were learned from, "
                    "and are judged too well; train anew for figures to trust",
                    options.labelled.string(), has_test ? "" : " and test"));
}

/// The size that a network takes alone can be given to pictures of folders.
void require_taken(const Network& network, const Shape& shape, std::uint32_t classes, bool resizable,
                   const TrainOptions& options) {
    try {
        require_classifier(network, shape, classes, options.labelled.string());
    } catch (const InputError& error) {
        const Shape& input = network.input;
        const bool other_size =
            input.h > 0 && input.h == input.w && (shape.h != input.h || shape.w != input.w);
        if (!resizable || !other_size) throw;
        throw InputError(fmt::format("{}, or give --size {}", error.what(), input.h));
    }
}

}  // namespace

std::unique_ptr<Task> make_classification(const Device& device, TrainOptions& options, const RunPaths& paths,
                                          const std::atomic<bool>& stop) {
    LabelledData data = read_data(options, stop);
    const bool resizable = data.resizable;
    const bool has_test = data.test.size() > 0 && !options.pool;
    std::string hash = data_hash(data);
    LabelledParts parts = parts_of(std::move(data), options);
    parts.hash = std::move(hash);
    require_classes_of_run(options, paths, parts);
    warn_of_other_split(options, has_test, parts);
    require_validation(options, parts);
    const Shape shape = parts.training.shape;
    require_pad(options.crop_pad, shape);
    const auto classes = static_cast<std::uint32_t>(parts.classes.size());
    // A network whose text names a size takes no other, whatever --size says.
    const bool takes_any = options.network.fits_data || options.network.network().input.h == 0;
    try {
        options.network.fit(shape, classes);
    } catch (const InputError& error) {
        if (!resizable) throw;
        throw InputError(fmt::format("{}; --size gives the pictures another size", error.what()));
    }
    const Network network = options.network.network();
    require_taken(network, shape, classes, resizable, options);
    const std::uint32_t pictures = parts.training.size();
    std::vector<PictureExtent> scored;
    if (options.evaluate_both) {
        for (const LabelledPictures* part : {&parts.training, &parts.validation, &parts.test}) {
            if (part->size() > 0) scored.push_back(extent_of_part(*part));
        }
    }
    require_fit(device.info(),
                {.network = network,
                 .plan = options.plan,
                 .training = extent_of_part(parts.training),
                 .validation = extent_of_part(parts.validation),
                 .batch = options.batch == 0 ? pictures : std::min(options.batch, pictures),
                 .histograms = options.histograms,
                 .scored = scored,
                 .labels = true,
                 .resizable = resizable && takes_any},
                TrainOptions::largest_size);
    return std::make_unique<Classification>(device, std::move(parts), network.range, options.labelled,
                                            paths.test(), paths.images(), stop);
}

}  // namespace shadenet
