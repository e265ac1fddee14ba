// shadenet apply --watch: pictures as they come.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "catch.h"
#include "image/image.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

void append(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

}  // namespace

TEST_CASE("a watched folder's pictures are filtered as they come, whole, and again when they change") {
    const Pictures pictures;
    pictures.made_model();
    REQUIRE(run_shadenet(pictures.apply("before", "alone")).exit_code == 0);
    fs::create_directory(pictures / "in");
    fs::create_directory(pictures / "out");
    fs::copy_file(pictures / "before/p0.png", pictures / "in/old.png");
    REQUIRE(run_shadenet(pictures.apply("in/old.png", "out/old.png")).exit_code == 0);
    fs::copy_file(pictures / "before/p0.png", pictures / "in/there.png");
    Process process(
        as_command(pictures.apply("in", "out", {"--watch", "-r", "--summary", pictures.path("lines")})));
    const auto result = [&](const std::string& name) { return read_text(pictures / "out" / name); };
    const std::string of_first = read_text(pictures / "alone/p0.png"),
                      of_second = read_text(pictures / "alone/p1.png");
    const auto comes = [&](const std::string& name, const std::string& as) {
        wait_until([&] { return result(name) == as; });
    };
    comes("there.png", of_first);
    // A slow copy, which stops in the middle for longer than the time between two looks.
    const std::string second = read_text(pictures / "before/p1.png");
    append(pictures / "in/slow.png", second.substr(0, 90));
    wait_until([&] { return process.messages().find("slow.png: is truncated") != std::string::npos; });
    for (std::size_t at = 90; at < second.size(); at += 400) {
        append(pictures / "in/slow.png", second.substr(at, 400));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    fs::create_directories(pictures / "in/new");
    fs::copy_file(pictures / "before/p0.png", pictures / "moved.png");
    fs::rename(pictures / "moved.png", pictures / "in/new/moved.png");
    std::ofstream(pictures / "in/bad.png") << "no picture";
    comes("slow.png", of_second);
    comes("new/moved.png", of_first);
    fs::rename(pictures / "before/p1.png", pictures / "in/there.png");
    comes("there.png", of_second);
    wait_until([&] { return process.messages().find("bad.png: is ") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK(count_of(outcome.err, "error: " + pictures.path("in/slow.png")) == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("warning: 1 of 5 pictures could not be filtered:\n  " +
                                              pictures.path("in/bad.png")));
    CHECK_THAT(outcome.out, ContainsSubstring("watching   " + pictures.path("in") + "; Ctrl-C ends") &&
                                ContainsSubstring(" -> " + pictures.path("out/new/moved.png")) &&
                                ContainsSubstring("written    4 pictures in ") &&
                                ContainsSubstring("; 1 was there already"));
    CHECK(contents(pictures / "out").size() == 4);
    CHECK(count_of(read_text(pictures / "lines"), "\"status\":\"written\"") == 4);
}

TEST_CASE("a watch that nothing came to ends well") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    Process process(as_command(pictures.apply("in", "out", {"--watch"})));
    wait_until([&] { return process.output().find("watching ") != std::string::npos; });
    process.signal(SIGTERM);
    const Outcome outcome = process.wait();
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("written    0 pictures in "));
    CHECK(error_lines(outcome) == 0);
}
