// Times training steps and inference of a network on a device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/summary.h"
#include "bench/training_bench.h"
#include "engine/plan_tiles.h"
#include "gpu/device.h"
#include "model/plan_kind.h"
#include "model/presets.h"

namespace shadenet {

struct BenchOptions {
    std::uint32_t size = 512;   ///< side of the pictures, for a network of any size
    std::uint32_t batch = 4;    ///< examples of a training step and of an evaluation; inference is of one
    std::uint32_t picture = 0;  ///< side of the picture of inference; 0: as the others
    std::uint32_t runs = 11;    ///< counted ones, after some that are not
    PlanKind plan = PlanKind::automatic;
    Network network = two_layer_network({});
    bool compare = false;  ///< the other plans too
    bool scaling = false;  ///< other sizes and batches too
    bool options = false;  ///< the options of `train` too

    /// The inputs of a training step, with the network's own size where it has one.
    Shape input() const {
        const Shape& own = network.input;
        return {batch, own.c, own.h > 0 ? own.h : size, own.w > 0 ? own.w : size};
    }
};

/// The training step at another size or batch.
struct ScalePoint {
    std::uint32_t size, batch;
    Summary train_step;
    std::string problem;  ///< why it could not be run; empty when it was
};

/// One 8-bit picture through the network, from the host and back, for networks that filter pictures.
struct InferenceTimes {
    std::string plan, reason;
    Summary time;
};

/// What an option of `train` costs: a training step with it, beside one of the defaults.
struct OptionTimes {
    std::string flags;  ///< as `train` takes them
    std::string plan;   ///< "fused" or "stack"
    Summary train_step;
    Summary ratio;        ///< of each step to the default one right before it; no unit
    std::string problem;  ///< why it could not be run; empty when it was
};

/// What the device can do at best, measured: the yardstick for everything else.
struct Peaks {
    double gflops = 0;         ///< multiply-adds in registers, two operations each
    double copy_gb_per_s = 0;  ///< copying between two large buffers, bytes read plus bytes written
};

struct BenchResult {
    std::vector<PlanTimes> plans;           ///< the one asked for, or chosen, first
    std::vector<InferenceTimes> inference;  ///< likewise; what `apply` uses first. Of filters alone
    std::optional<Summary> evaluation;      ///< of other networks: the losses of a batch, by the stack plan
    std::vector<ScalePoint> scaling;
    std::vector<OptionTimes> options;
    Peaks peaks;
};

/// The plan of the options, and for a comparison the other one where there is another for the network.
std::vector<PlanKind> benched_plans(const BenchOptions& options);

/// Wall-clock times from the first call recorded to the last one finished, the host's work included; of a
/// training step the pictures are on the device, of inference they go up and come back. Plans that are
/// compared take turns, so that a device that slows down slows them alike. Examples are Noise. Throws
/// InputError when the sizes fit neither the network nor the device, and for `scaling` of a network of one
/// size.
BenchResult run_benchmark(const Device& device, const BenchOptions& options, const PlanTiles& tiles);

/// Every option that changes what the device does in a step, `runs` times in turns with the defaults, on
/// noise of `shape` [n,3,h,w]. Those that change a number of the host's alone (schedules, an early stop, how
/// the parameters begin) cost a step nothing, and are not among them.
std::vector<OptionTimes> time_options(const Device& device, const Shape& shape, std::uint32_t runs,
                                      const PlanTiles& tiles);

/// Takes about a second.
Peaks measure_peaks(const Device& device);

}  // namespace shadenet
