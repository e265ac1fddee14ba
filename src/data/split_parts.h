// Labelled pictures, split.
#pragma once

#include "data/labelled_pictures.h"
#include "data/split.h"

namespace shadenet {

struct SplitParts {
    LabelledPictures training, validation, test;
};

/// The pictures of each part, in the order of their numbers. All have the training part's shape. Levels are
/// copied only where a part's are split off: those of training stay where they are, and so do those of a test
/// part that the split leaves as it is. With pooled parts there are at most all pictures twice.
SplitParts split_parts(LabelledData data, const Split& split);

}  // namespace shadenet
