// Training steps under the clock, of one plan and one set of options.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/noise.h"
#include "bench/roles.h"
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

/// A kernel's part of a training step, whatever constants it is called with.
struct KernelFigures {
    std::string name;  ///< as Role has it, or a layer's with the pass
    Pass pass = Pass::other;
    double calls = 0;
    double milliseconds = 0;  ///< by the device's clock
    double share = 0;         ///< of the time of all kernels
    Work work;                ///< operations are 0 where the kernel does not convolve
};

/// Bytes of the buffers on the device that training keeps.
struct BenchMemory {
    std::uint64_t plan = 0;        ///< what a step writes and reads again: values, gradients, partial sums
    std::uint64_t parameters = 0;  ///< with their gradients, statistics and the optimizer's state
    std::uint64_t examples = 0;
};

/// Of one plan.
struct PlanTimes {
    PlanChoice plan;
    Summary train_step;
    Summary processor;  ///< of the same steps: what the process took of all processors
    BenchMemory memory;
    std::vector<KernelFigures> kernels;  ///< the longest first; empty where the device has no clock
    std::vector<KernelFigures> layers;   ///< of the stack plan, by pass in the order of the network
    double operations = 0;               ///< that the network needs, whatever the plan
};

/// The options of a run that a step's time may depend on.
struct BenchedStep {
    Network network = two_layer_network({});
    OptimizerKind optimizer = OptimizerKind::adam;
    PlanKind plan = PlanKind::automatic;
    bool frozen = false;  ///< the norms use and keep the moving statistics
    bool debias = false;
    std::uint32_t domains = 1;  ///< the statistics are another domain's in every step
    Shares shares{};            ///< that make the step, as many examples each
};

class TrainingBench {
  public:
    /// Training steps of all examples at once, the optimizer's step included, after a few that do not count.
    /// Where shares are of several ranks, all of them must time the same. The references must outlive it.
    /// Throws InputError when the plan of the options does not take the network.
    TrainingBench(const Device& device, const BenchedStep& benched, const Noise& examples,
                  const PlanTiles& tiles);

    const PlanChoice& plan() const { return choice_; }
    /// A step that counts; returns its milliseconds.
    double time_step();
    /// Of all steps that counted, at least one.
    PlanTimes times();

  private:
    /// What `make` returns, and adds the buffers that it left to `bytes`.
    template <class Make>
    auto counted(std::uint64_t& bytes, const Make& make);
    void step();
    template <class NameOf>
    std::vector<KernelFigures> figures(const NameOf& name_of);
    std::vector<KernelFigures> kernels();
    std::vector<KernelFigures> layers();

    const Device& device_;
    BenchMemory memory_;
    BenchedStep benched_;
    Network network_;
    PlanChoice choice_;
    Shape shape_;
    PlanTiles tiles_;
    ParameterBuffers parameters_;
    DomainStatistics statistics_;
    DebiasedDecays debiased_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    std::vector<std::uint32_t> own_examples_;
    BatchShares parts_;
    OptimizerKernels optimizer_;
    Buffer loss_;
    std::uint64_t steps_ = 0;
    std::vector<double> milliseconds_, processor_;
    std::map<std::pair<std::string, Pass>, double> operations_;  ///< of the stack plan, by layer
    Recorder::Recording recording_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

/// Throws InputError when the device cannot hold a training step of one of these plans, with the largest size
/// that it can, and when a plan does not take the network.
void require_steps_fit(const Device& device, const std::vector<PlanKind>& plans, const Network& network,
                       const Shape& shape);

/// Times plans of a network on the same pictures, `runs` steps each, in turns. Throws InputError as
/// require_steps_fit().
std::vector<PlanTimes> time_plans(const Device& device, const std::vector<PlanKind>& plans,
                                  const Network& network, const Shape& shape, std::uint32_t runs,
                                  const PlanTiles& tiles);

}  // namespace shadenet
