#include "viewer/training_session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/threads.h"
#include "data/batches.h"
#include "statistics/trained_quality.h"
#include "train/solve.h"
#include "viewer/subject.h"

namespace shadenet {

TrainingSession::TrainingSession(const Device& device, TrainOptions options, TileChooser choose_tiles,
                                 Finish at_end)
    : device_(device), options_(std::move(options)) {
    status_.rates = options_.rates(0);
    thread_ = start_thread([this, choose_tiles = std::move(choose_tiles), at_end = std::move(at_end)] {
        work(choose_tiles, at_end);
    });
}

TrainingSession::~TrainingSession() {
    stop();
    if (thread_.joinable()) thread_.join();
}

void TrainingSession::finish() {
    stop();
    if (thread_.joinable()) thread_.join();
    if (failure_) std::rethrow_exception(failure_);
}

void TrainingSession::work(const TileChooser& choose_tiles, const Finish& at_end) {
    try {
        const RunEnd outcome = run_training(device_, options_, *this, stop_, choose_tiles, this);
        if (at_end) on_note(at_end(options_));
        end(outcome == RunEnd::finished ? SessionState::finished : SessionState::stopped, "");
    } catch (const std::exception& error) {
        failure_ = std::current_exception();
        end(SessionState::failed, error.what());
    }
}

void TrainingSession::end(SessionState state, const std::string& problem) {
    const std::lock_guard lock(mutex_);
    status_.state = state;
    status_.problem = problem;
}

void TrainingSession::run_to(std::uint64_t step) {
    const std::lock_guard lock(mutex_);
    run_to_ = step;
    changed_.notify_all();
}

void TrainingSession::one_epoch() {
    const std::lock_guard lock(mutex_);
    run_to_ = (status_.steps_done / steps_per_epoch_ + 1) * steps_per_epoch_;
    changed_.notify_all();
}

void TrainingSession::stop() {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
}

void TrainingSession::change_rates(const Rates& rates) {
    validate(rates);
    const std::lock_guard lock(mutex_);
    wanted_rates_ = rates;
    status_.rates = rates;
    changed_.notify_all();
}

RunStatus TrainingSession::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

RunNews TrainingSession::take_news() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
}

void TrainingSession::on_note(const std::string& note) {
    const std::lock_guard lock(mutex_);
    news_.notes.push_back(note);
}

void TrainingSession::on_start(const RunStart& start) {
    RunStory kept;
    std::vector<std::string> notes;
    kept.network = start.options.network.network();
    if (start.epochs_done > 0) read_epochs(options_.output, kept, notes);
    const std::vector<std::uint32_t> all = {start.counts.training * std::max(start.crops, 1u)};
    const std::lock_guard lock(mutex_);
    news_.notes.insert(news_.notes.end(), notes.begin(), notes.end());
    steps_per_epoch_ = start.steps_per_epoch;
    status_.steps_done = std::uint64_t{start.epochs_done} * start.steps_per_epoch;
    news_.start = {.parameters = start.parameters,
                   .examples = static_cast<std::uint32_t>(examples_of_epoch(all, options_.step_rule())),
                   .steps_per_epoch = start.steps_per_epoch,
                   .epochs_done = start.epochs_done,
                   .plan = to_string(start.plan.kind) + ": " + start.plan.reason,
                   .floor = floor_,
                   .kept = std::move(kept)};
}

void TrainingSession::on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) {
    const std::lock_guard lock(mutex_);
    status_.steps_done = std::uint64_t{epoch - 1} * steps_per_epoch + step;
}

void TrainingSession::on_epoch(const EpochRecord& record, const Parameters& parameters) {
    const std::lock_guard lock(mutex_);
    news_.epochs.push_back({record, parameters});
    news_.resting.reset();
}

void TrainingSession::on_test(const TestResults& results) {
    const std::lock_guard lock(mutex_);
    news_.test = results;
}

void TrainingSession::on_solved(const Solution& solution) {
    SolvedEnd solved{solved_line(solution)};
    if (solution.kept) solved.model = solution.parameters;
    const std::lock_guard lock(mutex_);
    news_.solved = std::move(solved);
}

void TrainingSession::on_results(const RunResults& results) {
    try {
        std::optional<QualityRecord> quality = judge_and_keep(device_, results);
        const std::lock_guard lock(mutex_);
        news_.quality = std::move(quality);
    } catch (const std::exception& error) {
        on_note(fmt::format("it is not known how good the results are: {}", error.what()));
    }
}

std::chrono::steady_clock::duration TrainingSession::before_step(Trainer& trainer) {
    std::unique_lock lock(mutex_);
    status_.steps_done = trainer.steps_done();
    const auto steer = [&] {
        if (wanted_rates_) {
            trainer.change_rates(*std::exchange(wanted_rates_, std::nullopt));
            news_.changes = trainer.options().changes;
        }
        status_.rates = trainer.rates();
    };
    if (run_to_ <= status_.steps_done && status_.steps_done % steps_per_epoch_ != 0) {
        lock.unlock();  // the next line waits for the device
        Parameters now = trainer.parameters();
        lock.lock();
        news_.resting = {std::move(now), status_.steps_done};
    }
    const auto begin = std::chrono::steady_clock::now();
    while (run_to_ <= status_.steps_done && !stop_) {
        status_.state = SessionState::paused;
        changed_.wait(lock);
        steer();
    }
    steer();
    status_.state = SessionState::running;
    return std::chrono::steady_clock::now() - begin;
}

}  // namespace shadenet
