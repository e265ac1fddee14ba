#include "train/set_scorer.h"

#include <numeric>
#include <string>

#include "engine/stack/evaluator.h"

namespace shadenet {

std::vector<ScoredSet> sets_to_score(const Task& task) {
    std::vector<ScoredSet> sets = {{"train", task.examples()}};
    if (const Examples* const validation = task.validation().examples) {
        sets.push_back({"validation", *validation});
    }
    if (const Examples* const test = task.test()) sets.push_back({"test", *test});
    return sets;
}

SetScorer::SetScorer(const Device& device, const Network& network, const Parameters& parameters,
                     const ScoredSet& set, const LossKind& loss)
    : name_(set.name),
      network_(network),
      to_unit_range_(loss.to_unit_range(network.range)),
      examples_(set.examples.size()),
      batch_(Evaluator::fitting_batch(network, set.examples.input_shape(), examples_)),
      parameters_(device, parameters, WeightLayout::blocks),
      plan_(device, network, parameters_, with_images(set.examples.input_shape(), batch_), Purpose::training,
            {.loss = &loss}),
      source_(device, set.examples, plan_),
      losses_(device, examples_ * sizeof(float), "losses of examples"),
      correct_(device, examples_ * sizeof(float), "right answers of examples"),
      recorder_(device) {
    source_.set_batches(batches_in_order(examples_, batch_));
}

SetScores SetScorer::scores(const Parameters& parameters) {
    const Score moving = score(parameters);
    if (!has_norm(network_)) return {name_, moving, moving};
    Parameters own = parameters;
    for (std::size_t i = 0; i < norms_of(network_).size(); ++i) measure(own, i);
    return {name_, score(own), moving};
}

Score SetScorer::score(const Parameters& parameters) {
    parameters_.upload(parameters);
    const BufferRange correct = plan_.takes_labels() ? correct_.whole() : BufferRange{};
    for (std::uint32_t first = 0; first < examples_; first += batch_) {
        const Batch batch = source_.batch(recorder_, first / batch_);
        plan_.losses_of_each(recorder_, batch.input, {batch.target, batch.labels},
                             {.losses = losses_.whole(), .row = first, .correct = correct});
    }
    recorder_.finish();
    const auto mean = [&](const Buffer& each) {
        const std::vector<float> values = each.download<float>(examples_);
        return std::accumulate(values.begin(), values.end(), 0.0) / examples_;
    };
    Score result{mean(losses_) * to_unit_range_};
    if (plan_.takes_labels()) result.accuracy = mean(correct_);
    return result;
}

void SetScorer::measure(Parameters& parameters, std::size_t index) {
    const BatchNorm norm = norms_of(network_)[index];
    const std::string mean_name = norm.name + ".running_mean", variance_name = norm.name + ".running_var";
    parameters_.upload(parameters);
    std::vector<double> means(norm.channels), squares(norm.channels);  // Σ(x − mean)²
    double seen = 0;
    Parameters of_batch = parameters;
    for (std::uint32_t first = 0; first < examples_; first += batch_) {
        const Batch batch = source_.batch(recorder_, first / batch_);
        plan_.forward(recorder_, batch.input, Mode::frozen);
        recorder_.finish();
        parameters_.download_batch_statistics(of_batch);
        // Every example has as many values of a channel, so that examples can be counted in their place.
        const double count = std::min(batch_, examples_ - first), all = seen + count;
        for (std::uint32_t c = 0; c < norm.channels; ++c) {
            const double mean = of_batch.at(mean_name).values[c], apart = mean - means[c];
            squares[c] += count * of_batch.at(variance_name).values[c] + apart * apart * seen * count / all;
            means[c] += apart * count / all;
        }
        seen = all;
    }
    for (std::uint32_t c = 0; c < norm.channels; ++c) {
        parameters.at(mean_name).values[c] = static_cast<float>(means[c]);
        parameters.at(variance_name).values[c] = static_cast<float>(squares[c] / seen);
    }
}

}  // namespace shadenet
