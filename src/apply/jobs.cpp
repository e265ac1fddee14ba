#include "apply/jobs.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_case.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// The result's name for a picture's, both without or both with the folders before it.
fs::path result_name(const fs::path& input, const std::string& format) {
    fs::path name = input;
    if (format == "png" || format == "jpg") name.replace_extension("." + format);
    return name;
}

void check_format(const std::string& format) {
    if (format.empty() || format == "same" || format == "png" || format == "jpg") return;
    throw InputError(fmt::format("--format {}: is none; use same, png or jpg", format));
}

/// True where both are there and are one file, whatever they are called.
bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return fs::equivalent(a, b, error) && !error;
}

/// Throws when a result is a picture of the input under any name: hard links and folders that ignore case
/// have names that no comparison of paths sees through. One file has one size, so that only pictures of a
/// result's size need a look, and results that are new need none.
void check_nothing_is_lost(const std::vector<ApplyJob>& jobs) {
    std::error_code error;
    std::multimap<std::uintmax_t, fs::path> inputs;
    for (const ApplyJob& job : jobs) {
        const std::uintmax_t size = fs::file_size(job.input, error);
        if (!error) inputs.emplace(size, job.input);
    }
    for (const ApplyJob& job : jobs) {
        const std::uintmax_t size = fs::file_size(job.output, error);
        if (error) continue;
        const auto [first, last] = inputs.equal_range(size);
        const auto is_result = [&](const auto& input) { return same_file(job.output, input.second); };
        const auto lost = std::find_if(first, last, is_result);
        if (lost == last) continue;
        throw InputError(fmt::format("{}: the result would overwrite the picture; choose another --output",
                                     lost->second.string()));
    }
}

/// The nearest folder above `path` that exists must be a folder: below a file nothing can be made.
void check_place(const fs::path& path) {
    std::error_code error;
    for (fs::path above = fs::absolute(path); !above.empty(); above = above.parent_path()) {
        const fs::file_status status = fs::status(above, error);
        if (fs::is_directory(status)) return;
        if (fs::exists(status)) {
            throw InputError(fmt::format("{}: cannot be made, because {} is a file; choose another --output",
                                         path.string(), above.string()));
        }
        if (above == above.parent_path()) return;
    }
}

/// Names that differ by case alone are one file to many file systems, which inputs of such names show that
/// this is none of.
void check_unique_results(const std::vector<ApplyJob>& jobs) {
    std::map<std::string, const ApplyJob*> seen;
    for (const ApplyJob& job : jobs) {
        const auto [first, is_new] = seen.emplace(lower_case(job.output.string()), &job);
        const ApplyJob& other = *first->second;
        if (is_new) continue;
        if (job.output != other.output && lower_case(job.input.string()) == lower_case(other.input.string()))
            continue;
        throw InputError(fmt::format("{} and {}: both results would be {}; rename one, or use --format same",
                                     other.input.string(), job.input.string(), other.output.string()));
    }
}

/// `output` names one file: its extension is one that can be written, and agrees with the format asked for.
void check_result_file(const fs::path& output, const std::string& format, const fs::path& input) {
    if (!has_picture_extension(output)) {
        throw InputError(fmt::format(
            "{}: is no folder, and results are .png, .jpg, .bmp or .tga files; give --output one of these "
            "endings",
            output.string()));
    }
    const auto family = [](const fs::path& path) {
        const std::string extension = lower_extension(path);
        return extension == ".jpeg" ? std::string(".jpg") : extension;
    };
    if (!format.empty() && family(output) != family(result_name(input, format))) {
        throw InputError(
            fmt::format("{}: does not end as --format {} asks; leave --format out", output.string(), format));
    }
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) {
        throw InputError(
            fmt::format("{}: there is no folder {}; make it first", output.string(), folder.string()));
    }
}

ApplyPlan plan_file(const ApplyRequest& request) {
    ApplyPlan plan;
    plan.single = true;
    const fs::path inside = request.output / result_name(request.input.filename(), request.format);
    if (fs::is_directory(request.output)) {
        plan.jobs = {{request.input, inside}};
    } else if (!request.output.has_filename()) {
        plan.jobs = {{request.input, inside}};
        check_place(request.output);
    } else {
        check_result_file(request.output, request.format, request.input);
        plan.jobs = {{request.input, request.output}};
    }
    // A foreign extension is no obstacle to reading, and tells no format to write.
    if (!has_picture_extension(plan.jobs.front().output)) {
        throw InputError(fmt::format("{}: its name tells no format for the result; give --format png or jpg",
                                     request.input.string()));
    }
    return plan;
}

ApplyPlan plan_folder(const ApplyRequest& request) {
    ApplyPlan plan;
    if (same_file(request.input, request.output)) {
        throw InputError(
            fmt::format("{}: the results would overwrite the pictures, or be taken for such; choose another "
                        "--output",
                        request.output.string()));
    }
    PictureTree tree = list_pictures(request.input, request.recursive, request.output);
    plan.problems = std::move(tree.problems);
    plan.links = tree.links;
    if (tree.names.empty() && plan.problems.empty()) {
        throw InputError(fmt::format("{}: holds no picture (.png, .jpg, .jpeg, .bmp or .tga){}",
                                     request.input.string(),
                                     request.recursive ? "" : "; -r looks into the folders below it too"));
    }
    for (const fs::path& name : tree.names) {
        plan.jobs.push_back({request.input / name, request.output / result_name(name, request.format)});
    }
    check_unique_results(plan.jobs);
    check_place(request.output);
    check_nothing_is_lost(plan.jobs);
    std::erase_if(plan.jobs, [&](const ApplyJob& job) {
        return !request.shard.takes(job.input.lexically_relative(request.input).generic_string());
    });
    return plan;
}

}  // namespace

ApplyPlan plan_application(const ApplyRequest& request) {
    check_format(request.format);
    if (fs::is_directory(request.input)) return plan_folder(request);
    if (!fs::exists(request.input)) {
        throw InputError(fmt::format("{}: no such file or folder", request.input.string()));
    }
    ApplyPlan plan = plan_file(request);
    check_nothing_is_lost(plan.jobs);
    return plan;
}

void check_summary(const fs::path& summary, const ApplyPlan& plan, const fs::path& model) {
    const auto is_job = [&](const ApplyJob& job) {
        return same_file(summary, job.input) || same_file(summary, job.output);
    };
    std::error_code error;
    const bool lost = fs::exists(summary, error) &&
                      (same_file(summary, model) || std::any_of(plan.jobs.begin(), plan.jobs.end(), is_job));
    if (!lost && !has_picture_extension(summary)) return;
    throw InputError(
        fmt::format("{}: is the model's name or a picture's; choose another --summary", summary.string()));
}

void make_folders(const std::vector<ApplyJob>& jobs) {
    std::set<fs::path> folders;
    for (const ApplyJob& job : jobs) folders.insert(job.output.parent_path());
    for (const fs::path& folder : folders) {
        if (folder.empty()) continue;
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) {
            throw InputError(fmt::format("{}: the folder cannot be made: {}; choose another --output",
                                         folder.string(), error.message()));
        }
    }
}

}  // namespace shadenet
