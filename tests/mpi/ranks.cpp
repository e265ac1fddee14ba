#include "ranks.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "places.h"

namespace shadenet::test {

namespace fs = std::filesystem;

const Environment mpi_environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                                     {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
                                     {"OMPI_MCA_rmaps_base_oversubscribe", "1"},
                                     {"LP_NUM_THREADS", "1"},
                                     {"SHADENET_VALIDATION", "1"}};

Arguments on_ranks(std::uint32_t ranks, Arguments arguments) {
    arguments.insert(arguments.begin(), {mpirun(), "-n", std::to_string(ranks), mpi_program()});
    return arguments;
}

Arguments on_these_ranks(const std::vector<RankCommand>& ranks) {
    Arguments command = {mpirun()};
    for (const RankCommand& rank : ranks) {
        if (command.size() > 1) command.emplace_back(":");
        command.insert(command.end(), {"-n", "1"});
        command.insert(command.end(), rank.before.begin(), rank.before.end());
        command.push_back(mpi_program());
        command.insert(command.end(), rank.arguments.begin(), rank.arguments.end());
    }
    return command;
}

Arguments shared_run(const Pictures& pictures, const std::string& output, const Arguments& more,
                     const char* epochs) {
    Arguments arguments = {"train",
                           "--input",
                           pictures.path("before"),
                           "--target",
                           pictures.path("after"),
                           "--output",
                           pictures.path(output),
                           "--size",
                           "9",
                           "--crops",
                           "3",
                           "--epochs",
                           epochs,
                           "--batch",
                           "4",
                           "--shares",
                           "4",
                           "--no-tune",
                           "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

Outcome run_shared(std::uint32_t ranks, const Arguments& arguments) {
    return Process(on_ranks(ranks, arguments), mpi_environment).wait();
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

std::vector<pid_t> ranks_of(const fs::path& output) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        std::string command;
        std::getline(std::ifstream(entry.path() / "cmdline"),
                     command);  // nothing of a process that has ended
        if (command.starts_with(mpi_program()) && command.find(output.string()) != command.npos)
            found.push_back(std::stoi(name));
    }
    return found;
}

bool ranks_end(const fs::path& output) {
    using namespace std::chrono_literals;
    for (const auto start = std::chrono::steady_clock::now(); !ranks_of(output).empty();) {
        if (std::chrono::steady_clock::now() - start > 5s) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

Arguments and_on_ranks(Arguments command, std::uint32_t ranks, const Arguments& arguments) {
    command.insert(command.end(), {":", "-n", std::to_string(ranks), mpi_program()});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

Outcome run_ranks(const Arguments& command, const Environment& more, int seconds) {
    Environment all = more;
    all.insert(mpi_environment.begin(), mpi_environment.end());
    return Process(command, all).wait(seconds);
}

Environment two_drivers() {
    const char* const swiftshader = std::getenv("SWIFTSHADER_ICD");
    const std::string first = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
    const std::string second = swiftshader ? swiftshader : "/usr/lib/chromium/vk_swiftshader_icd.json";
    if (!fs::exists(first) || !fs::exists(second)) return {};
    const std::string both = first + ":" + second;
    return {{"VK_ICD_FILENAMES", both}, {"VK_DRIVER_FILES", both}};
}

}  // namespace shadenet::test
