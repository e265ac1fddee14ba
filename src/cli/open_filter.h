// A model on an open device, for batch after batch of pictures.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "apply/careful_work.h"
#include "apply/filter_stages.h"
#include "apply/pipeline.h"
#include "cli/apply_flags.h"
#include "model/model_file.h"

namespace shadenet {

class OpenFilter {
  public:
    /// Opens the device and says so. Throws InputError and WorkError. Both must outlive it.
    /// `rank_lines`: as say_device() takes them.
    OpenFilter(const ApplyFlags& flags, const Model& model, const std::vector<std::string>& rank_lines = {});

    /// Makes the folders of the results, without what killed runs left there, and filters. `new_results`: a
    /// folder to mark first; may be empty. Once stop_on_interrupt() is true, only what has begun is finished,
    /// of large pictures only the band.
    void filter(const std::vector<ApplyJob>& jobs, const std::filesystem::path& new_results,
                const OnOutcome& on_outcome);

  private:
    PipelineOptions options_;
    CarefulFilter filter_;
    FilterStages stages_;
    std::set<std::filesystem::path> folders_;  ///< of results, so far
};

}  // namespace shadenet
