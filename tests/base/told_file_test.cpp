#include "base/told_file.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "message_of.h"
#include "temporary_folder.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

TEST_CASE("a told file is a whole file, or goes to a device or a pipe as it is") {
    const TemporaryFolder folder;
    CHECK_FALSE(told_file_problem(folder / "a"));
    CHECK_FALSE(is_stream(folder / "a"));
    write_told_file(folder / "a", "text");
    CHECK(text_of(read_file(folder / "a", 100)) == "text");

    CHECK(is_stream("/dev/null"));
    CHECK_FALSE(told_file_problem("/dev/null"));
    write_told_file("/dev/null", "text");
    CHECK(fs::is_character_file("/dev/null"));
    CHECK_THAT(message_of<WorkError>([] { write_told_file("/dev/full", "text"); }),
               ContainsSubstring("/dev/full: cannot write: No space left on device"));

    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK_FALSE(told_file_problem(folder / "pipe"));
    std::string read;
    std::jthread reader([&] { std::getline(std::ifstream(folder / "pipe"), read); });
    write_told_file(folder / "pipe", "text\n");
    reader.join();
    CHECK(read == "text");
    CHECK(fs::is_fifo(folder / "pipe"));
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("where no told file can be is known before there is one") {
    const TemporaryFolder folder;
    CHECK(told_file_problem(folder.path()) == std::errc::is_a_directory);
    CHECK(told_file_problem(folder / "no/a") == std::errc::no_such_file_or_directory);
    CHECK(told_file_problem("/proc/a"));
    fs::create_symlink(folder / "no/a", folder / "link");
    CHECK(told_file_problem(folder / "link") == std::errc::no_such_file_or_directory);
    CHECK(fs::exists(fs::symlink_status(folder / "link")));
}
