// What the numbers of a study say, in sentences.
#pragma once

#include <string>
#include <vector>

#include "study/results.h"

namespace shadenet {

/// One plain sentence or two, with its figures. A variant of which a run diverged is not compared with
/// others.
struct StudyFinding {
    std::string text;
    /// The repeats hold the difference up: see comparison_rule().
    bool supported = false;
};

/// Which variant ended highest in accuracy, of classifiers, and lowest in training and in validation loss,
/// which was first at the threshold, which has
/// the shortest epochs, or which are equal in that to the digits that are shown, whether validation loss by
/// training loss is larger with norms, and what diverged failed or is not done. What there is nothing to
/// compare for is left out.
std::vector<StudyFinding> findings_of(const StudyResult& result);

/// When a difference is called supported, and how often equal variants would be told apart by it, with as
/// many finished repeats as all compared variants have.
std::string comparison_rule(const StudyResult& result);

/// The chance that the ranges of two sets of n independent values with one distribution do not overlap: of
/// the C(2n, n) ways in which 2n ranks can fall to the two sets, the 2 that put one set below the other.
double chance_of_parted_ranges(std::size_t n);

}  // namespace shadenet
