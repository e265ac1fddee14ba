#include "cli/picture_part.h"

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/picture_run.h"
#include "cli/rank_devices.h"
#include "cli/same_inputs.h"
#include "image/image.h"

namespace shadenet {

int PicturePart::lead() {
    open_model();
    plan_ = make_plan();
    if (earlier_results_of(flags_) == EarlierResults::refuse) take_finished_jobs();
    if (stop_on_interrupt()) return exit_after_interrupt();
    model_id_ = model_id(shared_.group(), flags_.model);
    shared_.give(plan_, model_id_);
    return work([&] { make_ready(); });
}

int PicturePart::follow() {
    std::string model_of_leader;
    if (!shared_.take(plan_, model_of_leader)) return exit_fine;
    return work([&] {
        open_model();
        require_same_model(shared_.group(), flags_.model, model_of_leader);
        make_ready();
    });
}

void PicturePart::open_model() {
    model_ = read_model();
}

void PicturePart::take_finished_jobs() {
    finished_ = take_earlier(flags_.quiet || !talks(),
                             [&](const OnChecked& tell) { return take_finished(plan_.jobs, tell); });
}

/// All that can be refused.
void PicturePart::make_ready() {
    if (earlier_results_of(flags_) != EarlierResults::refuse) take_finished_jobs();
    if (stop_on_interrupt()) return;
    if (plan_.single && !plan_.jobs.empty() && !plan_.jobs.front().read) image_size(plan_.jobs.front().input);
    say_what_is_left_out(plan_);
    display_.emplace(words_, plan_.jobs.size() + plan_.problems.size(), talks() ? flags_.summary : "",
                     talks() ? detail() : DisplayDetail::failures,
                     flags_.quiet || !talks() || !plan_.nothing_taken.empty());
    add_all_else([&](const PictureOutcome& outcome) { add(outcome); }, plan_, finished_);
    if (!plan_.jobs.empty()) open_device(rank_lines_);
}

void PicturePart::add(const PictureOutcome& outcome) {
    display_->add(outcome);
    if (talks()) {
        note(outcome);
    } else {
        shared_.add(outcome);
    }
}

int PicturePart::work(const std::function<void()>& prepare) {
    if (shared_.is_shared()) rank_lines_ = rank_lines(flags_.device);
    if (!shared_.all_ready(prepare)) return exit_fine;
    if (!display_) return exit_after_interrupt();
    if (!plan_.jobs.empty()) work_on(plan_.jobs, [&](const PictureOutcome& outcome) { add(outcome); });
    const std::vector<PictureOutcome> of_others = shared_.join();
    return talks() ? finish(of_others) : exit_fine;
}

std::string PicturePart::how_to_go_on() const {
    const EarlierResults earlier = earlier_results_of(flags_);
    const std::string again = earlier == EarlierResults::refuse && tells_in_files()
                                  ? "the same command with --overwrite"
                                  : "the same command";
    // No answers were kept that --resume could go on from.
    if (flags_.output.empty()) return again + " asks about all again";
    // A single picture that was stopped has left nothing that --resume would look at.
    if (plan_.single) return again + " goes on";
    switch (earlier) {
        case EarlierResults::refuse:
            return "the same command with --resume goes on";
        case EarlierResults::resume:
            return "the same command goes on";
        case EarlierResults::overwrite:
            break;
    }
    return "the same command makes all anew, and with --resume in place of --overwrite only what is missing "
           "or out of date";
}

int PicturePart::finish(const std::vector<PictureOutcome>& of_others) {
    for (const PictureOutcome& outcome : of_others) {
        display_->add_told(outcome);
        note(outcome);
    }
    const bool interrupted = stop_on_interrupt() && display_->count(PictureStatus::not_done) > 0;
    const bool well = display_->finish(how_to_go_on()) && plan_.nothing_taken.empty();
    write_notes();
    if (interrupted) return exit_after_interrupt();
    return well ? exit_fine : exit_failure;
}

void check_shard_flag(const PictureFlags& flags) {
    if (this_group().is_alone() || flags.shard.empty()) return;
    throw InputError(
        fmt::format("--shard {}: {} ranks share the pictures already; leave it out, or run one process",
                    flags.shard, this_group().size()));
}

}  // namespace shadenet
