// Partial results [tiles][blocks of four channels][parts] of vec4; src/engine/stack/tiling.h says how the tiles lie.
#ifndef SHADENET_PARTIALS_PUSH_H
#define SHADENET_PARTIALS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// What the number of a tile's pixels follows from.
struct TilesPush {
    uint columns, rows;  // of a tile
    uint tiles_x, tiles_y;
    uint width, height;  // of an image
};

// Merges groups of `per_group` rows of partial results into one row each.
struct MergePartialsPush {
    TilesPush tiles;
    uint rows, blocks, per_group;
};

// Finishes `rows` rows of partial moments. Places count vec4s from the beginning of their bindings.
struct NormFinishPush {
    TilesPush tiles;
    uint rows, blocks, channels;
    uint gamma, beta;
    uint moving_mean, moving_variance, batch_mean, batch_variance;
    uint training;  // whether the moving statistics follow the batch's, and the norm uses the batch's
    float count;    // values of a channel
    float epsilon;
};

// Finds coefficients from the moving statistics.
struct NormMovingPush {
    uint blocks, channels;
    uint gamma, beta;
    uint moving_mean, moving_variance;
    float epsilon;
};

// Finishes `rows` rows of partial sums of a norm's gradients.
struct NormGradientsPush {
    uint rows, blocks, channels;
    uint dgamma, dbeta;
    // M, the number of a channel's values, if the statistics are the batch's and depend on x; 0 if constants.
    float count;
};

// Finishes `rows` rows of partial sums of a bias's gradient.
struct BiasFinishPush {
    uint rows, blocks, channels;
    float count;  // values of a channel
};
CONTRACT_END
#endif
