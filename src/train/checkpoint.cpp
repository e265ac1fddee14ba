#include "train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "data/batches.h"
#include "model/model_file.h"
#include "model/network_metadata.h"
#include "train/options/option_table.h"

namespace shadenet {

namespace {

using Entries = std::map<std::string, std::string>;

constexpr const char* state_name = "optimizer.state";

std::string exact(double value) {
    return fmt::format("{}", value);
}

/// "stream.night." before the names of its statistics.
std::string prefix_of(const std::string& domain) {
    return fmt::format("stream.{}.", domain);
}

/// "3 of day, 2 of night".
std::string domain_sizes_text(const TrainOptions& options, const DataFacts& data) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < options.domains.size(); ++i) {
        parts.push_back(fmt::format("{} of {}", data.domain_sizes.at(i), options.domains[i].name));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// What must be the same in a file and in the run that goes on from it.
Entries checkpoint_identity(const TrainOptions& options, const DataFacts& data) {
    Entries metadata = checkpoint_entries(options);
    metadata.insert({{"images", fmt::format("{}", data.images)},
                     {"width", fmt::format("{}", data.width)},
                     {"height", fmt::format("{}", data.height)}});
    if (options.takes_crops()) {
        metadata["crops"] = fmt::format("{}{}", options.crops, options.flip ? ", half of them mirrored" : "");
    }
    if (!options.domains.empty()) metadata["streams"] = domain_sizes_text(options, data);
    return metadata;
}

const std::string& entry(const Entries& metadata, const std::string& key, const std::string& source) {
    const auto found = metadata.find(key);
    if (found != metadata.end()) return found->second;
    throw InputError(fmt::format(
        "{}: is no checkpoint (metadata '{}' is missing); a run's checkpoint.safetensors is needed", source,
        key));
}

template <typename Number>
Number number(const Entries& metadata, const char* key, const std::string& source) {
    const auto value = number_in<Number>(entry(metadata, key, source));
    if (value && std::isfinite(static_cast<double>(*value)) && *value >= Number{0}) return *value;
    throw InputError(fmt::format("{}: is damaged: its metadata '{}' is no number from 0 up", source, key));
}

[[noreturn]] void refuse_other(const std::string& source, const NetworkDifference& differs) {
    throw InputError(
        fmt::format("{}: was written with {} {}, and this run has {}; give the same options as before, or "
                    "another --output",
                    source, differs.what, differs.first, differs.second));
}

void require_network(const SafeTensors& file, const Network& network, const std::string& source) {
    const std::optional<Network> found = network_from(file.metadata, source);
    if (!found) entry(file.metadata, "network", source);
    if (const auto differs = difference(*found, network)) refuse_other(source, *differs);
}

Progress progress_from(const Entries& metadata, const std::string& source) {
    return {.step = number<std::uint64_t>(metadata, "step", source),
            .epoch = number<std::uint32_t>(metadata, "epoch", source),
            .epoch_step = number<std::uint32_t>(metadata, "epoch_step", source),
            .epoch_loss = number<double>(metadata, "epoch_loss", source),
            .epoch_seconds = number<double>(metadata, "epoch_seconds", source),
            .epoch_correct = metadata.contains("epoch_correct")
                                 ? number<std::uint64_t>(metadata, "epoch_correct", source)
                                 : 0};
}

void add_early_stop(Entries& metadata, const EarlyStop& early_stop) {
    if (!early_stop.best) return;
    metadata.insert({{"best_loss", exact(early_stop.best->loss)},
                     {"best_step", fmt::format("{}", early_stop.best->step)},
                     {"best_epoch", fmt::format("{}", early_stop.best->epoch)},
                     {"validations_since_best", fmt::format("{}", early_stop.since)}});
    if (early_stop.best->accuracy) metadata["best_accuracy"] = exact(*early_stop.best->accuracy);
}

/// The statistics that lie in the file under the domain's prefix.
NamedStatistics domain_from(const SafeTensors& file, const Network& architecture, const std::string& domain,
                            const std::string& source) {
    const std::string prefix = prefix_of(domain);
    SafeTensors in_place;
    for (const TensorSpec& spec : tensor_specs(architecture)) {
        const SafeTensor* tensor = file.find(spec.trainable ? spec.name : prefix + spec.name);
        if (tensor == nullptr) {
            throw InputError(fmt::format("{}: is damaged: it has no tensor {}{}", source, prefix, spec.name));
        }
        in_place.tensors.push_back(*tensor);
        in_place.tensors.back().name = spec.name;
    }
    return statistics_of(parameters_from(in_place, architecture, source), domain);
}

void check_finite(const std::vector<float>& values, const std::string& name, const fs::path& path) {
    if (!all_finite(values)) {
        throw BadResult(
            fmt::format("{}: not written: {} is no longer a number; the last checkpoint is kept; try a "
                        "smaller --lr, with another --output",
                        path.string(), name));
    }
}

/// Throws unless the counts fit the epochs of the run.
void require_steps(const Progress& progress, std::uint32_t steps_per_epoch, const TrainOptions& options,
                   const DataFacts& data, const DataChange& change, const std::string& source) {
    const std::uint64_t steps = std::uint64_t{progress.epoch} * steps_per_epoch + progress.epoch_step;
    if (progress.step == steps && progress.epoch_step < steps_per_epoch) return;
    if (change.training) {
        throw InputError(fmt::format(
            "{}: {} now make {} an epoch, and the run's epochs have another number; begin a run with another "
            "--output from what it has learned, by --init {}",
            source,
            counted(data.images, options.takes_crops()      ? "crop"
                                 : options.learns_classes() ? "picture"
                                                            : "pair"),
            counted(steps_per_epoch, "step"), source));
    }
    throw InputError(
        fmt::format("{}: is damaged: its counts of steps, epochs or optimizer values do not agree", source));
}

}  // namespace

void write_checkpoint(const fs::path& path, const TrainOptions& options, const DataFacts& data,
                      const Checkpoint& checkpoint) {
    for (const NamedTensor& tensor : checkpoint.parameters.tensors()) {
        check_finite(tensor.values, tensor.name, path);
    }
    check_finite(checkpoint.optimizer_state, state_name, path);
    for (const NamedStatistics& domain : checkpoint.domains) {
        for (const NamedTensor& tensor : domain.tensors) {
            check_finite(tensor.values, prefix_of(domain.name) + tensor.name, path);
        }
    }
    SafeTensors file;
    file.metadata = checkpoint_identity(options, data);
    append_network(file.metadata, options.network.network());
    const Progress& progress = checkpoint.progress;
    file.metadata.insert({{"step", fmt::format("{}", progress.step)},
                          {"epoch", fmt::format("{}", progress.epoch)},
                          {"epoch_step", fmt::format("{}", progress.epoch_step)},
                          {"epoch_loss", exact(progress.epoch_loss)},
                          {"epoch_seconds", exact(progress.epoch_seconds)}});
    if (options.learns_classes()) file.metadata["epoch_correct"] = fmt::format("{}", progress.epoch_correct);
    add_early_stop(file.metadata, checkpoint.early_stop);
    append_colours(file.metadata, data.colours);
    append_classes(file.metadata, data.classes);
    append(file, checkpoint.parameters);
    for (const NamedStatistics& domain : checkpoint.domains) {
        for (const NamedTensor& tensor : domain.tensors) {
            file.tensors.push_back(SafeTensor::floats(prefix_of(domain.name) + tensor.name,
                                                      {tensor.shape.begin(), tensor.shape.end()},
                                                      tensor.values));
        }
    }
    file.tensors.push_back(
        SafeTensor::floats(state_name, {checkpoint.optimizer_state.size()}, checkpoint.optimizer_state));
    write_safetensors(path, file);
}

EarlyStop early_stop_of(const SafeTensors& file, const std::string& source) {
    const Entries& metadata = file.metadata;
    if (!metadata.contains("best_loss")) return {};
    std::optional<double> accuracy;
    if (metadata.contains("best_accuracy")) accuracy = number<double>(metadata, "best_accuracy", source);
    return {.best = {{.loss = number<double>(metadata, "best_loss", source),
                      .step = number<std::uint64_t>(metadata, "best_step", source),
                      .epoch = number<std::uint32_t>(metadata, "best_epoch", source),
                      .accuracy = accuracy}},
            .since = number<std::uint32_t>(metadata, "validations_since_best", source)};
}

Checkpoint read_checkpoint(const fs::path& path, const TrainOptions& options, const DataFacts& data,
                           const DataChange& change) {
    const std::string source = path.string();
    if (!is_there(path)) {
        throw InputError(fmt::format(
            "{}: is not there, and the run cannot go on without it; begin anew with another --output",
            source));
    }
    SafeTensors file = read_safetensors(path);
    require_network(file, options.network.network(), source);
    const Entries expected = checkpoint_identity(options, data);
    Entries held = file.metadata;
    held.merge(absent_checkpoint_entries());
    held.insert({"crops", "none"});
    const std::set<std::string> of_pictures = {"images", "width", "height", "streams"};
    for (const auto& [key, wanted] : expected) {
        const std::string& found = entry(held, key, source);
        if (found == wanted || (change.training && of_pictures.contains(key))) continue;
        refuse_other(source, {key, found, wanted});
    }
    Checkpoint checkpoint;
    checkpoint.progress = progress_from(file.metadata, source);
    require_steps(checkpoint.progress, steps_of_epoch(data.domain_sizes, options.step_rule()), options, data,
                  change, source);
    // Epochs of a number of steps have as many examples as before.
    if (change.training && options.epoch_steps == 0) {
        const auto images = number<std::uint32_t>(file.metadata, "images", source);
        const double share = static_cast<double>(data.images) / std::max(images, 1u);
        Progress& progress = checkpoint.progress;
        progress.epoch_loss *= share;
        progress.epoch_correct =
            static_cast<std::uint64_t>(std::llround(share * static_cast<double>(progress.epoch_correct)));
    }
    if (!change.validation) checkpoint.early_stop = early_stop_of(file, source);
    const Network architecture = options.network.network();
    checkpoint.parameters = parameters_from(file, architecture, source);
    for (std::size_t i = 1; i < options.domains.size(); ++i) {
        checkpoint.domains.push_back(domain_from(file, architecture, options.domains[i].name, source));
    }
    const SafeTensor* state = file.find(state_name);
    if (state == nullptr || state->dtype != DType::f32) {
        throw InputError(fmt::format("{}: is damaged: it has no optimizer state as float32", source));
    }
    checkpoint.optimizer_state = state->as_floats();
    if (!all_finite(checkpoint.optimizer_state)) {
        throw InputError(fmt::format("{}: is damaged: its optimizer state is not finite", source));
    }
    return checkpoint;
}

}  // namespace shadenet
