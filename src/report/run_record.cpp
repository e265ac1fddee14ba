#include "report/run_record.h"

#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "model/model_file.h"
#include "task/mistake_pictures.h"
#include "train/checkpoint.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/run_folder.h"
#include "train/solved_model.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;
using ByStem = std::map<std::string, fs::path>;

/// Adds settings by name: "optimizer beta1" for a value inside of another.
void add_settings(RunRecord& run, const Json& values, const std::string& prefix) {
    for (const auto& [name, value] : values.items()) {
        if (value.is_object()) {
            add_settings(run, value, prefix + name + " ");
        } else {
            run.settings.emplace_back(prefix + name,
                                      value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
}

void read_settings(RunRecord& run, const fs::path& path) {
    run.options = read_config(path);
    // read_config() has made sure that the file is JSON, with a text for the device.
    const std::vector<std::byte> bytes = read_file(path, most_config_bytes);
    Json json = Json::parse(text_of(bytes));
    run.device = json.value("device", "");
    if (json["network"].size() > 1) json["network"].erase("text");  // its options say the same
    json.erase("data");  // as long as the list of the pictures, which the report shows
    add_settings(run, json, "");
}

/// The parameters are the checkpoint's, which is never older than the model.
void read_parameters(RunRecord& run, const RunPaths& folder, const Network& network) {
    for (const fs::path& path : {folder.checkpoint(), folder.model()}) {
        if (!is_there(path)) continue;
        const SafeTensors file = read_safetensors(path);
        run.parameters = parameters_from(file, network, path.string());
        run.early_stop = early_stop_of(file, path.string());
        if (path != folder.checkpoint()) return;
        if (const std::optional<Model> solved = solved_model(folder, file)) {
            run.parameters = solved->parameters;
            run.solved = solved->solved->gain;
        }
        return;
    }
}

/// Pictures may have been moved or deleted since the run.
std::vector<fs::path> listed(const fs::path& file_or_folder) {
    if (file_or_folder.empty() || !is_there(file_or_folder)) return {};
    try {
        return list_images_or_file(file_or_folder);
    } catch (const InputError&) {
        // An empty or unreadable folder: the report does without its pictures.
        return {};
    }
}

/// The user's pictures by their stems.
ByStem found_pictures(const fs::path& file_or_folder) {
    ByStem pictures;
    for (const fs::path& path : listed(file_or_folder)) pictures.emplace(path.stem().string(), path);
    return pictures;
}

/// One side of the pairs, by the stems that the run gave them: a domain's name comes before its pictures'
/// names.
ByStem found_inputs(const TrainOptions& options, fs::path Domain::*side, const fs::path& without_domains) {
    if (options.domains.empty()) return found_pictures(without_domains);
    ByStem pictures;
    for (const Domain& domain : options.domains) {
        for (const auto& [stem, path] : found_pictures(domain.*side)) {
            pictures.emplace(fmt::format("{}_{}", domain.name, stem), path);
        }
    }
    return pictures;
}

/// The pictures of one kind in images/: "before_cat.png" is "cat" of kind "before". Other files are ignored.
ByStem of_kind(const std::vector<fs::path>& images, std::string_view kind) {
    ByStem found;
    for (const fs::path& path : images) {
        const std::string stem = path.stem().string();
        if (stem.starts_with(kind) && path.extension() == ".png") {
            found.emplace(stem.substr(kind.size()), path);
        }
    }
    return found;
}

void find_pictures(RunRecord& run, const RunPaths& folder) {
    const std::vector<fs::path> images = listed(folder.images());
    std::map<std::string, ReportedPicture> pairs, tests;
    const auto fill = [](std::map<std::string, ReportedPicture>& sets, const ByStem& found,
                         fs::path ReportedPicture::*member, bool adds) {
        for (const auto& [stem, path] : found) {
            if (!adds && !sets.contains(stem)) continue;
            sets[stem].stem = stem;
            sets[stem].*member = path;
        }
    };
    fill(pairs, of_kind(images, "before_"), &ReportedPicture::before, true);
    fill(pairs, of_kind(images, "after_"), &ReportedPicture::after, true);
    fill(pairs, found_inputs(run.options, &Domain::input, run.options.input), &ReportedPicture::input, false);
    fill(pairs, found_inputs(run.options, &Domain::target, run.options.target), &ReportedPicture::target,
         false);
    fill(tests, of_kind(images, "test_"), &ReportedPicture::after, true);
    fill(tests, found_pictures(run.options.test), &ReportedPicture::input, false);
    for (auto& [stem, set] : pairs) run.pairs.push_back(std::move(set));
    for (auto& [stem, set] : tests) run.tests.push_back(std::move(set));
}

void take_test(RunRecord& run, const RunPaths& folder) {
    run.test = read_test_results(folder.test());
    for (const Mistake& mistake : run.test->worst) {
        const fs::path picture = mistake_picture(folder.images(), mistake);
        if (is_there(picture)) run.mistakes.push_back({mistake, picture});
    }
}

}  // namespace

RunRecord read_run(const fs::path& folder) {
    const RunPaths paths(folder);
    if (!is_there(paths.config())) {
        throw InputError(
            fmt::format("{}: holds no run; give the --output of a `shadenet train`, with its "
                        "config.json",
                        folder.string()));
    }
    RunRecord run;
    read_settings(run, paths.config());
    const Network network = run.architecture();
    if (is_there(paths.history())) run.history = read_history(paths.history(), network);
    if (is_there(paths.validations())) run.validations = read_validations(paths.validations());
    if (is_there(paths.histograms())) run.histograms = read_histograms(paths.histograms());
    read_parameters(run, paths, network);
    run.floor = read_floor(paths.floor());
    if (is_there(paths.quality())) run.quality = read_quality(paths.quality());
    if (is_there(paths.health())) run.health = read_health(paths.health());
    if (run.options.learns_classes()) {
        if (is_there(paths.test())) take_test(run, paths);
    } else {
        find_pictures(run, paths);
    }
    return run;
}

std::string found_before(const std::vector<EpochRecord>& history, std::uint64_t step) {
    if (history.empty() || history.back().step <= step) return "";
    return fmt::format(" This was found after {}; training has gone on since.", counted(step, "step"));
}

}  // namespace shadenet
