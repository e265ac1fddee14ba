// The distributions of what goes into the norm layers of a network and what comes out of them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/words.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"
#include "engine/tensors/histogram.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

class Device;
class Examples;

enum class NormSide : std::uint32_t { input, output };
inline constexpr auto norm_side_words = words_of<NormSide>("input", "output");
inline std::string to_string(NormSide side) {
    return norm_side_words[side];
}

/// How the values of one channel are distributed, or those of all channels together.
struct NormHistogram {
    static constexpr std::uint32_t bins = 64;

    std::uint32_t epoch = 0;
    std::string layer;  ///< "bn1"
    NormSide side = NormSide::input;
    std::optional<std::uint32_t> channel;  ///< none: all of them
    float least = 0, greatest = 0;         ///< of the finite values; NaN where there are none
    float low = 0, high = 1;               ///< the ends of the bins, which have one width
    /// Finite values below the bins and above them, and values that are not finite.
    std::uint64_t below = 0, above = 0, not_finite = 0;
    std::array<std::uint64_t, bins> counts{};

    double edge(std::uint32_t i) const { return low + (static_cast<double>(high) - low) * i / bins; }
    /// Finite values.
    std::uint64_t values() const;
};

/// Of push::HISTOGRAM_COLUMNS counts in fine bins: neighbours are joined, so that no value changes sides of
/// an edge, into 64 bins over all but the outermost 1 in 2000 values on either side. A few values far away
/// would else leave all others to one bin.
NormHistogram joined(std::span<const std::uint64_t> fine, const BinRange& range, const Extremes& extremes);

/// Measures them by inference: over all pictures of a data set, one by one, with the moving statistics as
/// they are, which is what the saved model does.
class NormHistograms {
  public:
    /// Memory for `picture` (n = 1) of each layer. Throws InputError when the device cannot bind that.
    NormHistograms(const Device& device, const Network& network, const Parameters& parameters,
                   const Shape& picture);

    /// For every norm layer its input, then its output; of each all channels together, then one by one.
    /// `parameters` are those of the end of `epoch`. Looks at `stop` before each picture; nothing once it is
    /// true.
    std::vector<NormHistogram> measure(const Parameters& parameters, const Examples& pictures,
                                       std::uint32_t epoch, const std::atomic<bool>& stop);

  private:
    /// A point of the network that is looked at.
    struct Probe {
        std::string layer;
        NormSide side;
        std::size_t point;
        std::uint32_t channels;
        std::unique_ptr<HistogramKernels> kernels;
        std::vector<Extremes> extremes{};     ///< [channels + 1], all of them together last
        std::vector<BinRange> ranges{};       ///< likewise
        std::vector<std::uint64_t> counts{};  ///< [channels + 1][push::HISTOGRAM_COLUMNS]
    };

    /// False when stopped.
    bool find_ranges(const Examples& pictures, const std::atomic<bool>& stop);
    bool count(const Examples& pictures, const std::atomic<bool>& stop);
    static NormHistogram histogram(const Probe& probe, std::uint32_t row);

    /// The network sees a picture; the recorder has waited before.
    void forward(const Examples& pictures, std::uint32_t index);

    ParameterBuffers parameters_;
    StackPlan plan_;
    ExampleTensor picture_;
    std::vector<Probe> probes_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
