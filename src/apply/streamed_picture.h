// One picture from standard input, or to standard output.
#pragma once

#include "apply/jobs.h"

namespace shadenet {

/// Whether standard input is among the inputs, or standard output is the output.
bool has_stream(const ApplyRequest& request);

/// plan_application() and plan_classification() of a request that has one. Both read the picture, but do not
/// decode it. They throw InputError when a stream is a terminal, or what else is asked for is about several
/// pictures.
ApplyPlan plan_streamed(const ApplyRequest& request);
ApplyPlan plan_streamed_question(const ApplyRequest& request);

}  // namespace shadenet
