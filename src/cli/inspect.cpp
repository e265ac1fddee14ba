// shadenet inspect: what a model file or a checkpoint holds.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/told_file.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/measure.h"
#include "cli/measured_set.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "cli/tables.h"
#include "cli/text.h"
#include "engine/plan_choice.h"
#include "engine/stack/memory_plan.h"
#include "engine/tensors/tensor.h"
#include "gpu/device.h"
#include "model/classifier.h"
#include "model/model_file.h"
#include "model/safetensors_header.h"
#include "report/network_svg.h"
#include "statistics/classifier_activity.h"
#include "statistics/health.h"
#include "statistics/output_difference.h"
#include "statistics/picture_source.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct InspectFlags : MeasureFlags {
    std::string svg;
    bool health = false;
};

/// The metadata of a checkpoint that people ask for; a plain model has none of it.
void show_training_state(const SafeTensors& file) {
    for (const char* key : {"epoch", "step", "optimizer", "learning_rate", "seed", "batch"}) {
        const auto entry = file.metadata.find(key);
        if (entry != file.metadata.end()) say("  {:<16}{}", key, entry->second);
    }
}

/// Every pixel of the result depends on those around it alone.
bool is_local(const Network& network) {
    return std::ranges::none_of(network.layers, [](const Layer& layer) {
        const auto* conv = std::get_if<Conv>(&layer);
        return (conv != nullptr && conv->stride > 1) || std::holds_alternative<Dense>(layer) ||
               std::holds_alternative<Average>(layer);
    });
}

void show_layers(const Network& network, const Parameters& parameters) {
    say("\nlayers");
    for (const Layer& layer : network.layers) {
        const std::string name = layer_name(layer);
        std::size_t values = 0;
        for (const NamedTensor& tensor : parameters.tensors()) {
            if (tensor.trainable && tensor.name.starts_with(name + ".")) values += tensor.values.size();
        }
        say("  {:<10} {:>6}  {}", name, values == 0 ? "" : fmt::format("{}", values),
            describe(layer, continues_pictures(network)));
    }
    if (is_local(network)) {
        const std::uint32_t side = 2 * receptive_radius(network) + 1;
        say("  a pixel of the result depends on the {0} x {0} pixels around it", side);
    }
    if (continues_pictures(network)) {
        say("  pictures go on beyond their edges, by {}", continued_by(network.padding));
    }
    if (!network.range.is_unit()) {
        say("  black and white are {} and {} to it", network.range.low, network.range.high);
    }
}

/// Of networks that keep feature maps; the fused kernels of the two-layer form do not.
void show_memory(const Network& network) {
    constexpr std::uint32_t side = 512;
    if (choose_plan(network, PlanKind::automatic).kind != PlanKind::stack) return;
    const Shape given = network.input;
    const Shape input = given.h > 0 ? with_images(given, 1) : Shape{1, given.c, side, side};
    const std::uint64_t training = feature_map_bytes(network, input, Purpose::training);
    const std::uint64_t least = feature_map_bytes(network, input, Purpose::training, 0);
    say("  feature maps of {} x {} pixels take {}, and {} in training{}", input.w, input.h,
        bytes_text(feature_map_bytes(network, input, Purpose::inference)), bytes_text(training),
        least == training
            ? ""
            : fmt::format(", or {} where memory is short and activations are made again on the way back",
                          bytes_text(least)));
}

void show_classes(const ModelClasses& classes) {
    if (classes.names.empty()) return;
    constexpr std::size_t most_named = 20;
    const std::size_t named = std::min(most_named, classes.names.size());
    say("\nclasses    {}: {}{}", classes.names.size(), fmt::join(std::span(classes.names).first(named), ", "),
        named < classes.names.size() ? fmt::format(" and {} more", classes.names.size() - named) : "");
    say("pictures   {} x {} pixels, {}", classes.width, classes.height,
        classes.channels == 1 ? "grey" : "in colour");
}

void show_colours(const ModelColours& colours) {
    const auto show = [](const char* side, const std::optional<ProfileName>& profile) {
        if (profile) say("  {:<16}{}", side, in_quotes(profile->name));
    };
    if (!colours.input && !colours.target) return;
    say("\ncolour profiles of the pictures it learned from");
    show("before", colours.input);
    show("after", colours.target);
    if (colours.converts) say("  results are given that of after the filter");
}

void show_statistics(const Model& model) {
    if (model.parameters.statistic_values() == 0) return;
    say("\nmoving statistics, not trainable\n{}", tensor_table(model.parameters, false, true));
    for (const Layer& layer : model.network.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        say("\n{}", norm_lines({norm->name, model.parameters.at(norm->name + ".running_mean").values,
                                model.parameters.at(norm->name + ".running_var").values},
                               {.channels_shown = no_limit}));
    }
    if (!model.sets.empty()) {
        say("\n  for other kinds of pictures, by shadenet {} --stats NAME: {}",
            model.classes.names.empty() ? "apply" : "classify", set_names(model.sets));
    }
    say("\n  {}: every training step sets moving = decay * moving + (1 - decay) * batch.",
        decay_text(slowest_decay(model.network)));
    say("  The moving variance here averages biased variances (divided by n); PyTorch divides by n - 1 for\n"
        "  running_var. The file loads there unchanged, and a prediction is the same.");
}

HealthFacts facts_of(const Model& model) {
    HealthFacts facts{.network = model.network,
                      .parameters = model.parameters,
                      .norm_updates = model.norm_updates,
                      .frozen = model.frozen};
    if (facts.norm_updates) {
        facts.start_share =
            model.debiased ? 0 : start_share(slowest_decay(model.network), *facts.norm_updates);
    }
    return facts;
}

/// The population's statistics over the input, and how far the results with them are from those with the
/// moving ones. False when interrupted.
bool look_at_pictures(const InspectFlags& flags, const Model& model, HealthFacts& facts) {
    const auto compare = [&](const Device& device, PictureSource& pictures, const Population& population) {
        facts.population = population.statistics;
        facts.population_pictures = population.pictures;
        facts.outputs = difference_of(device, model.network, model.parameters,
                                      with_statistics(model.parameters, population.statistics), pictures);
    };
    SharedWork by_itself(alone());
    return measure_pictures(flags, model, by_itself, compare).has_value();
}

/// What a classifier does with them, and their statistics. Throws Stopped.
void look_at_answers(const InspectFlags& flags, const Model& model, HealthFacts& facts) {
    const MeasuredSet set = read_measured_set(flags, model);
    const auto device = open_device(flags);
    std::optional<ClassifierActivity> activity = classifier_activity(
        *device, model.network, model.parameters, set.examples, model.classes.names, stop_on_interrupt());
    if (!activity) throw Stopped();
    facts.classifier = std::move(activity->facts);
    facts.classifier->of_training = false;
    if (!set.labelled) std::ranges::fill(facts.classifier->labels, 0);
    if (!has_norm(model.network)) return;
    facts.population = std::move(activity->population);
    facts.population_pictures = facts.classifier->pictures;
}

/// False when interrupted.
bool look_at_input(const InspectFlags& flags, const Model& model, HealthFacts& facts) {
    require_takes_pictures(model, flags.model);
    if (model.classes.names.empty()) return !has_norm(model.network) || look_at_pictures(flags, model, facts);
    try {
        look_at_answers(flags, model, facts);
        return true;
    } catch (const Stopped&) {
        spdlog::warn("interrupted; nothing is measured");
        return false;
    }
}

/// False when interrupted.
bool show_health(const InspectFlags& flags, const Model& model) {
    HealthFacts facts = facts_of(model);
    say("");
    if (!flags.input.empty() && !look_at_input(flags, model, facts)) return false;
    const HealthReport report = check_health(facts);
    say("{}\n  {}", health_lines(report), report.checked);
    const bool norms = has_norm(model.network);
    if (norms && !facts.norm_updates) {
        say("  How many steps have moved its statistics the file does not say.");
    }
    if (norms && flags.input.empty()) {
        say("  With --input DIR the statistics of its pictures, and results with them, are looked at too.");
    }
    return true;
}

void check_flags(const InspectFlags& flags) {
    if (!flags.health && !flags.input.empty()) {
        throw InputError("--input is for the health check; give --health too");
    }
    if (!flags.svg.empty()) return check_new_file(flags.svg, "--svg", flags.overwrite, drawing_file);
    if (flags.overwrite) throw InputError("--overwrite is for the drawing of --svg; give --svg too");
}

int run_inspect(const InspectFlags& flags) {
    check_flags(flags);
    const fs::path path = flags.model;
    const SafeTensors file = read_safetensors(path);
    const Model model = given_model(file, flags.model, flags.range);
    for (const std::string& note : model.notes) spdlog::info("{}: {}", path.string(), note);
    const bool checkpoint = file.metadata.contains("step");
    say("{}: a {}, {}", path.string(), checkpoint ? "checkpoint" : "model", bytes_text(fs::file_size(path)));
    show_training_state(file);
    show_layers(model.network, model.parameters);
    show_memory(model.network);
    if (model.solved) {
        say("  the last layer was solved after step {}: {}", model.solved->step, model.solved->gain);
    }
    say("\ntrainable parameters\n{}", tensor_table(model.parameters, true, true));
    show_statistics(model);
    show_colours(model.colours);
    show_classes(model.classes);
    if (!flags.svg.empty()) {
        write_told_file(flags.svg, network_file(model.network));
        say("\ndrawing    {}", flags.svg);
    }
    return !flags.health || show_health(flags, model) ? exit_fine : exit_after_interrupt();
}

}  // namespace

void add_inspect_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(
        program, "inspect", "Show what a trained model or a checkpoint holds", exit_code, run_inspect);
    add_valued(command, "-m,--model,MODEL", flags.model,
               "model.safetensors or checkpoint.safetensors of a run", "FILE")
        ->required();
    command.add_flag("--health", flags.health, "say in plain words what is wrong with its batch norms");
    add_valued(command, "-i,--input", flags.input,
               "with --health: pictures as they are before the filter, a folder or one, to try it on; of a "
               "classifier also labelled ones",
               "PATH");
    add_size_flag(command, flags, "resize these to squares of this side, as train --resize does");
    add_valued(command, "-g,--device", flags.device,
               "for --input: the GPU, a number, a part of its name, cpu or auto", "DEVICE");
    add_range_flag(command, flags.range);
    add_valued(command, "--svg", flags.svg, "draw the network into this file", "FILE");
    command.add_flag("--overwrite", flags.overwrite, "replace the drawing of --svg that is there");
}

}  // namespace shadenet
