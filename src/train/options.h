// Everything that a training run is told. config.json holds it all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/training_plan.h"
#include "model/architecture.h"
#include "model/optimizer.h"

namespace shadenet {

/// What can be changed by hand in the course of a run.
struct Rates {
    float learning_rate, decay;
    bool operator==(const Rates&) const = default;
};
/// Rates that hold from step `step` on, the first step being 0.
struct RateChange {
    std::uint64_t step;
    Rates rates;
    bool operator==(const RateChange&) const = default;
};

struct TrainOptions {
    std::filesystem::path input, target;  ///< folders, paired by file stem
    std::filesystem::path validation_input,
        validation_target;         ///< both or neither; empty when there are none
    std::filesystem::path test;    ///< pictures without targets; may be empty
    std::filesystem::path output;  ///< the run folder
    std::filesystem::path init;    ///< a model to begin with; may be empty
    NetworkOptions network;
    OptimizerOptions optimizer;
    std::uint32_t epochs = 200;
    std::uint32_t batch = 0;   ///< images of a step; 0: all
    std::uint32_t size = 512;  ///< side of the square that pictures are resized to; 0: their own size
    std::uint64_t seed = 0;
    PlanKind plan = PlanKind::automatic;
    std::string tiles;  ///< the fused plan's by name; empty: to be chosen
    bool resume = false;
    std::vector<RateChange> changes;  ///< by hand; each at a later step than the one before

    /// Of a step.
    Rates rates(std::uint64_t step) const;

    static constexpr std::uint32_t reference_epochs = 5;
    static constexpr float reference_learning_rate = 0.001f;
};

/// Throws InputError naming the flag (--epochs and so on), its value and what is accepted.
void validate(const TrainOptions& options);
/// Throws InputError likewise.
void validate(const Rates& rates);

/// What config.json is to hold; `device` says what ran it, for readers. Throws InputError when a path in it
/// is not UTF-8.
std::string config_text(const TrainOptions& options, const std::string& device);
/// config.json of a run folder.
void write_config(const std::filesystem::path& path, const TrainOptions& options, const std::string& device);
/// What config_text() gave. Throws InputError "<source>: ..." for anything else.
TrainOptions parse_config(const std::string& text, const std::string& source);
/// Without a plan in it, the plan is automatic. Throws InputError "<path>: ..." for a file that is no such
/// configuration, or larger than 1 MiB.
TrainOptions read_config(const std::filesystem::path& path);

}  // namespace shadenet
