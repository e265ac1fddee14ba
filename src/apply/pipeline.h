// Reads many pictures, works on them and keeps the results: while the device has some, other threads decode
// and encode others.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "apply/jobs.h"
#include "apply/memory_budget.h"
#include "apply/summary.h"

namespace shadenet {

struct PipelineOptions {
    unsigned loaders = 1;            ///< threads that read and decode; 0: the calling thread does
    unsigned under_way = 2;          ///< pictures that the device has at once
    unsigned savers = 1;             ///< threads that keep results; 0: the calling thread does
    std::uint64_t memory_bytes = 0;  ///< for all pictures in work, besides a file for each loader
};

/// The right numbers of threads and bytes for one of the `processes` that work on a computer with `cores`
/// processors.
PipelineOptions default_pipeline_options(unsigned cores, unsigned processes = 1);

/// What becomes of pictures on their way.
class PictureStages {
  public:
    /// A picture that is loaded, and later its result.
    struct Loaded {
        virtual ~Loaded() = default;
    };

    virtual ~PictureStages() = default;
    /// Reads the file. In several threads at once. Throws InputError.
    virtual PictureReader open(const ApplyJob& job) const { return PictureReader(job.input); }
    /// The memory in bytes that a picture needs from decoding on, judged by its header.
    virtual std::uint64_t memory_needed(const ApplyJob& job, const PictureFacts& facts) const = 0;
    /// What of that it needs when it is loaded.
    virtual std::uint64_t memory_kept(const ApplyJob& job, const PictureFacts& facts) const {
        return memory_needed(job, facts);
    }
    /// In several threads at once. Throws InputError.
    virtual std::unique_ptr<Loaded> load(const ApplyJob& job, PictureReader& reader) const = 0;
    /// Whether nothing else may be under way while this is.
    virtual bool works_alone(const Loaded&) const { return false; }
    /// In the thread that has the device. Both throw only when nothing else can be done.
    virtual void begin(Loaded& picture) = 0;
    /// Finishes `oldest`, the oldest picture that was begun: why that failed, or nothing. Throws Stopped
    /// where that takes long, and the picture is not done then.
    virtual std::string finish_next(Loaded& oldest) = 0;
    /// What a picture that failed there is, "not written".
    virtual const char* not_done_word() const = 0;
    /// Keeps the result and tells of it, also by its status. In several threads at once. Throws WorkError;
    /// InputError where another picture's result may well be kept.
    virtual void save(const ApplyJob& job, Loaded& picture, PictureOutcome& outcome) const = 0;
};

/// Gets the outcome of a picture. Called by one thread at a time, but not always the same; must not throw.
using OnOutcome = std::function<void(const PictureOutcome&)>;

/// Works through `jobs`, roughly in their order, and calls `on_outcome` once for each: as it was saved,
/// failed, or not done. Pictures that fail do not stop the others, unless twenty in a row cannot be written
/// or no device can be opened any more. Once `stop` is true, only loaded pictures are finished, as far as
/// their stages do not stop, too. The calling thread uses the device, and also reads and writes if the system
/// allows no threads for that; `log`, which may be empty, is then told.
void run_pipeline(std::span<const ApplyJob> jobs, const PipelineOptions& options, PictureStages& stages,
                  const std::atomic<bool>& stop, const OnOutcome& on_outcome,
                  const std::function<void(const std::string& line)>& log = {});

}  // namespace shadenet
