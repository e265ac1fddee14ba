#include "engine/stack/whole_set.h"

#include <algorithm>

#include "base/error.h"
#include "data/batches.h"

namespace shadenet {

WholeSet::WholeSet(const Device& device, const Network& network, const Parameters& parameters,
                   const Examples& examples, const LossKind& loss, const std::vector<std::uint32_t>& chosen)
    : network_(network),
      size_(chosen.empty() ? examples.size() : static_cast<std::uint32_t>(chosen.size())),
      batch_(Evaluator::fitting_batch(network, examples.input_shape(), size_)),
      parameters_(device, parameters, WeightLayout::blocks),
      plan_(device, network, parameters_, with_images(examples.input_shape(), batch_), Purpose::training,
            {.loss = &loss}),
      source_(device, examples, plan_),
      losses_(device, size_ * sizeof(float), "losses of examples"),
      correct_(device, size_ * sizeof(float), "right answers of examples"),
      recorder_(device) {
    source_.set_batches(chosen.empty() ? batches_in_order(size_, batch_) : batches_of(chosen, batch_));
}

ExampleScores WholeSet::scores(const Parameters& parameters, const std::atomic<bool>* stop) {
    parameters_.upload(parameters);
    const BufferRange correct = plan_.takes_labels() ? correct_.whole() : BufferRange{};
    for (std::uint32_t first = 0; first < size_; first += batch_) {
        if (stop != nullptr && *stop) {
            recorder_.finish();
            throw Stopped();
        }
        const Batch batch = source_.batch(recorder_, first / batch_);
        plan_.losses_of_each(recorder_, batch.input, {batch.target, batch.labels},
                             {.losses = losses_.whole(), .row = first, .correct = correct});
    }
    recorder_.finish();
    ExampleScores scores{losses_.download<float>(size_), {}};
    if (plan_.takes_labels()) scores.correct = correct_.download<float>(size_);
    return scores;
}

std::optional<Parameters> WholeSet::measured(Parameters parameters,
                                             const std::function<bool(const SetProgress&)>& go_on) {
    for (std::size_t i = 0; i < norms_of(network_).size(); ++i) {
        if (!measure(parameters, i, go_on)) return {};
    }
    return parameters;
}

/// Puts the whole set's statistics in the place of a norm's moving ones. False where `go_on` has stopped the
/// measurement.
bool WholeSet::measure(Parameters& parameters, std::size_t index,
                       const std::function<bool(const SetProgress&)>& go_on) {
    const std::vector<BatchNorm> norms = norms_of(network_);
    const BatchNorm& norm = norms[index];
    const std::string mean_name = norm.name + ".running_mean", variance_name = norm.name + ".running_var";
    parameters_.upload(parameters);
    std::vector<double> means(norm.channels), squares(norm.channels);  // Σ(x − mean)²
    double seen = 0;
    Parameters of_batch = parameters;
    for (std::uint32_t first = 0; first < size_; first += batch_) {
        const Batch batch = source_.batch(recorder_, first / batch_);
        plan_.forward(recorder_, batch.input, Mode::frozen);
        recorder_.finish();
        parameters_.download_batch_statistics(of_batch);
        // Every example has as many values of a channel, so that examples can be counted in their place.
        const std::uint32_t images = std::min(batch_, size_ - first);
        const double count = images, all = seen + count;
        for (std::uint32_t c = 0; c < norm.channels; ++c) {
            const double mean = of_batch.at(mean_name).values[c], apart = mean - means[c];
            squares[c] += count * of_batch.at(variance_name).values[c] + apart * apart * seen * count / all;
            means[c] += apart * count / all;
        }
        seen = all;
        if (go_on && !go_on({norm.name, index, norms.size(), first + images})) return false;
    }
    for (std::uint32_t c = 0; c < norm.channels; ++c) {
        parameters.at(mean_name).values[c] = static_cast<float>(means[c]);
        parameters.at(variance_name).values[c] = static_cast<float>(squares[c] / seen);
    }
    return true;
}

}  // namespace shadenet
