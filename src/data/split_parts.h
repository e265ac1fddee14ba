// Labelled pictures, split.
#pragma once

#include "data/labelled_pictures.h"
#include "data/split.h"

namespace shadenet {

struct SplitParts {
    LabelledPictures training, validation, test;
};

/// The pictures of each part, in the order of their numbers. All have the training part's shape. The
/// levels of training stay where they are, and so do those of a test part of the data's own; only the levels
/// of pictures that change their part are copied. Pooled parts may take the memory of all pictures twice.
SplitParts split_parts(LabelledData data, const Split& split);

}  // namespace shadenet
