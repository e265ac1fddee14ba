#include "cli/train_display.h"

#include <exception>
#include <utility>

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "cli/tables.h"
#include "cli/text.h"
#include "gpu/device.h"
#include "statistics/trained_health.h"
#include "statistics/trained_quality.h"
#include "train/run_folder.h"
#include "train/solve.h"

namespace shadenet {

TrainDisplay::TrainDisplay(const TrainOptions& options, const Device& device, DisplayOptions display)
    : options_(options),
      device_(device),
      display_(std::move(display)),
      in_place_(!display_.quiet && !display_.verbose && redraws_tables()),
      floor_progress_(!display_.quiet),
      progress_(!display_.quiet),
      solve_progress_(!display_.quiet) {}

/// What is said of an error comes below the table.
TrainDisplay::~TrainDisplay() {
    leave_table();
}

void TrainDisplay::on_note(const std::string& note) {
    spdlog::info("{}", note);
}

void TrainDisplay::on_warning(const std::string& warning) {
    spdlog::warn("{}", warning);
}

void TrainDisplay::on_floor_progress(std::uint32_t done, std::uint32_t pairs) {
    floor_progress_.show(done, pairs, "finding the best linear filter");
}

void TrainDisplay::on_start(const RunStart& start) {
    floor_progress_.clear();
    started_ = true;
    has_tests_ = start.counts.test > 0;
    best_ = start.best;
    steps_per_epoch_ = start.steps_per_epoch;
    if (!display_.device_asked) warn_of_software(device_.info());
    if (display_.quiet) return;
    say_device(display_.rank_lines, device_);
    show_task(start);
    show_network(start);
    if (start.epochs_done < options_.epochs) show_progress(start.epochs_done, start.epochs_done + 1);
}

void TrainDisplay::show_task(const RunStart& start) const {
    say("pictures   {}", pictures_text(start));
    show_domains(start);
    const Schedule& schedule = start.options.schedule;
    const bool constant = schedule.kind == ScheduleKind::constant;
    const float decay = options_.optimizer.weight_decay;
    say("training   {} of {}, {}, learning rate {:g}{}{}, seed {}{}", counted(options_.epochs, "epoch"),
        counted(start.steps_per_epoch, "step"), to_string(options_.optimizer.kind),
        options_.optimizer.learning_rate, constant ? "" : fmt::format(" ({})", describe(schedule)),
        decay == 0 ? "" : fmt::format(", weight decay {:g}", decay), options_.seed,
        start.epochs_done > 0 ? fmt::format(", going on after epoch {}", start.epochs_done) : "");
    say("plan       {}: {}", to_string(start.plan.kind), start.plan.reason);
    if (start.feature_maps.bytes > 0) {
        say("memory     {} for the feature maps of a step and their gradients{}",
            bytes_text(start.feature_maps.bytes),
            start.feature_maps.remade
                ? "; because memory is short, activations are made again on the way back"
                : "");
    }
    if (floor_) {
        say("{:<11}{}: {}", floor_label(), loss_text(floor_->loss), floor_meaning(*floor_, options_));
    }
    say("run        {}", shown(options_.output));
}

void TrainDisplay::show_domains(const RunStart& start) const {
    if (start.options.domains.empty()) return;
    std::vector<std::string> shares;
    for (std::size_t i = 0; i < start.options.domains.size(); ++i) {
        shares.push_back(fmt::format("{} of {}", start.domain_pairs.at(i), start.options.domains[i].name));
    }
    say("streams    {}; the model, validation and test pictures have the statistics of {}",
        fmt::join(shares, ", "), start.options.domains.front().name);
}

void TrainDisplay::show_network(const RunStart& start) const {
    const char* heading = "network";
    const Network network = start.options.network.network();
    const bool continued = continues_pictures(network);
    if (continued) {
        say("{:<11}pictures go on beyond their edges, by {}", std::exchange(heading, ""),
            continued_by(network.padding));
    }
    for (const Layer& layer : network.layers) {
        const bool named = has_weights(layer) || std::holds_alternative<BatchNorm>(layer);
        const std::string name = named ? layer_name(layer) + ": " : "";
        say("{:<11}{}{}", std::exchange(heading, ""), name, describe(layer, continued));
    }
    say("\ntrainable parameters\n{}", tensor_table(start.parameters, true, false));
    if (start.parameters.statistic_values() > 0) {
        say("\nmoving statistics, not trainable, {}\n{}", decay_text(slowest_decay(network)),
            tensor_table(start.parameters, false, false));
    }
    say("");
}

double TrainDisplay::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void TrainDisplay::show_progress(double epochs_done, std::uint32_t epoch) {
    progress_.show(epochs_done, options_.epochs, fmt::format("epoch {}/{}", epoch, options_.epochs),
                   [this](TerminalSize room) { return table(room); });
}

std::vector<std::string> TrainDisplay::table(TerminalSize room) const {
    if (!table_shown_) return {};
    return training_table(*last_, options_.epochs, seconds(), room);
}

/// Writes the table for good, in full: what is not redrawn may scroll.
void TrainDisplay::leave_table() {
    progress_.clear();
    for (const std::string& line : table({block_room().columns, no_limit})) say("{}", line);
    table_shown_ = false;
}

void TrainDisplay::on_solve_progress(std::uint32_t done, std::uint32_t parts) {
    leave_table();
    solve_progress_.show(done, parts, "solving the last layer");
}

void TrainDisplay::on_solved(const Solution& solution) {
    solve_progress_.clear();
    solved_ = solved_line(solution);
}

void TrainDisplay::on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) {
    steps_done_ = std::uint64_t{epoch - 1} * steps_per_epoch + step;
    show_progress(epoch - 1 + static_cast<double>(step) / steps_per_epoch, epoch);
}

void TrainDisplay::on_epoch(const EpochRecord& record, const Parameters&) {
    last_ = record;
    table_shown_ = in_place_;
    if (!in_place_ && !display_.quiet) show_epoch(record);
    if (record.epoch < options_.epochs) {
        show_progress(record.epoch, record.epoch + 1);
    } else {
        leave_table();
    }
}

void TrainDisplay::show_epoch(const EpochRecord& record) const {
    NormLayout layout;
    if (display_.verbose) layout.channels_shown = no_limit;
    say("{}", epoch_line(record, options_.epochs));
    for (const NormStatistics& norm : all_norms(record)) say("{}", norm_lines(norm, layout));
}

/// At an epoch's end its own line tells of it.
void TrainDisplay::on_validation(const ValidationRecord& record) {
    if (record.best) best_ = {record.loss, record.step, record.epoch, record.accuracy};
    if (display_.quiet || record.step % steps_per_epoch_ == 0) return;
    say("epoch {}, step {}  validation {}", record.epoch, record.step,
        loss_text(record.loss, record.accuracy));
}

/// The best linear filter is one that a network with an activation may pass.
const char* TrainDisplay::floor_label() const {
    return has_activation(options_.network.network()) ? "linear" : "floor";
}

void TrainDisplay::on_results(const RunResults& results) {
    try {
        quality_ = judge_and_keep(device_, results);
    } catch (const std::exception& error) {
        spdlog::warn(
            "it is not known how good the results are: {}; make it known by `shadenet train --resume "
            "--output {}`",
            error.what(), shell_quoted(options_.output));
    }
    try {
        health_ = check_and_keep(device_, results);
    } catch (const std::exception& error) {
        const std::string ask =
            options_.learns_classes()
                ? fmt::format("shadenet train --resume --output {}", shell_quoted(options_.output))
                : fmt::format("shadenet inspect --health --input DIR {}",
                              shell_quoted(RunPaths(options_.output).model()));
        spdlog::warn("the network's health is not known: {}; ask for it by `{}`", error.what(), ask);
    }
}

void TrainDisplay::say_stopped() const {
    const std::string time = duration_text(seconds()), output = shown(options_.output);
    if (!started_) {
        say("stopped    before training {}, after {}: nothing is learned, and {} {}",
            options_.resume ? "went on" : "began", time, output,
            options_.resume ? "is as it was" : "holds no run");
        say("{}   the same command again", options_.resume ? "to go on" : "to begin");
        return;
    }
    if (steps_done_ == 0) {
        say("stopped    before the first step, after {}: nothing is learned yet; the run's start is saved in "
            "{}",
            time, output);
        return;
    }
    const std::uint64_t epochs = steps_done_ / steps_per_epoch_;
    say("stopped    {}, after {}; all of it is saved in {}",
        epochs > 0 ? fmt::format("after epoch {} of {}", epochs, options_.epochs) : "within an epoch", time,
        output);
}

void TrainDisplay::summary(RunEnd end, bool has_report) {
    solve_progress_.clear();
    leave_table();
    const std::filesystem::path report = RunPaths(options_.output).report();
    if (!display_.quiet && last_) say("");
    if (end == RunEnd::stopped) {
        say_stopped();
        if (!started_) return;
        if (has_report) say("report     {}", shown(report));
        say("to go on   shadenet train --resume --output {}", shell_quoted(options_.output));
        return;
    }
    if (last_) {
        say("finished   epoch {} of {}, after {}", last_->epoch, options_.epochs, duration_text(seconds()));
        say("loss       {}{}", loss_text(last_->train_loss, last_->train_accuracy),
            last_->validation_loss ? fmt::format(", validation {}", loss_text(*last_->validation_loss,
                                                                              last_->validation_accuracy))
                                   : "");
    }
    if (!solved_.empty()) say("solved     {}", solved_);
    if (floor_ && floor_->reached) {
        say("{:<11}{}; the loss on the same pixels is {}, {}", floor_label(), loss_text(floor_->loss),
            loss_text(*floor_->reached), gap_text(*floor_, floor_name(options_.network.network())));
    }
    if (best_) {
        say("best       validation {} at step {}, in epoch {}: {}", loss_text(best_->loss, best_->accuracy),
            best_->step, best_->epoch, shown(RunPaths(options_.output).best()));
    }
    if (test_) {
        say("test       {}{}", to_string(*test_),
            test_->best ? fmt::format(", of the best validation, at step {}", test_->step) : "");
    }
    if (quality_) say("{}", quality_lines(*quality_));
    if (health_) say("{}", health_lines(*health_));
    const std::filesystem::path model = RunPaths(options_.output).model();
    if (!options_.learns_classes()) {
        say("pictures   {}: before_*.png, after_*.png{}", shown(RunPaths(options_.output).images()),
            has_tests_ ? ", test_*.png" : "");
    }
    if (has_report) say("report     {}", shown(report));
    say("model      {}", shown(model));
    if (options_.learns_classes()) {
        say("try next   shadenet classify --model {} --input PICTURE.png", shell_quoted(model));
        return;
    }
    say("try next   shadenet apply --model {} --input PICTURE.png --output FILTERED.png",
        shell_quoted(model));
}

}  // namespace shadenet
