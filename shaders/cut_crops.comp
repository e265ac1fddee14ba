#version 450
#extension GL_GOOGLE_include_directive : require
// images = the crops of a batch, cut from 8-bit pictures of any sizes, each crop with a margin. The margin has zeros,
// or the picture's own pixels, and beyond the picture's edges its outermost pixels or its mirror image. Where the
// device cannot bind all pictures at once, several calls bind a run of pictures each, and each call cuts the crops of
// its run. A picture is one word a pixel, a byte a colour. A thread cuts up to E pixels of one row.
#include "quads.glsl"
#include "linear.glsl"
#include "continued.glsl"
#include "unit_value.glsl"
#include "cut_crops_push.h"

layout(constant_id = 0) const uint PACKED = 1;  // images are such words too; else planes of floats 0..1
layout(constant_id = 1) const uint E = 4;
layout(constant_id = 2) const uint ZEROS = 0;     // around a crop stand zeros
layout(constant_id = 3) const uint MIRRORED = 0;  // beyond the edges lies the mirror image; else the outermost pixels

layout(push_constant) uniform Push { CutCropsPush push; };
WORDS_IN(0, 3, pictures);
WORDS_IN(1, 4, crops);  // CropFrom of each image
layout(binding = 2, std430) writeonly buffer images_block { uint images[]; };

bool in_crop(int at) { return at >= 0 && at < int(push.side); }

void main() {
    uint columns = push.side + 2 * push.margin, threads = row_threads(columns, E), id = linear_thread();
    uint thread = id % threads, row = id / threads % columns, image = id / threads / columns;
    if (image >= push.images) return;
    uint crop = 2 * (push.first_image + image);
    uvec4 picture = WORDS(crops, crop), place = WORDS(crops, crop + 1);
    if (picture.x != push.run) return;
    int width = int(picture.z), height = int(picture.w), y = int(row) - int(push.margin);
    uint from = picture.y + continued(int(place.x) + y, height, MIRRORED != 0) * picture.z;
    uint to = image * push.stride + push.first + row * columns, end = end_of_values(thread, E, columns);
    for (uint column = first_value(thread, E); column < end; column += NEIGHBOURS) {
        int x = int(column) - int(push.margin);
        bool is_there = ZEROS == 0 || (in_crop(x) && in_crop(y));
        if (place.z != 0) x = int(push.side) - 1 - x;
        uint i = from + continued(int(place.y) + x, width, MIRRORED != 0);
        uint word = WORDS(pictures, i / 4)[i % 4];
        word = is_there ? word : 0;
        if (PACKED != 0) {
            images[to + column] = word;
        } else {
            images[to + column] = floatBitsToUint(unit_value_8(word & 255u));
            images[to + column + push.plane] = floatBitsToUint(unit_value_8(word >> 8 & 255u));
            images[to + column + 2 * push.plane] = floatBitsToUint(unit_value_8(word >> 16 & 255u));
        }
    }
}
