// Four pixels of a row: what a thread of stack_read_pixels or stack_write_pixels takes, so that it shares no word.
// The includer has the buffer `levels`, and defines PIXEL_WORD if it reads pixels.
#ifndef STACK_PIXELS_GLSL
#define STACK_PIXELS_GLSL
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

#endif
