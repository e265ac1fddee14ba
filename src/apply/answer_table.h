// What a classifier says of many pictures, as a table for other programs.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "apply/summary.h"

namespace shadenet {

class AnswerTable {
  public:
    explicit AnswerTable(std::filesystem::path path) : path_(std::move(path)) {}
    /// Keeps its line, 0.3 kB for usual names.
    void add(const PictureOutcome& outcome);
    /// The lines, in the order of the files' names, with a heading, as RFC 4180 has them: file, output,
    /// status, label, probability, runner_up, runner_up_probability, truth, message. Fields that are not
    /// known are empty. As write_told_file(); throws WorkError.
    void write();

  private:
    std::filesystem::path path_;
    std::vector<std::string> lines_;
};

}  // namespace shadenet
