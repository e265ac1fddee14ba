#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <variant>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "data/dataset.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/layerwise.h"
#include "engine/tensors/bindable.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/training_plan.h"
#include "gpu/recorder.h"
#include "model/random.h"
#include "train/checkpoint.h"
#include "train/debiased_decay.h"
#include "train/streams.h"

namespace shadenet {

namespace {

/// With the steps of the whole run where the schedule has none of its own.
TrainOptions resolved(TrainOptions options, const DataSet& training) {
    const std::size_t streams = training.stream_sizes().size();
    if (streams != std::max<std::size_t>(options.streams.size(), 1)) {
        throw std::invalid_argument("the data set and the options differ in their streams");
    }
    Schedule& schedule = options.schedule;
    if (schedule.kind != ScheduleKind::constant && schedule.steps == 0) {
        schedule.steps =
            std::uint64_t{options.epochs} * steps_of_epoch(training.stream_sizes(), options.batch);
    }
    return options;
}

Shape batch_shape(const DataSet& data, std::uint32_t images) {
    return {images, 3, data.height(), data.width()};
}

/// The network of the options, whose pictures the device can bind. `validation` may be null.
Network bindable_network(const Device& device, const TrainOptions& options, const DataSet& training,
                         const DataSet* validation) {
    Network architecture = options.network.network();
    const bool layerwise = choose_plan(architecture, options.plan).kind == PlanKind::layerwise;
    if (layerwise) require_bindable(device, architecture, batch_shape(training, 1));
    if (validation != nullptr) require_bindable(device, architecture, batch_shape(*validation, 1));
    return architecture;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// `batch` has the batch's own, and may be null.
std::vector<NormStatistics> norm_statistics(const Network& architecture, const Parameters& parameters,
                                            const Parameters* batch) {
    std::vector<NormStatistics> norms;
    for (const Layer& layer : architecture.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        const std::string mean = norm->name + ".running_mean", variance = norm->name + ".running_var";
        norms.push_back({norm->name, parameters.at(mean).values, parameters.at(variance).values, {}, {}});
        if (batch == nullptr) continue;
        norms.back().batch_mean = batch->at(mean).values;
        norms.back().batch_variance = batch->at(variance).values;
    }
    return norms;
}

}  // namespace

struct Trainer::State {
    State(const Device& device, const TrainOptions& used_options, const DataSet& used_training,
          const DataSet* used_validation, const Parameters& initial, const FusedTiles& tiles);

    std::uint32_t steps_per_epoch() const { return steps_of_epoch(training.stream_sizes(), options.batch); }
    DataFacts data_facts() const {
        return {training.size(), training.width(), training.height(), training.stream_sizes(),
                training.profiles().colours()};
    }
    bool ended_early() const { return early_stop.reached(options.early_stop); }
    /// What the device says of losses, squares of the network's range, becomes squares of 0..1.
    double of_unit_range() const { return 1 / (architecture.range.span() * architecture.range.span()); }

    /// Hands the plan the batches of the current epoch, a function of seed and epoch.
    void shuffle();
    /// Frozen norms, in the epoch after `epoch` others.
    bool frozen(std::uint32_t epoch) const;
    /// Tells `visit` number and stream of every step so far that moved statistics.
    void for_each_update(const std::function<void(std::uint64_t, std::uint32_t)>& visit) const;
    /// Of each norm in a step, --debias aside.
    std::vector<float> decays_of(std::uint64_t step) const;
    /// Tells the plan what the norms do in the next step.
    void prepare_norms();
    /// As if the steps so far had been made here.
    void replay_updates();
    void record_step();
    /// Waits, and adds the losses of the epoch's steps since `first` to its sum.
    void collect_losses(std::uint32_t first);
    double validation_loss();
    /// Looks at the validation pictures, and tells of it.
    double validate();
    bool validation_is_due() const;
    Parameters downloaded(std::uint32_t stream = 0);
    std::vector<NamedStatistics> downloaded_streams();
    void upload(std::uint32_t stream, const Parameters& values);
    void require_finite(const std::vector<NamedTensor>& tensors) const;
    EpochRecord end_epoch();
    [[noreturn]] void fail(const char* what, std::uint64_t step) const;

    TrainOptions options;
    const DataSet& training;
    const DataSet* validation;
    Network architecture;
    Parameters names;  ///< the tensors of the network; the values are on the device
    ParameterBuffers parameters;
    StreamStatistics statistics;
    std::unique_ptr<TrainingPlan> plan;
    std::optional<LayerwisePlan> validation_plan;  ///< for one picture at a time
    OptimizerKernels optimizer;
    Buffer losses;         ///< [steps of an epoch], and then [validation pictures]
    EpochBatches batches;  ///< of the current epoch
    Progress progress;
    std::vector<DebiasedDecays> debiased;  ///< of each stream's steps so far, where the options ask for it
    std::vector<std::uint64_t> updates;    ///< of each stream's statistics so far
    EarlyStop early_stop;
    std::function<void(const ValidationRecord&)> tell_of_validation;
    std::chrono::steady_clock::duration rested{};  ///< since run_epoch() was called
    Parameters epoch_parameters;                   ///< of the end of the latest epoch
    Recorder recorder;                             ///< last, so that it has waited before any memory goes
};

Trainer::State::State(const Device& device, const TrainOptions& used_options, const DataSet& used_training,
                      const DataSet* used_validation, const Parameters& initial, const FusedTiles& tiles)
    : options(resolved(used_options, used_training)),
      training(used_training),
      validation(used_validation),
      architecture(bindable_network(device, options, training, validation)),
      names(initial),
      parameters(device, initial),
      statistics(device, parameters, static_cast<std::uint32_t>(training.stream_sizes().size())),
      plan(make_training_plan(options.plan, device, architecture, parameters, training.input(),
                              training.target(), largest_batch(training.stream_sizes(), options.batch),
                              tiles)),
      optimizer(device, options.optimizer, parameters.count()),
      losses(device,
             sizeof(float) * (std::uint64_t{steps_per_epoch()} + (validation ? validation->size() : 0)),
             "losses"),
      recorder(device) {
    replay_updates();
    if (validation == nullptr) return;
    validation_plan.emplace(device, architecture, parameters, batch_shape(*validation, 1),
                            Purpose::inference);
}

void Trainer::State::shuffle() {
    batches = epoch_batches(training.stream_sizes(), options.batch, options.seed, progress.epoch);
    plan->set_batches(recorder, batches.pairs);
}

bool Trainer::State::frozen(std::uint32_t epoch) const {
    return options.freeze_norm > 0 && epoch + 1 >= options.freeze_norm;
}

void Trainer::State::for_each_update(const std::function<void(std::uint64_t, std::uint32_t)>& visit) const {
    std::uint64_t step = 0;
    for (std::uint32_t epoch = 0; step < progress.step && !frozen(epoch); ++epoch) {
        for (const std::uint32_t stream :
             epoch_batches(training.stream_sizes(), options.batch, options.seed, epoch).streams) {
            if (step < progress.step) visit(step++, stream);
        }
    }
}

std::vector<float> Trainer::State::decays_of(std::uint64_t step) const {
    std::vector<float> own = decays(architecture);
    if (const auto changed = options.changed_decay(step)) std::ranges::fill(own, *changed);
    return own;
}

void Trainer::State::prepare_norms() {
    plan->freeze_norms(frozen(progress.epoch));
    if (frozen(progress.epoch)) return;
    const std::uint32_t stream = batches.streams[progress.epoch_step];
    std::vector<float> decays = decays_of(progress.step);
    if (options.debias) debiased[stream].replace(decays);
    plan->set_decays(decays);
    ++updates[stream];
}

void Trainer::State::replay_updates() {
    debiased.assign(training.stream_sizes().size(), {});
    updates.assign(training.stream_sizes().size(), 0);
    for_each_update([&](std::uint64_t step, std::uint32_t stream) {
        if (options.debias) {
            std::vector<float> decays = decays_of(step);
            debiased[stream].replace(decays);
        }
        ++updates[stream];
    });
}

void Trainer::State::record_step() {
    prepare_norms();
    statistics.select(recorder, batches.streams[progress.epoch_step]);
    plan->step(recorder, progress.epoch_step, losses.whole());
    optimizer.step(recorder, parameters, progress.step + 1, options.learning_rate(progress.step));
    ++progress.step;
    ++progress.epoch_step;
}

void Trainer::State::collect_losses(std::uint32_t first) {
    recorder.finish();
    const std::vector<float> values =
        losses.download<float>(progress.epoch_step - first, first * sizeof(float));
    for (std::uint32_t step = first; step < progress.epoch_step; ++step) {
        const float loss = values[step - first];
        if (!std::isfinite(loss)) fail("the loss", progress.step - progress.epoch_step + step + 1);
        progress.epoch_loss +=
            static_cast<double>(loss) * of_unit_range() * static_cast<double>(batches.pairs[step].size());
    }
}

double Trainer::State::validation_loss() {
    const std::uint32_t images = validation->size(), first = steps_per_epoch();
    statistics.select(recorder, 0);
    for (std::uint32_t i = 0; i < images; ++i) {
        validation_plan->forward(recorder, validation->input().view().images(i, 1), Mode::inference);
        validation_plan->loss(recorder, validation->target().view().images(i, 1), losses.whole(), first + i);
    }
    recorder.finish();
    const std::vector<float> values = losses.download<float>(images, first * sizeof(float));
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    if (!std::isfinite(sum)) fail("the validation loss", progress.step);
    return sum / images * of_unit_range();
}

double Trainer::State::validate() {
    ValidationRecord record{.epoch = progress.epoch + 1, .step = progress.step, .loss = validation_loss()};
    if (options.early_stop > 0) record.best = early_stop.add({record.loss, record.step, record.epoch});
    if (tell_of_validation) tell_of_validation(record);
    return record.loss;
}

/// Within an epoch; at its end there always is one.
bool Trainer::State::validation_is_due() const {
    return validation != nullptr && options.validate_every > 0 &&
           progress.step % options.validate_every == 0 && progress.epoch_step < steps_per_epoch();
}

std::vector<NamedStatistics> Trainer::State::downloaded_streams() {
    std::vector<NamedStatistics> streams;
    for (std::uint32_t i = 0; i < options.streams.size(); ++i) {
        streams.push_back(statistics_of(downloaded(i), options.streams[i].name));
    }
    return streams;
}

Parameters Trainer::State::downloaded(std::uint32_t stream) {
    statistics.select(recorder, stream);
    recorder.finish();
    Parameters now = names;
    parameters.download(now);
    return now;
}

void Trainer::State::upload(std::uint32_t stream, const Parameters& values) {
    statistics.select(recorder, stream);
    recorder.finish();
    parameters.upload(values);
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
    epoch_parameters = downloaded();
    require_finite(epoch_parameters.tensors());
    EpochRecord record;
    record.epoch = progress.epoch + 1;
    record.step = progress.step;
    record.learning_rate = options.learning_rate(progress.step - 1);
    record.train_loss = progress.epoch_loss / training.size();
    Parameters batch_statistics = names;
    parameters.download_batch_statistics(batch_statistics);
    // The last batch is of any stream, and it is not known which one's after a resumption.
    const bool of_the_first = training.stream_sizes().size() == 1;
    record.norms =
        norm_statistics(architecture, epoch_parameters, of_the_first ? &batch_statistics : nullptr);
    for (std::uint32_t i = 1; i < options.streams.size(); ++i) {
        const Parameters stream = downloaded(i);
        require_finite(stream.tensors());
        record.streams.push_back({options.streams[i].name, norm_statistics(architecture, stream, nullptr)});
    }
    return record;
}

void Trainer::State::fail(const char* what, std::uint64_t step) const {
    throw BadResult(
        fmt::format("{} is no longer a number at step {} (epoch {}); the last checkpoint is kept; try a "
                    "smaller --lr, with another --output",
                    what, step, progress.epoch + 1));
}

Trainer::Trainer(const Device& device, const TrainOptions& options, const DataSet& training,
                 const DataSet* validation, const Parameters& initial, const FusedTiles& tiles)
    : state_(std::make_unique<State>(device, options, training, validation, initial, tiles)) {}

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
    if (has_norm(state_->architecture)) return state_->updates;
    return std::vector<std::uint64_t>(state_->updates.size());
}

bool Trainer::norms_frozen() const {
    const std::uint64_t steps = state_->progress.step;
    return steps > 0 && state_->frozen(static_cast<std::uint32_t>((steps - 1) / steps_per_epoch()));
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
    if (state.validation != nullptr) record.validation_loss = state.validate();
    record.seconds = progress.epoch_seconds + seconds_since(start + state.rested);
    progress = {.step = progress.step, .epoch = progress.epoch + 1};
    return record;
}

Parameters Trainer::parameters() const {
    return state_->downloaded();
}

std::vector<NamedStatistics> Trainer::stream_statistics() const {
    return state_->downloaded_streams();
}

const Parameters& Trainer::epoch_parameters() const {
    return state_->epoch_parameters;
}

void Trainer::save_checkpoint(const std::filesystem::path& path) const {
    std::vector<NamedStatistics> streams = state_->downloaded_streams();
    if (!streams.empty()) streams.erase(streams.begin());
    write_checkpoint(path, state_->options, state_->data_facts(),
                     {.progress = state_->progress,
                      .parameters = state_->downloaded(),
                      .optimizer_state = state_->optimizer.download_state(),
                      .early_stop = state_->early_stop,
                      .streams = std::move(streams)});
}

void Trainer::restore_checkpoint(const std::filesystem::path& path, const DataChange& change) {
    State& state = *state_;
    const Checkpoint checkpoint = read_checkpoint(path, state.options, state.data_facts(), change);
    const Progress& progress = checkpoint.progress;
    const std::uint64_t steps = std::uint64_t{progress.epoch} * state.steps_per_epoch() + progress.epoch_step;
    if (change.training && (progress.step != steps || progress.epoch_step >= state.steps_per_epoch())) {
        throw InputError(fmt::format(
            "{}: {} now make {} an epoch, and the run's epochs have another number; begin a run with another "
            "--output from what it has learned, by --init {}",
            path.string(), counted(state.training.size(), "pair"), counted(state.steps_per_epoch(), "step"),
            path.string()));
    }
    if (progress.epoch_step >= state.steps_per_epoch() || progress.step != steps ||
        checkpoint.optimizer_state.size() != state.optimizer.download_state().size()) {
        throw InputError(fmt::format(
            "{}: is damaged: its counts of steps, epochs or optimizer values do not agree", path.string()));
    }
    for (std::uint32_t i = 0; i < checkpoint.streams.size(); ++i) {
        state.upload(i + 1, with_statistics(checkpoint.parameters, checkpoint.streams[i]));
    }
    state.upload(0, checkpoint.parameters);
    state.optimizer.upload_state(checkpoint.optimizer_state);
    state.progress = progress;
    state.replay_updates();
    state.early_stop = checkpoint.early_stop;
}

}  // namespace shadenet
