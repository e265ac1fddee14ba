// Threads that count themselves by one number, in as many rows as the device needs, and what each of them has; the host
// has the same in linear_threads.h. Include it after what sets the workgroup's size.
#ifndef LINEAR_GLSL
#define LINEAR_GLSL

uint linear_thread() {
    return gl_GlobalInvocationID.y * (gl_NumWorkGroups.x * gl_WorkGroupSize.x) + gl_GlobalInvocationID.x;
}

// Values of one row are dealt out to threads, at most `each` to one: NEIGHBOURS threads together have a run of values,
// and the next NEIGHBOURS the next run. So neighbouring threads have neighbouring values, and values that are read at
// about the same time lie close together.
const uint NEIGHBOURS = 8;

// The number of threads that share `count` values.
uint row_threads(uint count, uint each) {
    uint run = NEIGHBOURS * each;
    return count / run * NEIGHBOURS + min(count % run, NEIGHBOURS);
}

// The values of a thread are those from the first one to before the end, NEIGHBOURS apart.
uint first_value(uint thread, uint each) { return thread / NEIGHBOURS * (NEIGHBOURS * each) + thread % NEIGHBOURS; }
uint end_of_values(uint thread, uint each, uint count) {
    return min((thread / NEIGHBOURS + 1) * (NEIGHBOURS * each), count);
}

#endif
