// One owner of a folder at a time.
#include "base/folder_lock.h"

#include <csignal>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/machine.h"
#include "catch.h"
#include "child_process.h"
#include "file_tools.h"
#include "temporary_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

using namespace test;

namespace {

std::string refusal_to_own(const fs::path& folder) {
    return message_of<InputError>([&] { FolderLock(folder, "changed", "wait for it"); });
}

}  // namespace

TEST_CASE("a folder has one owner, the next is told who that is, and nothing stays of it") {
    const TemporaryFolder folder;
    {
        const FolderLock lock(folder.path(), "trained", "wait");
        CHECK(lock.works());
        CHECK_THAT(refusal_to_own(folder.path()),
                   ContainsSubstring(fmt::format("{}: is being trained by process {} on {} since 2",
                                                 folder.path().string(), getpid(), host_name())) &&
                       ContainsSubstring("; wait for it"));
        CHECK_THAT(text_of(folder / ".shadenet.lock"), ContainsSubstring("trained by process"));
    }
    CHECK(fs::is_empty(folder.path()));
    CHECK(refusal_to_own(folder.path()).empty());
}

TEST_CASE("an owner in another namespace of processes keeps others out until it is killed") {
    const bool apart = has_namespaces();
    if (!apart) WARN("no namespaces of processes here: tested with a common process");
    const TemporaryFolder folder;
    ChildProcess owner(apart, [&] {
        const FolderLock lock(folder.path(), "trained", "wait");
        std::ofstream(folder / "ready").put('x');
        pause();
        return 0;
    });
    wait_until([&] { return fs::exists(folder / "ready"); });
    CHECK_THAT(refusal_to_own(folder.path()), ContainsSubstring(apart ? "is being trained by process 1 on"
                                                                      : "is being trained by process "));
    owner.kill();
    CHECK(fs::exists(folder / ".shadenet.lock"));
    CHECK(refusal_to_own(folder.path()).empty());  // it waits a second, in which the killed one's lock ends
    CHECK_FALSE(fs::exists(folder / ".shadenet.lock"));
}

TEST_CASE("a lock's file that cannot be opened, and odd text in it, are said on one line") {
    const TemporaryFolder folder;
    const fs::path file = folder / ".shadenet.lock";
    SECTION("a folder has its name") {
        fs::create_directory(file);
        CHECK_THAT(refusal_to_own(folder.path()), ContainsSubstring(".shadenet.lock: cannot be opened"));
        fs::remove(file);
    }
    SECTION("a link is not followed") {
        std::ofstream(folder / "mine") << "text";
        fs::create_symlink("mine", file);
        CHECK_THAT(refusal_to_own(folder.path()), ContainsSubstring(".shadenet.lock: cannot be opened"));
        CHECK(text_of(folder / "mine") == "text");
        fs::remove(file);
    }
    SECTION("what the owner says is not what we wrote") {
        const FolderLock lock(folder.path(), "trained", "wait");
        std::ofstream(file) << "\x1b[2J by me\nand more";
        CHECK_THAT(refusal_to_own(folder.path()), ContainsSubstring("is being \\x1b[2J by me; wait for it"));
        std::ofstream(file, std::ios::trunc);
        CHECK_THAT(refusal_to_own(folder.path()), ContainsSubstring("is being written by another process;"));
        return;
    }
    CHECK(refusal_to_own(folder.path()).empty());
}

TEST_CASE("however owners come and go, there is never a second one") {
    const TemporaryFolder folder;
    constexpr int turns = 60, children = 6;
    std::ofstream(folder / "count") << 0;
    const auto count = [&] {
        for (int turn = 0; turn < turns;) {
            std::optional<FolderLock> lock;
            if (!message_of<InputError>([&] { lock.emplace(folder.path(), "counted", "wait"); }).empty())
                continue;
            ++turn;
            int number = -1;
            std::ifstream(folder / "count") >> number;
            std::ofstream(folder / "count") << number + 1;
        }
        return 0;
    };
    std::vector<std::unique_ptr<ChildProcess>> owners;
    for (int i = 0; i < children; ++i) owners.push_back(std::make_unique<ChildProcess>(false, count));
    for (const auto& owner : owners) CHECK(owner->wait() == 0);
    CHECK(text_of(folder / "count") == std::to_string(children * turns));
    CHECK(files_in(folder.path()).size() == 1);
}

}  // namespace shadenet
