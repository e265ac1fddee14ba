#include "train/debiased_decay.h"

namespace shadenet {

float DebiasedDecay::next(float decay) {
    const double d = static_cast<double>(decay);
    const double before = d * weight_;
    weight_ = before + (1.0 - d);
    return static_cast<float>(before / weight_);
}

}  // namespace shadenet
