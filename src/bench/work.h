// How much arithmetic a network is, counted from its layers.
#pragma once

#include "model/architecture.h"

namespace shadenet {

/// Floating-point operations of the convolutions, two to a multiply-add; all else is small beside them.
struct Work {
    double inference = 0;
    double training_step =
        0;  ///< forward, gradients of weights, and of inputs where a layer before wants them
};

/// For a batch of `input`.n images. Throws InputError when the layers do not fit.
Work count_work(const Architecture& architecture, const Shape& input);

}  // namespace shadenet
