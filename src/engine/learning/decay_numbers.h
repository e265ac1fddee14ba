// The decay of a norm's moving statistics, as kernels read it.
#pragma once

#include "model/network.h"
#include "step_numbers.h"

namespace shadenet {

inline push::DecayNumbers decay_numbers(float decay) {
    return {.decay = decay, .one_minus_decay = momentum_of(decay)};
}

}  // namespace shadenet
