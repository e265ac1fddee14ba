// Where results go: their names and places, and what is refused before anything is written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

struct ApplyJob;
struct ApplyPlan;
struct ApplyRequest;

/// The result's name for a picture's, both without or both with the folders before it: with the extension of
/// `format`, "png" or "jpg", or its own.
std::filesystem::path result_name(const std::filesystem::path& input, const std::string& format);

/// True where both are there and are one file, whatever they are called.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

// Those called check_ throw InputError.

void check_format(const std::string& format);
/// Refuses results that are a picture of the input under any name: hard links and folders that ignore case
/// have names that no comparison of paths sees through.
void check_nothing_is_lost(const std::vector<ApplyJob>& jobs);
/// The nearest folder above `path` that exists must be a folder: below a file nothing can be made.
void check_place(const std::filesystem::path& path);
/// Refuses names that are longer than the system takes.
void check_output_name(const std::filesystem::path& output);
void check_names(const std::vector<ApplyJob>& jobs);
/// Names that differ by case alone are one file to many file systems, which inputs of such names show that
/// this is none of.
void check_unique_results(const std::vector<ApplyJob>& jobs);
/// `output` names one file: its extension is one that can be written, and agrees with the format asked for.
void check_result_file(const std::filesystem::path& output, const std::string& format,
                       const std::filesystem::path& input);
/// Where a folder is needed, a picture's name is a slip.
void check_result_folder(const std::filesystem::path& output);
/// A quality that no result has would be lost in silence.
void check_quality(const ApplyRequest& request, const ApplyPlan& plan);

/// Results in a folder below the pictures would be pictures to a later run with -r: `plan` gets a note and
/// the folder that is to be marked, or, where it holds other things, a warning. Throws nothing.
void keep_results_apart(const ApplyRequest& request, ApplyPlan& plan);

}  // namespace shadenet
