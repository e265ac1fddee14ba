// Push constants, and the rows of two small tables [rows][channels] that batch norm's kernels share.
#ifndef SHADENET_BATCHNORM_PUSH_H
#define SHADENET_BATCHNORM_PUSH_H
#include "planes_push.h"

CONTRACT_BEGIN
// The statistics that a pass normalises by.
const uint STATISTIC_MEAN = 0;
const uint STATISTIC_VARIANCE = 1;  // biased
const uint STATISTIC_ROWS = 2;

// Coefficients for all values of a channel.
const uint CENTER = 0;             // mean
const uint INVERSE_DEVIATION = 1;  // 1/√(variance + epsilon)
const uint SCALE = 2;              // gamma/√(variance + epsilon)
const uint OFFSET = 3;             // beta
const uint MEAN_DY = 4;            // Σ dy / M
const uint MEAN_DY_XHAT = 5;       // Σ dy·xhat / M
const uint COEFFICIENT_ROWS = 6;

struct CoefficientPush {
    uint channels;
    float epsilon;
    // M, the number of a channel's values, if the statistics are the batch's and depend on x; 0 if constants.
    float count;
};

struct MovingPush {
    uint channels;
    float decay;
    float one_minus_decay;  // rounded once, from float64
};

// Merges groups of `per_group` rows of partial moments [rows][channels] into one row each.
struct MergePush {
    uint rows, channels, per_group;
};
CONTRACT_END
#endif
