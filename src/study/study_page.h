// study.html: a study told to people.
#pragma once

#include <string>

#include "study/results.h"

namespace shadenet {

/// The page: findings, curves, results, a picture by every variant, and the runs with links to their reports.
/// Carries all it needs and has less than 6 MB. The same results and files give the same bytes.
std::string study_page(const StudyResult& result);

/// study.html and loss.svg in the study's folder. Throws WorkError when it cannot be written.
void write_study_page(const StudyResult& result);

}  // namespace shadenet
