// The outcome of every picture, for programs to read.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadenet {

enum class PictureStatus { written, skipped, failed, not_done, not_taken, classified };

/// "written", "skipped", "failed", "not done", "not taken", "classified".
std::string to_string(PictureStatus status);

/// What a classifier says of a picture, in the names of its classes.
struct NamedAnswer {
    std::string label, runner_up;
    double probability = 0, runner_up_probability = 0;
    std::string truth{};  ///< the right class, where it is known
};

struct PictureOutcome {
    std::filesystem::path input, output;
    PictureStatus status = PictureStatus::not_done;
    std::uint32_t width = 0, height = 0;              ///< 0 if unknown
    std::uint64_t input_bytes = 0, output_bytes = 0;  ///< sizes of the files
    double milliseconds = 0;                          ///< from opening the file to having its result in place
    std::string message{};                            ///< what went wrong, or why it was not taken
    std::vector<std::string> notes{};                 ///< what the result lacks, and the like

    std::optional<NamedAnswer> answer{};  ///< of a picture that is classified

    /// The text for the user: the message, or the notes as one line.
    std::string remark() const;
};

/// One JSON object without line end: the fields of a PictureOutcome, the fields of its answer where there is
/// one, and its remark() as the message; all in_utf8(), because JSON is.
std::string summary_line(const PictureOutcome& outcome);

/// A file of such lines; each can be read as soon as its picture is done. Not for several threads at once.
class SummaryFile {
  public:
    /// Throws InputError when the file cannot be made.
    explicit SummaryFile(std::filesystem::path path);
    /// Throws WorkError when it cannot be written.
    void add(const PictureOutcome& outcome);

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace shadenet
