// What `shadenet apply` and `shadenet classify` show while they run, and in the end.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apply/summary.h"
#include "cli/progress_bar.h"

namespace shadenet {

/// "written", "filtered": how its last words begin, and what failed pictures could not be.
struct DisplayWords {
    const char *done, *failed;
};

/// Of which pictures there is a line: of failures alone, of results too, or of all.
enum class DisplayDetail { failures, results, all };

/// Not for several threads at once.
class ApplyDisplay {
  public:
    /// `total`: pictures to work on. `summary` may be empty; throws InputError when it cannot be made.
    ApplyDisplay(const DisplayWords& words, std::size_t total, const std::string& summary,
                 DisplayDetail detail, bool quiet);

    /// More pictures to work on.
    void expect(std::size_t more) { total_ += more; }
    /// Shows no progress until there is more.
    void rest() { progress_.clear(); }

    /// Never throws: what goes wrong with the summary file is said in the end. A picture that comes again
    /// counts as it did last, and a failure is said once.
    void add(const PictureOutcome& outcome) noexcept { add(outcome, false); }
    /// What another rank has done, which has said its failures.
    void add_told(const PictureOutcome& outcome) noexcept;

    /// The last words: how many, how fast, what failed, and how to go on where pictures are not done.
    /// Returns whether all is well.
    bool finish(const std::string& how_to_go_on);
    std::size_t count(PictureStatus status) const;

  private:
    using Clock = std::chrono::steady_clock;
    /// Of how many results the same is to be said.
    struct Note {
        std::size_t count = 0;
        std::filesystem::path first;
    };

    void add(const PictureOutcome& outcome, bool is_told) noexcept;
    void show(const PictureOutcome& outcome, bool is_told);
    void forget_failure(const std::filesystem::path& input);
    void remember_notes(const PictureOutcome& outcome);
    void show_progress();
    void list_failures() const;
    void list_notes() const;
    double seconds() const;

    /// Of pictures with a result.
    std::size_t done() const { return count(PictureStatus::written) + count(PictureStatus::classified); }

    DisplayWords words_;
    std::size_t total_;
    const DisplayDetail detail_;
    const bool quiet_;
    std::optional<SummaryFile> summary_;
    std::string summary_failure_;
    ProgressBar progress_;
    std::map<PictureStatus, std::size_t> counts_;
    std::map<std::filesystem::path, std::string> failures_;  ///< messages, each with its file's name
    std::map<std::string, Note> notes_;
    Clock::time_point start_ = Clock::now(), last_line_ = start_;
};

}  // namespace shadenet
