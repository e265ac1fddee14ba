// Shared by both kernels of folded inference: constants, buffers, and reading and writing rows of pixels.
#ifndef FOLDED_PASS_GLSL
#define FOLDED_PASS_GLSL
#define LOCAL_SIZE_BY_HOST
#include "folded_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint STRIP = 8;   // columns of a thread, a multiple of 4
layout(constant_id = 3) const uint PACKED = 0;  // 8-bit pixels, else planes of float
layout(constant_id = 4) const uint TEXELS = 0;  // read through the texture unit: fastest in software drivers

#define REACH (KERNEL - 1)
#define MARGIN FOLDED_MARGIN(KERNEL)
#define ROW_VALUES ((STRIP + 2 * REACH) * 3)  // of the columns that a strip reads

layout(push_constant) uniform Push { FoldedPush push; };
layout(binding = 0, std430) readonly buffer picture_block { uint picture[]; };
INPUT(1, folded);
layout(binding = 2, std430) writeonly buffer result_block { uint result[]; };
layout(binding = 3) uniform usamplerBuffer picture_texels;
layout(binding = 4) uniform samplerBuffer folded_texels;

#define PICTURE(i) (TEXELS != 0 ? texelFetch(picture_texels, int(i)).r : picture[i])
#define FOLDED(i) (TEXELS != 0 ? texelFetch(folded_texels, int(i)).r : folded[i])

// level/255 rounded to nearest, as the host divides, also on devices with less exact division: the first factor has so
// few digits that its product is exact, and the second is the rest. Right for all 256 levels, fused or not.
float from_level(uint level) { return float(level) * (257.0 / 65536.0) + float(level) * uintBitsToFloat(0x33808081u); }

// 255·value rounded to nearest, a half upwards, clamped to 0..255, in integers because no float holds the product:
// value = digits·2^−(shift + 1), and floor(x + 1/2) = floor((floor(2x) + 1)/2).
uint to_level(float value) {
    uint bits = floatBitsToUint(value);
    uint digits = (bits & 0x7fffffu) | 0x800000u, shift = (149u - (bits >> 23)) & 31u;
    uint level = ((255u * digits >> shift) + 1u) >> 1;
    return value > 1.0 / 512.0 ? (value < 1.0 ? level : 255u) : 0u;
}

// The values that read_row() has read and that write_row() is to write, [column][colour]. They are no arguments:
// compilers have lost arguments that are arrays whose size is a specialization constant.
float row_read[ROW_VALUES];
float row_written[STRIP * 3];

// Reads the columns [first_column − REACH, first_column + STRIP + REACH) of the picture padded by KERNEL − 1.
void read_row(uint padded_row, uint first_column) {
    uint row = (padded_row - push.tile_row) * push.pitch, column = first_column - push.tile_column;
    if (PACKED != 0) {
        uint word = 0;
        [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) {
            uint byte = (MARGIN - REACH) * 3 + i;
            if (i == 0 || byte % 4 == 0) word = PICTURE(row + column / 4 * 3 + byte / 4);
            row_read[i] = from_level((word >> byte % 4 * 8) & 255u);
        }
    } else {
        [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) {
            uint at = i % 3 * push.plane + row + column + MARGIN - REACH + i / 3;
            row_read[i] = uintBitsToFloat(PICTURE(at));
        }
    }
}

// Writes the columns [first_column, first_column + STRIP) of the result.
void write_row(uint row, uint first_column) {
    uint to = (row - push.tile_row) * push.result_pitch, column = first_column - push.tile_column;
    if (PACKED != 0) {
        [[unroll]] for (uint i = 0; i < STRIP * 3; i += 4) {
            result[to + (column * 3 + i) / 4] = to_level(row_written[i]) | to_level(row_written[i + 1]) << 8 |
                                                to_level(row_written[i + 2]) << 16 | to_level(row_written[i + 3]) << 24;
        }
    } else {
        [[unroll]] for (uint i = 0; i < STRIP * 3; ++i) {
            result[i % 3 * push.result_plane + to + column + i / 3] = floatBitsToUint(row_written[i]);
        }
    }
}

// A thread's part of the region, false if it has none: neighbours take neighbouring strips, then the blocks below.
bool region_of_thread(out uint first_row, out uint rows, out uint first_column) {
    uint thread = gl_GlobalInvocationID.x, block = thread / push.strips;
    first_row = push.first_row + block * push.block_rows;
    rows = min(push.block_rows, push.rows - block * push.block_rows);
    first_column = (push.first_strip + thread % push.strips) * STRIP;
    return block < push.blocks;
}

#endif
