// Reads, filters and writes many pictures at once: while the device works on some, others are decoded and
// encoded by threads of their own.
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
    unsigned loaders = 1;            ///< threads that read and decode; 0 leaves it to the calling one
    unsigned under_way = 2;          ///< pictures that the device has at once
    unsigned savers = 1;             ///< threads that encode and write; 0 alike
    std::uint64_t memory_bytes = 0;  ///< for all pictures on their way, besides a file for each loader
    int jpeg_quality = 0;            ///< 0: as the source's
    bool keep_palette = true;        ///< even where the result has more colours than a palette
    bool strip_metadata = false;     ///< all but what says how the colours are meant
    ModelColours colours{};          ///< the model's
};

/// As many threads and as much memory as suit a computer with so many processors.
PipelineOptions default_pipeline_options(unsigned cores);

/// Whatever becomes of a picture. Called by one thread at a time, but not always the same; must not throw.
using OnOutcome = std::function<void(const PictureOutcome&)>;

/// Works through `jobs`, in about their order, and calls `on_outcome` once for each: written, failed, or not
/// done. Failing pictures do not disturb the others, unless twenty in a row cannot be written or no device
/// can be opened any more. Once `stop` is true, those that are loaded are still finished. The device is used
/// by the calling thread, which also reads and writes where the system allows no threads for that; `log`,
/// which may be empty, hears of it.
void run_pipeline(std::span<const ApplyJob> jobs, const PipelineOptions& options, CarefulFilter& filter,
                  const std::atomic<bool>& stop, const OnOutcome& on_outcome,
                  const CarefulFilter::Log& log = {});

/// What a picture takes in memory from decoding to writing, by its header.
std::uint64_t memory_needed(const PictureFacts& facts);

}  // namespace shadenet
