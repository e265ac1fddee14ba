#include "train/resume.h"

#include <algorithm>
#include <map>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

std::string place(const fs::path& path) {
    if (path.empty()) return "(none)";
    std::error_code error;
    const fs::path resolved = fs::weakly_canonical(fs::absolute(path), error);
    return error ? path.string() : resolved.string();
}

std::string stream_text(const std::vector<Stream>& streams) {
    if (streams.empty()) return "(none)";
    std::string text;
    for (const Stream& stream : streams) {
        text += fmt::format("{}{}={}:{}", text.empty() ? "" : " ", stream.name, place(stream.input),
                            place(stream.target));
    }
    return text;
}

/// What must not change in the course of a run, by the names of the flags.
std::map<std::string, std::string> run_identity(const TrainOptions& options) {
    const OptimizerOptions& optimizer = options.optimizer;
    std::map<std::string, std::string> values = {{"input", place(options.input)},
                                                 {"target", place(options.target)},
                                                 {"validation-input", place(options.validation_input)},
                                                 {"validation-target", place(options.validation_target)},
                                                 {"init", place(options.init)},
                                                 {"optimizer", to_string(optimizer.kind)},
                                                 {"lr", fmt::format("{}", optimizer.learning_rate)},
                                                 {"beta1", fmt::format("{}", optimizer.beta1)},
                                                 {"beta2", fmt::format("{}", optimizer.beta2)},
                                                 {"optimizer-epsilon", fmt::format("{}", optimizer.epsilon)},
                                                 {"momentum", fmt::format("{}", optimizer.momentum)},
                                                 {"batch", fmt::format("{}", options.batch)},
                                                 {"size", fmt::format("{}", options.size)},
                                                 {"seed", fmt::format("{}", options.seed)},
                                                 {"plan", to_string(options.plan)}};
    values["debias"] = options.debias ? "yes" : "no";
    values["freeze-norm"] = fmt::format("{}", options.freeze_norm);
    values["zero-init-residual"] = options.zero_init_residual ? "yes" : "no";
    values["streams"] = stream_text(options.streams);
    values["schedule"] = describe(options.schedule);
    values.merge(network_identity(options.network));
    return values;
}

Model new_model(const TrainOptions& options) {
    const Architecture architecture = two_layer_network(options.network);
    Model model{options.network, initial_parameters(architecture, options.seed)};
    if (!options.zero_init_residual) return model;
    const auto is_norm = [](const Layer& layer) { return std::holds_alternative<BatchNorm>(layer); };
    const auto last = std::find_if(architecture.layers.rbegin(), architecture.layers.rend(), is_norm);
    std::vector<float>& gamma = model.parameters.at(layer_name(*last) + ".weight").values;
    std::fill(gamma.begin(), gamma.end(), 0.0f);
    return model;
}

}  // namespace

void adopt(const fs::path& config, TrainOptions& options) {
    std::error_code ignored;
    if (!fs::exists(config, ignored)) {
        throw InputError(fmt::format("{}: holds no run to resume; leave out --resume to begin one",
                                     config.parent_path().string()));
    }
    TrainOptions saved = read_config(config);
    if (options.init.empty()) options.init = saved.init;
    options.tiles = saved.tiles;
    options.changes = saved.changes;
    // More epochs do not stretch the schedule that a run was begun with.
    if (options.schedule.steps == 0) options.schedule.steps = saved.schedule.steps;
    if (options.plan == PlanKind::automatic) options.plan = saved.plan;
    if (saved.plan == PlanKind::automatic) saved.plan = options.plan;
    const std::map<std::string, std::string> now = run_identity(options);
    for (const auto& [name, before] : run_identity(saved)) {
        if (now.at(name) == before) continue;
        throw InputError(fmt::format(
            "{}: the run was begun with {} {}, and now it is {}; give the same options to resume it, or "
            "another --output",
            config.string(), name, before, now.at(name)));
    }
}

Model starting_model(const TrainOptions& options) {
    if (options.init.empty()) return new_model(options);
    Model model = read_model(options.init, options.network.range);
    const std::map<std::string, std::string> wanted = network_identity(options.network);
    for (const auto& [name, found] : network_identity(model.options)) {
        if (wanted.at(name) == found) continue;
        const std::string assumed = model.notes.empty() ? "" : " (" + model.notes.front() + ")";
        throw InputError(
            fmt::format("{}: is a model with {} {}, and the run is to have {}; give the same options as for "
                        "that model{}",
                        options.init.string(), name, found, wanted.at(name), assumed));
    }
    return model;
}

}  // namespace shadenet
