// shadenet inspect: what a model file or a checkpoint holds.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/tables.h"
#include "cli/text.h"
#include "model/model_file.h"

namespace shadenet {

namespace {

/// The metadata of a checkpoint that people ask for; a plain model has none of it.
void show_training_state(const SafeTensors& file) {
    for (const char* key : {"epoch", "step", "optimizer", "learning_rate", "seed", "batch"}) {
        const auto entry = file.metadata.find(key);
        if (entry != file.metadata.end()) say("  {:<16}{}", key, entry->second);
    }
}

void show_layers(const Architecture& architecture, const Parameters& parameters) {
    say("\nlayers");
    for (const Layer& layer : architecture.layers) {
        const std::string name = layer_name(layer);
        std::size_t values = 0;
        for (const NamedTensor& tensor : parameters.tensors()) {
            if (tensor.trainable && tensor.name.starts_with(name + ".")) values += tensor.values.size();
        }
        say("  {:<10} {:>6}  {}", name, values == 0 ? "" : fmt::format("{}", values), describe(layer));
    }
    const std::uint32_t side = 2 * receptive_radius(architecture) + 1;
    say("  a pixel of the result depends on the {0} x {0} pixels around it", side);
}

void show_statistics(const Model& model) {
    if (model.parameters.statistic_values() == 0) return;
    say("\nmoving statistics, not trainable\n{}", tensor_table(model.parameters, false, true));
    for (const Layer& layer : model.architecture().layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        say("\n{}", norm_lines({norm->name, model.parameters.at(norm->name + ".running_mean").values,
                                model.parameters.at(norm->name + ".running_var").values},
                               true));
    }
    if (!model.sets.empty()) {
        say("\n  for other kinds of pictures, by shadenet apply --stats NAME: {}", set_names(model.sets));
    }
    say("\n  {}: every training step sets moving = decay * moving + (1 - decay) * batch.",
        decay_text(model.options.decay));
    say("  The moving variance here averages biased variances (divided by n); PyTorch divides by n - 1 for\n"
        "  running_var. The file loads there unchanged, and a prediction is the same.");
}

void run(const std::filesystem::path& path) {
    const SafeTensors file = read_safetensors(path);
    const Model model = model_from(file, path.string());
    for (const std::string& note : model.notes) spdlog::info("{}: {}", path.string(), note);
    const bool checkpoint = file.metadata.contains("step");
    say("{}: a {}, {}", path.string(), checkpoint ? "checkpoint" : "model",
        bytes_text(std::filesystem::file_size(path)));
    show_training_state(file);
    show_layers(model.architecture(), model.parameters);
    say("\ntrainable parameters\n{}", tensor_table(model.parameters, true, true));
    show_statistics(model);
}

}  // namespace

void add_inspect_command(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand("inspect", "Show what a trained model or a checkpoint holds");
    const auto path = std::make_shared<std::string>();
    command->add_option("MODEL", *path, "model.safetensors or checkpoint.safetensors of a run")
        ->required()
        ->type_name("");
    command->callback([path] { run(*path); });
}

}  // namespace shadenet
