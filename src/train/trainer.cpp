#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/layerwise.h"
#include "engine/optimizer.h"
#include "engine/parameter_buffers.h"
#include "engine/training_plan.h"
#include "gpu/recorder.h"
#include "model/random.h"
#include "train/checkpoint.h"
#include "train/dataset.h"
#include "train/debiased_decay.h"

namespace shadenet {

namespace {

std::uint32_t pieces(std::uint32_t count, std::uint32_t piece) {
    return count / piece + (count % piece != 0);
}

std::uint32_t batch_of(const TrainOptions& options, const DataSet& training) {
    return options.batch == 0 ? training.size() : std::min(options.batch, training.size());
}

Shape batch_shape(const DataSet& data, std::uint32_t images) {
    return {images, 3, data.height(), data.width()};
}

/// Refuses pictures whose feature maps the device cannot bind: that is to be known before the layerwise plan
/// takes memory for them.
void require_bindable(const Device& device, const Architecture& architecture, const DataSet& data) {
    for (const Shape& shape : point_shapes(architecture, batch_shape(data, 1))) {
        image_chunks(device, 1, align_up(shape.values() * sizeof(float)) / sizeof(float));
    }
}

/// The network of the options, whose pictures the device can bind. `validation` may be null.
Architecture bindable_network(const Device& device, const TrainOptions& options, const DataSet& training,
                              const DataSet* validation) {
    Architecture architecture = two_layer_network(options.network);
    const bool layerwise = choose_plan(architecture, options.plan).kind == PlanKind::layerwise;
    if (layerwise) require_bindable(device, architecture, training);
    if (validation != nullptr) require_bindable(device, architecture, *validation);
    return architecture;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<NormStatistics> norm_statistics(const Architecture& architecture, const Parameters& parameters,
                                            const Parameters& batch) {
    std::vector<NormStatistics> norms;
    for (const Layer& layer : architecture.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        const std::string mean = norm->name + ".running_mean", variance = norm->name + ".running_var";
        norms.push_back({norm->name, parameters.at(mean).values, parameters.at(variance).values,
                         batch.at(mean).values, batch.at(variance).values});
    }
    return norms;
}

}  // namespace

struct Trainer::State {
    State(const Device& device, const TrainOptions& used_options, const DataSet& used_training,
          const DataSet* used_validation, const Parameters& initial, const FusedTiles& tiles);

    std::uint32_t steps_per_epoch() const { return pieces(training.size(), batch); }
    std::uint32_t images_of_step(std::uint32_t step) const {
        return std::min(batch, training.size() - step * batch);
    }
    DataFacts data_facts() const { return {training.size(), training.width(), training.height()}; }

    /// Hands the plan the order of the current epoch, a function of seed and epoch.
    void shuffle();
    std::uint64_t norm_updates() const;
    /// Tells the plan what the norms do in the next step.
    void prepare_norms();
    /// As if the steps so far had been made here.
    void replay_decays();
    void record_step();
    /// Waits, and adds the losses of the epoch's steps since `first` to its sum.
    void collect_losses(std::uint32_t first);
    double validation_loss();
    Parameters downloaded();
    EpochRecord end_epoch();
    [[noreturn]] void fail(const char* what, std::uint64_t step) const;

    TrainOptions options;
    const DataSet& training;
    const DataSet* validation;
    std::uint32_t batch;
    Architecture architecture;
    Parameters names;  ///< the tensors of the network; the values are on the device
    ParameterBuffers parameters;
    std::unique_ptr<TrainingPlan> plan;
    std::optional<LayerwisePlan> validation_plan;  ///< for one picture at a time
    OptimizerKernels optimizer;
    Buffer losses;  ///< [steps of an epoch], then reused for [validation pictures]
    Progress progress;
    DebiasedDecay debiased;                        ///< of the steps so far, where the options ask for it
    std::chrono::steady_clock::duration rested{};  ///< since run_epoch() was called
    Parameters epoch_parameters;                   ///< of the end of the latest epoch
    Recorder recorder;                             ///< last, so that it has waited before any memory goes
};

Trainer::State::State(const Device& device, const TrainOptions& used_options, const DataSet& used_training,
                      const DataSet* used_validation, const Parameters& initial, const FusedTiles& tiles)
    : options(used_options),
      training(used_training),
      validation(used_validation),
      batch(batch_of(options, training)),
      architecture(bindable_network(device, options, training, validation)),
      names(initial),
      parameters(device, initial),
      plan(make_training_plan(options.plan, device, architecture, parameters, training.input(),
                              training.target(), batch, tiles)),
      optimizer(device, options.optimizer, parameters.count()),
      losses(device,
             sizeof(float) * std::max(steps_per_epoch(), validation == nullptr ? 0 : validation->size()),
             "losses"),
      recorder(device) {
    if (validation == nullptr) return;
    validation_plan.emplace(device, architecture, parameters, batch_shape(*validation, 1),
                            Purpose::inference);
}

/// All pictures in one batch stay in the data set's order: their sum is the same in any.
void Trainer::State::shuffle() {
    if (batch == training.size()) return;
    std::mt19937_64 random = random_stream(options.seed, progress.epoch);
    plan->set_batches(recorder, batches_of(permutation(training.size(), random), batch));
}

std::uint64_t Trainer::State::norm_updates() const {
    if (options.network.norm == NormPlacement::none) return 0;
    if (options.freeze_norm == 0) return progress.step;
    return std::min(progress.step, std::uint64_t{options.freeze_norm - 1} * steps_per_epoch());
}

void Trainer::State::prepare_norms() {
    const bool frozen = options.freeze_norm > 0 && progress.epoch + 1 >= options.freeze_norm;
    plan->freeze_norms(frozen);
    if (frozen) return;
    const float decay = options.rates(progress.step).decay;
    plan->set_decay(options.debias ? debiased.next(decay) : decay);
}

void Trainer::State::replay_decays() {
    debiased = {};
    if (!options.debias) return;
    const std::uint64_t updates = norm_updates();
    for (std::uint64_t step = 0; step < updates; ++step) debiased.next(options.rates(step).decay);
}

void Trainer::State::record_step() {
    prepare_norms();
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
        progress.epoch_loss += static_cast<double>(loss) * images_of_step(step);
    }
}

double Trainer::State::validation_loss() {
    const std::uint32_t images = validation->size();
    for (std::uint32_t i = 0; i < images; ++i) {
        validation_plan->forward(recorder, validation->input().view().images(i, 1), Mode::inference);
        validation_plan->loss(recorder, validation->target().view().images(i, 1), losses.whole(), i);
    }
    recorder.finish();
    const std::vector<float> values = losses.download<float>(images);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    if (!std::isfinite(sum)) fail("the validation loss", progress.step);
    return sum / images;
}

Parameters Trainer::State::downloaded() {
    recorder.finish();
    Parameters now = names;
    parameters.download(now);
    return now;
}

EpochRecord Trainer::State::end_epoch() {
    epoch_parameters = downloaded();
    for (const NamedTensor& tensor : epoch_parameters.tensors()) {
        const auto finite = [](float value) { return std::isfinite(value); };
        if (!std::all_of(tensor.values.begin(), tensor.values.end(), finite)) {
            fail(tensor.name.c_str(), progress.step);
        }
    }
    EpochRecord record;
    record.epoch = progress.epoch + 1;
    record.step = progress.step;
    record.learning_rate = options.learning_rate(progress.step - 1);
    record.train_loss = progress.epoch_loss / training.size();
    Parameters batch_statistics = names;
    parameters.download_batch_statistics(batch_statistics);
    record.norms = norm_statistics(architecture, epoch_parameters, batch_statistics);
    return record;
}

void Trainer::State::fail(const char* what, std::uint64_t step) const {
    throw WorkError(
        fmt::format("{} is no longer a number at step {} (epoch {}); the last checkpoint is kept; try a "
                    "smaller --lr",
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
std::uint64_t Trainer::norm_updates() const {
    return state_->norm_updates();
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

std::optional<EpochRecord> Trainer::run_epoch(const std::atomic<bool>& stop,
                                              const std::function<void(std::uint32_t)>& on_step) {
    State& state = *state_;
    Progress& progress = state.progress;
    const auto start = std::chrono::steady_clock::now();
    state.rested = {};
    const std::uint32_t first = progress.epoch_step;
    state.shuffle();
    while (progress.epoch_step < state.steps_per_epoch() && !stop) {
        state.record_step();
        if (on_step) on_step(progress.epoch_step);
    }
    state.collect_losses(first);
    if (progress.epoch_step < state.steps_per_epoch()) {
        progress.epoch_seconds += seconds_since(start + state.rested);
        return std::nullopt;
    }
    EpochRecord record = state.end_epoch();
    if (state.validation != nullptr) record.validation_loss = state.validation_loss();
    record.seconds = progress.epoch_seconds + seconds_since(start + state.rested);
    progress = {.step = progress.step, .epoch = progress.epoch + 1};
    return record;
}

Parameters Trainer::parameters() const {
    return state_->downloaded();
}

const Parameters& Trainer::epoch_parameters() const {
    return state_->epoch_parameters;
}

void Trainer::save_checkpoint(const std::filesystem::path& path) const {
    write_checkpoint(path, state_->options, state_->data_facts(),
                     {state_->progress, state_->downloaded(), state_->optimizer.download_state()});
}

void Trainer::restore_checkpoint(const std::filesystem::path& path) {
    State& state = *state_;
    const Checkpoint checkpoint = read_checkpoint(path, state.options, state.data_facts());
    const Progress& progress = checkpoint.progress;
    const std::uint64_t steps = std::uint64_t{progress.epoch} * state.steps_per_epoch() + progress.epoch_step;
    if (progress.epoch_step >= state.steps_per_epoch() || progress.step != steps ||
        checkpoint.optimizer_state.size() != state.optimizer.download_state().size()) {
        throw InputError(fmt::format(
            "{}: is damaged: its counts of steps, epochs or optimizer values do not agree", path.string()));
    }
    state.recorder.finish();
    state.parameters.upload(checkpoint.parameters);
    state.optimizer.upload_state(checkpoint.optimizer_state);
    state.progress = progress;
    state.replay_decays();
}

}  // namespace shadenet
