#include "engine/stack/whole_set.h"

#include <algorithm>

#include "base/error.h"
#include "data/batches.h"
#include "group/text_fields.h"

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
                                             const std::function<bool(const SetProgress&)>& go_on,
                                             SharedWork* work) {
    SharedWork by_itself(alone());
    try {
        for (std::size_t i = 0; i < norms_of(network_).size(); ++i) {
            if (!measure(parameters, i, go_on, work != nullptr ? *work : by_itself)) return {};
        }
    } catch (const Stopped&) {
        return {};
    }
    return parameters;
}

/// Puts the whole set's statistics in the place of a norm's moving ones. False where another rank has failed.
/// Throws Stopped where `go_on` has stopped the measurement.
bool WholeSet::measure(Parameters& parameters, std::size_t index,
                       const std::function<bool(const SetProgress&)>& go_on, SharedWork& work) {
    const BatchNorm norm = norms_of(network_)[index];
    const std::vector<Texts> all = work.gather([&] { return measure_own(parameters, index, go_on, work); });
    if (all.empty()) return false;
    std::vector<double> means(norm.channels), squares(norm.channels);  // Σ(x − mean)²
    double seen = 0;
    std::vector<float> of_batch;
    for (std::uint32_t first = 0; first < size_; first += batch_) {
        const std::string& text = all[first / batch_ % all.size()][first / batch_ / all.size()];
        of_batch.clear();
        append_values(of_batch, text);
        // Every example has as many values of a channel, so that examples can be counted in their place.
        const double count = std::min(batch_, size_ - first), together = seen + count;
        for (std::uint32_t c = 0; c < norm.channels; ++c) {
            const double mean = of_batch[c], variance = of_batch[norm.channels + c], apart = mean - means[c];
            squares[c] += count * variance + apart * apart * seen * count / together;
            means[c] += apart * count / together;
        }
        seen = together;
    }
    for (std::uint32_t c = 0; c < norm.channels; ++c) {
        parameters.at(norm.name + ".running_mean").values[c] = static_cast<float>(means[c]);
        parameters.at(norm.name + ".running_var").values[c] = static_cast<float>(squares[c] / seen);
    }
    return true;
}

/// The means and variances of this rank's batches, as texts of floats: a batch each.
Texts WholeSet::measure_own(const Parameters& parameters, std::size_t index,
                            const std::function<bool(const SetProgress&)>& go_on, const SharedWork& work) {
    const std::vector<BatchNorm> norms = norms_of(network_);
    const std::string& name = norms[index].name;
    parameters_.upload(parameters);
    Parameters of_batch = parameters;
    Texts texts;
    const std::uint32_t batches = (size_ + batch_ - 1) / batch_;
    for (std::uint32_t number = work.part(); number < batches; number += work.parts()) {
        const Batch batch = source_.batch(recorder_, number);
        plan_.forward(recorder_, batch.input, Mode::frozen);
        recorder_.finish();
        parameters_.download_batch_statistics(of_batch);
        std::string& text = texts.emplace_back();
        for (const char* kind : {".running_mean", ".running_var"}) {
            text += values_text<float>(of_batch.at(name + kind).values);
        }
        const std::uint32_t examples = std::min(size_, (number + 1) * batch_);
        if (go_on && !go_on({name, index, norms.size(), examples})) throw Stopped();
    }
    return texts;
}

}  // namespace shadenet
