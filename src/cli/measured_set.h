// The pictures that a classifier's statistics are measured over, as the classifier sees them.
#pragma once

#include "cli/measure.h"
#include "data/labelled_examples.h"

namespace shadenet {

struct MeasuredSet {
    LabelledExamples examples;
    bool labelled;  ///< else all have the label 0
};

/// The input's pictures, made to fit by the model's own rule; or the training part of an input that holds no
/// picture itself but labelled ones, as train --data takes them, with their labels. Files that cannot be read
/// are said and left out. Throws InputError for an input without pictures, with classes that the model does
/// not know or pictures that it does not take, and for --size, which the model knows itself; Stopped.
MeasuredSet read_measured_set(const MeasureFlags& flags, const Model& model);

}  // namespace shadenet
