// The kernels of histograms take a PlanesPush. These are the columns of their counts, [channels + 1][columns]: a row
// for each channel, and a last row for all channels together.
#ifndef SHADENET_HISTOGRAM_PUSH_H
#define SHADENET_HISTOGRAM_PUSH_H
#include "planes_push.h"

CONTRACT_BEGIN
const uint HISTOGRAM_BINS = 1024;  // the first columns
const uint HISTOGRAM_BELOW = 1024;
const uint HISTOGRAM_ABOVE = 1025;
const uint HISTOGRAM_NOT_FINITE = 1026;
const uint HISTOGRAM_COLUMNS = 1027;
CONTRACT_END
#endif
