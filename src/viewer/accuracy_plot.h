// How many answers of a classifier are right, below its losses.
#pragma once

#include "viewer/epoch_curves.h"
#include "viewer/selection.h"

namespace shadenet {

/// The curves in percent, with the numbers of the shown epoch and of the test. Nothing for a run on pairs.
void draw_accuracy(const PanelFrame& frame, const EpochCurves& curves);

}  // namespace shadenet
