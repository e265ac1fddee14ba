// Moving averages of the batches alone, without what they began with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace shadenet {

/// The decays that make of moving_t = D_t·moving_(t−1) + (1 − D_t)·batch_t the average
///
///     moving_t = Σ_i (1 − d_i)·d_(i+1)·…·d_t·batch_i / W_t      W_t = d_t·W_(t−1) + (1 − d_t), W_0 = 0
///
/// which is what Kingma & Ba 2015, section 3, do to Adam's moments: where all d are one, W_t = 1 − d^t. That
/// asks for D_t = d_t·W_(t−1)/W_t. D_1 is 0: of what was there before the first step nothing is left, be it 0
/// and 1 or the statistics of an --init, which are averages of a run with other weights and count as no
/// start.
class DebiasedDecay {
  public:
    /// D_t for d_t, 0 ≤ d < 1; the next call is the next step's. Below 1, as 1 − D ≥ 1 − d.
    float next(float decay) {
        const double d = static_cast<double>(decay), before = d * weight_;
        weight_ = before + (1.0 - d);
        return static_cast<float>(before / weight_);
    }

  private:
    double weight_ = 0;  ///< W of the steps so far
};

/// The same of every norm of a network.
class DebiasedDecays {
  public:
    /// Puts D_t in the place of every norm's d_t. The number of norms is the same in every call.
    void replace(std::span<float> decays) {
        norms_.resize(decays.size());
        for (std::size_t i = 0; i < decays.size(); ++i) decays[i] = norms_[i].next(decays[i]);
    }

  private:
    std::vector<DebiasedDecay> norms_;
};

}  // namespace shadenet
