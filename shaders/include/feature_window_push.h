// The push constants of stack_window, which cuts a window out of feature maps.
#ifndef SHADENET_FEATURE_WINDOW_PUSH_H
#define SHADENET_FEATURE_WINDOW_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct FeatureWindowPush {
    uint blocks;
    int height, width;            // of the window
    int first_row, first_column;  // of the map, at the window's first pixel; may lie before the map
    int map_height, map_width;
};
CONTRACT_END
#endif
