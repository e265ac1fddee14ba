#include "apply/earlier_results.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using namespace std::string_view_literals;

/// `newer` has been written at the time of `older` or later. False when either cannot be told.
bool no_older(const fs::path& newer, const fs::path& older) {
    std::error_code error;
    const fs::file_time_type a = fs::last_write_time(newer, error);
    if (error) return false;
    const fs::file_time_type b = fs::last_write_time(older, error);
    return !error && a >= b;
}

bool is_finished(const ApplyJob& job, const fs::path& model) {
    return no_older(job.output, job.input) && no_older(job.output, model) && is_whole(job.output);
}

}  // namespace

bool is_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 8> first{};
    std::array<char, 12> last{};
    file.read(first.data(), first.size());
    file.seekg(-static_cast<std::streamoff>(last.size()), std::ios::end);
    file.read(last.data(), last.size());
    if (!file) return false;
    const std::string_view start(first.data(), first.size()), end(last.data(), last.size());
    if (start == "\x89PNG\r\n\x1a\n"sv) return end == "\0\0\0\0IEND\xae\x42\x60\x82"sv;
    if (start.starts_with("\xff\xd8"sv)) return end.ends_with("\xff\xd9"sv);
    return true;  // BMP and TGA have no end that tells
}

std::vector<ApplyJob> take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                    const fs::path& model) {
    if (earlier == EarlierResults::overwrite) return {};
    if (earlier == EarlierResults::resume) {
        const auto to_do = [&](const ApplyJob& job) { return !is_finished(job, model); };
        const auto first = std::stable_partition(jobs.begin(), jobs.end(), to_do);
        std::vector<ApplyJob> finished(first, jobs.end());
        jobs.erase(first, jobs.end());
        return finished;
    }
    std::error_code error;
    const auto exists = [&](const ApplyJob& job) { return fs::exists(job.output, error); };
    const auto first = std::find_if(jobs.begin(), jobs.end(), exists);
    if (first == jobs.end()) return {};
    const auto more = std::count_if(first + 1, jobs.end(), exists);
    throw InputError(fmt::format(
        "{}{} already there; --resume makes only what is missing or out of date, --overwrite makes all anew",
        first->output.string(),
        more == 0 ? std::string(" is") : fmt::format(" and {} other results are", more)));
}

std::size_t remove_abandoned(const std::vector<ApplyJob>& jobs) {
    std::map<fs::path, std::vector<std::string>> names;
    for (const ApplyJob& job : jobs) {
        const fs::path folder = job.output.has_parent_path() ? job.output.parent_path() : fs::path(".");
        names[folder].push_back(job.output.filename().string());
    }
    std::size_t removed = 0;
    for (const auto& [folder, results] : names) {
        for (const fs::path& path : abandoned_temporaries(folder, results)) {
            std::error_code error;
            removed += fs::remove(path, error) ? 1 : 0;
        }
    }
    return removed;
}

}  // namespace shadenet
