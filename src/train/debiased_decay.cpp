#include "train/debiased_decay.h"

#include <cstddef>

namespace shadenet {

float DebiasedDecay::next(float decay) {
    const double d = static_cast<double>(decay);
    const double before = d * weight_;
    weight_ = before + (1.0 - d);
    return static_cast<float>(before / weight_);
}

void DebiasedDecays::replace(std::span<float> decays) {
    norms_.resize(decays.size());
    for (std::size_t i = 0; i < decays.size(); ++i) decays[i] = norms_[i].next(decays[i]);
}

}  // namespace shadenet
