// Names of temporary files, and which of them are removed.
#include "base/temporary_file.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/machine.h"
#include "catch.h"
#include "child_process.h"
#include "file_tools.h"
#include "temporary_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

using namespace test;

namespace {

const std::string random_part(32, '7'), another(12, 'e');

std::string left_name(const std::string& host, const std::string& boot, const std::string& end = ".tmp") {
    return ".shadenet-" + host + "-" + boot + "-" + random_part + end;
}

/// As if last written so long before this boot, or after it.
void set_age(const fs::path& path, std::chrono::seconds after_boot) {
    const auto uptime = std::chrono::seconds(std::time(nullptr) - this_machine().booted.value());
    fs::last_write_time(path, fs::file_time_type::clock::now() - uptime + after_boot);
}

}  // namespace

TEST_CASE("temporary files are hidden, each has a name of its own, and long they are not") {
    const TemporaryFolder folder;
    std::set<std::string> names;
    {
        const TemporaryFile first(folder.path()), second(folder.path());
        for (const fs::path& path : {first.path(), second.path()}) {
            const std::string name = path.filename().string();
            CHECK(name.starts_with(".shadenet-" + this_machine().host + "-" + this_machine().boot + "-"));
            CHECK(name.size() <= 80);
            names.insert(name);
        }
        CHECK(names.size() == 2);
        CHECK(remove_abandoned(folder.path()).removed == 0);
        CHECK(files_in(folder.path()).size() == 2);
    }
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a temporary file is not inherited by programs that we start") {
    const TemporaryFolder folder;
    const TemporaryFile file(folder.path());
    CHECK((fcntl(fileno(file.stream()), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("what a killed writer leaves is removed, and not before it is dead") {
    const bool apart = has_namespaces();
    if (!apart) WARN("no namespaces of processes here: tested with a common process");
    const TemporaryFolder folder;
    // It is process 1 of its namespace, as in a container: its number says nothing to others.
    ChildProcess writer(apart, [&] {
        AtomicFile file(folder / "a.png");
        file.write(bytes_of("half of a pict"));
        std::ofstream(folder / "ready").put('x');
        pause();
        return 0;
    });
    wait_until([&] { return fs::exists(folder / "ready"); });
    AbandonedFiles files = remove_abandoned(folder.path());
    CHECK(files.removed == 0);
    CHECK(files.left == 0);
    CHECK(files_in(folder.path()).size() == 2);
    writer.kill();
    wait_until([&] {
        files = remove_abandoned(folder.path());
        return files.removed > 0;
    });
    CHECK(files.removed == 1);
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("temporary files of other computers are left, those of earlier boots of this one are removed") {
    const TemporaryFolder folder;
    const std::string &host = this_machine().host, &boot = this_machine().boot;
    REQUIRE(this_machine().booted.has_value());
    struct Case {
        std::string name;
        bool removed, counted;
        std::chrono::seconds after_boot = std::chrono::seconds(1);
    };
    const std::chrono::hours before(-1);
    const Case cases[] = {
        {left_name(host, boot), true, false},
        {left_name(another, boot), true, false},  // another container's, of the same running system
        {left_name(host, boot, "-unlocked.tmp"), false, true},
        {left_name(host, another), true, false, before},
        {left_name(host, another, "-unlocked.tmp"), true, false, before},
        {left_name(host, another), false, true},  // of another computer with our name, then
        {left_name(another, another), false, true, before},
        {"a.png", false, false},
        {".shadenet.lock", false, false},
        {".shadenet-x-1.tmp", false, false},
        {left_name(host, boot, ".tmp.tmp"), false, false},
        {left_name(host, boot, "x.tmp"), false, false},
    };
    for (const Case& one : cases) {
        INFO(one.name);
        const fs::path path = folder / one.name;
        std::ofstream(path).put('x');
        set_age(path, one.after_boot);
        const AbandonedFiles files = remove_abandoned(folder.path());
        CHECK(files.removed == (one.removed ? 1 : 0));
        CHECK(files.left == (one.counted ? 1 : 0));
        CHECK(fs::exists(path) != one.removed);
        fs::remove(path);
    }
    CHECK(remove_abandoned(folder / "nowhere").removed == 0);
}

TEST_CASE("a link or a pipe under the name of a temporary file is left, and what a link leads to, too") {
    const TemporaryFolder folder;
    const std::string name = left_name(this_machine().host, this_machine().boot);
    std::ofstream(folder / "picture").put('x');
    SECTION("a link") {
        fs::create_symlink("picture", folder / name);
    }
    SECTION("a pipe") {
        REQUIRE(mkfifo((folder / name).c_str(), 0600) == 0);
    }
    const AbandonedFiles files = remove_abandoned(folder.path());
    CHECK(files.removed == 0);
    CHECK(files.left == 1);
    CHECK(files_in(folder.path()).size() == 2);
    CHECK(text_of(folder / "picture") == "x");
}

TEST_CASE("a file that is just begun is never taken away from its writer") {
    const TemporaryFolder folder;
    ChildProcess remover(false, [&] {
        while (!fs::exists(folder / "end")) remove_abandoned(folder.path());
        return 0;
    });
    for (int turn = 0; turn < 1000; ++turn) {
        TemporaryFile file(folder.path());
        REQUIRE(file.rename_to(folder / "result") == std::error_code());
    }
    std::ofstream(folder / "end").put('x');
    CHECK(remover.wait() == 0);
}

}  // namespace shadenet
