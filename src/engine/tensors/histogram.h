// Histograms of feature maps on the device: shaders/histogram_*.comp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/planes.h"
#include "histogram_push.h"

namespace shadenet {

/// push::HISTOGRAM_BINS bins of one width. Bin i takes edge(i) ≤ x < edge(i + 1), and the last bin its upper
/// edge too.
struct BinRange {
    float low = 0, width = 1;
    /// low + i·width, each operation rounded to float32, as the shader does.
    float edge(std::uint32_t i) const { return low + static_cast<float>(i) * width; }
};

/// The smallest and the largest finite value; NaN where there is none.
struct Extremes {
    float least, greatest;
};
/// The extremes of both together.
Extremes both(const Extremes& a, const Extremes& b);

/// Bins from the smallest to the largest value, within ±1e38. Where these are nearly equal, the bins reach
/// further: a bin is at least four units of float32's last place wide, so that the shader can tell bins
/// apart.
BinRange bins_over(const Extremes& extremes);

/// Counts values in two rounds over the same feature maps: the first finds the extremes, the second counts.
class HistogramKernels {
  public:
    HistogramKernels(const Device& device, std::uint32_t channels, const std::string& name);

    /// Forgets the extremes that were found.
    void begin_extremes(Recorder& recorder);
    /// Adds the extremes of x [n,channels,h,w].
    void find_extremes(Recorder& recorder, const TensorView& x) {
        find_extremes_(recorder, {{"x", x}}, {{"extremes", extremes_.whole()}});
    }
    /// The extremes of each channel, [channels]. After Recorder::finish().
    std::vector<Extremes> extremes() const;

    /// Sets the bins of each channel, and last those of all channels together, [channels + 1]. No submitted
    /// work may be counting.
    void set_bins(std::span<const BinRange> bins);
    void begin_counts(Recorder& recorder) { recorder.fill(counts_.whole(), 0u); }
    /// Adds the values of x. Between begin_counts() and counts() at most 2³² − 1 values.
    void count(Recorder& recorder, const TensorView& x) {
        count_(recorder, {{"x", x}}, {{"ranges", ranges_.whole()}, {"counts", counts_.whole()}});
    }
    /// [channels + 1][push::HISTOGRAM_COLUMNS]. After Recorder::finish().
    std::vector<std::uint32_t> counts() const;

  private:
    std::uint32_t channels_;
    Buffer extremes_, ranges_, counts_;
    PlaneKernel find_extremes_, count_;
};

}  // namespace shadenet
