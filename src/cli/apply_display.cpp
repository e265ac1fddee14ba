#include "cli/apply_display.h"

#include <algorithm>
#include <exception>

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "base/memory.h"
#include "base/one_line.h"
#include "cli/output.h"
#include "cli/text.h"

namespace shadenet {

namespace {

/// "a.png: keep 97.31 %, then discard 2.69 %".
std::string answer_line(const PictureOutcome& outcome, bool verbose) {
    const NamedAnswer& answer = *outcome.answer;
    std::string line =
        fmt::format("{}: {} {:.2f} %, then {} {:.2f} %", shown(outcome.input), answer.label,
                    100 * answer.probability, answer.runner_up, 100 * answer.runner_up_probability);
    if (!answer.truth.empty() && answer.truth != answer.label)
        line += fmt::format("; it is {}", answer.truth);
    if (verbose && !outcome.output.empty()) line += " -> " + shown(outcome.output);
    return line;
}

}  // namespace

ApplyDisplay::ApplyDisplay(const DisplayWords& words, std::size_t total, const std::string& summary,
                           DisplayDetail detail, bool quiet)
    : words_(words), total_(total), detail_(detail), quiet_(quiet), progress_(!quiet) {
    if (!summary.empty()) summary_.emplace(summary);
}

std::size_t ApplyDisplay::count(PictureStatus status) const {
    const auto found = counts_.find(status);
    return found == counts_.end() ? 0 : found->second;
}

double ApplyDisplay::seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ApplyDisplay::add_told(const PictureOutcome& outcome) noexcept {
    if (outcome.status != PictureStatus::skipped) expect(1);
    add(outcome, true);
}

void ApplyDisplay::add(const PictureOutcome& outcome, bool is_told) noexcept {
    try {
        ++counts_[outcome.status];
        show(outcome, is_told);
        if (summary_ && summary_failure_.empty()) summary_->add(outcome);
    } catch (const std::exception& error) {
        // The pictures matter more than what is told of them.
        summary_failure_ = error.what();
    }
}

void ApplyDisplay::show(const PictureOutcome& outcome, bool is_told) {
    switch (outcome.status) {
        case PictureStatus::failed:
            if (!is_told && !failures_.contains(outcome.input)) spdlog::error("{}", outcome.message);
            forget_failure(outcome.input);
            failures_[outcome.input] = outcome.message;
            break;
        case PictureStatus::written:
            forget_failure(outcome.input);
            if (detail_ != DisplayDetail::failures) {
                say("{} -> {}  {} x {}, {:.0f} ms{}{}", shown(outcome.input), shown(outcome.output),
                    outcome.width, outcome.height, outcome.milliseconds, outcome.notes.empty() ? "" : "; ",
                    outcome.remark());
            }
            remember_notes(outcome);
            break;
        case PictureStatus::classified:
            if (!quiet_) say("{}", answer_line(outcome, detail_ == DisplayDetail::all));
            remember_notes(outcome);
            break;
        case PictureStatus::not_taken:
            if (detail_ != DisplayDetail::failures)
                say("{} not taken: {}", shown(outcome.input), outcome.message);
            return;
        case PictureStatus::skipped:
            if (detail_ == DisplayDetail::all) say("{} was there already", shown(outcome.output));
            return;
        case PictureStatus::not_done:
            return;
    }
    show_progress();
}

/// Takes back the failure of an earlier attempt.
void ApplyDisplay::forget_failure(const std::filesystem::path& input) {
    if (failures_.erase(input) == 0) return;
    --counts_[PictureStatus::failed];
    --total_;
}

void ApplyDisplay::remember_notes(const PictureOutcome& outcome) {
    for (const std::string& note : outcome.notes) {
        Note& known = notes_[note];
        if (++known.count == 1) known.first = outcome.output;
    }
}

void ApplyDisplay::show_progress() {
    if (quiet_) return;
    const std::size_t finished = done() + count(PictureStatus::failed);
    const double rate = static_cast<double>(finished) / std::max(seconds(), 1e-3);
    const std::string text =
        fmt::format("{} of {}, {:.1f} a second", finished, counted(total_, "picture"), rate);
    progress_.show(static_cast<double>(finished), static_cast<double>(total_), text);
    constexpr auto interval = std::chrono::seconds(15);
    if (redraws_lines() || finished == total_ || Clock::now() - last_line_ < interval) return;
    last_line_ = Clock::now();
    spdlog::info("{}, {} left", text, duration_text(static_cast<double>(total_ - finished) / rate));
}

void ApplyDisplay::list_failures() const {
    constexpr std::size_t most = 50;
    spdlog::warn("{} of {} could not be {}:", failures_.size(), counted(total_, "picture"), words_.failed);
    std::size_t listed = 0;
    for (const auto& [input, message] : failures_) {
        if (++listed > most) break;
        fmt::print(stderr, "  {}\n", on_one_line(message));
    }
    if (failures_.size() > most) {
        fmt::print(stderr, "  and {} more{}\n", failures_.size() - most,
                   summary_ ? ", which the summary names" : "; --summary FILE would name them all");
    }
}

void ApplyDisplay::list_notes() const {
    constexpr std::size_t most = 10;
    std::size_t listed = 0;
    for (const auto& [text, note] : notes_) {
        if (++listed > most) break;
        const std::string first = shown(note.first);
        if (note.count == 1) spdlog::info("{}: {}", first, text);
        if (note.count > 1)
            spdlog::info("{}: {}; the first is {}", counted(note.count, "result"), text, first);
    }
    if (notes_.size() > most) {
        spdlog::info("and {}, which {}", counted(notes_.size() - most, "other note"),
                     summary_ ? "the summary has" : "--summary FILE would have");
    }
}

bool ApplyDisplay::finish(const std::string& how_to_go_on) {
    progress_.clear();
    const std::size_t written = done(), skipped = count(PictureStatus::skipped);
    if (!quiet_) {
        const std::string rate =
            written < 2
                ? ""
                : fmt::format(", {:.1f} a second", static_cast<double>(written) / std::max(seconds(), 1e-3));
        const std::size_t not_taken = count(PictureStatus::not_taken);
        say("{:<10} {} in {}{}{}{}", words_.done, counted(written, "picture"), duration_text(seconds()), rate,
            skipped == 0 ? "" : fmt::format("; {} {} there already", skipped, skipped == 1 ? "was" : "were"),
            not_taken == 0 ? "" : fmt::format("; {} not taken", not_taken));
        if (peak_memory() > 0) say("memory     {} at most", bytes_text(peak_memory()));
    }
    list_notes();
    if (!failures_.empty() && total_ > 1) list_failures();
    if (count(PictureStatus::not_done) > 0) {
        spdlog::warn("{} not done; {}", counted(count(PictureStatus::not_done), "picture"), how_to_go_on);
    }
    if (!summary_failure_.empty()) spdlog::error("{}", summary_failure_);
    return failures_.empty() && summary_failure_.empty() && count(PictureStatus::not_done) == 0;
}

}  // namespace shadenet
