// Shared by both passes of the fused training step: the tile's constants, and reading pictures and weights.
//
// The includer declares `pictures`, `folded` and their views as texels. Software drivers read fastest through the
// texture unit; a device whose texel buffers are too small for the pictures reads storage instead.
#ifndef FUSED_PASS_GLSL
#define FUSED_PASS_GLSL
#include "fused_push.h"
#include "kernel.glsl"

layout(constant_id = 1) const uint KERNEL = 3;
layout(constant_id = 2) const uint STRIP = 8;     // columns of a thread
layout(constant_id = 3) const uint CHANNELS = 16; // hidden channels, rounded up to whole groups
layout(constant_id = 4) const uint PACKED = 0;    // pictures are 8-bit RGB in one word, else three planes of float
layout(constant_id = 5) const uint TEXELS = 0;    // read through the texture unit
layout(constant_id = 6) const uint RAGGED = 1;    // the last strip reaches beyond the last column
layout(constant_id = 8) const uint CONTINUED = 0; // pictures go on beyond their edges, and the hidden layer has a ring

#define REACH (KERNEL - 1)
#define RADIUS ((KERNEL - 1) / 2)
#define TAPS (KERNEL * KERNEL)
#define PATCH (3 * TAPS)
#define ROW FUSED_ROW(PATCH)
#define RING (CONTINUED != 0 ? RADIUS : 0)  // rows and columns of the hidden layer around the picture

layout(push_constant) uniform Push { FusedPassPush push; };

#define PICTURE_WORD(i) (TEXELS != 0 ? texelFetch(pictures_texels, int(i)).r : pictures[i])
#define FOLDED(i) (TEXELS != 0 ? texelFetch(folded_texels, int(i)).r : folded[i])

// The colours of a pixel, as the pictures hold them: 0..255 if packed.
#define PICTURE_AT(i) (PACKED != 0 ? unpacked(PICTURE_WORD(i)) : \
    vec3(uintBitsToFloat(PICTURE_WORD(i)), uintBitsToFloat(PICTURE_WORD((i) + push.plane)), \
         uintBitsToFloat(PICTURE_WORD((i) + 2 * push.plane))))

vec3 unpacked(uint word) { return vec3(word & 255u, (word >> 8) & 255u, (word >> 16) & 255u); }

// Index of a padded picture's pixel. Columns and rows beyond the padding give its last ones.
uint pixel(uint row, uint column) {
    uint last_row = push.height + 2 * REACH - 1, last_column = push.width + 2 * REACH - 1;
    return min(row, last_row) * push.pitch + min(column, last_column);
}

#endif
