#include "engine/stack/evaluator.h"

#include <algorithm>
#include <numeric>

namespace shadenet {

double ExampleScores::accuracy() const {
    return std::accumulate(correct.begin(), correct.end(), 0.0) / static_cast<double>(correct.size());
}

std::uint32_t Evaluator::fitting_batch(const Network& network, const Shape& input, std::uint32_t examples) {
    constexpr std::uint64_t most_values = 2 << 20;
    std::uint64_t widest = 1;
    for (const Shape& shape : point_shapes(network, with_images(input, 1))) {
        widest = std::max<std::uint64_t>(widest, shape.values());
    }
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most_values / widest, 1, examples));
}

Evaluator::Evaluator(const Device& device, const Network& network, ParameterBuffers& parameters,
                     const Examples& examples, const LossKind& loss, std::uint32_t batch)
    : examples_(examples.size()),
      batch_(batch > 0 ? batch : fitting_batch(network, examples.input_shape(), examples.size())),
      result_(network.layers.size()),
      plan_(device, network, parameters, with_images(examples.input_shape(), batch_), Purpose::inference,
            {.loss = &loss}),
      source_(device, examples, plan_),
      losses_(device, examples.size() * sizeof(float), "losses of examples"),
      correct_(device, examples.size() * sizeof(float), "right answers of examples") {}

ExampleScores Evaluator::scores(Recorder& recorder, std::vector<float>* results) {
    if (results != nullptr) results->clear();
    const BufferRange correct = plan_.takes_labels() ? correct_.whole() : BufferRange{};
    source_.set_batches(batches_in_order(examples_, batch_));
    for (std::uint32_t first = 0; first < examples_; first += batch_) {
        const Batch batch = source_.batch(recorder, first / batch_);
        plan_.losses_of_each(recorder, batch.input, {batch.target, batch.labels},
                             {.losses = losses_.whole(), .row = first, .correct = correct});
        if (results == nullptr) continue;
        const TensorView made = plan_.point(recorder, result_);
        recorder.finish();
        const std::vector<float> values = made.download();
        results->insert(results->end(), values.begin(), values.end());
    }
    recorder.finish();
    ExampleScores scores{losses_.download<float>(examples_), {}};
    if (plan_.takes_labels()) scores.correct = correct_.download<float>(examples_);
    return scores;
}

}  // namespace shadenet
