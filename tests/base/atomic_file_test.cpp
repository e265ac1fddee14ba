// Files that replace others in one step, and what of those others stays.
#include "base/atomic_file.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary_file.h"
#include "catch.h"
#include "child_process.h"
#include "file_tools.h"
#include "temporary_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

using namespace test;

namespace {

unsigned mode_of(const fs::path& path) {
    struct stat file {};
    REQUIRE(stat(path.c_str(), &file) == 0);
    return file.st_mode & 07777;
}

std::string refusal_of(const fs::path& path) {
    return message_of<WorkError>([&] { write_file_atomically(path, "text"); });
}

/// Sets the user's mask for as long as it lives.
class Mask {
  public:
    explicit Mask(mode_t mask) : before_(umask(mask)) {}
    ~Mask() { umask(before_); }

  private:
    mode_t before_;
};

}  // namespace

TEST_CASE("a file is replaced whole, and nothing else is left in the folder") {
    const TemporaryFolder folder;
    write_file_atomically(folder / "a", "the first, longer text");
    write_file_atomically(folder / "a", "second");
    CHECK(text_of(folder / "a") == "second");
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("a file written in pieces appears when it is committed, and not before") {
    const TemporaryFolder folder;
    {
        AtomicFile file(folder / "a");
        file.write(bytes_of("one, "));
        file.write(bytes_of("two"));
        CHECK(file.bytes() == 8);
        CHECK_FALSE(fs::exists(folder / "a"));
        file.commit();
        CHECK(text_of(folder / "a") == "one, two");
        AtomicFile dropped(folder / "a");
        dropped.write(bytes_of("three"));
    }
    CHECK(text_of(folder / "a") == "one, two");
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("a file in memory is appended to what is there, and its beginning can be replaced") {
    const auto before = bytes_of("before ");
    std::vector<std::byte> bytes(before.begin(), before.end());
    AtomicFile file = AtomicFile::in_memory(bytes);
    file.write(bytes_of("one, "));
    file.write(bytes_of("two"));
    file.replace_start(bytes_of("ONE"));
    file.commit();
    CHECK(file.bytes() == 8);
    CHECK(std::ranges::equal(bytes, bytes_of("before ONE, two")));
}

TEST_CASE("a name may be as long as the file system allows, and no longer") {
    const TemporaryFolder folder;
    const std::string name(255, 'n');
    write_file_atomically(folder / name, "text");
    CHECK(text_of(folder / name) == "text");
    CHECK_THAT(refusal_of(folder / (name + 'n')),
               ContainsSubstring("cannot create the file: File name too long; choose a shorter name"));
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("a folder that does not exist cannot be written to") {
    const TemporaryFolder folder;
    CHECK_THAT(refusal_of(folder / "no" / "a"),
               ContainsSubstring("cannot create the file") && ContainsSubstring("make its folder first"));
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("what is no file is not replaced") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "empty");
    CHECK_THAT(refusal_of(folder / "empty"), ContainsSubstring("empty: cannot replace it: Is a directory"));
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    fs::create_symlink("/dev/null", folder / "device");
    for (const char* name : {"pipe", "device"}) {
        CHECK_THAT(refusal_of(folder / name), ContainsSubstring("is a device or the like, and not replaced"));
    }
    CHECK(fs::is_fifo(folder / "pipe"));
    CHECK(fs::is_character_file("/dev/null"));
    CHECK(files_in(folder.path()).size() == 3);
}

TEST_CASE("a failed rename leaves the target as it was and no temporary") {
    const TemporaryFolder folder;
    std::optional<AtomicFile> file(folder / "taken");
    // A folder with something in it cannot be replaced by a file.
    fs::create_directory(folder / "taken");
    write_file_atomically(folder / "taken" / "inside", "kept");
    const std::string message = message_of<WorkError>([&] { file->commit(); });
    CHECK_THAT(message, ContainsSubstring("taken: cannot rename the finished file: Is a directory; a folder "
                                          "has this name"));
    file.reset();
    CHECK(files_in(folder.path()).size() == 1);
    CHECK(text_of(folder / "taken" / "inside") == "kept");
}

TEST_CASE("a file above the limit of its size is an error, and nothing stays of it") {
    const TemporaryFolder folder;
    write_file_atomically(folder / "a", "before");
    ChildProcess child(false, [&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{4096, 4096};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
        const std::string large(100'000, 'x');
        const std::string message =
            message_of<WorkError>([&] { write_file_atomically(folder / "a", large); });
        const bool well = message.find("cannot write: File too large") != std::string::npos &&
                          message.find("raise the limit") != std::string::npos;
        return well ? 0 : 1;
    });
    CHECK(child.wait() == 0);
    CHECK(text_of(folder / "a") == "before");
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("a new file has the permissions that the user's mask leaves, a replaced one keeps its own") {
    const TemporaryFolder folder;
    const Mask mask(027);
    write_file_atomically(folder / "a", "new");
    CHECK(mode_of(folder / "a") == 0640);
    for (const unsigned mode : {0600u, 0664u, 0444u, 0777u}) {
        fs::permissions(folder / "a", fs::perms(mode));
        write_file_atomically(folder / "a", fmt::format("{:o}", mode));
        CHECK(mode_of(folder / "a") == mode);
        CHECK(text_of(folder / "a") == fmt::format("{:o}", mode));
    }
}

TEST_CASE("a replaced file keeps its owner where we may give files away") {
    if (geteuid() != 0) {
        WARN("not tested: only root may give files away");
        return;
    }
    const TemporaryFolder folder;
    write_file_atomically(folder / "a", "theirs");
    REQUIRE(chown((folder / "a").c_str(), 4321, 1234) == 0);
    fs::permissions(folder / "a", fs::perms(0640));
    write_file_atomically(folder / "a", "new");
    struct stat file {};
    REQUIRE(stat((folder / "a").c_str(), &file) == 0);
    CHECK(file.st_uid == 4321);
    CHECK(file.st_gid == 1234);
    CHECK(mode_of(folder / "a") == 0640);
}

TEST_CASE("a link stays a link, and the file that it leads to is replaced in its own folder") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "store");
    write_file_atomically(folder / "store" / "model", "before");
    fs::permissions(folder / "store" / "model", fs::perms(0640));
    fs::create_symlink("store/model", folder / "near");
    fs::create_symlink(folder / "near", folder / "far");
    for (const char* name : {"near", "far"}) {
        write_file_atomically(folder / name, name);
        CHECK(fs::is_symlink(folder / name));
        CHECK(text_of(folder / "store" / "model") == name);
        CHECK(mode_of(folder / "store" / "model") == 0640);
    }
    CHECK(fs::is_regular_file(fs::symlink_status(folder / "store" / "model")));
    CHECK(files_in(folder.path()).size() == 3);
    CHECK(files_in(folder / "store").size() == 1);
}

TEST_CASE("through a link that leads nowhere the file is made there, and a circle of links is refused") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "store");
    fs::create_symlink("store/new", folder / "link");
    fs::create_symlink("link", folder / "first");
    write_file_atomically(folder / "first", "text");
    CHECK(text_of(folder / "store" / "new") == "text");
    CHECK(fs::is_symlink(folder / "link"));

    fs::create_symlink("nowhere/new", folder / "lost");
    CHECK_THAT(refusal_of(folder / "lost"), ContainsSubstring("lost: cannot create the file"));
    fs::create_symlink("b", folder / "a");
    fs::create_symlink("a", folder / "b");
    CHECK_THAT(refusal_of(folder / "a"), ContainsSubstring("its links go round in a circle"));
    CHECK(files_in(folder.path()).size() == 6);
}

TEST_CASE("of two writers of one file one wins, and a reader always finds one whole file") {
    const bool apart = has_namespaces();
    if (!apart) WARN("no namespaces of processes here: tested with two common processes");
    const TemporaryFolder folder;
    const std::string texts[] = {std::string(70'000, 'a'), std::string(150'000, 'b')};
    const fs::path path = folder / "result";
    write_file_atomically(path, texts[0]);
    const auto writer = [&](const std::string& text) {
        return [&] {
            constexpr std::size_t piece = 10'000;
            const std::string failure = message_of<std::exception>([&] {
                for (int turn = 0; turn < 100; ++turn) {
                    AtomicFile file(path);
                    for (std::size_t at = 0; at < text.size(); at += piece) {
                        file.write(bytes_of(std::string_view(text).substr(at, piece)));
                    }
                    file.commit();
                }
            });
            write_file_atomically(folder / text.substr(0, 1), "done");
            return failure.empty() ? 0 : 1;
        };
    };
    // Each is process 1 of its namespace, as in containers.
    ChildProcess one(apart, writer(texts[0])), other(apart, writer(texts[1]));
    std::size_t reads = 0, broken = 0;
    while (!fs::exists(folder / "a") || !fs::exists(folder / "b")) {
        remove_abandoned(folder.path());  // which must disturb no writer
        const std::string text = text_of(path);
        ++reads;
        broken += text == texts[0] || text == texts[1] ? 0 : 1;
    }
    CHECK(one.wait() == 0);
    CHECK(other.wait() == 0);
    CHECK(reads > 0);
    CHECK(broken == 0);
    CHECK(files_in(folder.path()).size() == 3);
}

}  // namespace shadenet
