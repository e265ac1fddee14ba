#include "cli/train_flags.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "base/picture_formats.h"
#include "base/words.h"
#include "cli/help.h"
#include "model/model_file.h"
#include "model/safetensors_header.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

/// What --help puts above the flags of each OptionGroup.
constexpr auto group_titles = words_of<OptionGroup>(
    "Pictures, before and after paired by name (" SHADENET_PICTURE_FORMATS ")", "Training", "Network", "Run");

/// Where a colon parts folders, from `begin` on: one that belongs to a drive, as in C:\photos, does not.
std::size_t parting_colon(const std::string& text, std::size_t begin) {
    for (std::size_t at = text.find(':', begin); at != text.npos; at = text.find(':', at + 1)) {
        const bool after_letter = at == begin + 1 && std::isalpha(static_cast<unsigned char>(text[begin]));
        const bool before_slash = at + 1 < text.size() && (text[at + 1] == '\\' || text[at + 1] == '/');
        if (!after_letter || !before_slash) return at;
    }
    return text.npos;
}

/// "night=photos/night:edited/night".
Domain domain_from(const std::string& text) {
    const std::size_t sign = text.find('=');
    const std::size_t colon = sign == text.npos ? text.npos : parting_colon(text, sign + 1);
    if (colon == text.npos || parting_colon(text, colon + 1) != text.npos) {
        throw InputError(fmt::format(
            "--stream is {}; use NAME=INPUT:TARGET, a name and two folders without colons in them",
            in_quotes(text)));
    }
    return {text.substr(0, sign), text.substr(sign + 1, colon - sign - 1), text.substr(colon + 1)};
}

/// The flag's names: what every command calls the same has the same letter in all of them.
std::string names_of(const Option& row) {
    const std::string letter = row.name() == "input" ? "-i," : row.name() == "output" ? "-o," : "";
    return letter + row.flag;
}

void check_number(CLI::Option& option, const Option& row, const OptionPlace& place) {
    if (std::holds_alternative<std::uint32_t*>(place)) option.check(number_validator<std::uint32_t>());
    if (std::holds_alternative<std::uint64_t*>(place)) option.check(number_validator<std::uint64_t>());
    if (!std::holds_alternative<float*>(place)) return;
    // A negative rate means the schedule's usual one in the options, and is no rate that a user may give.
    option.check(row.name() == "schedule-rate" ? real_validator(0, 1) : real_validator());
}

CLI::Option* add_switch(CLI::App& command, const Option& row, TrainFlags& flags) {
    // Of --flag=false the count is negative.
    const auto store = [&row, &options = flags.options](std::int64_t count) {
        read_text(row.place(options), (count > 0) != row.is_contrary() ? "true" : "false");
    };
    CLI::Option* option = command.add_flag_function(row.flag, store, row.help);
    const bool is_on = row.text(flags.options) == (row.is_contrary() ? "false" : "true");
    return is_on ? option->default_str("on; =false: off") : option;
}

CLI::Option* add_domains(CLI::App& command, const Option& row, TrainFlags& flags) {
    const auto store = [&options = flags.options](const std::vector<std::string>& texts) {
        options.domains.clear();
        for (const std::string& text : texts) options.domains.push_back(domain_from(text));
    };
    return command.add_option_function<std::vector<std::string>>(row.flag, store, row.help)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_value(CLI::App& command, const Option& row, TrainFlags& flags) {
    const auto store = [&row, &options = flags.options](const std::string& text) {
        if (text.empty() && std::holds_alternative<std::string*>(row.place(options))) {
            throw InputError(fmt::format("{} is empty; give its value, or leave it out", row.flag));
        }
        try {
            read_text(row.place(options), text);
        } catch (const InputError& error) {
            // It begins with the flag's name without dashes.
            throw InputError(fmt::format("--{}", error.what()));
        }
    };
    CLI::Option* option = command.add_option_function<std::string>(names_of(row), store, row.help);
    check_number(*option, row, row.place(flags.options));
    return option->default_str(row.facts.shown_default != nullptr ? row.facts.shown_default
                                                                  : row.text(flags.options));
}

void add_flag(CLI::App& command, const Option& row, TrainFlags& flags) {
    const bool domains = std::holds_alternative<std::vector<Domain>*>(row.place(flags.options));
    CLI::Option* option = row.is_switch() ? add_switch(command, row, flags)
                          : domains       ? add_domains(command, row, flags)
                                          : add_value(command, row, flags);
    if (!row.is_switch()) option->type_name(row.type);
    option->group(group_titles[row.group]);
    flags.all.emplace_back(option, &row);
}

/// Flags of the command line alone, in the group that they are shown in.
void add_further_flags(CLI::App& command, OptionGroup group, TrainFlags& flags) {
    const auto add_switch = [&](const char* name, bool& target, const char* text) {
        command.add_flag(name, target, text)->group(group_titles[group]);
    };
    if (group == OptionGroup::training) {
        add_valued(command, "--quality", flags.quality,
                   "other defaults: draft for a quick look, best takes its time", "NAME")
            ->default_str("normal")
            ->group(group_titles[group]);
        add_switch("--classic", flags.classic, "the defaults of before there was --quality");
        add_switch("--reference", flags.reference,
                   "the reference's own short run: 5 epochs at learning rate 0.001");
    }
    if (group != OptionGroup::run) return;
    add_switch("--no-tune", flags.no_tune, "do not measure which tiles of the plan are fastest here");
    add_quiet_flag(command, flags.quiet, "only warnings, errors and the summary")->group(group_titles[group]);
    add_switch("-v,--verbose", flags.verbose, "lines for every epoch, with every channel, on a terminal too");
}

/// The flags of a group, in the order that --help shows.
void add_group(CLI::App& command, OptionGroup group, TrainFlags& flags) {
    std::vector<const Option*> rows;
    for (const Option& row : option_table()) {
        if (row.group == group && !row.name().empty()) rows.push_back(&row);
    }
    std::ranges::stable_sort(rows, {}, [](const Option* row) { return row->facts.place_in_help; });
    for (const Option* row : rows) {
        if (row->name() == "plan") add_device_flag(command, flags.device)->group(group_titles[group]);
        add_flag(command, *row, flags);
    }
    add_further_flags(command, group, flags);
}

/// The reference is what it is whatever the defaults are; flags that were given win. A run that goes on has
/// its own options, and is told only how long and at what rate the reference learns.
void set_reference(const TrainFlags& flags, TrainOptions& options) {
    if (!flags.reference) return;
    for (const Option& row : option_table()) {
        const bool told = !options.resume || row.name() == "epochs" || row.name() == "lr";
        if (row.facts.reference == nullptr || !told || flags.has(row)) continue;
        read_text(row.place(options), row.facts.reference);
    }
}

/// What is given of a new run, and the defaults that were asked for.
TrainOptions begun(const TrainFlags& flags) {
    const bool classes = flags.options.learns_classes();
    if (classes && (flags.classic || flags.reference)) {
        throw InputError(
            fmt::format("{} is about filters, and --data brings labelled pictures; leave one of "
                        "the two out",
                        asked_defaults(flags)));
    }
    const Quality asked = flags.quality.empty() ? Quality::normal : quality(flags.quality);
    TrainOptions options =
        flags.classic || flags.reference ? classic_options() : default_options(asked, classes);
    copy_given(flags, options);
    return options;
}

/// A run that begins with a model has its network, where neither flags nor other defaults ask for another.
void take_network_of_init(const TrainFlags& flags, TrainOptions& options) {
    if (options.init.empty() || flags.classic || flags.reference) return;
    const bool shaped = std::ranges::any_of(option_table(), [&](const Option& row) {
        const bool shapes = row.facts.shapes != Shapes::nothing || row.name() == "network";
        return shapes && row.name() != "range" && flags.has(row);
    });
    if (!shaped) options.network.take(read_model(options.init, options.network.range()).network);
}

TrainOptions resumed(const TrainFlags& flags) {
    asked_defaults(flags);
    const std::filesystem::path& folder = flags.options.output;
    if (folder.empty()) throw InputError("--resume needs --output, the folder of the run to go on with");
    const std::filesystem::path config = RunPaths(folder).config();
    if (!std::filesystem::exists(config)) {
        throw InputError(fmt::format(
            "{}: holds no run to resume (there is no config.json); leave --resume out to begin one",
            folder.string()));
    }
    TrainOptions options = read_config(config);
    copy_given(flags, options);
    return options;
}

}  // namespace

bool TrainFlags::has(const Option& row) const {
    return std::ranges::any_of(
        all, [&](const auto& flag) { return flag.second == &row && flag.first->count() > 0; });
}

void require_use(const Option& row, const TrainOptions& options) {
    const OptionTask other = options.learns_classes() ? OptionTask::pairs : OptionTask::classes;
    if (row.facts.task == other) {
        throw InputError(
            other == OptionTask::pairs
                ? fmt::format("{} is about pairs of pictures, and --data brings labelled ones; "
                              "leave one of the two out",
                              row.flag)
                : fmt::format("{} is about labelled pictures; give --data too, or leave it out", row.flag));
    }
    if (row.facts.of_crops && !options.takes_crops() && !options.learns_classes()) {
        throw InputError(
            fmt::format("{} is about crops, and {}; leave one of the two out", row.flag,
                        options.size == 0 ? "--size 0 takes whole pictures" : "--resize resizes pictures"));
    }
    const NetworkChoice& network = options.network;
    if (!row.is_idle(network)) return;
    const Shapes shapes = row.facts.shapes;
    const char* shaped = shapes == Shapes::norms   ? "what --network names"
                         : shapes == Shapes::both  ? "two-layer and dncnn"
                         : shapes == Shapes::dncnn ? "dncnn"
                                                   : "two-layer";
    const std::string chosen = !network.asked.empty() ? in_quotes(network.asked)
                               : network.given        ? "given layer by layer"
                                                      : "two-layer";
    throw InputError(
        fmt::format("{} shapes {}, and the network is {}; leave {} out, or choose another --network",
                    row.flag, shaped, chosen, row.flag));
}

void require_use_of_given(const TrainFlags& flags, const TrainOptions& options) {
    for (const auto& [option, row] : flags.all) {
        if (option->count() > 0) require_use(*row, options);
    }
}

void copy_given(const TrainFlags& flags, TrainOptions& to) {
    for (const auto& [option, row] : flags.all) {
        if (option->count() > 0) row->copy(flags.options, to);
    }
}

void add_train_flags(CLI::App& command, TrainFlags& flags) {
    for (const OptionGroup group :
         {OptionGroup::pictures, OptionGroup::training, OptionGroup::network, OptionGroup::run}) {
        add_group(command, group, flags);
    }
}

std::string asked_defaults(const TrainFlags& flags) {
    std::string asked = flags.quality.empty() ? "" : "--quality";
    const auto add = [&](bool given, const char* flag) {
        if (!given) return;
        if (!asked.empty())
            throw InputError(fmt::format("{} and {} are both given; leave one out", asked, flag));
        asked = flag;
    };
    add(flags.classic, "--classic");
    add(flags.reference, "--reference");
    return asked;
}

TrainOptions given_options(const TrainFlags& flags) {
    asked_defaults(flags);
    TrainOptions options = begun(flags);
    set_reference(flags, options);
    take_network_of_init(flags, options);
    return options;
}

TrainOptions resolve(const TrainFlags& flags) {
    const bool resume = flags.options.resume;
    TrainOptions options = resume ? resumed(flags) : given_options(flags);
    if (resume) set_reference(flags, options);
    require_use_of_given(flags, options);
    const auto given = [&](const Option& row) { return flags.has(row); };
    look_up_network(options, given);
    if (!resume) give_way(options, given);
    take_steps(options, given);
    validate(options);
    return options;
}

}  // namespace shadenet
