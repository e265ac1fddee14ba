// `shadenet classify --data`: a trained classifier on labelled pictures.
#pragma once

#include "cli/classify_flags.h"
#include "group/shared_work.h"

namespace shadenet {

/// Of rank 0, or of a process alone: tells what the model answers, and how often that is right. Returns the
/// exit code. Throws Stopped when interrupted while the pictures are read.
int classify_labelled(const ClassifyFlags& flags, SharedWork& work);
/// Of another rank.
int follow_labelled(const ClassifyFlags& flags, SharedWork& work);

}  // namespace shadenet
