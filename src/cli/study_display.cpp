#include "cli/study_display.h"

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "cli/tables.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "study/findings.h"

namespace shadenet {

namespace {

std::string figures(const RunResult& result, const std::string& message) {
    if (result.state == RunState::diverged || result.state == RunState::failed) {
        return to_string(result.state) + (message.empty() ? "" : ": " + message);
    }
    if (!result.train_loss()) return to_string(result.state);
    std::string text = fmt::format("loss {}", loss_text(*result.train_loss(), result.train_accuracy()));
    if (const auto loss = result.validation_loss())
        text += fmt::format("  validation {}", loss_text(*loss, result.validation_accuracy()));
    if (const auto accuracy = result.test_accuracy()) text += "  test " + share_text(*accuracy);
    if (const auto seconds = result.seconds_per_epoch()) {
        text += fmt::format("  {} an epoch", duration_text(*seconds));
    }
    return result.finished() ? text : text + ", unfinished";
}

std::string median_text(const Spread& spread) {
    return spread.count == 0 ? "-" : loss_text(spread.median);
}

std::string median_share(const Spread& spread) {
    return spread.count == 0 ? "-" : share_text(spread.median);
}

std::string class_table(const StudyResult& result, std::size_t longest) {
    std::string text = fmt::format("{:<{}}  {:>5}  {:>9}  {:>10}  {:>9}", "variant", longest, "runs", "test",
                                   "validation", "training");
    for (const VariantResult& variant : result.variants) {
        text += fmt::format("\n{:<{}}  {:>5}  {:>9}  {:>10}  {:>9}", variant.variant.label(), longest,
                            fmt::format("{}/{}", variant.finished, variant.runs.size()),
                            median_share(variant.test_accuracy), median_share(variant.validation_accuracy),
                            median_share(variant.train_accuracy));
    }
    return text;
}

std::string variant_table(const StudyResult& result) {
    std::size_t longest = 7;
    for (const VariantResult& variant : result.variants) {
        longest = std::max(longest, variant.variant.label().size());
    }
    if (result.classes()) return class_table(result, longest);
    std::string text =
        fmt::format("{:<{}}  {:>5}  {:>21}  {:>21}", "variant", longest, "runs", "loss", "validation");
    for (const VariantResult& variant : result.variants) {
        text += fmt::format("\n{:<{}}  {:>5}  {:>21}  {:>21}", variant.variant.label(), longest,
                            fmt::format("{}/{}", variant.finished, variant.runs.size()),
                            median_text(variant.train_loss), median_text(variant.validation_loss));
    }
    return text;
}

}  // namespace

StudyDisplay::StudyDisplay(const StudyPlan& plan, const DeviceInfo& device, std::string reason,
                           DisplayOptions display)
    : plan_(plan), device_(device), reason_(std::move(reason)), display_(display), progress_(!display.quiet) {
    for (const StudyRun& run : runs_of(plan)) epochs_in_all_ += run.options.epochs;
}

void StudyDisplay::on_run(const StudyRun& run, std::size_t index, std::size_t count) {
    run_ = run;
    index_ = index;
    count_ = count;
    begun_ = false;
}

void StudyDisplay::on_run_end(const RunResult& result, const std::string& message) {
    floor_progress_.reset();
    if (!display_.quiet) {
        say("run {:>{}}/{}  {}  {}", index_ + 1, fmt::formatted_size("{}", count_), count_, run_.name,
            figures(result, message));
    }
    if (!begun_) {
        // It was over before, and took none of this time.
        epochs_in_all_ -= run_.options.epochs;
        return;
    }
    epochs_before_ += run_.options.epochs;
    show_progress(0);
}

void StudyDisplay::on_note(const std::string& note) {
    if (notes_.insert(note).second) spdlog::info("{}", note);
}

void StudyDisplay::on_warning(const std::string& warning) {
    if (notes_.insert(warning).second) spdlog::warn("{}", warning);
}

void StudyDisplay::on_floor_progress(std::uint32_t done, std::uint32_t pairs) {
    if (!floor_progress_) floor_progress_.emplace(!display_.quiet);
    floor_progress_->show(done, pairs,
                          fmt::format("run {}/{} finding the best linear filter", index_ + 1, count_));
}

void StudyDisplay::on_start(const RunStart& start) {
    floor_progress_.reset();
    begun_ = true;
    if (!std::exchange(started_, true)) {
        if (!display_.device_asked) warn_of_software(device_);
        if (!display_.quiet) show_task(start);
    }
    if (display_.verbose) {
        say("{}: plan {}: {}", run_.name, to_string(start.plan.kind), start.plan.reason);
    }
    show_progress(start.epochs_done);
}

void StudyDisplay::show_task(const RunStart& start) const {
    say_entry("device", device_line(device_, reason_));
    say("pictures   {}", pictures_text(start));
    const char* heading = "variants";
    for (const StudyVariant& variant : plan_.variants) {
        say("{:<11}{}", std::exchange(heading, ""), variant.label());
    }
    say("runs       {}, {} of each variant, from seed {} on", plan_.variants.size() * plan_.repeats,
        plan_.repeats, plan_.variants.front().options.seed);
    say("study      {}\n", shown(plan_.folder));
}

void StudyDisplay::show_progress(double epochs) {
    progress_.show(epochs_before_ + epochs, epochs_in_all_,
                   fmt::format("run {}/{} {}", std::min(index_ + 1, count_), count_, run_.name));
}

void StudyDisplay::on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) {
    show_progress(epoch - 1 + static_cast<double>(step) / steps_per_epoch);
}

void StudyDisplay::on_epoch(const EpochRecord& record, const Parameters&) {
    if (display_.verbose) say("{}", epoch_line(record, run_.options.epochs));
    show_progress(record.epoch);
}

void StudyDisplay::summary(const StudyResult& result, RunEnd end) {
    progress_.clear();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin_;
    say("\n{}\n", variant_table(result));
    const std::size_t columns = text_columns();
    for (const StudyFinding& finding : findings_of(result))
        say("{} {}", finding.supported ? "*" : "?", wrapped(finding.text, columns, 2));
    say("\n{}\n", wrapped(comparison_rule(result), columns));
    say("{:<11}{} of {}{}, after {}", end == RunEnd::stopped ? "stopped" : "finished",
        result.finished() + result.diverged(), counted(plan_.variants.size() * plan_.repeats, "run"),
        result.failed() > 0 ? fmt::format(", {} failed", result.failed()) : "",
        duration_text(seconds.count()));
    say("report     {}", shown(plan_.folder / "study.html"));
    say("figures    {}", shown(plan_.folder / "summary.csv"));
    if (end == RunEnd::stopped) {
        say("to go on   shadenet study --resume --output {}", shell_quoted(plan_.folder));
    }
}

}  // namespace shadenet
