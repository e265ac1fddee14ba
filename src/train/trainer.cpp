#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/layerwise.h"
#include "engine/optimizer.h"
#include "engine/parameter_buffers.h"
#include "gpu/recorder.h"
#include "model/random.h"
#include "train/checkpoint.h"
#include "train/dataset.h"

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

/// The network, refused where the device cannot bind a picture of its feature maps: that is to be known
/// before memory is taken for them. `validation` may be null.
Architecture bindable_network(const Device& device, const NetworkOptions& options, const DataSet& training,
                              const DataSet* validation) {
    Architecture architecture = two_layer_network(options);
    for (const DataSet* data : {&training, validation}) {
        if (data == nullptr) continue;
        for (const Shape& shape : point_shapes(architecture, batch_shape(*data, 1))) {
            image_chunks(device, 1, align_up(shape.values() * sizeof(float)) / sizeof(float));
        }
    }
    return architecture;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<NormStatistics> norm_statistics(const Architecture& architecture, const Parameters& parameters) {
    std::vector<NormStatistics> norms;
    for (const Layer& layer : architecture.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        norms.push_back({norm->name, parameters.at(norm->name + ".running_mean").values,
                         parameters.at(norm->name + ".running_var").values});
    }
    return norms;
}

}  // namespace

struct Trainer::State {
    State(const Device& used_device, const TrainOptions& used_options, const DataSet& used_training,
          const DataSet* used_validation, const Parameters& initial);

    std::uint32_t steps_per_epoch() const { return pieces(training.size(), batch); }
    std::uint32_t images_of_step(std::uint32_t step) const {
        return std::min(batch, training.size() - step * batch);
    }
    DataFacts data_facts() const { return {training.size(), training.width(), training.height()}; }
    bool has_own_validation_plan() const {
        return validation != nullptr && batch_shape(*validation, 1) != batch_shape(training, 1);
    }

    std::vector<std::uint32_t> epoch_order() const;
    /// Records the copies of a step's pictures into the batch tensors.
    void gather(const std::vector<std::uint32_t>& order, std::uint32_t epoch_step);
    void record_step(const std::vector<std::uint32_t>& order);
    /// Waits, and adds the losses of the epoch's steps since `first` to its sum.
    void collect_losses(std::uint32_t first);
    double validation_loss();
    Parameters downloaded() const;
    EpochRecord end_epoch();
    [[noreturn]] void fail(const char* what, std::uint64_t step) const;

    const Device& device;
    TrainOptions options;
    const DataSet& training;
    const DataSet* validation;
    std::uint32_t batch;
    Architecture architecture;
    Parameters names;  ///< the tensors of the network; the values are on the device
    ParameterBuffers parameters;
    LayerwisePlan plan;
    std::optional<LayerwisePlan> validation_plan;  ///< where the training plan has another picture size
    OptimizerKernels optimizer;
    Buffer losses;  ///< [steps of an epoch], then reused for [validation batches]
    std::optional<Tensor> batch_input, batch_target;  ///< none where the data set itself is the batch
    Progress progress;
    Recorder recorder;  ///< last, so that it has waited before any memory goes
};

Trainer::State::State(const Device& used_device, const TrainOptions& used_options,
                      const DataSet& used_training, const DataSet* used_validation, const Parameters& initial)
    : device(used_device),
      options(used_options),
      training(used_training),
      validation(used_validation),
      batch(batch_of(options, training)),
      architecture(bindable_network(device, options.network, training, validation)),
      names(initial),
      parameters(device, initial),
      plan(device, architecture, parameters, batch_shape(training, batch), Purpose::training),
      optimizer(device, options.optimizer, parameters.count()),
      losses(device,
             sizeof(float) *
                 std::max(steps_per_epoch(), validation == nullptr ? 0 : pieces(validation->size(), batch)),
             "losses"),
      recorder(device) {
    if (batch < training.size()) {
        batch_input.emplace(device, batch_shape(training, batch), "batch of inputs");
        batch_target.emplace(device, batch_shape(training, batch), "batch of targets");
    }
    if (has_own_validation_plan()) {
        const std::uint32_t images = std::min(batch, validation->size());
        validation_plan.emplace(device, architecture, parameters, batch_shape(*validation, images),
                                Purpose::inference);
    }
}

std::vector<std::uint32_t> Trainer::State::epoch_order() const {
    std::mt19937_64 random = random_stream(options.seed, progress.epoch);
    return permutation(training.size(), random);
}

void Trainer::State::gather(const std::vector<std::uint32_t>& order, std::uint32_t epoch_step) {
    for (std::uint32_t i = 0; i < images_of_step(epoch_step); ++i) {
        const std::uint32_t from = order[epoch_step * batch + i];
        recorder.copy(training.input().view().images(from, 1).range(),
                      batch_input->view().images(i, 1).range());
        recorder.copy(training.target().view().images(from, 1).range(),
                      batch_target->view().images(i, 1).range());
    }
}

void Trainer::State::record_step(const std::vector<std::uint32_t>& order) {
    const std::uint32_t images = images_of_step(progress.epoch_step);
    if (batch_input) gather(order, progress.epoch_step);
    const TensorView x = batch_input ? batch_input->view(images) : training.input().view();
    const TensorView target = batch_target ? batch_target->view(images) : training.target().view();
    plan.forward(recorder, x, Mode::training);
    plan.loss(recorder, target, losses.whole(), progress.epoch_step);
    plan.backward(recorder, target);
    optimizer.step(recorder, parameters, progress.step + 1, options.optimizer.learning_rate);
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
    LayerwisePlan& used = validation_plan ? *validation_plan : plan;
    const std::uint32_t batches = pieces(validation->size(), batch);
    const auto images = [&](std::uint32_t i) { return std::min(batch, validation->size() - i * batch); };
    for (std::uint32_t i = 0; i < batches; ++i) {
        used.forward(recorder, validation->input().view().images(i * batch, images(i)), Mode::inference);
        used.loss(recorder, validation->target().view().images(i * batch, images(i)), losses.whole(), i);
    }
    recorder.finish();
    const std::vector<float> values = losses.download<float>(batches);
    double sum = 0;
    for (std::uint32_t i = 0; i < batches; ++i) sum += static_cast<double>(values[i]) * images(i);
    if (!std::isfinite(sum)) fail("the validation loss", progress.step);
    return sum / validation->size();
}

Parameters Trainer::State::downloaded() const {
    Parameters now = names;
    parameters.download(now);
    return now;
}

EpochRecord Trainer::State::end_epoch() {
    const Parameters now = downloaded();
    for (const NamedTensor& tensor : now.tensors()) {
        const auto finite = [](float value) { return std::isfinite(value); };
        if (!std::all_of(tensor.values.begin(), tensor.values.end(), finite)) {
            fail(tensor.name.c_str(), progress.step);
        }
    }
    EpochRecord record;
    record.epoch = progress.epoch + 1;
    record.step = progress.step;
    record.learning_rate = options.optimizer.learning_rate;
    record.train_loss = progress.epoch_loss / training.size();
    record.norms = norm_statistics(architecture, now);
    return record;
}

void Trainer::State::fail(const char* what, std::uint64_t step) const {
    throw WorkError(
        fmt::format("{} is no longer a number at step {} (epoch {}); the last checkpoint is kept; try a "
                    "smaller --lr",
                    what, step, progress.epoch + 1));
}

Trainer::Trainer(const Device& device, const TrainOptions& options, const DataSet& training,
                 const DataSet* validation, const Parameters& initial)
    : state_(std::make_unique<State>(device, options, training, validation, initial)) {}

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

std::optional<EpochRecord> Trainer::run_epoch(const std::atomic<bool>& stop,
                                              const std::function<void(std::uint32_t)>& on_step) {
    State& state = *state_;
    Progress& progress = state.progress;
    const auto start = std::chrono::steady_clock::now();
    const std::uint32_t first = progress.epoch_step;
    const std::vector<std::uint32_t> order = state.epoch_order();
    while (progress.epoch_step < state.steps_per_epoch() && !stop) {
        state.record_step(order);
        if (on_step) on_step(progress.epoch_step);
    }
    state.collect_losses(first);
    if (progress.epoch_step < state.steps_per_epoch()) {
        progress.epoch_seconds += seconds_since(start);
        return std::nullopt;
    }
    EpochRecord record = state.end_epoch();
    if (state.validation != nullptr) record.validation_loss = state.validation_loss();
    record.seconds = progress.epoch_seconds + seconds_since(start);
    progress = {.step = progress.step, .epoch = progress.epoch + 1};
    return record;
}

Parameters Trainer::parameters() const {
    return state_->downloaded();
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
}

}  // namespace shadenet
