// A network drawn as SVG: its layers from top to bottom, the shape after each layer, the numbers that
// training changes, the moving statistics, and the skip.
#pragma once

#include <string>

#include "model/network.h"

namespace shadenet {

/// An <svg> for a page; the colours are attributes, which a style sheet overrides by the classes box, frame,
/// label, name, trained and kept. Throws InputError as point_shapes() does.
std::string inline_network(const Network& network);

/// A whole SVG file, dark on white.
std::string network_file(const Network& network);

}  // namespace shadenet
