#ifndef SHADENET_PEAK_PUSH_H
#define SHADENET_PEAK_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Every thread runs `rounds` rounds of PEAK_CHAINS · PEAK_LENGTH multiply-adds on registers.
const uint PEAK_CHAINS = 16;  // independent of one another, so that their latencies overlap
const uint PEAK_LENGTH = 8;

struct PeakPush {
    uint rounds;
    float factor, addend;
};
CONTRACT_END
#endif
