// Inference of a two-layer network with the statistics folded into its weights: the kernels' push constants.
//
// A tile of the picture is read with FOLDED_MARGIN columns and KERNEL − 1 rows more on every side, zeros outside a
// picture that is not continued. How pixels lie: pixels.glsl.
// Strips begin at multiples of STRIP in the whole picture, so that a pixel's arithmetic is the same in every tile.
#ifndef SHADENET_FOLDED_PUSH_H
#define SHADENET_FOLDED_PUSH_H
#include "contract.h"

// KERNEL − 1, rounded up to whole words of integers: four pixels of 8 bits take three.
#define FOLDED_MARGIN(kernel) (((kernel) + 2) / 4 * 4)

CONTRACT_BEGIN
struct FoldedPush {
    uint width, height;            // of the picture
    uint tile_row, tile_column;    // of the tile's first pixel in the picture
    uint pitch, plane;             // words of a row and of a plane of the read tile
    uint result_pitch, result_plane;
    uint first_row, rows;          // what this call writes: rows and strips of the picture
    uint first_strip, strips;
    uint block_rows, blocks;       // rows of a thread
    float residual;                // result = y + residual·x
};
CONTRACT_END
#endif
