// The pictures, each drawn from nothing but arithmetic. One function per scene, in the file of its name.
#pragma once

#include "image/image.h"

namespace shadenet {

Image draw_coast();
Image draw_still_life();
Image draw_meadow();
Image draw_city();
Image draw_poster();
Image draw_fog();
Image draw_flowers();
Image draw_balloons();
Image draw_dunes();

}  // namespace shadenet
