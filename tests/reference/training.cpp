#include "reference/training.h"

#include <algorithm>

namespace shadenet::reference {

Training::Training(const TrainingOptions& options, const Parameters& start)
    : options_(options), network_(options.network, start), optimizer_(options.optimizer) {
    if (!options.zero_init_residual) return;
    std::vector<double>& gamma = network_.values().at(norms_of(options.network).back().name + ".weight");
    std::fill(gamma.begin(), gamma.end(), 0.0);
}

double Training::step(const Tensor& x, const Target& target, std::uint32_t epoch,
                      std::optional<double> decay) {
    const bool frozen = options_.freeze_norm > 0 && epoch >= options_.freeze_norm;
    const Evaluation evaluation = network_.evaluate(x, target, frozen ? Norms::frozen : Norms::batch,
                                                    {.seed = options_.seed, .step = optimizer_.step()});
    if (!frozen) {
        history_.push_back({{}, evaluation.statistics});
        for (const BatchNorm& norm : norms_of(options_.network)) {
            history_.back().decays[norm.name] = decay.value_or(decimal(norm.decay));
        }
        move(history_.back());
    }
    network_.update(evaluation.gradients, optimizer_);
    return evaluation.loss;
}

void Training::move(const Past& now) {
    for (const auto& [norm, batch] : now.statistics) {
        std::vector<double>& mean = network_.values().at(norm + ".running_mean");
        std::vector<double>& variance = network_.values().at(norm + ".running_var");
        if (options_.debias) {
            const BatchStatistics all = average(norm);
            mean = all.mean;
            variance = all.variance;
        } else {
            moving_update(mean, batch.mean, now.decays.at(norm));
            moving_update(variance, batch.variance, now.decays.at(norm));
        }
    }
}

/// Over all batches so far: what a moving average that starts at 0 gives each of them, divided by the sum of
/// those weights.
BatchStatistics Training::average(const std::string& norm) const {
    const std::size_t channels = history_.front().statistics.at(norm).mean.size();
    BatchStatistics sum{std::vector<double>(channels, 0.0), std::vector<double>(channels, 0.0)};
    double weight = 1.0, weights = 0.0;
    for (auto past = history_.rbegin(); past != history_.rend(); ++past) {
        const BatchStatistics& batch = past->statistics.at(norm);
        const double own = weight * (1.0 - past->decays.at(norm));
        for (std::size_t c = 0; c < channels; ++c) {
            sum.mean[c] += own * batch.mean[c];
            sum.variance[c] += own * batch.variance[c];
        }
        weights += own;
        weight *= past->decays.at(norm);
    }
    for (std::size_t c = 0; c < channels; ++c) {
        sum.mean[c] /= weights;
        sum.variance[c] /= weights;
    }
    return sum;
}

}  // namespace shadenet::reference
