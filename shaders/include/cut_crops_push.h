#ifndef SHADENET_CUT_CROPS_PUSH_H
#define SHADENET_CUT_CROPS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Where a crop comes from. Two quads of four words.
struct CropFrom {
    uint run, offset;    // the binding that has its picture, and the words there before it
    uint width, height;  // of the picture
    uint row, column;    // its first pixel
    uint flipped;        // 1: left and right change places
    uint unused;
};

struct CutCropsPush {
    uint side, margin;          // pixels of a crop each way, and around it on each side
    uint stride, first, plane;  // words from an image to the next, before its first pixel, from a colour to the next
    uint images, first_image;   // images that this call may write, and images of the batch before them
    uint run;                   // of the pictures that are bound
};
CONTRACT_END
#endif
