// Reading whole files and replacing them in one step.
#include "base/file.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/error.h"
#include "catch.h"
#include "temporary_folder.h"

namespace shadenet {

namespace {

namespace fs = std::filesystem;

using test::TemporaryFolder;

std::string text_of(const fs::path& path) {
    const std::vector<std::byte> bytes = read_file(path, 1000);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename E, typename F>
std::string message_of(F call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    }
    return "";
}

// The name under which process `writer` writes `path`.
fs::path temporary_of(const fs::path& path, const std::string& writer) {
    const std::string name = path.filename().string();
    return path.parent_path() /
           fmt::format(".shadenet-{:016x}-{}.tmp", checksum(std::as_bytes(std::span(name))), writer);
}

std::size_t count_files(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("what is written is read, zeros and all") {
    const TemporaryFolder folder;
    const std::string text("a\0b\r\n\xff\x1a end", 11);
    write_file_atomically(folder / "a.bin", text);
    CHECK(text_of(folder / "a.bin") == text);
    write_file_atomically(folder / "empty", std::string_view());
    CHECK(read_file(folder / "empty", 0).empty());
}

TEST_CASE("a file is replaced whole, and nothing else is left in the folder") {
    const TemporaryFolder folder;
    write_file_atomically(folder / "a", "the first, longer text");
    write_file_atomically(folder / "a", "second");
    CHECK(text_of(folder / "a") == "second");
    CHECK(count_files(folder.path()) == 1);
}

TEST_CASE("the limit is the largest size that is read") {
    const TemporaryFolder folder;
    write_file_atomically(folder / "five", "12345");
    CHECK(read_file(folder / "five", 5).size() == 5);
    const std::string message = message_of<InputError>([&] { read_file(folder / "five", 4); });
    CHECK_THAT(message, ContainsSubstring("five: has 5 bytes") && ContainsSubstring("at most 4"));
}

TEST_CASE("a missing file and a folder are refused") {
    const TemporaryFolder folder;
    CHECK_THAT(message_of<InputError>([&] { read_file(folder / "no", 9); }),
               ContainsSubstring("no: no such file"));
    CHECK_THAT(message_of<InputError>([&] { read_file(folder.path(), 9); }),
               ContainsSubstring("is not a file"));
}

TEST_CASE("a folder that does not exist cannot be written to") {
    const TemporaryFolder folder;
    const std::string message =
        message_of<WorkError>([&] { write_file_atomically(folder / "no" / "a", "text"); });
    CHECK_THAT(message, ContainsSubstring("cannot create the file"));
    CHECK(count_files(folder.path()) == 0);
}

TEST_CASE("a folder is writable or not, and is left as it was") {
    const TemporaryFolder folder;
    CHECK(is_writable(folder.path()));
    CHECK(fs::is_empty(folder.path()));
    CHECK_FALSE(is_writable(folder / "none"));
}

TEST_CASE("a failed rename leaves the target as it was and no temporary") {
    const TemporaryFolder folder;
    // A folder with something in it cannot be replaced by a file.
    fs::create_directory(folder / "taken");
    write_file_atomically(folder / "taken" / "inside", "kept");
    const std::string message =
        message_of<WorkError>([&] { write_file_atomically(folder / "taken", "text"); });
    CHECK_THAT(message, ContainsSubstring("taken: cannot rename the finished file"));
    CHECK(count_files(folder.path()) == 1);
    CHECK(text_of(folder / "taken" / "inside") == "kept");
}

TEST_CASE("a file written in pieces appears when it is committed, and not before") {
    const TemporaryFolder folder;
    const auto piece = [](std::string_view text) { return std::as_bytes(std::span(text)); };
    {
        AtomicFile file(folder / "a");
        file.write(piece("one, "));
        file.write(piece("two"));
        CHECK(file.bytes() == 8);
        CHECK_FALSE(fs::exists(folder / "a"));
        file.commit();
        CHECK(text_of(folder / "a") == "one, two");
        AtomicFile dropped(folder / "a");
        dropped.write(piece("three"));
    }
    CHECK(text_of(folder / "a") == "one, two");
    CHECK(count_files(folder.path()) == 1);
}

TEST_CASE("a name may be as long as the file system allows") {
    const TemporaryFolder folder;
    const std::string name(255, 'n');
    write_file_atomically(folder / name, "text");
    CHECK(text_of(folder / name) == "text");
}

#ifdef __linux__
TEST_CASE("temporaries are abandoned when their writer is gone, and only then") {
    const TemporaryFolder folder;
    const std::string gone = "2147483647";  // more than Linux ever numbers
    const fs::path left = temporary_of(folder / "a.png", gone);
    const fs::path other = temporary_of(folder / "b.png", gone);
    const fs::path ours = temporary_of(folder / "a.png", fs::read_symlink("/proc/self").string());
    for (const fs::path& path : {left, other, ours, folder / "a.png", folder / ".tmp",
                                 fs::path(left.string() + "x"), folder / ".shadenet-x-1.tmp"}) {
        std::ofstream(path).put('x');
    }
    const std::vector<std::string> names = {"a.png", "c.png"};
    CHECK(abandoned_temporaries(folder.path(), names) == std::vector<fs::path>{left});
    CHECK(abandoned_temporaries(folder.path(), {}).empty());
    CHECK(abandoned_temporaries(folder / "nowhere", names).empty());
}

TEST_CASE("a full disk is an error") {
    // /dev/full takes no bytes. The temporary is a link to it, under the very name that the writer will
    // choose.
    const TemporaryFolder folder;
    const fs::path temporary = temporary_of(folder / "a", fs::read_symlink("/proc/self").string());
    fs::create_symlink("/dev/full", temporary);
    const std::string message = message_of<WorkError>([&] { write_file_atomically(folder / "a", "text"); });
    CHECK_THAT(message, ContainsSubstring("a: cannot write") && ContainsSubstring("space"));
    CHECK(count_files(folder.path()) == 0);
}

TEST_CASE("the cache folder follows its variables") {
    const char* before = std::getenv("XDG_CACHE_HOME");
    const std::string kept = before == nullptr ? "" : before;
    setenv("XDG_CACHE_HOME", "/some/where", 1);
    CHECK(cache_folder() == fs::path("/some/where/shadenet"));
    setenv("XDG_CACHE_HOME", "", 1);
    const char* home = std::getenv("HOME");
    CHECK(cache_folder() == (home == nullptr ? fs::path() : fs::path(home) / ".cache/shadenet"));
    kept.empty() ? unsetenv("XDG_CACHE_HOME") : setenv("XDG_CACHE_HOME", kept.c_str(), 1);
}
#endif

}  // namespace shadenet
