#ifndef SHADENET_COLUMN_SUM_PUSH_H
#define SHADENET_COLUMN_SUM_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Sums groups of `per_group` rows of a matrix [rows][columns] into one row each, times `scale`.
struct ColumnSumPush {
    uint rows, columns, per_group;
    uint first_sum;  // row of the first group's sum
    float scale;
};
CONTRACT_END
#endif
