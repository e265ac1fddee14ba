#include "train/options/quality.h"

#include <array>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/words.h"
#include "data/batches.h"
#include "model/known_word.h"
#include "model/norm_placement.h"

namespace shadenet {

namespace {

constexpr auto quality_words = words_of<Quality>("draft", "normal", "best");

/// Of an option, as the command line would give them.
struct DefaultValues {
    const char* flag;
    std::array<const char*, 4> values;  ///< of each quality, and classic
};
constexpr std::size_t classic = 3;

// What is not here has one default, that of TrainOptions. docs/filters.md says how the values were found.
// clang-format off
constexpr DefaultValues defaults[] = {
    //                        draft         normal        best          classic
    {"--hidden",            {"16",         "16",         "32",         "16"}},
    {"--activation",        {"leaky_relu", "leaky_relu", "leaky_relu", "none"}},
    {"--padding",           {"edge",       "edge",       "edge",       "zero"}},
    {"--zero-init-residual", {"true",      "true",       "true",       "false"}},
    {"--beta-spread",       {"2",          "2",          "2",          "0"}},
    {"--resize",            {"false",      "false",      "false",      "true"}},
    {"--size",              {"32",         "32",         "32",         "512"}},
    {"--crops",             {"16",         "64",         "64",         "1"}},
    {"--batch",             {"8",          "8",          "8",          "0"}},
    {"--epochs",            {"40",         "200",        "400",        "200"}},
    {"--lr",                {"0.01",       "0.01",       "0.01",       "0.01"}},
    {"--weight-decay",      {"0.02",       "0.02",       "0.02",       "0"}},
    {"--schedule",          {"cosine",     "cosine",     "cosine",     "constant"}},
    {"--freeze-norm",       {"50%",        "50%",        "50%",        "0"}},
    {"--no-solve",          {"true",       "true",       "true",       "false"}},
};

// Of a run on labelled pictures.
constexpr DefaultValues class_defaults[] = {
    //                        draft         normal        best
    {"--network",           {"mlp",        "mlp",        "mlp"}},
    {"--weights",           {"he",         "he",         "he"}},
    {"--resize",            {"false",      "false",      "false"}},
    {"--size",              {"0",          "0",          "0"}},
    {"--batch",             {"64",         "64",         "64"}},
    {"--epochs",            {"3",          "10",         "30"}},
    {"--lr",                {"0.001",      "0.001",      "0.001"}},
    {"--schedule",          {"cosine",     "cosine",     "cosine"}},
};
// clang-format on

const Option& option_of(std::string_view flag) {
    for (const Option& row : option_table()) {
        if (flag == row.flag) return row;
    }
    throw std::logic_error(fmt::format("there is no option {}", flag));
}

TrainOptions options_in_column(std::span<const DefaultValues> rows, std::size_t column) {
    TrainOptions options;
    for (const DefaultValues& one : rows) {
        read_text(option_of(one.flag).place(options), one.values.at(column));
    }
    return options;
}

/// To what they were before there was a choice.
void take_back(TrainOptions& options, std::initializer_list<const char*> flags, const IsGiven& given) {
    for (const char* flag : flags) {
        const Option& row = option_of(flag);
        if (!given(row)) row.copy(classic_options(), options);
    }
}

}  // namespace

std::string to_string(Quality quality) {
    return quality_words[quality];
}

Quality quality(const std::string& text) {
    return known_word(quality_words, "--quality", text);
}

TrainOptions default_options(Quality quality, bool classes) {
    const auto column = static_cast<std::size_t>(quality);
    return classes ? options_in_column(class_defaults, column) : options_in_column(defaults, column);
}

TrainOptions classic_options() {
    return options_in_column(defaults, classic);
}

void give_way(TrainOptions& options, const IsGiven& given) {
    give_way_to_network(options, given);
    if (!options.init.empty()) take_back(options, {"--weights"}, given);
    if (options.takes_crops() || options.learns_classes()) return;
    take_back(options, {"--crops", "--flip", "--batch"}, given);
    if (options.resize) take_back(options, {"--size"}, given);
}

void give_way_to_network(TrainOptions& options, const IsGiven& given) {
    if (!options.network.given) require_shape(options.network.two_layer);
    if (!has_norm(options.network.network())) take_back(options, {"--freeze-norm"}, given);
    if (!can_spread_betas(options)) take_back(options, {"--beta-spread"}, given);
    if (!can_begin_unchanged(options)) take_back(options, {"--zero-init-residual"}, given);
}

void look_up_network(TrainOptions& options, const IsGiven& given) {
    const NetworkOptions& shape = options.network.two_layer;
    NormWishes wishes;
    const auto wish = [&](const char* flag, auto& part, const auto& value) {
        if (given(option_of(flag))) part = value;
    };
    wish("--norm", wishes.placement, shape.norm);
    wish("--decay", wishes.decay, shape.decay);
    wish("--epsilon", wishes.epsilon, shape.epsilon);
    wish("--no-center", wishes.center, shape.center);
    wish("--no-scale", wishes.scale, shape.scale);
    NetworkChoice& network = options.network;
    const bool is_shaped = network.asked.empty() || network.asked == "two-layer";
    network.look_up();
    if (is_shaped || wishes == NormWishes{}) return;
    const bool fits_data = network.fits_data;
    network.take(with_wishes(network.network(), wishes));
    network.fits_data = fits_data;
}

void take_steps(TrainOptions& options, const IsGiven& given) {
    if (options.steps == 0) return;
    if (given(option_of("--epochs")))
        throw InputError("--steps and --epochs both say how long the run is; leave one out");
    const std::uint64_t of_epoch = options.epoch_steps, epochs = of_epoch > 0 ? options.steps / of_epoch : 0;
    if (of_epoch == 0) {
        throw InputError(fmt::format(
            "--steps is \"{}\", and --epoch-steps does not say how many are an epoch; give that too, "
            "as a divisor of it",
            options.steps));
    }
    if (epochs * of_epoch != options.steps || epochs > TrainOptions::most_epochs) {
        throw InputError(fmt::format("--steps is \"{}\"; use a multiple of --epoch-steps, {}, up to {}",
                                     options.steps, of_epoch, of_epoch * TrainOptions::most_epochs));
    }
    options.epochs = static_cast<std::uint32_t>(epochs);
    options.steps = 0;
}

TrainOptions renewed(TrainOptions options) {
    for (const Quality each : {Quality::draft, Quality::normal, Quality::best}) {
        const NormFreeze share = default_options(each).freeze_norm;
        if (options.freeze_norm != 0 && options.freeze_norm == share.in(options.epochs))
            options.freeze_norm = share;
    }
    // Where there are streams it is not known how many pairs each has, and so how many steps a pass.
    if (options.epoch_steps > 0 || (options.domains.empty() && !options.data.training.empty())) {
        const auto pairs = static_cast<std::uint32_t>(options.data.training.size());
        const std::vector<std::uint32_t> examples = {options.takes_crops() ? pairs * options.crops : pairs};
        const std::uint64_t all =
            std::uint64_t{options.epochs} * steps_of_epoch(examples, options.step_rule());
        if (options.schedule.steps == all) options.schedule.steps = 0;
    }
    return options;
}

}  // namespace shadenet
