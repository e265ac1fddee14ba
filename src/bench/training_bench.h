// Training steps under the clock, of one plan and one set of options.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/summary.h"
#include "bench/work.h"
#include "engine/learning/optimizer.h"
#include "engine/plan_choice.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "model/presets.h"
#include "train/debiased_decay.h"
#include "train/domain_statistics.h"

namespace shadenet {

/// Of noise and of parameters.
inline constexpr std::uint64_t bench_seed = 1;

/// A shader's part of a training step, whatever constants it is called with.
struct KernelFigures {
    std::string name;
    double calls = 0;
    double milliseconds = 0;  ///< by the device's clock
    double share = 0;         ///< of the time of all kernels
    Work work;                ///< operations are 0 where the kernel does not convolve
};

/// Of one plan.
struct PlanTimes {
    PlanChoice plan;
    Summary train_step;
    std::vector<KernelFigures> kernels;  ///< the longest first; empty where the device has no clock
    double operations = 0;               ///< that the network needs, whatever the plan
};

/// Pairs of pictures of noise in whole 255ths: the time does not depend on what they show, but on how many
/// bits do.
class Noise : public Examples {
  public:
    /// `shape`: of all inputs.
    explicit Noise(const Shape& shape) : Examples(shape.n, with_images(shape, 1), with_images(shape, 1)) {}
    bool whole_levels() const override { return true; }
    std::vector<float> input(std::uint32_t index) const override { return picture(2 * index); }
    std::vector<float> target(std::uint32_t index) const override { return picture(2 * index + 1); }

  private:
    std::vector<float> picture(std::uint32_t stream) const;
};

/// The options of a run that a step's time may depend on.
struct BenchedStep {
    Network network = two_layer_network({});
    OptimizerKind optimizer = OptimizerKind::adam;
    PlanKind plan = PlanKind::automatic;
    bool frozen = false;  ///< the norms use and keep the moving statistics
    bool debias = false;
    std::uint32_t domains = 1;  ///< the statistics are another domain's in every step
};

class TrainingBench {
  public:
    /// Training steps of all examples at once, the optimizer's step included, after a few that do not count.
    /// The references must outlive it. Throws InputError when the plan of the options does not take the
    /// network.
    TrainingBench(const Device& device, const BenchedStep& benched, const Examples& examples,
                  const FusedTiles& tiles);

    const PlanChoice& plan() const { return choice_; }
    /// A step that counts; returns its milliseconds.
    double time_step();
    /// Of all steps that counted, at least one.
    PlanTimes times();

  private:
    void step();
    std::vector<KernelFigures> kernels();

    BenchedStep benched_;
    Network network_;
    PlanChoice choice_;
    Shape shape_;
    FusedTiles tiles_;
    ParameterBuffers parameters_;
    DomainStatistics statistics_;
    DebiasedDecays debiased_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    OptimizerKernels optimizer_;
    Buffer loss_;
    std::uint64_t steps_ = 0;
    std::vector<double> milliseconds_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

/// Times plans of a network on the same pictures, `runs` steps each, in turns.
std::vector<PlanTimes> time_plans(const Device& device, const std::vector<PlanKind>& plans,
                                  const Network& network, const Shape& shape, std::uint32_t runs,
                                  const FusedTiles& tiles);

}  // namespace shadenet
