// Stages of a reduction: a thread handles one column of one group of rows. There may be more groups than a device
// runs along one axis, so they are counted along y and z. Threads: (columns, groups along y, groups along z).
#ifndef REDUCTION_GLSL
#define REDUCTION_GLSL

uint reduction_group() { return gl_WorkGroupID.z * gl_NumWorkGroups.y + gl_WorkGroupID.y; }

#endif
