#include "train/options/options.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "data/split.h"
#include "model/named_statistics.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most_epochs = TrainOptions::most_epochs;
constexpr std::uint32_t most_in_batch = 65'536, most_crops = 65'536;

template <typename Value>
void require(bool accepted, const char* flag, const Value& value, const std::string& use) {
    if (!accepted) throw InputError(fmt::format("{} is \"{}\"; use {}", flag, value, use));
}

void check_learning_rate(float rate) {
    require(std::isfinite(rate) && rate > 0.0f, "--lr", rate, "a number above 0");
}

void check_changes(const std::vector<RateChange>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        validate(changes[i].rates);
        if (i > 0 && changes[i].step <= changes[i - 1].step) {
            throw InputError(fmt::format("the change of rates at step {} comes after one at step {}",
                                         changes[i].step, changes[i - 1].step));
        }
    }
}

void check_optimizer(const OptimizerOptions& optimizer) {
    const auto positive = [](float value) { return std::isfinite(value) && value > 0.0f; };
    const auto fraction = [](float value) { return value >= 0.0f && value < 1.0f; };
    check_learning_rate(optimizer.learning_rate);
    require(fraction(optimizer.beta1), "beta1", optimizer.beta1, "0 to below 1");
    require(fraction(optimizer.beta2), "beta2", optimizer.beta2, "0 to below 1");
    require(positive(optimizer.epsilon), "the optimizer's epsilon", optimizer.epsilon, "a number above 0");
    require(fraction(optimizer.momentum), "momentum", optimizer.momentum, "0 to below 1");
    require(std::isfinite(optimizer.weight_decay) && optimizer.weight_decay >= 0.0f, "--weight-decay",
            optimizer.weight_decay, "0 or a number above it");
}

/// Where the model to begin with has all values, none begins.
void check_start(const TrainOptions& options) {
    const StartValues& start = options.start;
    require(std::isfinite(start.biases), "--biases", start.biases, "a finite number");
    require(start.beta_spread >= 0 && start.beta_spread <= most_beta_spread, "--beta-spread",
            start.beta_spread, fmt::format("0 to {}", most_beta_spread));
    if (options.init.empty()) return;
    const auto is_for_new = [](bool given, const char* flag) {
        if (given) throw InputError(fmt::format("{} is for a new network; leave it or --init out", flag));
    };
    is_for_new(start.weights != StartWeights{}, "--weights");
    is_for_new(start.biases != 0.0f, "--biases");
    is_for_new(start.beta_spread != 0.0f, "--beta-spread");
}

void check_domains(const TrainOptions& options) {
    std::set<std::string> names;
    require(options.domains.size() <= most_sets, "the number of --stream", options.domains.size(),
            fmt::format("1 to {} streams", most_sets));
    if (!options.input.empty() || !options.target.empty()) {
        throw InputError("--stream brings its own pictures; leave --input and --target out");
    }
    for (const Domain& domain : options.domains) {
        require_set_name(domain.name);
        const std::string flag = fmt::format("--stream {}", domain.name);
        require(!domain.input.empty() && !domain.target.empty(), flag.c_str(), "", "NAME=INPUT:TARGET");
        if (!names.insert(domain.name).second) {
            throw InputError(fmt::format("{} is given twice; use another name", flag));
        }
    }
    if (!has_norm(options.network.network())) {
        throw InputError(options.network.given ? "--stream keeps statistics apart, and the network has none"
                                               : "--stream keeps statistics apart, and --norm none has none");
    }
}

void check_labelled(const TrainOptions& options) {
    const auto other = [](bool given, const char* flag) {
        if (given) {
            throw InputError(
                fmt::format("{} is about pairs of pictures, and --data brings labelled ones; leave one of "
                            "the two out",
                            flag));
        }
    };
    other(!options.input.empty(), "--input");
    other(!options.target.empty(), "--target");
    other(!options.validation_input.empty(), "--validation-input");
    other(!options.validation_target.empty(), "--validation-target");
    other(!options.test.empty(), "--test");
    other(!options.domains.empty(), "--stream");
    other(options.solve, "solving the last layer");
    split_rule(options.split);
    if (options.network.given) return;
    throw InputError(
        "--network two-layer makes pictures, and --data asks for a class; give a network that ends with a "
        "value a class: mlp, all-cnn, a file or the layers");
}

void check_folders(const TrainOptions& options) {
    const auto needed = [](const auto& folder, const char* flag, const char* what) {
        if (folder.empty()) throw InputError(fmt::format("{} is missing; give the folder {}", flag, what));
    };
    if (options.learns_classes()) {
        check_labelled(options);
    } else if (!options.domains.empty()) {
        check_domains(options);
    } else {
        needed(options.input, "--input", "of pictures before the filter");
        needed(options.target, "--target", "of pictures after the filter");
    }
    needed(options.output, "--output", "that the run is to fill");
    const auto both = [](bool given, const char* flag, const char* other) {
        if (!given) throw InputError(fmt::format("{} is missing; give it together with {}", flag, other));
    };
    if (options.validation_input.empty() && options.validation_target.empty()) return;
    both(!options.validation_input.empty(), "--validation-input", "--validation-target");
    both(!options.validation_target.empty(), "--validation-target", "--validation-input");
}

/// The last layers are a norm with γ and an addition of the input. A norm elsewhere that begins at 0 may stop
/// all learning, as before a relu.
bool ends_with_scaled_norm(const Network& network) {
    const std::vector<Layer>& layers = network.layers;
    if (layers.size() < 2 || !adds_input(network)) return false;
    const auto* norm = std::get_if<BatchNorm>(&layers[layers.size() - 2]);
    return norm != nullptr && norm->scale;
}

void check_norm_options(const TrainOptions& options) {
    const Network network = options.network.network();
    const bool norm = has_norm(network);
    const auto needs_norm = [&](bool given, const char* flag) {
        if (!given || norm) return;
        throw InputError(fmt::format(
            "{} needs a batch norm; {}", flag,
            options.network.given ? "leave it out, or give a network with norms" : "leave --norm none out"));
    };
    needs_norm(options.debias, "--debias");
    needs_norm(options.freeze_norm != 0, "--freeze-norm");
    needs_norm(options.zero_init_residual, "--zero-init-residual");
    if (options.start.beta_spread != 0.0f && !can_spread_betas(options)) {
        throw InputError(
            "--beta-spread needs a norm with betas that an activation follows; leave it out, or give such a "
            "network");
    }
    if (!options.zero_init_residual) return;
    if (!options.init.empty()) {
        throw InputError("--zero-init-residual is for a new network; leave it or --init out");
    }
    if (options.network.given && !ends_with_scaled_norm(network)) {
        throw InputError(
            "--zero-init-residual begins the norm before the last add input at 0; leave it out, or give a "
            "network "
            "that ends so, with gamma");
    }
    if (!adds_input(network)) {
        throw InputError("--zero-init-residual begins with the picture itself; leave --no-residual out");
    }
    if (!norms_of(network).back().scale) {
        throw InputError("--zero-init-residual begins γ at 0; leave --no-scale out");
    }
}

/// What a step is made with since the latest change by hand; null before the first one.
const Rates* rates_by_hand(const std::vector<RateChange>& changes, std::uint64_t step) {
    const auto later = std::find_if(changes.begin(), changes.end(),
                                    [&](const RateChange& change) { return change.step > step; });
    return later == changes.begin() ? nullptr : &std::prev(later)->rates;
}

/// In stairs as long as the run the rate would never change.
void check_schedule(const TrainOptions& options) {
    validate(options.schedule);
    if (options.schedule.staircase && options.schedule.steps == 0) {
        throw InputError("--staircase changes the rate after whole --schedule-steps; give those too");
    }
}

void check_validation(const TrainOptions& options) {
    const auto needs_validation = [&](std::uint32_t value, const char* flag) {
        if (value > 0 && options.validation_input.empty() && !options.learns_classes()) {
            throw InputError(fmt::format("{} needs --validation-input and --validation-target", flag));
        }
    };
    needs_validation(options.validate_every, "--validate-every");
    needs_validation(options.early_stop, "--early-stop");
}

}  // namespace

std::string to_string(NormFreeze freeze) {
    return freeze.is_share() ? fmt::format("{}%", freeze.percent()) : fmt::format("{}", freeze.epoch());
}

NormFreeze norm_freeze(const std::string& text) {
    if (text.ends_with('%')) {
        const auto percent = number_in<std::uint32_t>(std::string_view(text).substr(0, text.size() - 1));
        if (percent && *percent >= 1 && *percent <= 99) return NormFreeze::after_percent(*percent);
    } else if (const auto epoch = number_in<std::uint32_t>(text); epoch && *epoch <= most_epochs) {
        return *epoch;
    }
    throw InputError(fmt::format(
        "freeze-norm {} is not known; use the number of an epoch up to {}, 0 for never, or the share "
        "of the epochs before it, 1% to 99%",
        in_quotes(text), most_epochs));
}

bool can_spread_betas(const TrainOptions& options) {
    if (!options.init.empty()) return false;
    const Network network = options.network.network();
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (is_bending_norm(network, i)) return true;
    }
    return false;
}

bool can_begin_unchanged(const TrainOptions& options) {
    return options.init.empty() && ends_with_scaled_norm(options.network.network());
}

void validate(const TrainOptions& options) {
    const NetworkChoice& network = options.network;
    if (!network.given) {
        require_shape(network.two_layer);
    } else if (!options.learns_classes()) {
        require_filter(*network.given);
    }
    check_folders(options);
    if (options.changed_data && !options.resume) {
        throw InputError("--changed-data is for a run that goes on; give --resume too, or leave it out");
    }
    require(options.epochs >= 1 && options.epochs <= most_epochs, "--epochs", options.epochs,
            fmt::format("1 to {}", most_epochs));
    require(options.epoch_steps <= TrainOptions::most_epoch_steps, "--epoch-steps", options.epoch_steps,
            fmt::format("1 to {} steps, or 0 for those of a pass over all pictures",
                        TrainOptions::most_epoch_steps));
    require(options.shares <= TrainOptions::most_shares, "--shares", options.shares,
            fmt::format("1 to {}, or 0 for one for each rank", TrainOptions::most_shares));
    if (options.crop_pad > 0 && !options.learns_classes()) {
        throw InputError(
            "--crop-pad is for labelled pictures, and these are pairs, of which crops are taken "
            "by --size; leave it out");
    }
    require(options.batch <= most_in_batch, "--batch", options.batch,
            fmt::format("1 to {} pictures, or 0 for all", most_in_batch));
    require(options.size <= TrainOptions::largest_size, "--size", options.size,
            fmt::format("1 to {} pixels, or 0 for the pictures' own size", TrainOptions::largest_size));
    require(options.crops >= 1 && options.crops <= most_crops, "--crops", options.crops,
            fmt::format("1 to {}", most_crops));
    check_optimizer(options.optimizer);
    check_start(options);
    check_changes(options.changes);
    check_schedule(options);
    check_norm_options(options);
    check_validation(options);
}

void validate(const Rates& rates) {
    check_learning_rate(rates.learning_rate);
    if (rates.decay) require_shape({.decay = *rates.decay});
}

std::vector<Domain> TrainOptions::training_domains() const {
    return domains.empty() ? std::vector<Domain>{{"", input, target}} : domains;
}

SizeRule TrainOptions::size_rule() const {
    if (size == 0) return {SizeRule::Kind::equal};
    return resize ? SizeRule{SizeRule::Kind::squares, size} : SizeRule{SizeRule::Kind::own};
}

Rates TrainOptions::rates(std::uint64_t step) const {
    const Rates* changed = rates_by_hand(changes, step);
    Rates rates = changed != nullptr ? *changed : Rates{optimizer.learning_rate, {}};
    if (!rates.decay) rates.decay = common_decay(network.network());
    return rates;
}

std::optional<float> TrainOptions::changed_decay(std::uint64_t step) const {
    const Rates* changed = rates_by_hand(changes, step);
    return changed != nullptr ? changed->decay : std::nullopt;
}

float TrainOptions::learning_rate(std::uint64_t step) const {
    const Rates* changed = rates_by_hand(changes, step);
    const float rate = changed != nullptr ? changed->learning_rate : optimizer.learning_rate;
    return static_cast<float>(rate * schedule_factor(schedule, step));
}

bool TrainOptions::keeps_decay() const {
    const std::vector<float> own = decays(network.network());
    return std::all_of(changes.begin(), changes.end(), [&](const RateChange& change) {
        const auto& decay = change.rates.decay;
        return !decay || std::ranges::count(own, *decay) == std::ssize(own);
    });
}

}  // namespace shadenet
