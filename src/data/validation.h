// What a run is validated on.
#pragma once

#include "data/examples.h"
#include "data/picture_set.h"

namespace shadenet {

/// Examples, which are evaluated in batches, or pictures of any sizes, which are each filtered as a whole; or
/// nothing.
struct Validation {
    Validation(const Examples* some_examples = nullptr) : examples(some_examples) {}
    explicit Validation(const PictureSet& some_pictures) : pictures(&some_pictures) {}

    const Examples* examples = nullptr;
    const PictureSet* pictures = nullptr;
};

}  // namespace shadenet
