// shadenet stats: a model's moving statistics beside what they stand for.
#include <algorithm>
#include <cmath>
#include <variant>

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/measure.h"
#include "cli/output.h"
#include "cli/text.h"
#include "statistics/norm_comparison.h"

namespace shadenet {

namespace {

/// More are a page of numbers that nobody reads.
constexpr std::size_t most_channels_compared = 64;

struct StatsFlags : MeasureFlags {
    bool write = false;
};

std::string ratio_text(double ratio) {
    return std::isnan(ratio) ? "-" : fmt::format("{:.4g}", ratio);
}

/// The channel whose mean is off most, and the range of the ratios.
void show_worst(const std::vector<ChannelComparison>& channels) {
    std::size_t worst = 0;
    double least = INFINITY, most = -INFINITY;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (std::abs(channels[c].mean_difference) > std::abs(channels[worst].mean_difference)) worst = c;
        if (std::isnan(channels[c].variance_ratio)) continue;
        least = std::min(least, channels[c].variance_ratio);
        most = std::max(most, channels[c].variance_ratio);
    }
    const std::string ratios =
        least > most ? "" : fmt::format("; the ratio goes from {:.4g} to {:.4g}", least, most);
    say("  the mean is off by {:.3g} deviations at most, in channel {}{}",
        std::abs(channels[worst].mean_difference), worst, ratios);
}

void show_norm(const BatchNorm& norm, const Parameters& moving, const Parameters& population) {
    const std::vector<ChannelComparison> channels = compare_statistics(norm, moving, population);
    if (channels.size() > most_channels_compared) {
        say("\n{:<9}{} channels, too many to list", norm.name, channels.size());
        return show_worst(channels);
    }
    say("\n{:<9}{:>13}{:>13}{:>12}{:>13}{:>13}{:>9}", norm.name, "mean", "", "", "variance", "", "");
    say("{:>9}{:>13}{:>13}{:>12}{:>13}{:>13}{:>9}", "channel", "moving", "population", "difference", "moving",
        "population", "ratio");
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const ChannelComparison& one = channels[c];
        say("{:>9}{:>13.5g}{:>13.5g}{:>12.3g}{:>13.5g}{:>13.5g}{:>9}", c, one.moving_mean,
            one.population_mean, one.mean_difference, one.moving_variance, one.population_variance,
            ratio_text(one.variance_ratio));
    }
    show_worst(channels);
}

void show_comparison(const Model& model, const Population& population) {
    const Parameters measured = with_statistics(model.parameters, population.statistics);
    for (const Layer& layer : model.network.layers) {
        if (const auto* norm = std::get_if<BatchNorm>(&layer)) show_norm(*norm, model.parameters, measured);
    }
    say("\n  difference: (moving - population mean) / sqrt(population variance + epsilon). ratio: moving /\n"
        "  population variance. The population's are exact over these pictures, each layer's with the new\n"
        "  ones of the layers before it.");
}

/// How they were moved in training no longer says anything of them: nothing of their start is left, and the
/// weights were not trained with them.
void put_in(const NamedStatistics& statistics, Model& model) {
    model.parameters = with_statistics(model.parameters, statistics);
    model.norm_updates.reset();
    model.debiased = model.frozen = false;
}

int lead_stats(const StatsFlags& flags, SharedWork& work) {
    const Model model = read_measured_model(flags);
    if (!flags.write && (!flags.output.empty() || flags.overwrite)) {
        throw InputError(fmt::format("{} is about where --write puts the model; give --write too",
                                     flags.overwrite ? "--overwrite" : "--output"));
    }
    if (flags.write) check_output(flags);
    if (flags.write && model.frozen) {
        spdlog::warn(
            "{}: its weights were trained with the frozen statistics that it has; with others its results "
            "are no longer those of training",
            flags.model);
    }
    const std::optional<Population> population = measure_pictures(flags, model, work);
    if (!population) return exit_without_population();
    show_comparison(model, *population);
    if (!flags.write) return exit_fine;
    const auto place =
        change_model(flags, model, [&](Model& changed) { put_in(population->statistics, changed); });
    say("\nwritten    {}: the population's statistics are now its own", shown(place));
    return exit_fine;
}

int run_stats(const StatsFlags& flags) {
    SharedWork work(this_group());
    return work.leave(reported([&] { return lead_stats(flags, work); }));
}

int follow_stats(const StatsFlags& flags) {
    return follow_measurement(flags);
}

}  // namespace

void add_stats_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(
        program, "stats", "Measure the exact statistics of a model's norms, beside the moving ones",
        exit_code, run_stats, follow_stats);
    add_measure_flags(command, flags);
    command.add_flag("--write", flags.write, "put them into the model, in place of the moving ones");
    add_output_flags(command, flags, "with --write: a new file; without it, the model itself");
    command.footer(
        "Example:\n"
        "  shadenet stats run/model.safetensors --input photos --write");
}

}  // namespace shadenet
