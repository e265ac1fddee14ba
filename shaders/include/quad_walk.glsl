// The walk of kernels over tensors [n][blocks][h][w] of vec4: a thread owns a run of neighbouring pixels of one block of
// four channels. Threads: one along x for each run; src/engine/stack/quad_walk.h cuts them into calls.
#ifndef QUAD_WALK_GLSL
#define QUAD_WALK_GLSL
#include "quad_walk_push.h"
#include "quads.glsl"

struct QuadRun {
    bool inside;
    uint image;  // counted from the first bound image
    uint block;
    uint run;    // number in its plane
    uint plane;  // index of the plane's first pixel
};

QuadRun quad_run(QuadWalkPush walk) {
    uint thread = gl_GlobalInvocationID.x;
    QuadRun run;
    run.inside = thread < walk.threads;
    uint plane = thread / walk.runs;
    uint block = walk.first_block + plane;
    run.image = walk.first_image + block / walk.blocks;
    run.block = block % walk.blocks;
    run.run = walk.first_run + thread - plane * walk.runs;
    run.plane = run.image * walk.image_stride + run.block * walk.pixels;
    return run;
}

// Where `parts` vec4s of partial results of this run begin: see src/engine/stack/tiling.h, with tiles in one row.
uint partial_of(QuadRun run, QuadWalkPush walk, uint pixels_per_run, uint parts) {
    uint tiles = (walk.pixels + pixels_per_run - 1) / pixels_per_run;
    uint tile = (walk.images_before + run.image) * tiles + run.run;
    return (tile * walk.blocks + run.block) * parts;
}

#endif
