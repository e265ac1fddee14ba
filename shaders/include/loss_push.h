#ifndef SHADENET_LOSS_PUSH_H
#define SHADENET_LOSS_PUSH_H
#include "planes_push.h"

CONTRACT_BEGIN
struct LossPush {
    PlanesPush planes;
    float gradient_scale;  // 2/(number of values), for loss_backward
};
CONTRACT_END
#endif
