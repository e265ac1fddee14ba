// Reading whole files, replacing them in one step, and adding to them.
#include "base/file.h"

#include <string>

#include "base/error.h"
#include "catch.h"
#include "file_tools.h"
#include "temporary_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

using namespace test;

TEST_CASE("a file is read back as it was written") {
    const TemporaryFolder folder;
    const std::string text("line\r\n\0\xff", 8);
    write_file_atomically(folder / "a", text);
    CHECK(text_of(folder / "a") == text);
    write_file_atomically(folder / "empty", "");
    CHECK(read_file(folder / "empty", 0).empty());
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
    CHECK_THAT(message_of<InputError>([&] { read_file(folder / std::string(300, 'n'), 9); }),
               ContainsSubstring("choose a shorter name"));
}

TEST_CASE("a folder is writable or not, and is left as it was") {
    const TemporaryFolder folder;
    CHECK_FALSE(write_problem(folder.path()));
    CHECK(fs::is_empty(folder.path()));
    CHECK(write_problem(folder / "none") == std::errc::no_such_file_or_directory);
}

TEST_CASE("what is added to a file stands at its end") {
    const TemporaryFolder folder;
    append_to_file(folder / "a", bytes_of("one, "));
    append_to_file(folder / "a", bytes_of("two"));
    CHECK(text_of(folder / "a") == "one, two");
}

#ifdef __linux__
TEST_CASE("a full disk is an error") {
    const std::string message = message_of<WorkError>([] { append_to_file("/dev/full", bytes_of("text")); });
    CHECK_THAT(message, ContainsSubstring("/dev/full: cannot write: No space left on device; free some"));
}
#endif

}  // namespace shadenet
