// Whether a device's result is what the network makes of a picture, at some pixels, by float64 on the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/picture_file.h"
#include "model/exact_network.h"

namespace shadenet {

/// Every picture is checked at its corners, where the network sees most of its padding, and at pixels spread
/// over it, so that each of the device's tiles has some. They take well below a hundredth of a picture's
/// time. A result of one colour of a picture that has more is what devices leave that do nothing, but it is
/// also what a filter rightly makes of a page that is white but for noise: then the pixels that differ most
/// from their neighbours are checked too. May run in several threads at once.
class SpotCheck {
  public:
    /// `strength` as device_streams() takes it. Throws as ExactNetwork does.
    SpotCheck(const Network& network, const Parameters& parameters, float strength);

    /// Throws BadResult, naming a place, where `output` is not what the filter makes of `input`, a picture of
    /// the same size and depth.
    void operator()(const Pixels& input, const Pixels& output) const;

    /// What float32 may be off by, of the sum of absolute values that a result was made of. It rounds by 6e-8
    /// of a value, and sums of some thousand products, which partly compensate, stay inside a hundred times
    /// that. A result that is wrong differs by whole levels.
    static constexpr double rounding = 1e-5;

  private:
    template <class Sample>
    void check(const Picture<Sample>& input, const Picture<Sample>& output) const;
    template <class Sample>
    void check_pixel(const Picture<Sample>& input, const Picture<Sample>& output, std::size_t pixel) const;
    std::size_t spread_pixels(std::size_t pixels) const;

    ExactNetwork network_;
    double strength_;
};

}  // namespace shadenet
