// The push constants of stack_gram: which products of feature maps, and the cells that it sums over.
#ifndef SHADENET_FEATURE_GRAM_PUSH_H
#define SHADENET_FEATURE_GRAM_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct FeatureGramPush {
    int height, width;                 // of the maps
    int first_block, first_blocks;     // of the first factor
    int second_block, second_blocks;   // of the second
    int first_lag, lags;               // rows from the first factor's pixel down to the second's, for lag 0; how many
    int reach, chunks;                 // the longest lag to each side; LAGS of a thread so often
    uint first_row_cell;               // first row cell of this call
    uint column_cuts;                  // index of the first cut of columns
};
CONTRACT_END
#endif
