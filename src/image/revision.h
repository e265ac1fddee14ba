// A result's metadata: those of its source, as far as they are still true of the result's pixels.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

/// Data that repeat the source's pixels are left out, and data that describe them are corrected.
struct Revision {
    std::uint32_t width = 0, height = 0;  // of the result, upright
    int orientation = 1;                  // EXIF's number of the source; already applied
    std::vector<std::string> notes;       // what was left out, each once

    bool is_turned() const { return orientation != 1; }
    /// Whether width and height were exchanged.
    bool is_sideways() const { return orientation >= 5; }
    void note(const std::string& text) {
        if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
    }
    void leave_out_thumbnail() { note("its thumbnail was left out"); }
    void leave_out_pictures() { note("further pictures in its file were left out"); }
    void leave_out_places() { note("places of faces and subjects were left out, since it was turned"); }
};

/// Revises EXIF, XMP, Photoshop's resources and texts.
Metadata revised(const Metadata& metadata, Revision& revision);

/// Corrects the sizes and the orientation, and removes thumbnails and previews with their bytes, also those
/// in maker notes. Everything else stays at its place, because maker notes count places from the start. False
/// when the structure is too damaged for that; then the EXIF must be left out.
bool revise_exif(std::vector<std::byte>& exif, Revision& revision);

/// Photoshop's resources are a signature, a number, a name, and data, one after another; IPTC is one of them.
/// All resources after a damaged one are left out, which is noted.
void revise_photoshop(std::vector<std::byte>& resources, Revision& revision);
/// The same for IPTC alone, of which damaged parts are kept.
void revise_iptc(std::vector<std::byte>& iptc, Revision& revision);

/// XMP has properties in RDF, an application of XML. A packet without any that must change stays as it is,
/// byte for byte. False when the packet cannot be parsed; then it must be left out.
bool revise_xmp(std::string& packet, Revision& revision);
/// The same for all XMP of a file, including the parts in a JPEG's further segments. XMP that cannot be
/// parsed, or lacks a part, is left out, which is noted.
void revise_xmp(Metadata& metadata, Revision& revision);

}  // namespace shadenet
