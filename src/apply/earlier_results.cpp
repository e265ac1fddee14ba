#include "apply/earlier_results.h"

#include <exception>
#include <fstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "apply/filter_stages.h"
#include "apply/memory_budget.h"
#include "base/error.h"
#include "base/file.h"
#include "base/threads.h"
#include "image/picture_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using namespace std::string_view_literals;

/// False if the times are unknown.
bool is_newer(const fs::path& a, const fs::path& b) {
    std::error_code error;
    const fs::file_time_type first = fs::last_write_time(a, error);
    if (error) return false;
    const fs::file_time_type second = fs::last_write_time(b, error);
    return !error && first > second;
}

/// Whether a PNG or JPEG has its proper end. Most files that were cut off need no decoding then.
bool ends_well(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 2> first{};
    std::array<char, 12> last{};
    file.read(first.data(), first.size());
    file.seekg(-static_cast<std::streamoff>(last.size()), std::ios::end);
    file.read(last.data(), last.size());
    if (!file) return false;
    const std::string_view start(first.data(), first.size()), end(last.data(), last.size());
    if (start == "\x89P"sv) return end == "\0\0\0\0IEND\xae\x42\x60\x82"sv;
    if (start == "\xff\xd8"sv) return end.ends_with("\xff\xd9"sv);
    return true;  // other formats have no end marker
}

/// Whether the result is a complete picture of the job's format and the source's size. Throws Stopped.
bool is_whole(const ApplyJob& job, const PictureFacts& source, MemoryBudget& memory,
              const std::atomic<bool>& stop) {
    try {
        if (!ends_well(job.output)) return false;
        PictureReader reader(job.output, usual_bytes_at_once);
        const PictureFacts& facts = reader.facts();
        const bool is_alike = facts.width == source.width && facts.height == source.height;
        if (!is_alike || facts.format != result_format(job)) return false;
        if (facts.by_rows) {
            const MemoryShare share(memory, memory_of_bands(facts, {}));
            read_through(reader, stop);
        } else {
            const MemoryShare share(memory, memory_needed(facts, facts.format));
            reader.decode();
        }
        return true;
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception&) {
        return false;
    }
}

ResultState state_of(const ApplyJob& job, const fs::path& model, MemoryBudget& memory,
                     const std::atomic<bool>& stop) {
    if (!is_newer(job.output, job.input) || !is_newer(job.output, model)) return ResultState::to_do;
    try {
        const PictureFacts source = PictureReader(job.input, usual_bytes_at_once).facts();
        return is_whole(job, source, memory, stop) ? ResultState::finished : ResultState::damaged;
    } catch (const std::exception&) {
        // The job then reports what is wrong with the source, unless all is stopped.
        return ResultState::to_do;
    }
}

/// The states of the results, in the order of the jobs.
std::vector<ResultState> check_results(std::vector<ApplyJob>& jobs, const EarlierLook& look,
                                       const std::atomic<bool>& stop, const OnChecked& on_checked) {
    std::vector<ResultState> states(jobs.size(), ResultState::to_do);
    std::atomic<std::size_t> next = 0;
    MemoryBudget memory(default_memory_budget());
    const auto check = [&](const OnChecked& tell) {
        for (std::size_t i = next++; i < jobs.size() && !stop; i = next++) {
            states[i] = look.state(jobs[i], memory);
            if (tell) tell(i + 1, jobs.size());
        }
    };
    ThreadGroup helpers;
    const std::size_t most = std::min<std::size_t>(std::thread::hardware_concurrency(), jobs.size());
    if (most > 1) helpers.start(static_cast<unsigned>(most - 1), [&] { check({}); });
    check(on_checked);
    helpers.join();
    return states;
}

EarlierFindings take_finished_of(std::vector<ApplyJob>& jobs, const std::vector<ResultState>& states) {
    EarlierFindings findings;
    std::vector<ApplyJob> to_do;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        (states[i] == ResultState::finished ? findings.finished : to_do).push_back(std::move(jobs[i]));
        findings.damaged += states[i] == ResultState::damaged ? 1 : 0;
    }
    jobs = std::move(to_do);
    return findings;
}

void refuse_earlier(const std::vector<ApplyJob>& jobs, const EarlierLook& look) {
    const auto exists = [&](const ApplyJob& job) { return !look.there(job).empty(); };
    const auto first = std::ranges::find_if(jobs, exists);
    if (first == jobs.end()) return;
    const auto more = std::count_if(first + 1, jobs.end(), exists);
    throw InputError(fmt::format(
        "{}{} already there; --resume makes only what is missing or out of date, --overwrite makes all anew",
        look.there(*first).string(),
        more == 0 ? std::string(" is") : fmt::format(" and {} other results are", more)));
}

}  // namespace

EarlierFindings take_earlier_results(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                     const EarlierLook& look, const std::atomic<bool>& stop,
                                     const OnChecked& on_checked) {
    if (earlier == EarlierResults::resume) {
        return take_finished_of(jobs, check_results(jobs, look, stop, on_checked));
    }
    if (earlier == EarlierResults::refuse) refuse_earlier(jobs, look);
    return {};
}

EarlierFindings take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier, const fs::path& model,
                              const std::atomic<bool>& stop, const OnChecked& on_checked) {
    const EarlierLook look = {
        .there =
            [](const ApplyJob& job) {
                return !job.sent_as && is_there(job.output) ? job.output : fs::path();
            },
        .state = [&](ApplyJob& job, MemoryBudget& memory) { return state_of(job, model, memory, stop); }};
    return take_earlier_results(jobs, earlier, look, stop, on_checked);
}

}  // namespace shadenet
