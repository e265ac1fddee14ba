// What a classifier says of many pictures, as a table for other programs.
#pragma once

#include <filesystem>
#include <vector>

#include "apply/summary.h"

namespace shadenet {

class AnswerTable {
  public:
    /// Throws InputError when no file can be made beside `path`.
    explicit AnswerTable(std::filesystem::path path);
    void add(const PictureOutcome& outcome) { outcomes_.push_back(outcome); }
    /// The lines, in the order of the files' names, with a heading, as RFC 4180 has them: file, output,
    /// status, label, probability, runner_up, runner_up_probability, truth, message. Fields that are not
    /// known are empty. Atomic; throws WorkError.
    void write();

  private:
    std::filesystem::path path_;
    std::vector<PictureOutcome> outcomes_;
};

}  // namespace shadenet
