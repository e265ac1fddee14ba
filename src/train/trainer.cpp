#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "data/batches.h"
#include "data/examples.h"
#include "engine/plan_choice.h"
#include "engine/stack/evaluator.h"
#include "engine/tensors/bindable.h"
#include "gpu/recorder.h"
#include "train/checkpoint.h"
#include "train/norm_schedule.h"
#include "train/trained_values.h"

namespace shadenet {

namespace {

/// With the steps of the whole run where the schedule has none of its own.
TrainOptions resolved(TrainOptions options, const Examples& training) {
    const std::size_t domains = training.domain_sizes().size();
    if (domains != std::max<std::size_t>(options.domains.size(), 1)) {
        throw std::invalid_argument("the examples and the options differ in their domains");
    }
    Schedule& schedule = options.schedule;
    if (schedule.kind != ScheduleKind::constant && schedule.steps == 0) {
        schedule.steps =
            std::uint64_t{options.epochs} * steps_of_epoch(training.domain_sizes(), options.batch);
    }
    return options;
}

/// The network of the options, whose examples the device can bind. `validation` may be null.
Network bindable_network(const Device& device, const TrainOptions& options, const Examples& training,
                         const Examples* validation) {
    Network network = options.network.network();
    const bool layerwise = choose_plan(network, options.plan).kind == PlanKind::layerwise;
    if (layerwise) require_bindable(device, network, training.input_shape());
    if (validation != nullptr) require_bindable(device, network, validation->input_shape());
    return network;
}

std::vector<std::string> domain_names(const TrainOptions& options) {
    std::vector<std::string> domains;
    for (const Domain& domain : options.domains) domains.push_back(domain.name);
    return domains;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

struct Trainer::State {
    State(const Device& device, const TrainOptions& used_options, const Examples& used_training,
          const Examples* validation, const Parameters& initial, const FusedTiles& tiles,
          const LossKind& loss);

    std::uint32_t steps_per_epoch() const { return steps_of_epoch(training.domain_sizes(), options.batch); }
    DataFacts data_facts() const {
        return {training.size(), training.input_shape().w, training.input_shape().h, training.domain_sizes(),
                training.colours()};
    }
    bool ended_early() const { return early_stop.reached(options.early_stop); }

    /// Hands out the batches of the current epoch, a function of seed and epoch.
    void shuffle();
    void record_step();
    /// Waits, and adds the losses of the epoch's steps since `first` to its sum.
    void collect_losses(std::uint32_t first);
    double validation_loss();
    /// Looks at the validation examples, and tells of it.
    double validate();
    bool validation_is_due() const;
    void require_finite(const std::vector<NamedTensor>& tensors) const;
    EpochRecord end_epoch();
    [[noreturn]] void fail(const char* what, std::uint64_t step) const;

    TrainOptions options;
    const Examples& training;
    Network network;
    double to_unit_range;  ///< times a loss as the device computes it: of values 0..1
    TrainedValues values;
    std::unique_ptr<TrainingPlan> plan;
    std::unique_ptr<BatchSource> source;
    std::optional<Evaluator> validation;
    Buffer losses;         ///< [steps of an epoch]
    EpochBatches batches;  ///< of the current epoch
    Progress progress;
    NormSchedule norms;
    EarlyStop early_stop;
    std::function<void(const ValidationRecord&)> tell_of_validation;
    std::chrono::steady_clock::duration rested{};  ///< since run_epoch() was called
    Parameters epoch_parameters;                   ///< of the end of the latest epoch
    Recorder recorder;                             ///< last, so that it has waited before any memory goes
};

Trainer::State::State(const Device& device, const TrainOptions& used_options, const Examples& used_training,
                      const Examples* validation_examples, const Parameters& initial, const FusedTiles& tiles,
                      const LossKind& loss)
    : options(resolved(used_options, used_training)),
      training(used_training),
      network(bindable_network(device, options, training, validation_examples)),
      to_unit_range(loss.to_unit_range(network.range)),
      values(device, initial, options.optimizer, domain_names(options)),
      plan(make_training_plan(options.plan, device, network, values.parameters, training,
                              largest_batch(training.domain_sizes(), options.batch), tiles, loss)),
      source(plan->make_source(training)),
      losses(device, sizeof(float) * std::uint64_t{steps_per_epoch()}, "losses"),
      norms(options, network, training.domain_sizes()),
      recorder(device) {
    if (validation_examples == nullptr) return;
    validation.emplace(device, network, values.parameters, *validation_examples, loss);
}

void Trainer::State::shuffle() {
    batches = epoch_batches(training.domain_sizes(), options.batch, options.seed, progress.epoch);
    source->set_batches(recorder, batches.examples);
}

void Trainer::State::record_step() {
    const std::uint32_t domain = batches.domains[progress.epoch_step];
    norms.begin_step(*plan, progress.step, progress.epoch, domain);
    values.statistics.select(recorder, domain);
    const Batch batch = source->batch(recorder, progress.epoch_step);
    plan->step(recorder, batch, losses.whole(), progress.epoch_step);
    values.optimizer.step(recorder, values.parameters, progress.step + 1,
                          options.learning_rate(progress.step));
    ++progress.step;
    ++progress.epoch_step;
}

void Trainer::State::collect_losses(std::uint32_t first) {
    recorder.finish();
    const std::vector<float> each =
        losses.download<float>(progress.epoch_step - first, first * sizeof(float));
    for (std::uint32_t step = first; step < progress.epoch_step; ++step) {
        const float loss = each[step - first];
        if (!std::isfinite(loss)) fail("the loss", progress.step - progress.epoch_step + step + 1);
        progress.epoch_loss +=
            static_cast<double>(loss) * to_unit_range * static_cast<double>(batches.examples[step].size());
    }
}

double Trainer::State::validation_loss() {
    values.statistics.select(recorder, 0);
    const std::vector<float> each = validation->losses(recorder);
    const double sum = std::accumulate(each.begin(), each.end(), 0.0);
    if (!std::isfinite(sum)) fail("the validation loss", progress.step);
    return sum / static_cast<double>(each.size()) * to_unit_range;
}

double Trainer::State::validate() {
    ValidationRecord record{.epoch = progress.epoch + 1, .step = progress.step, .loss = validation_loss()};
    if (options.early_stop > 0) record.best = early_stop.add({record.loss, record.step, record.epoch});
    if (tell_of_validation) tell_of_validation(record);
    return record.loss;
}

/// Within an epoch; at its end there always is one.
bool Trainer::State::validation_is_due() const {
    return validation && options.validate_every > 0 && progress.step % options.validate_every == 0 &&
           progress.epoch_step < steps_per_epoch();
}

void Trainer::State::require_finite(const std::vector<NamedTensor>& tensors) const {
    for (const NamedTensor& tensor : tensors) {
        const auto finite = [](float value) { return std::isfinite(value); };
        if (!std::all_of(tensor.values.begin(), tensor.values.end(), finite)) {
            fail(tensor.name.c_str(), progress.step);
        }
    }
}

EpochRecord Trainer::State::end_epoch() {
    epoch_parameters = values.download(recorder);
    require_finite(epoch_parameters.tensors());
    EpochRecord record;
    record.epoch = progress.epoch + 1;
    record.step = progress.step;
    record.learning_rate = options.learning_rate(progress.step - 1);
    record.train_loss = progress.epoch_loss / training.size();
    const Parameters batch_statistics = values.batch_statistics();
    // The last batch is of any domain, and it is not known of which after a resumption.
    const bool of_the_first = training.domain_sizes().size() == 1;
    record.norms = norm_statistics(network, epoch_parameters, of_the_first ? &batch_statistics : nullptr);
    for (std::uint32_t i = 1; i < options.domains.size(); ++i) {
        const Parameters domain = values.download(recorder, i);
        require_finite(domain.tensors());
        record.domains.push_back({options.domains[i].name, norm_statistics(network, domain, nullptr)});
    }
    return record;
}

void Trainer::State::fail(const char* what, std::uint64_t step) const {
    throw BadResult(
        fmt::format("{} is no longer a number at step {} (epoch {}); the last checkpoint is kept; try a "
                    "smaller --lr, with another --output",
                    what, step, progress.epoch + 1));
}

Trainer::Trainer(const Device& device, const TrainOptions& options, const Examples& training,
                 const Examples* validation, const Parameters& initial, const FusedTiles& tiles,
                 const LossKind& loss)
    : state_(std::make_unique<State>(device, options, training, validation, initial, tiles, loss)) {}

Trainer::~Trainer() = default;

std::uint32_t Trainer::epochs_done() const {
    return state_->progress.epoch;
}
std::uint64_t Trainer::steps_done() const {
    return state_->progress.step;
}
std::uint32_t Trainer::steps_per_epoch() const {
    return state_->steps_per_epoch();
}
std::vector<std::uint64_t> Trainer::norm_updates() const {
    const std::vector<std::uint64_t>& updates = state_->norms.updates();
    if (has_norm(state_->network)) return updates;
    return std::vector<std::uint64_t>(updates.size());
}

bool Trainer::norms_frozen() const {
    const std::uint64_t steps = state_->progress.step;
    return steps > 0 && state_->norms.frozen(static_cast<std::uint32_t>((steps - 1) / steps_per_epoch()));
}

void Trainer::has_rested(std::chrono::steady_clock::duration time) {
    state_->rested += time;
}

const TrainOptions& Trainer::options() const {
    return state_->options;
}
Rates Trainer::rates() const {
    return state_->options.rates(state_->progress.step);
}

void Trainer::change_rates(const Rates& rates) {
    validate(rates);
    const std::uint64_t step = state_->progress.step;
    std::vector<RateChange>& changes = state_->options.changes;
    while (!changes.empty() && changes.back().step >= step) changes.pop_back();
    changes.push_back({step, rates});
}

void Trainer::on_validation(std::function<void(const ValidationRecord&)> tell) {
    state_->tell_of_validation = std::move(tell);
}

const EarlyStop& Trainer::early_stop() const {
    return state_->early_stop;
}

bool Trainer::ended_early() const {
    return state_->ended_early();
}

std::optional<EpochRecord> Trainer::run_epoch(const std::atomic<bool>& stop,
                                              const std::function<void(std::uint32_t)>& on_step) {
    State& state = *state_;
    Progress& progress = state.progress;
    const auto start = std::chrono::steady_clock::now();
    state.rested = {};
    const std::uint32_t first = progress.epoch_step;
    state.shuffle();
    while (progress.epoch_step < state.steps_per_epoch() && !stop && !state.ended_early()) {
        state.record_step();
        if (state.validation_is_due()) state.validate();
        if (on_step) on_step(progress.epoch_step);
    }
    state.collect_losses(first);
    if (progress.epoch_step < state.steps_per_epoch()) {
        progress.epoch_seconds += seconds_since(start + state.rested);
        return std::nullopt;
    }
    EpochRecord record = state.end_epoch();
    if (state.validation) record.validation_loss = state.validate();
    record.seconds = progress.epoch_seconds + seconds_since(start + state.rested);
    progress = {.step = progress.step, .epoch = progress.epoch + 1};
    return record;
}

Parameters Trainer::parameters() const {
    return state_->values.download(state_->recorder);
}

std::vector<NamedStatistics> Trainer::domain_statistics() const {
    return state_->values.download_statistics(state_->recorder);
}

const Parameters& Trainer::epoch_parameters() const {
    return state_->epoch_parameters;
}

void Trainer::save_checkpoint(const std::filesystem::path& path) const {
    Checkpoint checkpoint{.progress = state_->progress, .early_stop = state_->early_stop};
    state_->values.save(state_->recorder, checkpoint);
    write_checkpoint(path, state_->options, state_->data_facts(), checkpoint);
}

void Trainer::restore_checkpoint(const std::filesystem::path& path, const DataChange& change) {
    State& state = *state_;
    const Checkpoint checkpoint = read_checkpoint(path, state.options, state.data_facts(), change);
    if (checkpoint.optimizer_state.size() != state.values.optimizer.download_state().size()) {
        throw InputError(fmt::format(
            "{}: is damaged: its counts of steps, epochs or optimizer values do not agree", path.string()));
    }
    state.values.restore(state.recorder, checkpoint);
    state.progress = checkpoint.progress;
    state.norms.replay(state.progress.step);
    state.early_stop = checkpoint.early_stop;
}

}  // namespace shadenet
