#include "apply/filter_stages.h"

#include <algorithm>
#include <utility>

namespace shadenet {

namespace {

struct FilterPicture : PictureStages::Loaded {
    explicit FilterPicture(FilePicture a_picture) : picture(std::move(a_picture)) {}
    FilePicture picture;
};

FilePicture& picture_of(PictureStages::Loaded& loaded) {
    return static_cast<FilterPicture&>(loaded).picture;
}

/// The colour space and the resolution stay, because they belong to the picture; the rest tells how it was
/// made.
void strip(Metadata& metadata) {
    metadata.exif.clear();
    metadata.iptc.clear();
    metadata.xmp.clear();
    metadata.xmp_extensions.clear();
    metadata.texts.clear();
    metadata.had_thumbnail = metadata.had_more_pictures = false;
}

}  // namespace

std::uint64_t FilterStages::memory_needed(const ApplyJob& job, const PictureFacts& facts) const {
    return shadenet::memory_needed(facts, result_format(job));
}

std::unique_ptr<PictureStages::Loaded> FilterStages::load(const ApplyJob&, PictureReader& reader) const {
    return std::make_unique<FilterPicture>(reader.decode());
}

void FilterStages::begin(Loaded& picture) {
    filter_.begin(picture_of(picture).colour);
}

std::string FilterStages::finish_next(Loaded& oldest) {
    CarefulFilter::Finished finished = filter_.finish_next();
    if (finished.failure.empty()) picture_of(oldest).colour = std::move(finished.output);
    return finished.failure;
}

void FilterStages::save(const ApplyJob& job, Loaded& loaded, PictureOutcome& outcome) const {
    FilePicture& picture = picture_of(loaded);
    if (options_.strip_metadata) strip(picture.metadata);
    std::vector<std::string> notes = give_colours(picture, options_.colours);
    const Written written = write_picture(
        job.output, picture,
        {.format = result_format(job), .quality = options_.quality, .keep_palette = options_.keep_palette});
    outcome.output_bytes = written.bytes;
    notes.insert(notes.end(), written.notes.begin(), written.notes.end());
    outcome.notes = std::move(notes);
    outcome.status = PictureStatus::written;
}

std::uint64_t memory_needed(const PictureFacts& facts, FileFormat result) {
    const std::uint64_t pixels = std::uint64_t{facts.width} * facts.height;
    std::uint64_t each = 2 * 3 * (facts.sixteen_bit ? 2 : 1);  // colours before and after the filter
    if (facts.alpha) each += 2;
    if (facts.progressive) each += 6;  // all coefficients, for decoding and again for encoding
    // Their coders take the picture whole: a strip or the pixels once more, and then the coded file.
    const auto is = [&](FileFormat format) { return facts.format == format || result == format; };
    if (is(FileFormat::tiff)) each += facts.sixteen_bit ? 16 : 8;
    if (is(FileFormat::webp)) each += 12;
    // Reducing a palette counts colours, of which there can be as many as pixels.
    const std::uint64_t most_colours = std::uint64_t{1} << 24, colour_bytes = 72;
    const std::uint64_t palette = facts.palette ? colour_bytes * std::min(pixels, most_colours) : 0;
    return facts.file_bytes + pixels * each + palette;
}

}  // namespace shadenet
