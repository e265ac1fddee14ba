// What one rank alone meets ends all of them: within seconds, with one line, and with nothing half written.
// Of pictures it meets its own.
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catch.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// Ten more than what a run takes that nothing is wrong with: not all machines are idle.
int seconds_to_end() {
    static const auto taken = [] {
        const Pictures pictures;
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(run_shared(2, shared_run(pictures, "run", {}, "1")).exit_code == 0);
        return std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    }();
    return 10 + static_cast<int>(taken.count());
}

/// Pictures whose folders are others for each rank, as on two machines: their path leads into the folder that
/// the rank was begun in.
class TwoDisks {
  public:
    TwoDisks() {
        for (const char* disk : {"disk0", "disk1"}) {
            fs::create_directory(pictures / disk);
            for (const char* kind : {"before", "after"})
                fs::copy(pictures / kind, pictures / disk / kind, fs::copy_options::recursive);
        }
        for (const char* kind : {"before", "after"}) {
            fs::remove_all(pictures / kind);
            fs::create_directory_symlink(fs::path("/proc/self/cwd") / kind, pictures / kind);
        }
    }
    fs::path of_rank_1(const std::string& name) const { return pictures / "disk1" / name; }
    Arguments command(const std::string& output) const {
        const Arguments arguments = shared_run(pictures, output);
        return on_these_ranks({{{"env", "-C", pictures.path("disk0")}, arguments},
                               {{"env", "-C", pictures.path("disk1")}, arguments}});
    }
    Pictures pictures;
};

/// A line of rank 1 with this part ends the run before anything is written.
void check_ends(const Arguments& command, const Pictures& pictures, const std::string& part) {
    const int seconds = seconds_to_end();
    const Outcome outcome = Process(command, mpi_environment).wait(seconds);
    INFO(outcome.err);
    CHECK(outcome.exit_code != 0);
    CHECK(count_of(outcome.err, "shadenet: error: ") == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("shadenet: error: rank 1 on ") && ContainsSubstring(part));
    CHECK(ranks_end(pictures / "run"));
    if (!fs::exists(pictures / "run")) return;
    for (const auto& [name, bytes] : contents(pictures / "run")) CHECK(name == ".shadenet.lock");
}

}  // namespace

TEST_CASE("a rank with other pictures than rank 0 ends all") {
    const TwoDisks disks;
    write_picture(disks.of_rank_1("before/p2.png"), 24, 18, 7);
    check_ends(disks.command("run"), disks.pictures,
               "before/p2.png is another picture; give all ranks the same");
}

TEST_CASE("a rank with a damaged picture ends all") {
    const TwoDisks disks;
    fs::resize_file(disks.of_rank_1("after/p2.png"), 300);
    check_ends(disks.command("run"), disks.pictures, "after/p2.png: ");
}

TEST_CASE("a rank does not miss pictures that are not its own, nor read them") {
    const TwoDisks disks;
    REQUIRE(Process(disks.command("whole"), mpi_environment).wait().exit_code == 0);
    // Of four shares, rank 1 has the third and the fourth.
    for (const char* kind : {"before", "after"}) fs::remove(disks.of_rank_1(kind) / "p0.png");
    fs::resize_file(disks.of_rank_1("before/p1.png"), 300);
    const Outcome outcome = Process(disks.command("run"), mpi_environment).wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK((left_by(disks.pictures / "whole") == left_by(disks.pictures / "run")));
}

TEST_CASE("a rank without a device ends all") {
    const Pictures pictures;
    const Arguments run = shared_run(pictures, "run");
    const auto check = [&](const Arguments& with_variables, const std::string& part) {
        check_ends(on_these_ranks({{{}, run}, {with_variables, run}}), pictures, part);
    };
    check({"env", "VK_ICD_FILENAMES=/nowhere.json", "VK_DRIVER_FILES=/nowhere.json"}, "Vulkan");
    check({"env", "SHADENET_DEVICE=no such device"}, "no such device");
}

TEST_CASE("a shared run on a full disk ends all with one line, and goes on where there is room") {
    const Pictures pictures;
    const char* const epochs = "40";
    const std::optional<Outcome> outcome = run_on_small_disk(
        pictures, on_ranks(2, shared_run(pictures, "disk", {}, epochs)), "160k", mpi_environment);
    if (!outcome) return;
    INFO(outcome->err);
    CHECK(outcome->exit_code == 1);
    CHECK(error_lines(*outcome) == 1);
    CHECK_THAT(outcome->err, ContainsSubstring("No space left on device"));
    CHECK(ranks_end(pictures / "disk"));
    REQUIRE(fs::exists(pictures / "copy/config.json"));
    CHECK_FALSE(fs::exists(pictures / "copy/model.safetensors"));
    REQUIRE(run_shared(1, shared_run(pictures, "whole", {}, epochs)).exit_code == 0);
    REQUIRE(run_shared(2, shared_run(pictures, "copy", {"--resume"}, epochs)).exit_code == 0);
    CHECK((left_by(pictures / "whole") == left_by(pictures / "copy")));
}
