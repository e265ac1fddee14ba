// The curves of a study: for every variant the median of its repeats, in a band from their least to their
// greatest.
#pragma once

#include <optional>
#include <string>

#include "report/chart.h"
#include "study/results.h"

namespace shadenet {

/// Training or validation losses, on a logarithmic scale. Of a variant the finished runs, or where there is
/// none all of them, at the epochs that each of these has. At most 1000 epochs are points.
Chart training_curves(const StudyResult& result);
Chart validation_curves(const StudyResult& result);

/// Of classifiers: in validation, or in training where they do not validate, in percent.
Chart accuracy_curves(const StudyResult& result);

/// That of a variant's curves.
std::string variant_colour(const StudyResult& result, std::size_t variant);

}  // namespace shadenet
