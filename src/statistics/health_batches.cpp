// Checks of the batches and of their effect on results.
#include <cmath>

#include <fmt/format.h>

#include "base/counted.h"
#include "statistics/health_bounds.h"
#include "statistics/health_checks.h"

namespace shadenet::health {

namespace {

/// The random error of a batch's mean in deviations, 1/√n for n independent values. Two pixels share inputs
/// unless they are a receptive field apart, so that n is the number of receptive fields that fit.
double error_of_mean(const BatchExtent& batch, const Network& network) {
    const double side = 2.0 * receptive_radius(network) + 1;
    const double values = static_cast<double>(batch.pictures) * batch.width * batch.height;
    return std::sqrt(side * side / values);
}

/// If a step has only some of the pictures, the moving statistics cannot be those of every batch.
std::string remedy_of_difference(const HealthFacts& facts) {
    if (facts.batch && (facts.batch->crops || facts.population_pictures > facts.batch->pictures)) {
        return fmt::format(
            "A step sees {} at once, with statistics of their own: take more ({}), or end the training with "
            "--freeze-norm EPOCH.",
            counted(facts.batch->pictures, facts.batch->what()),
            facts.batch->crops ? "--crops, --batch" : "--batch, 0 for all");
    }
    return fmt::format("Use {}, or train on with a lower --lr or a smaller --decay.", re_estimate(facts));
}

}  // namespace

void check_small_batch(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.batch || facts.frozen || !has_norm(facts.network) || facts.classifier) return;
    const BatchExtent& batch = *facts.batch;
    const std::uint64_t values = std::uint64_t{batch.pictures} * batch.width * batch.height;
    if (batch.all && values > 1) return;  // nothing scatters from step to step
    const double error = error_of_mean(batch, facts.network);
    if (!(error > batch_error)) return;
    std::string text =
        fmt::format("The statistics of a training step are made of {} a channel ({} of {} x {})",
                    // Around continued pictures norms see more values, which these pixels make.
                    counted(values, continues_pictures(facts.network) ? "pixel" : "value"),
                    counted(batch.pictures, batch.what()), batch.width, batch.height);
    text += values == 1 ? ", and the variance of one value is 0, whatever the picture."
                        : fmt::format(": by chance alone its means are off by some {} deviations.",
                                      two_digits(error));
    findings.push_back({FindingKind::small_batch, values == 1 ? Severity::fault : Severity::warning, text,
                        batch.all
                            ? "Train with more pictures or larger ones (--size), or with --norm none."
                            : fmt::format("Take more {}s in a step (--batch) or larger ones (--size), or "
                                          "train with --norm none.",
                                          batch.what())});
}

void check_outputs(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.outputs || facts.frozen) return;
    const OutputDifference& outputs = *facts.outputs;
    if (outputs.mean < difference_mean && outputs.largest < difference_largest) return;
    findings.push_back(
        {FindingKind::output_difference,
         outputs.mean < difference_fault ? Severity::warning : Severity::fault,
         fmt::format(
             "Training and inference differ: with their own statistics in place of the moving ones the "
             "results of {} change by {} grey levels of 255 in the mean, and by {} at most.",
             counted(outputs.pictures, facts.batch ? facts.batch->what() : "picture"),
             two_digits(outputs.mean), two_digits(outputs.largest)),
         remedy_of_difference(facts)});
}

}  // namespace shadenet::health
