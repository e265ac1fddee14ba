// The health check of a network that has just been trained, with its pictures still on the device.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/health.h"
#include "train/run.h"

namespace shadenet {

class Device;

/// What a run's first `updates` steps have left of the moving statistics' start, each with the decay it was
/// made with; 0 with --debias.
double start_share(const TrainOptions& options, std::uint64_t updates);

/// Of each domain, or of the run that has none, with its own pairs and statistics: makes a training step's
/// forward pass on the pairs, in batches as in training, and compares the results of up to 8 pictures. Where
/// one batch holds all the pairs, its statistics are the population's too; otherwise that is measured, of up
/// to 128 pictures. Empty when it was stopped. Throws what the device throws.
std::vector<HealthFacts> health_facts(const Device& device, const RunResults& results);
/// check_health() of these; none when it was stopped.
std::optional<HealthReport> check_trained(const Device& device, const RunResults& results);
/// The same, and leaves it in the run folder as health.json. Throws WorkError where that cannot be written.
std::optional<HealthReport> check_and_keep(const Device& device, const RunResults& results);

}  // namespace shadenet
