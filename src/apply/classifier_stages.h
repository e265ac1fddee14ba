// Pictures on their way through a classifier, and into the folders of their classes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/careful_work.h"
#include "apply/pipeline.h"
#include "apply/sorted_folders.h"
#include "data/labelled/picture_rule.h"
#include "model/model_file.h"

namespace shadenet {

class Device;

/// Makes streams of a model that tells classes, as device_streams() does of a filter. What has begun when a
/// picture is finished is computed together, up to a whole batch; no bit of a result depends on that. The
/// logits of a picture that are no numbers are a BadResult.
MakeClassifier classifier_streams(std::unique_ptr<Device> device, const std::string& request,
                                  const Model& model);

/// How many pictures to compute together: a batch that the trainer's validation takes, and at most 64.
std::uint32_t classifier_batch(const Model& model);

class ClassifierStages : public PictureStages {
  public:
    /// Without folders only the answers are kept. The references must outlive it.
    ClassifierStages(CarefulClassifier& classifier, const ModelClasses& classes, const PictureRule& rule,
                     const SortedFolders* folders)
        : classifier_(classifier), classes_(classes), rule_(rule), folders_(folders) {}

    std::uint64_t memory_needed(const ApplyJob& job, const PictureFacts& facts) const override;
    std::uint64_t memory_kept(const ApplyJob& job, const PictureFacts& facts) const override;
    std::unique_ptr<Loaded> load(const ApplyJob& job, PictureReader& reader) const override;
    void begin(Loaded& picture) override;
    std::string finish_next(Loaded& oldest) override;
    const char* not_done_word() const override { return "not classified"; }
    void save(const ApplyJob& job, Loaded& picture, PictureOutcome& outcome) const override;

  private:
    CarefulClassifier& classifier_;
    const ModelClasses& classes_;
    PictureRule rule_;
    const SortedFolders* folders_;
};

/// The answer in the names of the classes.
NamedAnswer named_answer(const std::vector<float>& logits, const ModelClasses& classes);

}  // namespace shadenet
