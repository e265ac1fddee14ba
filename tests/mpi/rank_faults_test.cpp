// What one rank alone meets ends all of them: within seconds, with one line, and with nothing half written.
// Of pictures it meets its own.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "base/sha256.h"
#include "catch.h"
#include "labelled_set.h"
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
    fs::path of_rank_0(const std::string& name) const { return pictures / "disk0" / name; }
    fs::path of_rank_1(const std::string& name) const { return pictures / "disk1" / name; }
    fs::path of_rank(int rank, const std::string& name) const {
        return rank == 0 ? of_rank_0(name) : of_rank_1(name);
    }
    Arguments command(const std::string& output, const Arguments& more = {}, const char* epochs = "8") const {
        const Arguments arguments = shared_run(pictures, output, more, epochs);
        return on_these_ranks({{{"env", "-C", pictures.path("disk0")}, arguments},
                               {{"env", "-C", pictures.path("disk1")}, arguments}});
    }
    Pictures pictures;
};

/// Other pixels, or none, of as many bytes: a file's name, size and header stay.
void damage(const fs::path& picture) {
    std::fstream file(picture, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(picture) / 2));
    file << "damaged";
}

/// A line of that rank with this part ends the run before anything is written.
void check_ends(const Arguments& command, const Pictures& pictures, const std::string& part, int rank = 1) {
    const int seconds = seconds_to_end();
    const Outcome outcome = Process(command, mpi_environment).wait(seconds);
    INFO(outcome.err);
    CHECK(outcome.exit_code != 0);
    CHECK(count_of(outcome.err, "shadenet: error: ") == 1);
    CHECK_THAT(outcome.err, ContainsSubstring(part));
    CHECK(count_of(outcome.err, "shadenet: error: rank 1 on ") == static_cast<std::size_t>(rank));
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

TEST_CASE("a rank with other labelled pictures than rank 0 ends all") {
    const Pictures pictures;
    fs::create_directory_symlink("/proc/self/cwd/data", pictures / "data");
    std::vector<RankCommand> ranks;
    for (const int disk : {0, 1}) {
        const fs::path place = pictures / fmt::format("disk{}", disk);
        write_part(place / "data", "train", labelled_set(30, 4, 5, 3, disk));
        ranks.push_back({{"env", "-C", place.string()},
                         {"train", "--data", pictures.path("data"), "--output", pictures.path("run"),
                          "--network", "input 1x4x5, dense 6, relu, dense 3", "--batch", "8", "--epochs", "1",
                          "--no-tune", "--quiet"}});
    }
    check_ends(on_these_ranks(ranks), pictures, "data holds others; give all ranks the same");
}

TEST_CASE("a rank with a damaged picture ends all") {
    const TwoDisks disks;
    SECTION("of rank 1") {
        damage(disks.of_rank_1("after/p2.png"));
        check_ends(disks.command("run"), disks.pictures, "after/p2.png: is damaged");
    }
    SECTION("of rank 0") {
        damage(disks.of_rank_0("after/p0.png"));
        check_ends(disks.command("run"), disks.pictures, "after/p0.png: is damaged", 0);
    }
    SECTION("whose header tells it, of either rank") {
        for (const int rank : {0, 1}) {
            for (const int disk : {0, 1})
                fs::resize_file(disks.of_rank(disk, rank == 0 ? "after/p1.png" : "after/p2.png"), 300);
            check_ends(disks.command("run"), disks.pictures,
                       rank == 0 ? "after/p1.png: is truncated" : "after/p2.png: is truncated", rank);
            for (const int disk : {0, 1}) write_picture(disks.of_rank(disk, "after/p1.png"), 24, 18, 1);
        }
    }
}

TEST_CASE("ranks whose pictures do not fit together end with rank 0's line") {
    const TwoDisks disks;
    for (const int disk : {0, 1}) write_picture(disks.of_rank(disk, "after/p2.png"), 18, 24, 7);
    check_ends(disks.command("run"), disks.pictures,
               "before/p2.png is 24x18 and " + disks.pictures.path("after/p2.png") + " is 18x24", 0);
}

TEST_CASE("rank 0 reads of another rank's pictures only those that it looks at itself") {
    const TwoDisks disks;
    // So many that health, which looks at most, leaves out some.
    for (const int disk : {0, 1}) {
        for (const char* kind : {"before", "after"}) {
            for (int i = 3; i < 136; ++i)
                write_picture(disks.of_rank(disk, kind) / fmt::format("q{:03}.png", i), 24, 18, i);
        }
    }
    // Of four shares the third, which is rank 1's, has pair 118, counted from 0.
    const std::string hash = sha256(read_file(disks.of_rank_1("after/q118.png"), 1 << 20));
    for (const char* name : {"before/q118.png", "after/q118.png"}) damage(disks.of_rank_0(name));
    const Outcome outcome = Process(disks.command("run", {}, "1"), mpi_environment).wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(error_lines(outcome) == 0);
    CHECK_THAT(read_text(disks.pictures / "run/config.json"), ContainsSubstring(hash + " q118"));
    CHECK(fs::exists(disks.pictures / "run/images/after_q118.png"));
    CHECK_THAT(outcome.err, !ContainsSubstring("q118"));
    for (const char* name : {"run/health.json", "run/quality.json"}) CHECK(fs::exists(disks.pictures / name));
}

TEST_CASE("a shared run goes on with the pictures that it was begun with, whoever reads them") {
    const TwoDisks disks;
    const auto write_last = [&](int disk, const char* last) {
        const fs::path file = disks.of_rank(disk, "before/p2.png");
        write_picture(file, 24, 18, 2);
        append_to_file(file, last);  // tells nothing of the picture
    };
    for (const int disk : {0, 1}) write_last(disk, "x");
    REQUIRE(Process(disks.command("run", {}, "1"), mpi_environment).wait().exit_code == 0);
    const auto resume = [&](const Arguments& flags, const std::string& part) {
        const auto before = contents(disks.pictures / "run");
        const Arguments command = disks.command("run", flags, "2");
        const Outcome outcome = Process(command, mpi_environment).wait(part.empty() ? 300 : seconds_to_end());
        INFO(outcome.err);
        CHECK(outcome.exit_code == (part.empty() ? 0 : 2));
        CHECK(count_of(outcome.err, "shadenet: error: ") == (part.empty() ? 0 : 1));
        CHECK_THAT(outcome.err, ContainsSubstring(part) && !ContainsSubstring("rank 1 on "));
        CHECK(ranks_end(disks.pictures / "run"));
        if (!part.empty()) CHECK((contents(disks.pictures / "run") == before));
    };
    write_last(1, "y");
    resume({"--resume"}, "before/p2.png is another picture; put back what was there");
    resume({"--resume", "--changed-data"}, "before/p2.png or ");
    write_last(1, "x");
    write_last(0, "y");
    resume({"--resume"}, "is not, or no longer, what rank 1 has read");
    write_last(1, "y");
    resume({"--resume", "--changed-data"}, "");
    resume({"--resume"}, "");
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
