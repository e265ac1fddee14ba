// Where results go: their names and places, and what is refused before anything is written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

struct ApplyJob;
struct ApplyPlan;
struct ApplyRequest;

/// The name of a picture's result, with the same folders in front as `input`: with the extension of `format`,
/// "png" or "jpg", or its own.
std::filesystem::path result_name(const std::filesystem::path& input, const std::string& format);

// The functions called check_... throw InputError.

void check_format(const std::string& format);
/// Refuses results that would overwrite an input under any name: with hard links, or in folders that ignore
/// case, different paths can be the same file.
void check_nothing_is_lost(const ApplyRequest& request, const std::vector<ApplyJob>& jobs);
/// Refuses an output below a file, because nothing can be made there.
void check_place(const ApplyRequest& request);
/// Refuses names that are too long for the system.
void check_output_name(const ApplyRequest& request);
void check_names(const std::vector<ApplyJob>& jobs);
/// Refuses two results of the same name, also if the names differ only in case: many file systems take them
/// for the same file. Inputs whose names differ only in case prove that this file system does not.
void check_unique_results(const ApplyRequest& request, const std::vector<ApplyJob>& jobs);
/// For an `output` that is one file: its extension must be one that can be written, and agree with `format`.
void check_result_file(const std::filesystem::path& output, const std::string& format,
                       const std::filesystem::path& input);
/// Refuses inputs that lie in the folder for results, which may then be results themselves.
void check_inputs_outside(const ApplyRequest& request);
/// Refuses a picture's name where a folder is needed: it is a mistake.
void check_result_folder(const ApplyRequest& request);
/// Refuses a quality if no result is a JPEG or WebP: it would silently have no effect.
void check_quality(const ApplyRequest& request, const ApplyPlan& plan);

/// A later run with -r would take results in a folder below the pictures for pictures: `plan` gets a note and
/// the folder to mark or, if the folder holds other things, a warning. Throws nothing.
void keep_results_apart(const ApplyRequest& request, ApplyPlan& plan);

}  // namespace shadenet
