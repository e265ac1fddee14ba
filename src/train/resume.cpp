#include "train/resume.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "model/network_metadata.h"
#include "train/logs/epoch_log.h"
#include "train/options/option_table.h"

namespace shadenet {

namespace {

std::string place(const fs::path& path) {
    if (path.empty()) return "(none)";
    std::error_code error;
    const fs::path resolved = fs::weakly_canonical(fs::absolute(path), error);
    return error ? path.string() : resolved.string();
}

/// The first of what must not change in the course of a run that has, the pictures aside.
std::optional<NetworkDifference> change_of(const TrainOptions& before, const TrainOptions& now) {
    if (auto differs = difference(before.network.network(), now.network.network())) return differs;
    const std::map<std::string, std::string> values = run_identity(now);
    for (const auto& [name, value] : run_identity(before)) {
        if (values.at(name) != value) return NetworkDifference{name, value, values.at(name)};
    }
    return {};
}

[[noreturn]] void refuse_init(const fs::path& init) {
    throw InputError(fmt::format(
        "{}: is not the model that the run was begun with; put that one back, or give its place by --init",
        init.string()));
}

/// An --init in another place must be the same model. One that is where it was is not looked at before it is
/// needed: it may be gone by now.
void adopt_init(const TrainOptions& saved, TrainOptions& options) {
    std::string& hash = options.data.init;
    if (options.init.empty()) options.init = saved.init;
    if (hash.empty() && is_there(saved.init)) hash = sha256(read_safetensors_bytes(saved.init));
    if (place(options.init) == place(saved.init)) return;
    if (saved.init.empty()) {
        throw InputError(
            fmt::format("{}: the run was begun without --init; leave it out, or give another --output",
                        options.init.string()));
    }
    const std::string given = sha256(read_safetensors_bytes(options.init));
    if (!hash.empty() && hash != given) refuse_init(options.init);
    hash = given;
}

/// Makes `saved` and `asked` what can be compared: stack for layerwise, and the other one for automatic.
/// True when the run was trained layer by layer: by that name, or before there were plans to choose from.
bool adopt_plan(PlanKind& saved, PlanKind& asked) {
    const bool layerwise = saved == PlanKind::layerwise, before_plans = saved == PlanKind::automatic;
    for (PlanKind* const kind : {&saved, &asked}) {
        if (*kind == PlanKind::layerwise) *kind = PlanKind::stack;
    }
    if (asked == PlanKind::automatic) asked = saved;
    if (before_plans) saved = asked;
    return layerwise || (before_plans && asked == PlanKind::stack);
}

void require_folder(const fs::path& folder, const std::string& flags) {
    if (folder.empty() || is_there(folder)) return;
    throw InputError(fmt::format(
        "{}: no such folder; if the run's pictures were moved, give {} again, with their new place",
        folder.string(), flags));
}

void require_pictures_in_place(const TrainOptions& options) {
    require_folder(options.input, "--input");
    require_folder(options.target, "--target");
    for (const Domain& domain : options.domains) {
        require_folder(domain.input, "--stream, all of them,");
        require_folder(domain.target, "--stream, all of them,");
    }
    require_folder(options.validation_input, "--validation-input");
    require_folder(options.validation_target, "--validation-target");
    require_folder(options.test, "--test");
    require_folder(options.labelled, "--data");
}

Model new_model(const TrainOptions& options) {
    const Network architecture = options.network.network();
    Model model{architecture, initial_parameters(architecture, options.seed, options.start)};
    if (!options.zero_init_residual) return model;
    std::vector<float>& gamma = model.parameters.at(norms_of(architecture).back().name + ".weight").values;
    std::fill(gamma.begin(), gamma.end(), 0.0f);
    return model;
}

}  // namespace

void adopt(const fs::path& config, TrainOptions& options) {
    if (!is_there(config)) {
        throw InputError(fmt::format("{}: holds no run to resume; leave out --resume to begin one",
                                     config.parent_path().string()));
    }
    TrainOptions saved = read_config(config);
    options.data = saved.data;
    adopt_init(saved, options);
    options.tiles = saved.tiles;
    options.changes = saved.changes;
    // More epochs do not stretch the schedule that a run was begun with, nor move what it froze.
    if (options.schedule.steps == 0) options.schedule.steps = saved.schedule.steps;
    if (options.freeze_norm.is_share()) options.freeze_norm = saved.freeze_norm;
    const Network before = saved.network.network();
    if (saved.learns_classes() && before.input.h > 0) {
        options.network.fit(
            before.input, point_shapes(before, {1, before.input.c, before.input.h, before.input.w}).back().c);
    }
    const bool layer_by_layer = adopt_plan(saved.plan, options.plan);
    if (const auto differs = change_of(saved, options)) {
        throw InputError(fmt::format(
            "{}: the run was begun with {} {}, and now it is {}; give the same options to resume it, or "
            "another --output",
            config.string(), differs->what, differs->first, differs->second));
    }
    if (layer_by_layer) options.plan = PlanKind::layerwise;
    require_pictures_in_place(options);
}

DataChange changed_data(const TrainOptions& options, const DataDifferences& differences, std::string& first) {
    if (!options.data.known()) return {options.changed_data, options.changed_data};
    const DataDifference &learned = differences.training, &validated = differences.validation;
    const std::uint32_t count = learned.count + validated.count;
    if (count == 0) return {};
    first = fmt::format("{}{}", learned.count > 0 ? learned.first : validated.first,
                        count == 1 || options.learns_classes()
                            ? ""
                            : fmt::format(", and {} more", counted(count - 1, "pair")));
    if (!options.changed_data) {
        throw InputError(
            fmt::format("{}: the run was begun with other pictures: {}; put back what was there, or give "
                        "--changed-data (to `shadenet train --resume`) to go on with what is there now",
                        options.output.string(), first));
    }
    return {learned.count > 0, validated.count > 0};
}

Model starting_model(TrainOptions& options, const std::vector<std::string>& classes) {
    if (options.init.empty()) return new_model(options);
    const std::vector<std::byte> bytes = read_safetensors_bytes(options.init);
    const std::string hash = sha256(bytes), source = options.init.string();
    if (!options.data.init.empty() && options.data.init != hash) refuse_init(options.init);
    options.data.init = hash;
    Model model = model_from(parse_safetensors(bytes, source), source, options.network.range());
    const bool named = !model.classes.names.empty();
    if (named && !classes.empty()) {
        require_same_classes(model.classes.names, classes, source,
                             "only a model of the same classes in the same order can be gone on with: leave "
                             "out --init to train anew");
    }
    if (const auto differs = difference(model.network, options.network.network())) {
        const std::string assumed = model.notes.empty() ? "" : " (" + model.notes.front() + ")";
        throw InputError(
            fmt::format("{}: is a model with {} {}, and the run is to have {}; give the same options as for "
                        "that model{}",
                        source, differs->what, differs->first, differs->second, assumed));
    }
    if (!named && !classes.empty()) {
        model.notes.push_back(
            "names no classes; its results are taken for those of the data, in their order");
    }
    return model;
}

Parameters untrained_parameters(TrainOptions& options, const fs::path& epochs) {
    if (options.resume && !options.init.empty()) {
        try {
            std::vector<EpochState> states = read_epoch_log(epochs, options.network.network());
            if (!states.empty() && states.front().known) return std::move(states.front().parameters);
        } catch (const InputError&) {
            // Then the model is needed.
        }
    }
    return starting_model(options).parameters;
}

}  // namespace shadenet
