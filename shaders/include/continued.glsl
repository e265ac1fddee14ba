// Pictures beyond their edges.
#ifndef CONTINUED_GLSL
#define CONTINUED_GLSL

// The pixel that stands at `at` along an axis of `size` pixels; as continued_pixel() of model/picture_padding.h.
uint continued(int at, int size, bool mirrored) {
    if (!mirrored || size == 1) return uint(clamp(at, 0, size - 1));
    int along = abs(at) % (2 * size - 2);
    return uint(min(along, 2 * size - 2 - along));
}

#endif
