// XMP: properties in RDF, an application of XML.
#pragma once

#include <string>
#include <vector>

#include "image/picture_file.h"
#include "image/revision.h"

namespace shadenet {

/// Corrects the sizes and the orientation, and removes thumbnails, other pictures and, if the picture was
/// turned, the places of faces and the like. A packet without any of them stays as it is, byte for byte.
/// False when the packet cannot be parsed; then it must be left out.
bool revise_xmp(std::string& packet, Revision& revision);

/// The same for all XMP of a file, including the parts in a JPEG's further segments. XMP that cannot be
/// parsed, or lacks a part, is left out, which is noted.
void revise_xmp(Metadata& metadata, Revision& revision);

}  // namespace shadenet
