#include "apply/filter_stages.h"

#include <algorithm>
#include <utility>

namespace shadenet {

namespace {

struct FilterPicture : PictureStages::Loaded {
    FilePicture picture{};
    std::unique_ptr<PictureInBands> bands{};  ///< instead, of a large picture
    std::vector<std::string> notes{};
};

FilterPicture& filter_picture(PictureStages::Loaded& loaded) {
    return static_cast<FilterPicture&>(loaded);
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

bool FilterStages::goes_in_bands(const ApplyJob& job, const PictureFacts& facts) const {
    const FileFormat result = result_format(job);
    return goes_by_rows(facts, result) && shadenet::memory_needed(facts, result) > options_.bands.from_bytes;
}

PictureReader FilterStages::open(const ApplyJob& job) const {
    return PictureReader(job.input, options_.bands.most_file_bytes);
}

std::uint64_t FilterStages::memory_needed(const ApplyJob& job, const PictureFacts& facts) const {
    const std::uint64_t whole = shadenet::memory_needed(facts, result_format(job));
    return goes_in_bands(job, facts) ? std::min(whole, memory_of_bands(facts, options_.bands)) : whole;
}

std::unique_ptr<PictureStages::Loaded> FilterStages::load(const ApplyJob& job, PictureReader& reader) const {
    auto loaded = std::make_unique<FilterPicture>();
    if (goes_in_bands(job, reader.facts())) {
        loaded->bands =
            std::make_unique<PictureInBands>(reader.rows(), job.output,
                                             WriteOptions{.format = result_format(job),
                                                          .quality = options_.quality,
                                                          .to_standard_output = job.sent_as.has_value()},
                                             options_.bands);
    } else {
        loaded->picture = reader.decode();
    }
    FilePicture& about = loaded->bands ? loaded->bands->about() : loaded->picture;
    if (options_.strip_metadata) strip(about.metadata);
    loaded->notes = give_colours(about, options_.colours);
    return loaded;
}

bool FilterStages::works_alone(const Loaded& picture) const {
    return static_cast<const FilterPicture&>(picture).bands != nullptr;
}

void FilterStages::begin(Loaded& picture) {
    if (!works_alone(picture)) filter_.begin(filter_picture(picture).picture.colour);
}

std::string FilterStages::finish_next(Loaded& oldest) {
    FilterPicture& loaded = filter_picture(oldest);
    if (loaded.bands) return loaded.bands->filter(filter_);
    CarefulFilter::Finished finished = filter_.finish_next();
    if (finished.failure.empty()) loaded.picture.colour = std::move(finished.output);
    return finished.failure;
}

void FilterStages::save(const ApplyJob& job, Loaded& picture, PictureOutcome& outcome) const {
    FilterPicture& loaded = filter_picture(picture);
    const Written written = loaded.bands ? loaded.bands->finish()
                                         : write_picture(job.output, loaded.picture,
                                                         {.format = result_format(job),
                                                          .quality = options_.quality,
                                                          .keep_palette = options_.keep_palette,
                                                          .to_standard_output = job.sent_as.has_value()});
    outcome.output_bytes = written.bytes;
    outcome.notes = std::move(loaded.notes);
    outcome.notes.insert(outcome.notes.end(), written.notes.begin(), written.notes.end());
    outcome.status = PictureStatus::written;
}

std::uint64_t memory_needed(const PictureFacts& facts, FileFormat result) {
    const std::uint64_t pixels = std::uint64_t{facts.width} * facts.height;
    std::uint64_t each = 2 * 3 * facts.sample_bytes();  // colours before and after the filter
    if (facts.alpha) each += facts.floats ? 4 : 2;
    if (facts.progressive) each += 6;  // all coefficients, for decoding and again for encoding
    // A TIFF may have to be converted whole, or be one strip. WebP's coders take the pixels once more, and
    // the coded file.
    if (facts.format == FileFormat::tiff) each += 8 * facts.sample_bytes();
    if (facts.format == FileFormat::webp || result == FileFormat::webp) each += 12;
    if (facts.floats && result != FileFormat::tiff) each += 8;  // levels in their place, and alpha
    // Reducing a palette counts colours, of which there can be as many as pixels.
    const std::uint64_t most_colours = std::uint64_t{1} << 24, colour_bytes = 72;
    const std::uint64_t palette = facts.palette ? colour_bytes * std::min(pixels, most_colours) : 0;
    return facts.file_bytes + pixels * each + palette;
}

}  // namespace shadenet
