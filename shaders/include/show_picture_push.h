// A rectangle of the screen that shows a part of a picture, or of the difference a - b of two pictures.
#ifndef SHADENET_SHOW_PICTURE_PUSH_H
#define SHADENET_SHOW_PICTURE_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct ShowPicturePush {
    float left, top, right, bottom;          // on the screen, which goes from -1 to 1
    float u_left, v_top, u_right, v_bottom;  // of the picture, which goes from 0 to 1
    float x_step, y_step;                    // pixels of the picture in one pixel of the screen
    float gain;                              // of a difference; 0 shows a alone
    uint width, height;
    uint a_offset, a_pitch, a_plane;  // in floats
    uint b_offset, b_pitch, b_plane;
    float a_factor, a_shift, b_factor, b_shift;  // from a value to the range 0..1
};
CONTRACT_END
#endif
