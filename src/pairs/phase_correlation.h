// By how much one plane is shifted against another: phase correlation (Kuglin and Hines 1975).
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

#include "pairs/plane.h"

namespace shadenet {

struct Shift {
    double x = 0, y = 0;   ///< pixels; what is at (p, q) of the one is at (p + x, q + y) of the other
    double certainty = 0;  ///< height of the peak, in deviations of what unlike planes give
};

/// Of planes that fit a square of `side` values, a power of two. One object for one thread.
///
/// With spectra A and B, the peak of IDFT(W · B·conj(A) / |B·conj(A)|) is at the shift. W, a Gaussian of
/// `cut` cycles a pixel, leaves out what is finest, which noise and filters change most; it makes the peak a
/// Gaussian too, so that three values find its place between pixels.
class PhaseCorrelation {
  public:
    using Spectrum = std::vector<std::complex<float>>;  ///< [side][side]

    explicit PhaseCorrelation(std::uint32_t side, double cut = usual_cut);
    ~PhaseCorrelation();
    PhaseCorrelation(const PhaseCorrelation&) = delete;
    PhaseCorrelation& operator=(const PhaseCorrelation&) = delete;

    std::uint32_t side() const { return side_; }
    /// Of a plane in the middle of the square, with zeros around; of a larger one, its middle.
    Spectrum spectrum(const Plane& plane);
    /// Of the other against the one, up to half of the side.
    Shift shift(const Spectrum& one, const Spectrum& other);

    static constexpr double usual_cut = 0.15;

  private:
    struct Transform;

    std::uint32_t side_;
    std::vector<float> weights_;  ///< W, [side][side]
    double squares_ = 0;          ///< the sum of W²
    std::unique_ptr<Transform> transform_;
};

}  // namespace shadenet
