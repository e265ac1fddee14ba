// The health check of a network after training, with its pictures still on the device.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/health.h"
#include "train/run.h"

namespace shadenet {

class Device;

/// The part of the start that is left in the moving statistics after a run's first `updates` steps, each with
/// its decay; 0 with --debias.
double start_share(const TrainOptions& options, std::uint64_t updates);

/// The facts of each domain, or of the run if it has no domains, from its own pairs and statistics: makes the
/// forward pass of a training step on the pairs, in batches as in training, and compares the results of up to
/// 8 pictures. If one batch holds all pairs, its statistics are those of the population; otherwise these are
/// measured on up to 128 pictures. Empty if it was stopped. Throws what the device throws.
std::vector<HealthFacts> health_facts(const Device& device, const RunResults& results);
/// The facts of a run on labelled pictures: what it does with up to 2048 of those it learned from. Empty if
/// it was stopped. Throws likewise.
std::optional<HealthFacts> classifier_health_facts(const Device& device, const RunResults& results);
/// check_health() of either; empty if it was stopped.
std::optional<HealthReport> check_trained(const Device& device, const RunResults& results);
/// The same, and writes it to the run folder as health.json. Throws WorkError if it cannot be written.
std::optional<HealthReport> check_and_keep(const Device& device, const RunResults& results);

}  // namespace shadenet
