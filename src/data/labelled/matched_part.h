// A part of labelled pictures, as a model that may have learned from others takes it.
#pragma once

#include <string>
#include <vector>

#include "data/labelled/picture_rule.h"
#include "data/labelled_pictures.h"
#include "model/model_classes.h"

namespace shadenet {

/// A part of data whose classes have these names, with labels by the model's classes, which are matched by
/// name, in the shape of the rule: grey for colour and colour for grey, as the rule says, but of the same
/// height and width. Throws InputError "<folder>: ..." where a class is not one of the model's, or the size
/// is another.
LabelledPictures matched_part(LabelledPictures part, const std::vector<std::string>& names,
                              const ModelClasses& classes, const PictureRule& rule,
                              const std::string& folder);

}  // namespace shadenet
