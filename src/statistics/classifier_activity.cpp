#include "statistics/classifier_activity.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "base/median.h"
#include "data/batches.h"
#include "engine/learning/loss.h"
#include "engine/stack/evaluator.h"
#include "engine/stack/whole_set.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"

namespace shadenet {

namespace {

/// A class of a hundred then has twenty pictures.
constexpr std::uint64_t most_looked_at = 2048, least_looked_at = 64;
/// Of one point over all pictures: a quarter of a second's download.
constexpr std::uint64_t most_activity_values = std::uint64_t{1} << 25;

std::vector<std::uint32_t> chosen_examples(const Network& network, const Examples& examples) {
    std::uint64_t widest = 1;
    for (const Shape& shape : point_shapes(network, with_images(examples.input_shape(), 1))) {
        widest = std::max<std::uint64_t>(widest, shape.values());
    }
    const std::uint64_t wanted = std::clamp(most_activity_values / widest, least_looked_at, most_looked_at);
    const std::uint64_t count = std::min<std::uint64_t>(wanted, examples.size());
    std::vector<std::uint32_t> chosen;
    for (std::uint64_t i = 0; i < count; ++i) {
        chosen.push_back(static_cast<std::uint32_t>(i * examples.size() / count));
    }
    return chosen;
}

/// The places between layers that are looked at: what a relu lets through.
std::set<std::size_t> looked_at_points(const Network& network) {
    std::set<std::size_t> points;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto* activation = std::get_if<Activation>(&network.layers[i]);
        if (activation != nullptr && activation->kind == ActivationKind::relu) points.insert(i + 1);
    }
    return points;
}

/// Runs the examples through the network, without dropout.
class ActivityPlan {
  public:
    ActivityPlan(const Device& device, const Network& network, const Parameters& parameters,
                 const Examples& examples, std::vector<std::uint32_t> chosen)
        : chosen_(std::move(chosen)),
          batch_(Evaluator::fitting_batch(network, examples.input_shape(),
                                          static_cast<std::uint32_t>(chosen_.size()))),
          parameters_(device, parameters),
          plan_(device, network, parameters_, with_images(examples.input_shape(), batch_), Purpose::inference,
                {.loss = &cross_entropy, .kept = looked_at_points(network)}),
          source_(device, examples, plan_),
          recorder_(device) {
        source_.set_batches(batches_of(chosen_, batch_));
    }

    const std::vector<std::uint32_t>& chosen() const { return chosen_; }

    /// Calls `use` for each batch with the values [n,c,h,w] of a point, or of the result where it is the
    /// last.
    void look(std::size_t point, const std::function<void(std::span<const float>, const Shape&)>& use) {
        for (std::uint32_t first = 0; first < chosen_.size(); first += batch_) {
            plan_.forward(recorder_, source_.batch(recorder_, first / batch_).input, Mode::inference);
            const TensorView view = plan_.point(recorder_, point);
            recorder_.finish();
            use(view.download(), view.shape);
        }
    }

  private:
    std::vector<std::uint32_t> chosen_;
    std::uint32_t batch_;
    ParameterBuffers parameters_;
    StackPlan plan_;
    TensorBatches source_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

/// The channels of a point that are 0 everywhere.
std::vector<std::uint32_t> silent_channels(ActivityPlan& plan, std::size_t point, std::uint32_t& channels) {
    std::vector<bool> alive;
    plan.look(point, [&](std::span<const float> values, const Shape& shape) {
        alive.resize(shape.c);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i] != 0) alive[i / shape.plane() % shape.c] = true;
        }
    });
    channels = static_cast<std::uint32_t>(alive.size());
    std::vector<std::uint32_t> silent;
    for (std::uint32_t c = 0; c < channels; ++c) {
        if (!alive[c]) silent.push_back(c);
    }
    return silent;
}

void count_answers_of(ActivityPlan& plan, const Network& network, const Examples& examples,
                      ClassifierFacts& facts) {
    facts.labels.assign(facts.classes.size(), 0);
    facts.answers.assign(facts.classes.size(), 0);
    for (const std::uint32_t example : plan.chosen()) {
        ++facts.labels.at(static_cast<std::size_t>(examples.target(example)[0]));
    }
    plan.look(network.layers.size(), [&](std::span<const float> values, const Shape& shape) {
        for (std::size_t n = 0; n < shape.n; ++n) {
            const auto logits = values.subspan(n * shape.c, shape.c);
            ++facts.answers.at(static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin()));
        }
    });
}

/// The median over the channels of a norm of how many times its variance is that of `others`.
double variance_ratio(const BatchNorm& norm, const Parameters& own, const Parameters& others) {
    const std::string name = norm.name + ".running_var";
    std::vector<double> ratios;
    for (std::size_t c = 0; c < norm.channels; ++c) {
        ratios.push_back((own.at(name).values[c] + static_cast<double>(norm.epsilon)) /
                         (others.at(name).values[c] + static_cast<double>(norm.epsilon)));
    }
    return upper_median(std::move(ratios));
}

/// Of these examples; nothing if it was stopped.
std::optional<Parameters> measured_statistics(const Device& device, const Network& network,
                                              const Parameters& parameters, const Examples& examples,
                                              const std::vector<std::uint32_t>& chosen,
                                              const std::atomic<bool>& stop) {
    if (!has_norm(network)) return parameters;
    return WholeSet(device, network, parameters, examples, cross_entropy, chosen)
        .measured(parameters, [&](const SetProgress&) { return !stop; });
}

}  // namespace

std::optional<ClassifierActivity> classifier_activity(const Device& device, const Network& network,
                                                      const Parameters& parameters, const Examples& examples,
                                                      const std::vector<std::string>& classes,
                                                      const std::atomic<bool>& stop) {
    const std::vector<std::uint32_t> chosen = chosen_examples(network, examples);
    const std::optional<Parameters> measured =
        measured_statistics(device, network, parameters, examples, chosen, stop);
    if (!measured) return {};
    ActivityPlan plan(device, network, parameters, examples, chosen);
    ClassifierActivity activity;
    ClassifierFacts& facts = activity.facts;
    facts.pictures = static_cast<std::uint32_t>(plan.chosen().size());
    facts.classes = classes;
    count_answers_of(plan, network, examples, facts);
    double keep = 1;  // of all dropout so far
    std::string units;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (stop) return {};
        const Layer& layer = network.layers[i];
        if (has_weights(layer)) units = layer_name(layer);
        if (const auto* dropout = std::get_if<Dropout>(&layer)) keep *= dropout->keep;
        if (const auto* norm = std::get_if<BatchNorm>(&layer); norm != nullptr && keep < 1) {
            facts.shifts.push_back({norm->name, keep, variance_ratio(*norm, parameters, *measured)});
        }
        const auto* activation = std::get_if<Activation>(&layer);
        if (activation == nullptr || activation->kind != ActivationKind::relu) continue;
        ClassifierFacts::Units behind{units, 0, {}};
        behind.dead = silent_channels(plan, i + 1, behind.units);
        facts.units.push_back(std::move(behind));
    }
    activity.population = statistics_of(*measured, "");
    return activity;
}

}  // namespace shadenet
