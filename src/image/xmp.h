// XMP: properties in RDF, an application of XML.
#pragma once

#include <string>
#include <vector>

#include "image/picture_file.h"
#include "image/revision.h"

namespace shadenet {

/// Makes the sizes and the orientation right, and removes thumbnails, other pictures, and the places of what
/// is seen in a picture that was turned. A packet without any of them stays as it is, byte for byte. False
/// when it cannot be parsed; it must be left out then.
bool revise_xmp(std::string& packet, Revision& revision);

/// The same for all that a file has of it, with the parts that a JPEG keeps in further segments. What cannot
/// be parsed, or lacks a part, is left out, which is noted.
void revise_xmp(Metadata& metadata, Revision& revision);

}  // namespace shadenet
