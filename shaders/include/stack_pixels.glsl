// Four pixels of a row: what a thread of stack_read_pixels or stack_write_pixels takes, so that it shares no word.
// The includer has the buffers `picture`, uint[], and `levels`.
#ifndef STACK_PIXELS_GLSL
#define STACK_PIXELS_GLSL
#define PIXEL_WORD(i) picture[i]
#include "pixels.glsl"

const uint TOGETHER = 4;

struct Group {
    bool inside;
    uint row, column;  // of the first pixel
    uint count;        // pixels of the row, at most 4
    uint word;         // of the first pixel
};

Group group_of_thread(uint thread, StackPixelsPush push) {
    uint groups = (push.width + TOGETHER - 1) / TOGETHER;
    Group group;
    group.row = thread / groups;
    group.column = thread % groups * TOGETHER;
    group.inside = group.row < push.height;
    group.count = min(TOGETHER, push.width - group.column);
    group.word = group.row * push.pitch + (FORMAT == PLANES ? group.column : group.column / PER_WORD * 3);
    return group;
}

vec3 pixels[TOGETHER];

// Reads the group's pixels of the picture. Of planes, those beyond the row's end repeat its last pixel.
void read_pixels(Group group, uint plane) {
    if (FORMAT == PLANES) {
        [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
            uint at = group.word + min(i, group.count - 1);
            pixels[i] = vec3(uintBitsToFloat(PIXEL_WORD(at)), uintBitsToFloat(PIXEL_WORD(at + plane)),
                             uintBitsToFloat(PIXEL_WORD(at + 2 * plane)));
        }
    } else {
        uint word = 0;
        [[unroll]] for (uint i = 0; i < TOGETHER * 3; ++i) {
            if (i % PER_WORD == 0) word = PIXEL_WORD(group.word + i / PER_WORD);
            pixels[i / 3][i % 3] = level_value((word >> i % PER_WORD * BITS) & WHITE);
        }
    }
}

#endif
