// Shared by both kernels of folded inference: constants, buffers, and reading and writing rows of pixels.
#ifndef FOLDED_PASS_GLSL
#define FOLDED_PASS_GLSL
#define LOCAL_SIZE_BY_HOST
#include "folded_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint STRIP = 8;   // columns of a thread, a multiple of 4
layout(constant_id = 4) const uint TEXELS = 0;  // read through the texture unit: fastest in software drivers
layout(constant_id = 7) const uint CONTINUED = 0;  // the picture goes on beyond its edges: nothing is zero there

#define REACH (KERNEL - 1)
#define MARGIN FOLDED_MARGIN(KERNEL)
#define ROW_VALUES ((STRIP + 2 * REACH) * 3)  // of the columns that a strip reads

layout(push_constant) uniform Push { FoldedPush push; };
layout(binding = 0, std430) readonly buffer picture_block { uint picture[]; };
INPUT(1, folded);
layout(binding = 2, std430) buffer result_block { uint result[]; };
layout(binding = 3) uniform usamplerBuffer picture_texels;
layout(binding = 4) uniform samplerBuffer folded_texels;
INPUT(5, levels);

#define PIXEL_WORD(i) (TEXELS != 0 ? texelFetch(picture_texels, int(i)).r : picture[i])
#define FOLDED(i) (TEXELS != 0 ? texelFetch(folded_texels, int(i)).r : folded[i])

#include "pixels.glsl"

// The values that read_row() has read and that write_row() is to write, [column][colour]. They are no arguments:
// compilers have lost arguments that are arrays whose size is a specialization constant.
float row_read[ROW_VALUES];
float row_written[STRIP * 3];

// Reads the columns [first_column − REACH, first_column + STRIP + REACH) of the picture padded by KERNEL − 1.
void read_row(uint padded_row, uint first_column) {
    uint row = (padded_row - push.tile_row) * push.pitch, column = first_column - push.tile_column;
    if (FORMAT != PLANES) {
        uint word = 0;
        [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) {
            uint level = (MARGIN - REACH) * 3 + i;
            if (i == 0 || level % PER_WORD == 0) word = PIXEL_WORD(row + column / PER_WORD * 3 + level / PER_WORD);
            row_read[i] = level_value((word >> level % PER_WORD * BITS) & WHITE);
        }
        if (OTHER_RANGE != 0 && CONTINUED == 0) {
            // No level need be zero there. Before the picture the differences wrap around to large numbers.
            bool row_inside = padded_row - REACH < push.height;
            [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) {
                row_read[i] = row_inside && first_column + i / 3 - REACH < push.width ? row_read[i] : 0.0;
            }
        }
    } else {
        [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) {
            uint at = i % 3 * push.plane + row + column + MARGIN - REACH + i / 3;
            row_read[i] = uintBitsToFloat(PIXEL_WORD(at));
        }
    }
}

// Writes the columns [first_column, first_column + STRIP) of the result.
void write_row(uint row, uint first_column) {
    uint to = (row - push.tile_row) * push.result_pitch, column = first_column - push.tile_column;
    if (FORMAT != PLANES) {
        // Only where the place counts: of the rows of the result, and of its columns.
        uint columns = push.result_pitch / 3 * PER_WORD;
        uint rows = CHECKED != 0 ? push.result_plane / push.result_pitch : 0;
        uint word = 0;
        [[unroll]] for (uint i = 0; i < STRIP * 3; ++i) {
            uint place = (i % 3 * rows + row - push.tile_row) * columns + column + i / 3;
            uint level = stored_level(row_written[i], first_column + i / 3 < push.width, place);
            word = i % PER_WORD == 0 ? level : word | level << i % PER_WORD * BITS;
            if (i % PER_WORD == PER_WORD - 1) result[to + column / PER_WORD * 3 + i / PER_WORD] = word;
        }
    } else {
        [[unroll]] for (uint i = 0; i < STRIP * 3; ++i) {
            result[i % 3 * push.result_plane + to + column + i / 3] = floatBitsToUint(row_written[i]);
        }
    }
}

// After the last row of a thread.
void finish_rows() { REPORT_NOT_FINITE(push.result_plane); }

// A thread's part of the region, false if it has none: neighbours take neighbouring strips, then the blocks below.
bool region_of_thread(out uint first_row, out uint rows, out uint first_column) {
    uint thread = gl_GlobalInvocationID.x, block = thread / push.strips;
    first_row = push.first_row + block * push.block_rows;
    rows = min(push.block_rows, push.rows - block * push.block_rows);
    first_column = (push.first_strip + thread % push.strips) * STRIP;
    return block < push.blocks;
}

#endif
