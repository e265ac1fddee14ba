// shadenet adapt: statistics for another kind of pictures, under a name.

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/measure.h"
#include "cli/output.h"
#include "cli/text.h"

namespace shadenet {

namespace {

struct AdaptFlags : MeasureFlags {
    std::string name;
};

int lead_adapt(const AdaptFlags& flags, SharedWork& work) {
    require_set_name(flags.name);
    const Model model = read_measured_model(flags);
    check_output(flags);
    std::vector<NamedStatistics> sets = model.sets;
    store_set(sets, {flags.name, {}});  // that there is room
    const std::optional<Population> population = measure_pictures(flags, model, work);
    if (!population) return exit_without_population();
    bool replaced = false;
    const auto place = change_model(flags, model, [&](Model& changed) {
        NamedStatistics set = population->statistics;
        set.name = flags.name;
        replaced = store_set(changed.sets, std::move(set));
    });
    say("written    {}: the statistics {}{}", shown(place), flags.name,
        replaced ? ", in place of others of that name" : "");
    const bool filter = model.classes.names.empty();
    say("try next   shadenet {} --stats {} --model {} --input PICTURE.png{}", filter ? "apply" : "classify",
        flags.name, shell_quoted(place), filter ? " --output FILTERED.png" : "");
    return exit_fine;
}

int run_adapt(const AdaptFlags& flags) {
    SharedWork work(this_group());
    return work.leave(reported([&] { return lead_adapt(flags, work); }));
}

int follow_adapt(const AdaptFlags& flags) {
    return follow_measurement(flags);
}

}  // namespace

void add_adapt_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "adapt", "Measure statistics for another kind of pictures, without targets",
                    exit_code, run_adapt, follow_adapt);
    add_measure_flags(command, flags);
    add_valued(command, "-n,--name", flags.name, "what the statistics are to be called", "NAME")->required();
    add_output_flags(command, flags, "a new file for the model with them; without it, the model itself");
    command.footer(
        "Example:\n"
        "  shadenet adapt run/model.safetensors --input photos_by_night --name night\n"
        "  shadenet apply --stats night -m run/model.safetensors -i photos_by_night \\\n"
        "      -o filtered");
}

}  // namespace shadenet
