// What tests mean by the same numbers: a NaN equals itself, and −0 is not 0.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "model/named_statistics.h"
#include "model/parameters.h"

namespace shadenet::test {

inline bool same_bits(const NamedTensor& a, const NamedTensor& b) {
    return a.name == b.name && a.shape == b.shape && a.trainable == b.trainable &&
           a.values.size() == b.values.size() &&
           std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0;
}

inline bool same_bits(const std::vector<NamedTensor>& a, const std::vector<NamedTensor>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const NamedTensor& one, const NamedTensor& other) { return same_bits(one, other); });
}

inline bool same_bits(const Parameters& a, const Parameters& b) {
    return same_bits(a.tensors(), b.tensors());
}

/// Of the same name too.
inline bool same_bits(const NamedStatistics& a, const NamedStatistics& b) {
    return a.name == b.name && same_bits(a.tensors, b.tensors);
}

}  // namespace shadenet::test
