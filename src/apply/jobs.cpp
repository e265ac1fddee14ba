#include "apply/jobs.h"

#include <set>
#include <system_error>

#include <fmt/format.h>

#include "apply/result_places.h"
#include "apply/streamed_picture.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_error.h"
#include "base/picture_formats.h"
#include "base/standard_streams.h"
#include "base/told_file.h"
#include "image/file_formats.h"
#include "image/image.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

ApplyPlan plan_file(const ApplyRequest& request) {
    ApplyPlan plan;
    plan.single = true;
    const fs::path& input = request.inputs.front();
    const fs::path inside = request.output / result_name(input.filename(), request.format);
    if (fs::is_directory(request.output)) {
        plan.jobs = {{input, inside}};
    } else if (!request.output.has_filename()) {
        plan.jobs = {{input, inside}};
        check_place(request);
    } else {
        check_result_file(request.output, request.format, input);
        plan.jobs = {{input, request.output}};
    }
    // A picture with a foreign extension can be read, but its name tells no format for the result.
    if (!has_picture_extension(plan.jobs.front().output)) {
        image_size(input);  // a picture that cannot be read is reported first
        throw InputError(
            fmt::format("{}: its name tells no format for the result; give --format png, jpg, tif or webp",
                        input.string()));
    }
    check_quality(request, plan);
    check_names(plan.jobs);
    check_nothing_is_lost(request, plan.jobs);
    if (plan.jobs.front().output == inside) keep_results_apart(request, plan);
    return plan;
}

/// The message for a tree without pictures.
std::string without_pictures(const ApplyRequest& request, const PictureTree& tree, const NotTaken& foreign) {
    std::string what = request.inputs.size() == 1 ? request.inputs.front().string() + ": holds"
                                                  : fmt::format("the {} inputs hold", request.inputs.size());
    what += " no picture (" SHADENET_PICTURE_EXTENSIONS ")";
    if (!foreign.empty()) what += "; " + foreign.line();
    if (foreign.empty() && tree.others > 0) what += ", only " + counted(tree.others, "other file");
    return what + (request.recursive ? "" : "; -r looks into the folders below, too");
}

/// Notes for the user what was skipped.
void note_what_is_left(const PictureTree& tree, ApplyPlan& plan) {
    if (tree.links > 0) plan.notes.push_back(fmt::format("{} not followed", counted(tree.links, "link")));
    for (const fs::path& folder : tree.results) {
        plan.notes.push_back(
            fmt::format("{}: holds results of an earlier run and is passed over; to take these, give it as "
                        "the --input",
                        folder.string()));
    }
}

/// Whether the results would lie among the pictures themselves.
bool results_among_pictures(const ApplyRequest& request, const PictureTree& tree) {
    if (request.inputs.size() == 1) return same_file(request.inputs.front(), request.output);
    return std::ranges::any_of(tree.pictures, [&](const ListedPicture& picture) {
        const fs::path folder = picture.path.parent_path();
        return same_file(folder.empty() ? "." : folder, request.output);
    });
}

/// A job without an output for every picture of the tree, and what is to be said of the others.
ApplyPlan plan_of(const ApplyRequest& request, PictureTree& tree) {
    ApplyPlan plan;
    plan.problems = std::move(tree.problems);
    if (tree.pictures.empty() && plan.problems.empty()) {
        NotTaken foreign;
        for (const ListedPicture& picture : tree.foreign) foreign.add(picture.path);
        plan.nothing_taken = without_pictures(request, tree, foreign);
        if (!tree.has_files()) throw InputError(plan.nothing_taken);
    }
    for (const ListedPicture& picture : tree.pictures) plan.jobs.push_back({picture.path, {}, picture.name});
    note_what_is_left(tree, plan);
    return plan;
}

/// Keeps only this machine's share, and records the pictures in it that are not read.
void take_share(const ApplyRequest& request, PictureTree& tree, ApplyPlan& plan) {
    keep_share(plan.jobs, request.shard);
    for (const ListedPicture& picture : tree.foreign) {
        if (request.shard.takes(picture.name.generic_string())) plan.not_taken.add(picture.path);
    }
    if (!plan.not_taken.empty() && plan.nothing_taken.empty()) {
        const std::string where = request.inputs.size() == 1 ? request.inputs.front().string() + ": " : "";
        plan.warnings.push_back(where + plan.not_taken.line());
    }
}

/// Takes the results' names, which are not checked yet.
void place_results(const ApplyRequest& request, ApplyPlan& plan) {
    for (ApplyJob& job : plan.jobs) job.output = request.output / result_name(job.name, request.format);
    check_unique_results(request, plan.jobs);
    check_names(plan.jobs);
    check_nothing_is_lost(request, plan.jobs);
}

ApplyPlan plan_tree(const ApplyRequest& request) {
    PictureTree tree = pictures_of(request);
    check_apart(request, tree);
    check_place(request);
    check_result_folder(request);
    ApplyPlan plan = plan_of(request, tree);
    place_results(request, plan);
    check_quality(request, plan);
    if (!plan.jobs.empty()) keep_results_apart(request, plan);
    take_share(request, tree, plan);
    return plan;
}

/// One picture that is to be told its class.
ApplyPlan plan_picture(const ApplyRequest& request) {
    const fs::path& input = request.inputs.front();
    if (!fs::exists(input)) throw InputError(fmt::format("{}: no such file or folder", input.string()));
    ApplyPlan plan;
    plan.single = true;
    plan.jobs = {{input, {}, input.filename()}};
    return plan;
}

void check_inputs(const ApplyRequest& request) {
    if (std::ranges::find(request.inputs, "") == request.inputs.end()) return;
    throw InputError("--input is an empty name; name a file or a folder");
}

}  // namespace

PictureTree pictures_of(const ApplyRequest& request) {
    return request.inputs.size() == 1
               ? list_pictures(request.inputs.front(), request.recursive, request.output)
               : list_named(request.inputs, request.recursive, request.output);
}

void check_apart(const ApplyRequest& request, const PictureTree& tree) {
    if (!results_among_pictures(request, tree)) return;
    throw InputError(
        fmt::format("{}: the results would overwrite the pictures, or be taken for such; choose another {}",
                    request.output.string(), request.output_flag));
}

std::string not_read_message(const fs::path& picture) {
    return fmt::format("{} is not read; convert it to PNG", lower_extension(picture));
}

ApplyPlan plan_application(const ApplyRequest& request) {
    check_format(request.format);
    if (request.output.empty()) throw InputError("--output is an empty name; name a file or a folder");
    check_inputs(request);
    if (has_stream(request)) return plan_streamed(request);
    check_output_name(request);
    if (request.inputs.size() > 1) return plan_tree(request);
    const fs::path& input = request.inputs.front();
    if (fs::is_directory(input)) return plan_tree(request);
    if (!fs::exists(input)) throw InputError(fmt::format("{}: no such file or folder", input.string()));
    return plan_file(request);
}

ApplyPlan plan_classification(const ApplyRequest& request) {
    check_inputs(request);
    if (request.output == stream_mark) {
        throw InputError(fmt::format("{} -: is no folder for pictures; answers go to {} without it",
                                     request.output_flag, standard_output_name));
    }
    if (has_stream(request)) return plan_streamed_question(request);
    const bool sorts = !request.output.empty();
    if (sorts) {
        check_output_name(request);
        check_inputs_outside(request);
        check_place(request);
        check_result_folder(request);
    }
    PictureTree tree;
    const bool single = request.inputs.size() == 1 && !fs::is_directory(request.inputs.front());
    if (!single) tree = pictures_of(request);
    ApplyPlan plan = single ? plan_picture(request) : plan_of(request, tree);
    if (sorts) {
        place_results(request, plan);
        if (!plan.jobs.empty()) keep_results_apart(request, plan);
        for (ApplyJob& job : plan.jobs) job.output.clear();
    }
    if (!single) take_share(request, tree, plan);
    return plan;
}

void keep_share(std::vector<ApplyJob>& jobs, const Shard& shard) {
    std::erase_if(jobs, [&](const ApplyJob& job) { return !shard.takes(job.name.generic_string()); });
}

void check_told_file(const fs::path& file, const char* flag, const ApplyPlan& plan, const fs::path& model) {
    const auto is_job = [&](const ApplyJob& job) {
        return same_file(file, job.input) || same_file(file, job.output);
    };
    std::error_code error;
    const bool lost =
        fs::exists(file, error) && (same_file(file, model) || std::ranges::any_of(plan.jobs, is_job));
    if (!lost && !has_picture_extension(file) && !has_foreign_extension(file)) return;
    throw InputError(
        fmt::format("{}: is the model's name or a picture's; choose another {}", file.string(), flag));
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw InputError(
            fmt::format("{}: the folder cannot be made: {}", folder.string(), reason_and_advice(error)));
    }
    if (const std::error_code problem = write_problem(folder)) {
        throw InputError(
            fmt::format("{}: no file can be made in it: {}", folder.string(), reason_and_advice(problem)));
    }
}

void make_folders(const std::vector<ApplyJob>& jobs) {
    std::set<fs::path> folders;
    for (const ApplyJob& job : jobs) folders.insert(job.output.parent_path());
    for (const fs::path& folder : folders) {
        if (!folder.empty()) make_folder(folder);
    }
}

FileFormat result_format(const ApplyJob& job) {
    if (job.sent_as) return *job.sent_as;
    return format_by_name(job.output).value_or(FileFormat::png);
}

}  // namespace shadenet
