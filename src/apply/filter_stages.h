// Pictures on their way through a filter, into files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apply/careful_work.h"
#include "apply/picture_bands.h"
#include "apply/pipeline.h"
#include "image/picture_file.h"
#include "model/model_colours.h"

namespace shadenet {

struct ResultOptions {
    int quality = 0;              ///< 0: the quality of the source
    bool keep_palette = true;     ///< even if the result has more colours than a palette
    bool strip_metadata = false;  ///< remove EXIF, IPTC, XMP and texts
    ModelColours colours{};       ///< colours of the model
    BandOptions bands{};          ///< of large pictures
};

class FilterStages : public PictureStages {
  public:
    /// The filter must outlive it.
    explicit FilterStages(CarefulFilter& filter, ResultOptions options = {})
        : filter_(filter), options_(std::move(options)) {}

    PictureReader open(const ApplyJob& job) const override;
    std::uint64_t memory_needed(const ApplyJob& job, const PictureFacts& facts) const override;
    std::unique_ptr<Loaded> load(const ApplyJob& job, PictureReader& reader) const override;
    bool works_alone(const Loaded& picture) const override;
    void begin(Loaded& picture) override;
    std::string finish_next(Loaded& oldest) override;
    const char* not_done_word() const override { return "not written"; }
    void save(const ApplyJob& job, Loaded& picture, PictureOutcome& outcome) const override;

  private:
    bool goes_in_bands(const ApplyJob& job, const PictureFacts& facts) const;

    CarefulFilter& filter_;
    ResultOptions options_;
};

/// Sets the profile of a filtered picture: if inputs and targets of the model's training had the same
/// profile, it keeps its own, else it gets the targets' profile. Returns notes that follow the result's name:
/// one if the picture's profile is not the profile of the training inputs, and one if the file cannot hold
/// the targets' profile.
std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model);

/// The memory in bytes that a whole picture needs from decoding to writing, judged by its header and the
/// result.
std::uint64_t memory_needed(const PictureFacts& facts, FileFormat result);

}  // namespace shadenet
