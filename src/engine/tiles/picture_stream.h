// Pictures on their way through a filter, several at a time: what the plans of inference have in common.
// PictureFilter chooses one, checks what it is given, and is what others use.
#pragma once

#include <cstddef>
#include <variant>

#include "image/image.h"

namespace shadenet {

/// A picture to read and one of its size to write.
template <class Kind>
struct Passage {
    const Kind* input;
    Kind* output;
};
using AnyPassage = std::variant<Passage<Image>, Passage<Picture8>, Passage<Picture16>>;

class PictureStream {
  public:
    virtual ~PictureStream() = default;
    /// Pictures have at least one pixel, and stay where they are until finish_next() has returned for them.
    virtual void begin(const AnyPassage& passage) = 0;
    /// Waits for the oldest picture that was begun. Throws BadResult where an integer picture's value is not
    /// finite; the pictures after it go on.
    virtual void finish_next() = 0;
    virtual std::size_t under_way() const = 0;
};

}  // namespace shadenet
