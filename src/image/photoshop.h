// Photoshop's resources: a signature, a number, a name, and data, one behind the other. IPTC is one of them.
#pragma once

#include "image/bytes.h"
#include "image/revision.h"

namespace shadenet {

/// Makes right what the resources say of the pixels, and removes thumbnails and the like. Where they are
/// damaged those behind are left out, which is noted.
void revise_photoshop(std::vector<std::byte>& resources, Revision& revision);

/// The same for IPTC by itself, in which nothing can be so damaged that it has to go.
void revise_iptc(std::vector<std::byte>& iptc, Revision& revision);

}  // namespace shadenet
