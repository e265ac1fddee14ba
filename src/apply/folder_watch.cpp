#include "apply/folder_watch.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "apply/result_places.h"
#include "base/error.h"
#include "base/lower_case.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

FolderWatch::FolderWatch(ApplyRequest request) : request_(std::move(request)) {
    check_format(request_.format);
    if (request_.output.empty()) throw InputError("--output is an empty name; name a folder");
    for (const fs::path& input : request_.inputs) {
        if (fs::is_directory(input)) continue;
        throw InputError(fmt::format("{}: is no folder, and --watch waits for pictures in folders; {}",
                                     input.string(),
                                     fs::exists(input) ? "leave --watch out" : "make it first"));
    }
    check_output_name(request_);
    const PictureTree tree = pictures_of(request_);
    check_apart(request_, tree);
    check_place(request_);
    check_result_folder(request_);
    if (!request_.format.empty() && request_.format != "same") {
        ApplyPlan any;
        any.jobs = {{"a.png", result_name("a.png", request_.format)}};
        check_quality(request_, any);
    }
    keep_results_apart(request_, plan_);
}

Arrivals FolderWatch::look() {
    const PictureTree tree = pictures_of(request_);
    Arrivals arrivals;
    std::set<fs::path> present;
    for (const ListedPicture& picture : tree.pictures) {
        if (!request_.shard.takes(picture.name.generic_string())) continue;
        present.insert(picture.path);
        if (is_ready(picture.path)) take(picture, arrivals);
    }
    for (const Problem& problem : tree.problems) {
        present.insert(problem.path);
        tell_once(problem.path, PictureStatus::failed, problem.message, arrivals.others);
    }
    for (const ListedPicture& picture : tree.foreign) {
        if (!request_.shard.takes(picture.name.generic_string())) continue;
        present.insert(picture.path);
        tell_once(picture.path, PictureStatus::not_taken, not_read_message(picture.path), arrivals.others);
    }
    forget_what_left(present);
    first_look_ = false;
    return arrivals;
}

FolderWatch::Stamp FolderWatch::stamp_of(const fs::path& picture) {
    // What cannot be found out stays as it is, and reading the picture will tell why.
    std::error_code error;
    Stamp stamp{fs::file_size(picture, error), fs::last_write_time(picture, error)};
    return error ? Stamp{} : stamp;
}

bool FolderWatch::is_ready(const fs::path& picture) {
    const Stamp now = stamp_of(picture);
    const auto [found, is_new] = known_.try_emplace(picture);
    Known& known = found->second;
    if (is_new || known.seen != now) {
        known = {now, is_new && first_look_, false};
        return false;
    }
    return !std::exchange(known.taken, true);
}

/// A picture of the same name that comes later has arrived then, whatever its time says.
void FolderWatch::forget_what_left(const std::set<fs::path>& present) {
    std::erase_if(known_, [&](const auto& one) { return !present.contains(one.first); });
    std::erase_if(told_, [&](const fs::path& path) { return !present.contains(path); });
    std::erase_if(owners_, [&](const auto& one) { return !present.contains(one.second.input); });
}

void FolderWatch::take(const ListedPicture& picture, Arrivals& arrivals) {
    ApplyJob job{picture.path, request_.output / result_name(picture.name, request_.format), picture.name};
    const ApplyJob& owner = owners_.try_emplace(lower_case(job.output.string()), job).first->second;
    try {
        if (owner.input != job.input) check_unique_results(request_, {owner, job});
        check_names({job});
        check_nothing_is_lost(request_, {job});
    } catch (const InputError& error) {
        arrivals.others.push_back(
            {.input = job.input, .status = PictureStatus::failed, .message = error.what()});
        return;
    }
    (known_.at(picture.path).since_first_look ? arrivals.there : arrivals.arrived).push_back(std::move(job));
}

void FolderWatch::tell_once(const fs::path& path, PictureStatus status, const std::string& message,
                            std::vector<PictureOutcome>& others) {
    if (!told_.insert(path).second) return;
    others.push_back({.input = path, .status = status, .message = message});
}

}  // namespace shadenet
