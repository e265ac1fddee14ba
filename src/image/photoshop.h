// Photoshop's resources: a signature, a number, a name, and data, one after another. IPTC is one of them.
#pragma once

#include "image/bytes.h"
#include "image/revision.h"

namespace shadenet {

/// Corrects what the resources tell about the pixels, and removes thumbnails and the like. All resources
/// after a damaged one are left out, which is noted.
void revise_photoshop(std::vector<std::byte>& resources, Revision& revision);

/// The same for IPTC alone, of which damaged parts are kept.
void revise_iptc(std::vector<std::byte>& iptc, Revision& revision);

}  // namespace shadenet
