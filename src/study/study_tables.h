// The tables of study.html.
#pragma once

#include <string>

#include "study/results.h"

namespace shadenet {

/// A row for every variant: medians, with the least and the greatest of the repeats under them.
std::string variant_table(const StudyResult& result);

/// A row for every run, with a link to its report where it has one.
std::string run_table(const StudyResult& result);

}  // namespace shadenet
