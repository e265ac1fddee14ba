// Reads, filters and writes many pictures at once: while the device works on some, other threads decode and
// encode others.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

#include "apply/careful_filter.h"
#include "apply/jobs.h"
#include "apply/memory_budget.h"
#include "apply/summary.h"
#include "model/model_colours.h"

namespace shadenet {

struct PipelineOptions {
    unsigned loaders = 1;            ///< threads that read and decode; 0: the calling thread does
    unsigned under_way = 2;          ///< pictures that the device has at once
    unsigned savers = 1;             ///< threads that encode and write; 0: the calling thread does
    std::uint64_t memory_bytes = 0;  ///< for all pictures in work, besides a file for each loader
    int jpeg_quality = 0;            ///< 0: the quality of the source
    bool keep_palette = true;        ///< even if the result has more colours than a palette
    bool strip_metadata = false;     ///< remove EXIF, IPTC, XMP and texts
    ModelColours colours{};          ///< colours of the model
};

/// The right numbers of threads and bytes for a computer with `cores` processors.
PipelineOptions default_pipeline_options(unsigned cores);

/// Gets the outcome of a picture. Called by one thread at a time, but not always the same; must not throw.
using OnOutcome = std::function<void(const PictureOutcome&)>;

/// Works through `jobs`, roughly in their order, and calls `on_outcome` once for each: written, failed, or
/// not done. Pictures that fail do not stop the others, unless twenty in a row cannot be written or no device
/// can be opened any more. Once `stop` is true, only loaded pictures are finished. The calling thread uses
/// the device, and also reads and writes if the system allows no threads for that; `log`, which may be empty,
/// is then told.
void run_pipeline(std::span<const ApplyJob> jobs, const PipelineOptions& options, CarefulFilter& filter,
                  const std::atomic<bool>& stop, const OnOutcome& on_outcome,
                  const CarefulFilter::Log& log = {});

/// Sets the profile of a filtered picture: if inputs and targets of the model's training had the same
/// profile, it keeps its own, else it gets the targets' profile. Returns notes that follow the result's name:
/// one if the picture's profile is not the profile of the training inputs, and one if the file cannot hold
/// the targets' profile.
std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model);

/// The memory in bytes that a picture needs from decoding to writing, judged by its header.
std::uint64_t memory_needed(const PictureFacts& facts);

}  // namespace shadenet
