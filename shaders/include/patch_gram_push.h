// The push constants of patch_gram: its two pictures, and the cells that it sums over.
#ifndef SHADENET_PATCH_GRAM_PUSH_H
#define SHADENET_PATCH_GRAM_PUSH_H
#include "contract.h"

// Values become whole numbers, 2^14 for one level of 8 bits and 0 for level 128, hence within ±2^21. They are split
// into HIGH·2^11 + LOW, each within ±2^10.
#define GRAM_LEVEL_BITS 14
#define GRAM_CENTER 128
#define GRAM_LOW_BITS 11
// Sums of |HIGH·LOW' + LOW·HIGH'| <= 2^21 over so many pixels stay below 2^31.
#define GRAM_CELL_PIXELS 512

CONTRACT_BEGIN
struct PatchGramPush {
    uint width, height;
    int first_lag;                // rows from the first picture's pixel down to the second's, for lag 0
    uint lags, channels;          // of the first picture: 3, or 4 with a channel of ones
    uint first_row_cell;          // first row cell of this call
    uint column_cuts;             // index of the first cut of columns
};
CONTRACT_END
#endif
