// Compares some pixels of a device's result with the network's result in float64 on the host.
#pragma once

#include <cstddef>

#include "image/picture_file.h"
#include "model/exact_network.h"

namespace shadenet {

/// Every picture is checked at its corners, where padding has most effect, and at pixels spread over it, so
/// that each of the device's tiles has some. The check takes far less than a hundredth of a picture's time.
/// If the result has one colour and the picture has more, the device may have done nothing, but a filter may
/// also rightly make one colour of a white page with noise: then the pixels that differ most from their
/// neighbours are checked, too. May run in several threads at once.
class SpotCheck {
  public:
    /// `strength` as device_streams() takes it. Throws as ExactNetwork does.
    SpotCheck(const Network& network, const Parameters& parameters, float strength);

    /// Throws BadResult, which names a place, when `output` is not the filter's result for `input`, a picture
    /// of the same size and depth.
    void operator()(const Pixels& input, const Pixels& output) const;

    /// The allowed error of float32, relative to the sum of absolute values that a result was made of.
    /// Rounding errs by 6e-8 of a value; in sums of some thousand products the errors partly cancel, and stay
    /// below a hundred times that. A wrong result differs by whole levels.
    static constexpr double rounding = 1e-5;

  private:
    /// `Kind`: Picture8, Picture16 or Image.
    template <class Kind>
    void check(const Kind& input, const Kind& output) const;
    template <class Kind>
    void check_pixel(const Kind& input, const Kind& output, std::size_t pixel) const;
    std::size_t spread_pixels(std::size_t pixels) const;

    ExactNetwork network_;
    double strength_;
};

}  // namespace shadenet
