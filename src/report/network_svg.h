// A network drawn as SVG: its layers from top to bottom, what shape comes out of each, which numbers training
// moves, where the moving statistics live, and the skip.
#pragma once

#include <string>

#include "model/network.h"

namespace shadenet {

/// An <svg> for a page; the colours are attributes, which a style sheet overrules by the classes box, frame,
/// label, name, trained and kept. Throws InputError as point_shapes() does.
std::string inline_network(const Network& network);

/// A whole SVG file, dark on white.
std::string network_file(const Network& network);

}  // namespace shadenet
