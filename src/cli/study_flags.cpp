#include "cli/study_flags.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "cli/help.h"

namespace shadenet {

namespace {

/// The row of the option that can be varied by this name; null where there is none.
const Option* find_option(const std::string& name) {
    for (const Option& row : option_table()) {
        const std::string varied = row.is_contrary() ? row.name().substr(3) : row.name();
        if (row.facts.study == StudyUse::axis && !varied.empty() && (name == varied || name == row.name())) {
            return &row;
        }
    }
    return nullptr;
}

std::string switch_value(const Setting& setting, bool contrary) {
    const bool yes = setting.value == "yes";
    if (!yes && setting.value != "no") {
        throw InputError(fmt::format("{} is \"{}\"; use yes or no", setting.option, setting.value));
    }
    return yes != contrary ? "true" : "false";
}

/// "--norm=none", as the command line says it.
std::string argument_for(const Setting& setting) {
    const Option* const row = find_option(setting.option);
    if (row == nullptr) {
        throw InputError(
            fmt::format("--vary {}: cannot be varied; use an option of training or of the network, as "
                        "`shadenet train --help` lists them",
                        setting.option));
    }
    // A name without "no-" is the option's own, which the flag may say the contrary of.
    if (row->is_switch())
        return fmt::format("{}={}", row->flag, switch_value(setting, setting.option != row->name()));
    // The flag's own word for all of them is 0.
    const bool all = setting == Setting{"batch", "all"};
    return fmt::format("{}={}", row->flag, all ? "0" : setting.value);
}

bool is_given(const TrainFlags& flags, const std::string& option) {
    const Option* const row = find_option(option);
    return row != nullptr && flags.has(*row);
}

/// The ready-made grid, and what the command line says in place of parts of it.
Grid grid_of(const StudyFlags& flags) {
    Grid grid;
    if (!flags.name.empty()) grid = ready_made(flags.name);
    for (const auto& [option, row] : flags.train.all) {
        if (option->count() > 0) leave_out(grid, row->name());
    }
    std::vector<std::string> varied;
    for (const std::string& text : flags.variations) {
        const Variation variation = parse_variation(text);
        if (is_given(flags.train, variation.option)) {
            throw InputError(
                fmt::format("--vary {0} and a flag for {0} are both given; leave one out", variation.option));
        }
        if (std::ranges::count(varied, variation.option) > 0) {
            throw InputError(
                fmt::format("--vary {} is given twice; give all values in one", variation.option));
        }
        varied.push_back(variation.option);
        vary(grid, variation);
    }
    return grid;
}

/// Looks up the network last, when all that may shape it is known.
StudyVariant variant_of(const Settings& settings, const TrainOptions& common, const TrainFlags& flags) {
    StudyVariant variant{settings, common};
    for (const Setting& setting : settings) {
        variant.options = with_setting(std::move(variant.options), setting);
    }
    for (const Setting& setting : settings) require_use(*find_option(setting.option), variant.options);
    require_use_of_given(flags, variant.options);
    const auto given = [&](const Option& row) {
        return flags.has(row) || std::ranges::any_of(settings, [&](const Setting& setting) {
                   return find_option(setting.option) == &row;
               });
    };
    look_up_network(variant.options, given);
    give_way(variant.options, given);
    take_steps(variant.options, given);
    return variant;
}

/// Takes back what only a norm can do; the flags that had asked for it.
std::vector<std::string> take_norm_options_back(TrainOptions& options) {
    const TrainOptions usual;
    std::vector<std::string> flags;
    const auto take_back = [&](auto& value, const auto& usual_value, const char* flag) {
        if (value != usual_value) flags.emplace_back(flag);
        value = usual_value;
    };
    take_back(options.network.two_layer.center, usual.network.two_layer.center, "--no-center");
    take_back(options.network.two_layer.scale, usual.network.two_layer.scale, "--no-scale");
    take_back(options.debias, usual.debias, "--debias");
    take_back(options.freeze_norm, usual.freeze_norm, "--freeze-norm");
    take_back(options.zero_init_residual, usual.zero_init_residual, "--zero-init-residual");
    take_back(options.start.beta_spread, usual.start.beta_spread, "--beta-spread");
    return flags;
}

bool is_normed(const StudyVariant& variant) {
    return has_norm(variant.options.network.network());
}

/// What all variants are given for their norms cannot hold for those without one. What such a variant has of
/// its own stays, and is refused.
void spare_those_without_norm(StudyPlan& plan, TrainOptions common, const TrainFlags& flags,
                              std::vector<std::string>& notes) {
    if (std::ranges::none_of(plan.variants, is_normed) || std::ranges::all_of(plan.variants, is_normed))
        return;
    const std::vector<std::string> taken = take_norm_options_back(common);
    if (taken.empty()) return;
    for (StudyVariant& variant : plan.variants) {
        if (!is_normed(variant)) variant = variant_of(variant.settings, common, flags);
    }
    const auto plain = std::ranges::find_if_not(plan.variants, is_normed);
    notes.push_back(fmt::format("{} has no norm: {} {} left out there",
                                plain->options.network.given ? plain->label() : "norm=none",
                                fmt::join(taken, " and "), taken.size() == 1 ? "is" : "are"));
}

}  // namespace

void add_study_flags(CLI::App& command, StudyFlags& flags) {
    add_valued(command, "NAME", flags.name, "a ready-made study: placement, optimizer, decay, batch or seed2",
               "");
    add_valued(command, "--vary", flags.variations, "a flag of train, without dashes, and the values to try",
               "OPTION=VALUE,VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Study");
    flags.repeat =
        add_number(command, "--repeat", flags.repeats, "runs of each variant, with seeds from --seed on")
            ->group("Study");
    add_train_flags(command, flags.train);
}

TrainOptions with_setting(TrainOptions options, const Setting& setting) {
    CLI::App command;
    TrainFlags flags;
    add_train_flags(command, flags);
    std::vector<std::string> arguments = {argument_for(setting)};
    try {
        command.parse(arguments);
    } catch (const CLI::ParseError& error) {
        throw InputError(error.what());
    }
    copy_given(flags, options);
    return options;
}

StudyPlan plan_of(const StudyFlags& flags, std::vector<std::string>& notes) {
    const Grid grid = grid_of(flags);
    if (grid.variants.size() < 2 && flags.repeats == 1) {
        throw InputError("there is nothing to study; give a NAME, --vary OPTION=VALUE,VALUE or --repeat N");
    }
    TrainOptions common = given_options(flags.train);
    if (flags.name == "seed2" && !common.learns_classes()) {
        throw InputError("seed2 is about labelled pictures; give their folder by --data");
    }
    for (const Setting& setting : grid.standard) common = with_setting(std::move(common), setting);
    StudyPlan plan{flags.name, common.output, flags.repeats, {}};
    for (const Settings& settings : grid.variants)
        plan.variants.push_back(variant_of(settings, common, flags.train));
    spare_those_without_norm(plan, common, flags.train, notes);
    validate(plan);
    return plan;
}

StudyRecord record_to_resume(const StudyFlags& flags) {
    const auto refuse = [](const std::string& flag) {
        throw InputError(fmt::format("--resume goes on with the study's own options; leave {} out", flag));
    };
    if (flags.train.options.output.empty()) {
        throw InputError("--resume needs --output, the folder of the study to go on with");
    }
    if (!flags.name.empty()) refuse(flags.name);
    if (!flags.variations.empty()) refuse("--vary");
    if (const std::string defaults = asked_defaults(flags.train); !defaults.empty()) refuse(defaults);
    for (const auto& [option, row] : flags.train.all) {
        const StudyUse use = row->facts.study;
        // A study that goes on takes its own flags and places again.
        const bool may_change = use == StudyUse::study || use == StudyUse::place;
        if (option->count() > 0 && !may_change) refuse(row->flag);
    }
    StudyRecord record = read_study(flags.train.options.output);
    for (const auto& [option, row] : flags.train.all) {
        if (option->count() == 0 || row->facts.study != StudyUse::place) continue;
        for (StudyVariant& variant : record.plan.variants) row->copy(flags.train.options, variant.options);
    }
    if (flags.repeat->count() == 0) return record;
    if (flags.repeats < record.plan.repeats) {
        throw InputError(fmt::format("--repeat is {}, and the study has {} already; use {} or more",
                                     flags.repeats, record.plan.repeats, record.plan.repeats));
    }
    record.plan.repeats = flags.repeats;
    return record;
}

}  // namespace shadenet
